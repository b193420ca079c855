import { boolean, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';

/**
 * Who said what is live: the alias in the registry, a deployer that moves no alias, or CI. Null: nobody of them yet.
 * Only a deployer's word stands against the registry.
 */
export const truths = ['registry', 'deployer', 'release'] as const;
export type Truth = (typeof truths)[number];

export const missings = ['alias', 'version', 'model'] as const;
export type Missing = (typeof missings)[number];

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
    truth: text('truth', { enum: truths }),
    /** What the registry no longer has, and since when. */
    missing: text('missing', { enum: missings }),
    missingSince: instant('missing_since'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.modelId, t.environment] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type LiveVersion = typeof liveVersions.$inferSelect;

/** Where an approved request is bringing a model: whoever sees it there meanwhile does not take it for a stranger's. */
export const expectedMoves = pgTable(
  'expected_moves',
  {
    workspace: workspace(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    version: text('version').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.modelId, t.environment] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);

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

/** superseded: another version came live before anybody said how this one ended. */
export const releaseStates = ['pending', 'running', 'succeeded', 'failed', 'canceled', 'superseded'] as const;
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
    /** Carried out by ourselves. */
    isOurs: boolean('is_ours').notNull().default(false),
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
    index('release_ended').on(t.workspace, t.modelId, t.endedAt),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Release = typeof releases.$inferSelect;

/** Registered models that somebody has to look at, as a web-hook said; the one without a name is the whole registry. */
export const registryHints = pgTable(
  'registry_hints',
  {
    workspace: workspace(),
    name: text('name').notNull(),
    /** When it may be looked at. */
    at: instant('at').notNull(),
    /** Rises whenever it is asked for: a look that began before does not answer it. */
    asked: integer('asked').notNull().default(1),
    tries: integer('tries').notNull().default(0),
    leaseUntil: instant('lease_until'),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.name] })],
);
export type Hint = typeof registryHints.$inferSelect;

/** How the looks at the whole registry go: one row a workspace. */
export const registryLooks = pgTable(
  'registry_looks',
  {
    workspace: workspace(),
    /** The last one that saw everything. */
    lookedAt: instant('looked_at'),
    /** In a row. */
    failures: integer('failures').notNull().default(0),
    failingSince: instant('failing_since'),
    problem: text('problem').notNull().default(''),
  },
  (t) => [primaryKey({ columns: [t.workspace] })],
);
