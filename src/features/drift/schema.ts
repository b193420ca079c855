import { sql } from 'drizzle-orm';
import {
  boolean,
  doublePrecision,
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
import { models } from '../models/schema.ts';

export const machineStates = ['ok', 'firing'] as const;
export const directions = ['above', 'below'] as const;

/**
 * What a team asked us to look at, and how far the machine has got with it. Either one series against a limit,
 * or (metric 'drift report') the verdicts of a tool such as Evidently.
 */
export const watches = pgTable(
  'watches',
  {
    workspace: workspace(),
    id: id(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    metric: text('metric').notNull(),
    column: text('column').notNull().default(''),
    direction: text('direction', { enum: directions }).notNull().default('above'),
    raiseAt: doublePrecision('raise_at').notNull(),
    clearAt: doublePrecision('clear_at').notNull(),
    consecutive: integer('consecutive').notNull().default(2),
    clearConsecutive: integer('clear_consecutive').notNull().default(2),
    cooldown: integer('cooldown').notNull().default(0),
    minRows: integer('min_rows').notNull().default(0),
    state: text('state', { enum: machineStates }).notNull().default('ok'),
    badStreak: integer('bad_streak').notNull().default(0),
    goodStreak: integer('good_streak').notNull().default(0),
    sinceRaise: integer('since_raise'),
    badSince: instant('bad_since'),
    lastWindow: instant('last_window'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('watch_of').on(t.workspace, t.modelId, t.environment, t.metric, t.column),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Watch = typeof watches.$inferSelect;

/** What one window said of one column, as its tool computed it. `base` because "JS 0.2" is three different numbers. */
export interface Finding {
  readonly column: string;
  readonly method: string;
  readonly label: string;
  readonly score: number | null;
  readonly limit: number;
  readonly direction: 'above' | 'below';
  readonly drifted: boolean;
}

/** One judged window of a tool's report. */
export const verdicts = pgTable(
  'verdicts',
  {
    workspace: workspace(),
    watchId: uuid('watch_id').notNull(),
    at: instant('at').notNull(),
    source: text('source').notNull(),
    drifted: boolean('drifted').notNull(),
    share: doublePrecision('share').notNull(),
    rows: integer('rows'),
    findings: jsonb('findings').$type<readonly Finding[]>().notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.watchId, t.at] }),
    foreignKey({ columns: [t.workspace, t.watchId], foreignColumns: [watches.workspace, watches.id] }),
  ],
);
export type Verdict = typeof verdicts.$inferSelect;

export const alertStates = ['open', 'acknowledged', 'snoozed', 'resolved'] as const;
export const outcomes = ['cleared', 'not_useful'] as const;

/** What moved, for the card: one item a watch. */
export interface Item {
  readonly watchId: string;
  readonly metric: string;
  readonly findings: readonly Finding[];
  readonly since: string;
  readonly windows: number;
  readonly lastWindow: string;
  readonly clearedAt?: string;
}

export const alerts = pgTable(
  'alerts',
  {
    workspace: workspace(),
    id: id(),
    number: integer('number').notNull(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    version: text('version'),
    items: jsonb('items').$type<readonly Item[]>().notNull(),
    state: text('state', { enum: alertStates }).notNull().default('open'),
    raisedAt: instant('raised_at').notNull(),
    takenBy: text('taken_by'),
    takenAt: instant('taken_at'),
    snoozedUntil: instant('snoozed_until'),
    outcome: text('outcome', { enum: outcomes }),
    reason: text('reason'),
    endedBy: text('ended_by'),
    endedAt: instant('ended_at'),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('alert_number').on(t.workspace, t.number),
    // The database keeps the promise: one live alert per model and environment.
    uniqueIndex('alert_live')
      .on(t.workspace, t.modelId, t.environment)
      .where(sql`${t.state} <> 'resolved'`),
    index('alert_snoozed')
      .on(t.workspace, t.snoozedUntil)
      .where(sql`${t.state} = 'snoozed'`),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Alert = typeof alerts.$inferSelect;
