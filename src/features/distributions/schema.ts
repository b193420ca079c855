import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';

/** How the values of one feature lie: counts between rising edges, or counts of names. */
export type Shape =
  | { readonly edges: readonly number[]; readonly counts: readonly number[] }
  | { readonly categories: Readonly<Record<string, number>> };

/** What a feature is compared with. A reference never changes: a new one takes its place, and the old one is kept. */
export const references = pgTable(
  'feature_references',
  {
    workspace: workspace(),
    id: id(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    column: text('column').notNull(),
    shape: jsonb('shape').$type<Shape>().notNull(),
    rows: integer('rows').notNull(),
    nulls: integer('nulls').notNull(),
    /** The end of the window that it was taken from. */
    at: instant('at').notNull(),
    frozenAt: instant('frozen_at').notNull(),
    frozenBy: text('frozen_by').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('reference_of').on(t.workspace, t.modelId, t.environment, t.column, t.frozenAt),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Reference = typeof references.$inferSelect;

/** The windows of the last weeks, to look at and to freeze; their scores are kept as readings for ever. */
export const histograms = pgTable(
  'histograms',
  {
    workspace: workspace(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    column: text('column').notNull(),
    at: instant('at').notNull(),
    shape: jsonb('shape').$type<Shape>().notNull(),
    rows: integer('rows').notNull(),
    nulls: integer('nulls').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.modelId, t.environment, t.at, t.column] }),
    index('histogram_age').on(t.workspace, t.receivedAt),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Histogram = typeof histograms.$inferSelect;
