import { bigint, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../db/columns.ts';

/** What happened, one line each, for ever. Triggers refuse update, delete and truncate (migrations/). */
export const ledger = pgTable(
  'ledger',
  {
    workspace: workspace(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
    /** A Slack user id, or the name of a part of the house: "monitor", "executor", "ci". */
    who: text('who').notNull(),
    /** noun.verb in the past tense: "rollback.approved". */
    what: text('what').notNull(),
    modelId: uuid('model_id'),
    /** The thing it is about, as kind:id. */
    subject: text('subject').notNull(),
    summary: text('summary').notNull(),
    data: jsonb('data').$type<Readonly<Record<string, unknown>>>().notNull().default({}),
    previous: text('previous').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.seq] }),
    index('ledger_model_at').on(t.workspace, t.modelId, t.at),
    index('ledger_subject').on(t.workspace, t.subject),
  ],
);
export type LedgerRow = typeof ledger.$inferSelect;

/** The newest line of each workspace's chain; its row lock puts the lines in order. */
export const ledgerHeads = pgTable(
  'ledger_heads',
  { workspace: workspace(), seq: bigint('seq', { mode: 'number' }).notNull(), hash: text('hash').notNull() },
  (t) => [primaryKey({ columns: [t.workspace] })],
);
