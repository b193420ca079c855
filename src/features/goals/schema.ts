import {
  doublePrecision,
  foreignKey,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';

export const kinds = ['performance', 'uptime', 'satisfaction', 'data', 'business'] as const;
export type Kind = (typeof kinds)[number];

/**
 * How readings become the one number that is held against the goal: the newest value; the share of good events or of
 * good windows over the period (an SLO); the satisfied or the net promoters of all answers over the period.
 */
export const measures = ['value', 'events', 'windows', 'csat', 'nps'] as const;
export type Measure = (typeof measures)[number];

export const directions = ['at_least', 'at_most'] as const;
export type Direction = (typeof directions)[number];

/** A metric that a team shares, and what it agreed to reach. */
export const goals = pgTable(
  'goals',
  {
    workspace: workspace(),
    id: id(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    /** The series its readings come in under. */
    metric: text('metric').notNull(),
    column: text('column').notNull().default(''),
    /** What people call it. */
    name: text('name').notNull(),
    kind: text('kind', { enum: kinds }).notNull(),
    measure: text('measure', { enum: measures }).notNull(),
    unit: text('unit').notNull().default(''),
    direction: text('direction', { enum: directions }).notNull(),
    target: doublePrecision('target').notNull(),
    /** For windows: the value that makes one window good, in the same direction. */
    limit: doublePrecision('limit'),
    periodDays: smallint('period_days').notNull(),
    setBy: text('set_by').notNull(),
    setAt: instant('set_at').notNull(),
    revision: integer('revision').notNull().default(1),
    retiredAt: instant('retired_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('goal_of').on(t.workspace, t.modelId, t.environment, t.metric, t.column),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Goal = typeof goals.$inferSelect;

/** Who agreed to which wording of a goal: a changed goal is agreed anew. */
export const agreements = pgTable(
  'goal_agreements',
  {
    workspace: workspace(),
    goalId: uuid('goal_id').notNull(),
    revision: integer('revision').notNull(),
    personId: text('person_id').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.goalId, t.revision, t.personId] }),
    foreignKey({ columns: [t.workspace, t.goalId], foreignColumns: [goals.workspace, goals.id] }),
  ],
);
export type Agreement = typeof agreements.$inferSelect;
