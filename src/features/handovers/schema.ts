import { sql } from 'drizzle-orm';
import { foreignKey, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { type Model, models } from '../models/schema.ts';

/** Whether the owner asked for it, or is no longer here. */
export const reasons = ['transfer', 'left'] as const;
const handoverStates = ['open', 'accepted', 'declined', 'withdrawn', 'expired'] as const;

/** A model offered to a new owner: nobody owns anything without having said yes. */
export const handovers = pgTable(
  'handovers',
  {
    workspace: workspace(),
    id: id(),
    modelId: uuid('model_id').notNull(),
    reason: text('reason', { enum: reasons }).notNull(),
    fromId: text('from_id').notNull(),
    askedId: text('asked_id').notNull(),
    askedAt: instant('asked_at').notNull(),
    /** What one person is asked after one leaver stands in one message. */
    cardId: uuid('card_id').notNull().defaultRandom(),
    remindedAt: instant('reminded_at'),
    /** When somebody else is asked, or the offer ends. */
    dueAt: instant('due_at').notNull(),
    state: text('state', { enum: handoverStates }).notNull().default('open'),
    endedBy: text('ended_by'),
    endedAt: instant('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    // A model is offered to one person at a time.
    uniqueIndex('handover_open')
      .on(t.workspace, t.modelId)
      .where(sql`${t.state} = 'open'`),
    index('handover_due')
      .on(t.workspace, t.dueAt)
      .where(sql`${t.state} = 'open'`),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Handover = typeof handovers.$inferSelect;

export interface Offered {
  readonly handover: Handover;
  readonly model: Model;
}
