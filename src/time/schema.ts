import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../db/columns.ts';

/** One row a job and slot: whoever inserts it first decides nothing, whoever claims it does the work. */
export const ticks = pgTable(
  'ticks',
  {
    workspace: workspace(),
    job: text('job').notNull(),
    slot: instant('slot').notNull(),
    doneAt: instant('done_at'),
    leaseUntil: instant('lease_until'),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.job, t.slot] })],
);
