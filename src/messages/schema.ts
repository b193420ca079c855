import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../db/columns.ts';
import type { Bins } from '../charts/bins.ts';
import type { Message } from '../slack/blocks.ts';

export const messageStates = ['ready', 'done', 'parked'] as const;

/** What a message asks somebody by name to act on now, and the team whose people are asked. */
export interface Calling {
  /** Such as `alert:<id>`. */
  readonly about: string;
  readonly teamId: string;
}

/** What should stand in Slack, and what does: `ts` is empty until the courier has posted it. */
export const messages = pgTable(
  'messages',
  {
    workspace: workspace(),
    key: text('key').notNull(),
    /** A channel id, or a user id for a direct message. */
    channel: text('channel').notNull(),
    /** Posted as a reply below the message with this key. */
    thread: text('thread'),
    wanted: jsonb('wanted').$type<Message>().notNull(),
    wantedAt: instant('wanted_at').notNull(),
    /** Null where it calls nobody as it is wanted now. */
    calls: jsonb('calls').$type<Calling>(),
    revision: integer('revision').notNull().default(1),
    state: text('state', { enum: messageStates }).notNull().default('ready'),
    /** Where it really stands once posted: the id of the opened DM, for a user id. */
    postedIn: text('posted_in'),
    ts: text('ts'),
    /** Who hears of it when it can never be delivered. */
    owner: text('owner'),
    usefulUntil: instant('useful_until'),
    due: instant('due')
      .notNull()
      .default(sql`clock_timestamp()`),
    firstTriedAt: instant('first_tried_at'),
    attempts: integer('attempts').notNull().default(0),
    fence: integer('fence').notNull().default(0),
    leaseUntil: instant('lease_until'),
    lastError: text('last_error'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.key] }),
    index('messages_due')
      .on(t.workspace, t.due, t.key)
      .where(sql`${t.state} = 'ready'`),
  ],
);
export type MessageRow = typeof messages.$inferSelect;

/**
 * A message that called somebody, when Slack had accepted it: written once, with what stood in it then. An edit rings no
 * bell, so it is no call. Nothing here says who was called: calls are counted for teams, never for people.
 */
export const sentCalls = pgTable(
  'sent_calls',
  {
    workspace: workspace(),
    key: text('key').notNull(),
    about: text('about').notNull(),
    teamId: uuid('team_id').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.key] }),
    index('sent_call_about').on(t.workspace, t.about, t.at),
    index('sent_call_at').on(t.workspace, t.at),
  ],
);

/** One message a second a channel: when the next may go. */
export const channelPaces = pgTable(
  'channel_paces',
  { workspace: workspace(), channel: text('channel').notNull(), freeAt: instant('free_at').notNull() },
  (t) => [primaryKey({ columns: [t.workspace, t.channel] })],
);

/** A drawing as numbers; the courier turns it into an uploaded file once. */
export type Drawing = SeriesDrawing | HistogramDrawing | DurationsDrawing;

/** Instants are milliseconds since the epoch. */
export interface SeriesDrawing {
  readonly kind?: 'series';
  readonly title: string;
  readonly unit: string;
  readonly points: readonly (readonly [at: number, value: number | null])[];
  /** `side` is the bad one: above unless said. */
  readonly limit?: { readonly value: number; readonly label: string; readonly side?: 'above' | 'below' };
  readonly since?: number;
  /** Where an alert clears. */
  readonly clearAt?: number;
  readonly goal?: { readonly value: number; readonly label?: string; readonly side?: 'above' | 'below' };
  /** What is usual: a mean with the band of three standard deviations around it. */
  readonly baseline?: { readonly mean: number; readonly sigma?: number };
  readonly releases?: readonly { readonly at: number; readonly version: string }[];
  readonly raised?: number;
}

/** How a feature lay in its reference and lies now. */
export interface HistogramDrawing {
  readonly kind: 'histogram';
  readonly title: string;
  readonly bins: Bins;
  readonly method: string;
  readonly score: number | null;
  readonly limit?: { readonly value: number; readonly side: 'above' | 'below' };
  readonly names: { readonly ref: string; readonly cur: string };
}
/** How long things took, in minutes, a row a kind of duration. */
export interface DurationsDrawing {
  readonly kind: 'durations';
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly median: number | null;
  }[];
}
export const pictures = pgTable(
  'pictures',
  {
    workspace: workspace(),
    key: text('key').notNull(),
    drawing: jsonb('drawing').$type<Drawing>().notNull(),
    file: text('file'),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.key] })],
);

/** What came in, by Slack's or the sender's own id: the same thing delivered twice is done once. */
export const inbox = pgTable(
  'inbox',
  { workspace: workspace(), key: text('key').notNull(), at: instant('at').notNull() },
  (t) => [primaryKey({ columns: [t.workspace, t.key] }), index('inbox_at').on(t.workspace, t.at)],
);
