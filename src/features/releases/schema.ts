import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';

/** What is live where: what the alias points to, and what serving was last seen to serve. */
export const liveVersions = pgTable(
  'live_versions',
  {
    workspace: workspace(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    version: text('version').notNull(),
    since: instant('since').notNull(),
    servedVersion: text('served_version'),
    servedAt: instant('served_at'),
    /** Rises with every move of the alias: an approval given for an older revision is stale. */
    revision: integer('revision').notNull().default(1),
    /** Where an approved request is moving it: whoever looks at the registry meanwhile does not take it for a stranger's. */
    expectedVersion: text('expected_version'),
    /** Since when the registry has no such alias any more, or no such version. */
    missingSince: instant('missing_since'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.modelId, t.environment] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type LiveVersion = typeof liveVersions.$inferSelect;

/** The history that the registry does not keep: every move of the alias, by whom and why. */
export const aliasMoves = pgTable(
  'alias_moves',
  {
    workspace: workspace(),
    id: id(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    fromVersion: text('from_version'),
    toVersion: text('to_version').notNull(),
    at: instant('at').notNull(),
    who: text('who').notNull(),
    why: text('why').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    index('alias_moves_of').on(t.workspace, t.modelId, t.at),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type AliasMove = typeof aliasMoves.$inferSelect;

/** How a version takes over the traffic. */
export const strategies = ['all_at_once', 'canary', 'shadow', 'blue_green'] as const;
export type Strategy = (typeof strategies)[number];

export const releaseStates = ['pending', 'running', 'succeeded', 'failed', 'canceled'] as const;
export type ReleaseState = (typeof releaseStates)[number];

/** A version on its way to an environment, as CI, the API or an approved promotion said. */
export const releases = pgTable(
  'releases',
  {
    workspace: workspace(),
    id: id(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    /** The same for all news of one release. */
    key: text('key').notNull(),
    version: text('version').notNull(),
    strategy: text('strategy', { enum: strategies }).notNull().default('all_at_once'),
    /** Of the traffic; null where nobody said. */
    percent: integer('percent'),
    state: text('state', { enum: releaseStates }).notNull(),
    by: text('by').notNull(),
    /** "GitHub", "API", "promotion 3" */
    source: text('source').notNull(),
    commit: text('commit'),
    url: text('url'),
    startedAt: instant('started_at').notNull(),
    /** When the newest news of it was made. */
    saidAt: instant('said_at').notNull(),
    endedAt: instant('ended_at'),
    servedAt: instant('served_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('release_key').on(t.workspace, t.modelId, t.environment, t.key),
    index('release_of').on(t.workspace, t.modelId, t.startedAt),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Release = typeof releases.$inferSelect;

/** Registered models that a web-hook named: they are looked at at once, not only in the next minute. */
export const registryHints = pgTable(
  'registry_hints',
  {
    workspace: workspace(),
    name: text('name').notNull(),
    at: instant('at').notNull(),
    tries: integer('tries').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.name] })],
);

/** How the looks at the registry go: one row a workspace. */
export const registryLooks = pgTable(
  'registry_looks',
  {
    workspace: workspace(),
    failures: integer('failures').notNull().default(0),
    failingSince: instant('failing_since'),
    problem: text('problem').notNull().default(''),
    lookedAt: instant('looked_at')
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.workspace] })],
);
