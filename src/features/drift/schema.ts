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
/** A warning waits for the digest; a high one calls in working hours; a critical one at any hour. */
export const severities = ['warning', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** How far one column has got; `sinceRaise` counts judged windows since the last raise. */
export interface Machine {
  readonly state: (typeof machineStates)[number];
  readonly badStreak: number;
  readonly goodStreak: number;
  readonly sinceRaise: number | null;
}

/** What one window said of one column, as it was computed. `base` because "JS 0.2" is three different numbers. */
export interface Finding {
  readonly column: string;
  readonly method: string;
  readonly label: string;
  /** Which logarithm or unit the score is in. */
  readonly base?: string;
  readonly score: number | null;
  /** Null where the tool judges without one. */
  readonly limit: number | null;
  readonly direction: 'above' | 'below';
  readonly drifted: boolean;
  /** Rows the score was computed from. */
  readonly rows?: number;
  /** The arithmetic in words, for whoever asks why. */
  readonly because?: string;
  /** Where the tool that found it shows more. */
  readonly url?: string;
}

/** One series of a model with what it was judged by, as it is now. Instants are milliseconds since the epoch. */
export interface Evidence {
  readonly metric: string;
  readonly column: string;
  readonly title: string;
  readonly points: readonly (readonly [at: number, value: number])[];
  readonly limit: { readonly value: number; readonly side: 'above' | 'below'; readonly clearAt: number | null } | null;
  /** What was taken for normal, and from when to when that was. */
  readonly baseline: {
    readonly mean: number;
    readonly sigma: number;
    readonly from: string;
    readonly until: string;
  } | null;
  readonly rule: {
    readonly id: string;
    readonly words: string;
    readonly revision: number;
    readonly setAt: string | null;
  };
  readonly since: number | null;
  readonly raised: number | null;
  readonly releases: readonly { readonly at: number; readonly version: string }[];
}

/** A column that is not at rest, with the last window in which it was bad. */
export interface ColumnState extends Machine {
  readonly since: string;
  readonly windows: number;
  readonly finding: Finding;
}
export type Columns = Readonly<Record<string, ColumnState>>;

/**
 * A rule: what a team asked us to look at, and how far the machine has got with each column. Either one series, or
 * (`method` "verdict") what a tool such as Evidently judged itself.
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
    method: text('method').notNull().default('threshold'),
    /** What the method needs beyond the limits below, and what was frozen as its reference; parsed where it is used. */
    rule: jsonb('rule').$type<unknown>().notNull().default({}),
    reference: jsonb('reference').$type<unknown>(),
    direction: text('direction', { enum: directions }).notNull().default('above'),
    raiseAt: doublePrecision('raise_at').notNull(),
    clearAt: doublePrecision('clear_at').notNull(),
    consecutive: integer('consecutive').notNull().default(2),
    clearConsecutive: integer('clear_consecutive').notNull().default(2),
    cooldown: integer('cooldown').notNull().default(0),
    minRows: integer('min_rows').notNull().default(200),
    severity: text('severity', { enum: severities }).notNull().default('high'),
    /** A window is judged this long after its end, so that what comes late is in it. */
    lateSeconds: integer('late_seconds').notNull().default(0),
    /** How far before the last judged window a late one is still worth a note. It never raises. */
    graceSeconds: integer('grace_seconds')
      .notNull()
      .default(7 * 86_400),
    /** Without a window for this long it is "no data"; null: three times the usual gap; 0: never. */
    expectSeconds: integer('expect_seconds'),
    /** The last gaps between windows, in seconds. */
    gaps: jsonb('gaps').$type<readonly number[]>().notNull().default([]),
    state: text('state', { enum: machineStates }).notNull().default('ok'),
    columns: jsonb('columns').$type<Columns>().notNull().default({}),
    lastWindow: instant('last_window'),
    silentSince: instant('silent_since'),
    /** When the oldest window that waits for its lateness may be judged. */
    dueAt: instant('due_at'),
    /** When nobody hears from it, it is noticed then. */
    silentAt: instant('silent_at'),
    madeBy: text('made_by').notNull().default('monitor'),
    revision: integer('revision').notNull().default(1),
    retiredAt: instant('retired_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('watch_of').on(t.workspace, t.modelId, t.environment, t.metric, t.column, t.method, t.severity),
    index('watch_due')
      .on(t.workspace, t.dueAt)
      .where(sql`${t.dueAt} is not null`),
    index('watch_silent')
      .on(t.workspace, t.silentAt)
      .where(sql`${t.silentAt} is not null`),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Watch = typeof watches.$inferSelect;

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
  readonly severity: Severity;
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
    severity: text('severity', { enum: severities }).notNull().default('high'),
    raisedAt: instant('raised_at').notNull(),
    /** When the card was first shown; a warning has none. */
    shownAt: instant('shown_at'),
    /** How many people were called, and when the next one is. */
    calls: integer('calls').notNull().default(0),
    nextCallAt: instant('next_call_at'),
    /** Who is asked to act now. */
    called: text('called'),
    takenBy: text('taken_by'),
    /** When somebody was on it for the first time; it stays when it is given up or opened again. */
    firstTakenAt: instant('first_taken_at'),
    takenAt: instant('taken_at'),
    /** Until then nobody else is called; then the taker is asked again. */
    takenUntil: instant('taken_until'),
    snoozedUntil: instant('snoozed_until'),
    outcome: text('outcome', { enum: outcomes }),
    reason: text('reason'),
    reasonKind: text('reason_kind'),
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
    index('alert_calls')
      .on(t.workspace, t.nextCallAt)
      .where(sql`${t.nextCallAt} is not null`),
    index('alert_of_model').on(t.workspace, t.modelId, t.raisedAt),
    index('alert_ended').on(t.workspace, t.modelId, t.endedAt),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Alert = typeof alerts.$inferSelect;
