import { sql } from 'drizzle-orm';
import {
  bigint,
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
import { teams } from '../teams/schema.ts';

export const states = ['ok', 'warning', 'bad'] as const;
export type State = (typeof states)[number];
export const problemKinds = ['late', 'volume', 'nulls', 'checks'] as const;

/** What is wrong, in words that end a sentence: "no new rows for 26 h, limit 24 h". */
export interface Problem {
  readonly kind: (typeof problemKinds)[number];
  readonly weight: 'warning' | 'bad';
  readonly words: string;
}

/** What one tool judged itself, until it judges again. */
export interface Verdict {
  readonly status: State;
  readonly of: number;
  readonly failed: readonly { readonly name: string; readonly column: string }[];
}

/** What was last seen of it, as the tools said it. */
export interface Seen {
  readonly columns: readonly { readonly name: string; readonly nullShare: number }[];
  readonly latest?: { readonly warnAfterMs?: number; readonly errorAfterMs?: number };
  /** By the tool. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** The tools that said when it was updated, and how many rows it has. */
  readonly updatedBy?: string;
  readonly rowsBy?: string;
  readonly writtenBy?: string;
}

/** Told as not useful: these say nothing until they are over once. */
export interface Hushed {
  readonly kinds: readonly Problem['kind'][];
  readonly by: string;
  readonly reason: string;
}

const rowCount = (name: string) => bigint(name, { mode: 'number' });

/** A table or file that models eat, learned from the tools that watch over it. */
export const datasets = pgTable(
  'datasets',
  {
    workspace: workspace(),
    id: id(),
    namespace: text('namespace').notNull(),
    name: text('name').notNull(),
    /** Nobody is told of its troubles until a team owns it or a model eats it. */
    teamId: uuid('team_id'),
    /** Limits that people set; null: those of the tool, or what is usual. */
    maxAgeHours: doublePrecision('max_age_hours'),
    minRows: rowCount('min_rows'),
    /** Against the median of the last looks. */
    maxChangePercent: doublePrecision('max_change_percent'),
    maxNullPercent: doublePrecision('max_null_percent'),
    seen: jsonb('seen').$type<Seen>().notNull(),
    lastLookAt: instant('last_look_at').notNull(),
    /** When it last got new data; null where no tool says. */
    updatedAt: instant('updated_at'),
    rows: rowCount('rows'),
    source: text('source').notNull(),
    state: text('state', { enum: states }).notNull().default('ok'),
    problems: jsonb('problems').$type<readonly Problem[]>().notNull().default([]),
    /** Looks in a row that counted the wrong number of rows, or too many missing values. */
    badRows: integer('bad_rows').notNull().default(0),
    badNulls: integer('bad_nulls').notNull().default(0),
    /** Counts its troubles: each has a card of its own. */
    trouble: integer('trouble').notNull().default(0),
    isOpen: boolean('is_open').notNull().default(false),
    /** The last trouble that was told; in the night it waits for the morning. */
    told: integer('told').notNull().default(0),
    /** Whom the card of the last told trouble calls, and where it stands. */
    called: text('called')
      .array()
      .notNull()
      .default(sql`'{}'`),
    toldIn: text('told_in'),
    hushed: jsonb('hushed').$type<Hushed>(),
    /** Of its state. */
    since: instant('since'),
    takenBy: text('taken_by'),
    /** When to look at it again: it will be late then, unless new data comes, or the night is over. */
    lateAt: instant('late_at'),
    /** Of what people set. */
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    // Addresses of files are longer than an index entry may be.
    uniqueIndex('dataset_name').on(t.workspace, sql`md5(${t.namespace})`, sql`md5(${t.name})`),
    index('dataset_late')
      .on(t.workspace, t.lateAt)
      .where(sql`${t.lateAt} is not null`),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
  ],
);
export type Dataset = typeof datasets.$inferSelect;

/** One moment at which a tool looked at it. */
export const looks = pgTable(
  'dataset_looks',
  {
    workspace: workspace(),
    datasetId: uuid('dataset_id').notNull(),
    source: text('source').notNull(),
    at: instant('at').notNull(),
    updatedAt: instant('updated_at'),
    rows: rowCount('rows'),
    /** Its number of rows was off, so it says nothing of what is usual. */
    isOdd: boolean('is_odd').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.datasetId, t.source, t.at] }),
    index('look_age').on(t.workspace, t.at),
    foreignKey({ columns: [t.workspace, t.datasetId], foreignColumns: [datasets.workspace, datasets.id] }),
  ],
);
export type Look = typeof looks.$inferSelect;

/** Which model eats what. */
export const feeds = pgTable(
  'dataset_feeds',
  { workspace: workspace(), datasetId: uuid('dataset_id').notNull(), modelId: uuid('model_id').notNull() },
  (t) => [
    primaryKey({ columns: [t.workspace, t.datasetId, t.modelId] }),
    index('feeds_of_model').on(t.workspace, t.modelId),
    foreignKey({ columns: [t.workspace, t.datasetId], foreignColumns: [datasets.workspace, datasets.id] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
