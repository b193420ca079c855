import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import type { RunQuestion } from '../../ports.ts';
import { connections } from '../connections/schema.ts';
import { models } from '../models/schema.ts';

/** How a model is trained anew, and when that starts by itself. */
export const trainingPipelines = pgTable(
  'training_pipelines',
  {
    workspace: workspace(),
    modelId: uuid('model_id').notNull(),
    connectionId: uuid('connection_id').notNull(),
    /** The DAG of Airflow, the pipeline's id of Kubeflow. */
    pipeline: text('pipeline').notNull(),
    /** One `name = value` a line, with {model}, {environment}, {version}, {excluded} and {reason}. */
    params: text('params').notNull().default(''),
    onAlert: boolean('on_alert').notNull().default(false),
    /** Days after the last training at which the next one starts by itself; null: never. */
    everyDays: integer('every_days'),
    /** By itself it does not start more often than once in so many days. */
    atMostDays: integer('at_most_days').notNull().default(1),
    needsApproval: boolean('needs_approval').notNull().default(true),
    /** From here the days are counted and alerts are looked at. */
    policySince: instant('policy_since').notNull(),
    changedBy: text('changed_by').notNull(),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.modelId] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
    foreignKey({ columns: [t.workspace, t.connectionId], foreignColumns: [connections.workspace, connections.id] }),
  ],
);
export type TrainingPipeline = typeof trainingPipelines.$inferSelect;

export const trainingStates = [
  'waiting',
  'approved',
  'queued',
  'running',
  'succeeded',
  'failed',
  'canceled',
  'declined',
  'lost',
] as const;
export type TrainingState = (typeof trainingStates)[number];

/** A stretch of time whose data is left out, as ISO instants, and why. */
export interface Excluded {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/** One run, from the asking to the candidate it made. */
export const trainings = pgTable(
  'trainings',
  {
    workspace: workspace(),
    /** The trigger id of the run is made of it, so that a start that is repeated starts once. */
    id: id(),
    number: integer('number').notNull(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    alertId: uuid('alert_id'),
    connectionId: uuid('connection_id').notNull(),
    pipeline: text('pipeline').notNull(),
    params: jsonb('params').$type<Readonly<Record<string, string>>>().notNull(),
    excluded: jsonb('excluded').$type<readonly Excluded[]>().notNull(),
    reason: text('reason').notNull(),
    /** A person, or `policy`. */
    askedBy: text('asked_by').notNull(),
    askedAt: instant('asked_at').notNull(),
    approvedBy: text('approved_by'),
    state: text('state', { enum: trainingStates }).notNull(),
    /** Where the tool shows it. */
    url: text('url'),
    runId: text('run_id'),
    /** What the tool, or whoever ended it, says. */
    detail: text('detail'),
    /** The newest version before the start: whatever is newer was made by this run. */
    newestBefore: text('newest_before'),
    candidate: text('candidate'),
    /** What the gate said of it, in words. */
    gate: text('gate'),
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
    /** Since when the tool does not answer. */
    unseenSince: instant('unseen_since'),
    lateToldAt: instant('late_told_at'),
    /** What it waits with for people, as last seen. */
    questions: jsonb('questions')
      .$type<readonly RunQuestion[]>()
      .notNull()
      .default(sql`'[]'`),
    tries: integer('tries').notNull().default(0),
    nextAt: instant('next_at'),
    leaseUntil: instant('lease_until'),
    fence: integer('fence').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('training_number').on(t.workspace, t.number),
    uniqueIndex('training_open')
      .on(t.workspace, t.modelId, t.environment)
      .where(sql`${t.state} in ('waiting', 'approved', 'queued', 'running')`),
    index('training_due')
      .on(t.workspace, t.nextAt)
      .where(sql`${t.state} in ('approved', 'queued', 'running')`),
    index('training_of_model').on(t.workspace, t.modelId, t.askedAt),
    index('training_ended').on(t.workspace, t.modelId, t.endedAt),
    index('training_asked_by').on(t.workspace, t.askedBy, t.endedAt),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
    foreignKey({ columns: [t.workspace, t.connectionId], foreignColumns: [connections.workspace, connections.id] }),
  ],
);
export type Training = typeof trainings.$inferSelect;
