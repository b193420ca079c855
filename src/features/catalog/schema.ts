import { sql } from 'drizzle-orm';
import { foreignKey, index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { type Links, models, type Tier } from '../models/schema.ts';

const proposalStates = ['open', 'accepted', 'kept'] as const;

/** What a file says otherwise than we do; only what differs. */
export interface Wanted {
  readonly team?: { readonly id: string; readonly name: string };
  readonly tier?: Tier;
  readonly description?: string;
  readonly registryName?: string;
  readonly links?: Links;
}

/** A file may seed, but who may approve changes only by the word of the owner. */
export const proposals = pgTable(
  'catalog_proposals',
  {
    workspace: workspace(),
    id: id(),
    modelId: uuid('model_id').notNull(),
    wanted: jsonb('wanted').$type<Wanted>().notNull(),
    /** A person, or "api". */
    askedBy: text('asked_by').notNull(),
    askedId: text('asked_id').notNull(),
    askedAt: instant('asked_at').notNull(),
    state: text('state', { enum: proposalStates }).notNull().default('open'),
    endedBy: text('ended_by'),
    endedAt: instant('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('catalog_proposal_open')
      .on(t.workspace, t.modelId)
      .where(sql`${t.state} = 'open'`),
    index('catalog_proposal_model').on(t.workspace, t.modelId, t.askedAt),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Proposal = typeof proposals.$inferSelect;
