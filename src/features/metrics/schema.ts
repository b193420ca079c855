import {
  doublePrecision,
  foreignKey,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';

/** One line of numbers: a metric of a model in an environment, of one column or ('') of the whole. */
export const series = pgTable(
  'series',
  {
    workspace: workspace(),
    id: id(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    metric: text('metric').notNull(),
    column: text('column').notNull().default(''),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('series_name').on(t.workspace, t.modelId, t.environment, t.metric, t.column),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Series = typeof series.$inferSelect;

/** Partitioned by month of `at` (migrations/), so that a window is found as fast among 100 million as among one. */
export const readings = pgTable(
  'readings',
  {
    workspace: workspace(),
    seriesId: uuid('series_id').notNull(),
    at: instant('at').notNull(),
    value: doublePrecision('value').notNull(),
    /** Rows the number was computed from, where known. */
    rows: integer('rows'),
    /** Of these rows, where the number is a share: the good ones (served well, satisfied, promoters). */
    good: integer('good'),
    /** Of these rows, the detractors of an NPS. */
    bad: integer('bad'),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.seriesId, t.at] }),
    foreignKey({ columns: [t.workspace, t.seriesId], foreignColumns: [series.workspace, series.id] }),
  ],
);
export type Reading = typeof readings.$inferSelect;
