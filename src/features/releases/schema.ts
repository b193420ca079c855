import { foreignKey, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
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
