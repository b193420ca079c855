import { sql } from 'drizzle-orm';
import { foreignKey, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';
import { people } from '../teams/schema.ts';

/** While somebody is away, another approves in their place: for one model, or for all. */
export const delegations = pgTable(
  'delegations',
  {
    workspace: workspace(),
    id: id(),
    fromId: text('from_id').notNull(),
    toId: text('to_id').notNull(),
    modelId: uuid('model_id'),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    madeAt: instant('made_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    index('delegation_to')
      .on(t.workspace, t.toId, t.endsAt)
      .where(sql`${t.endedAt} is null`),
    index('delegation_from')
      .on(t.workspace, t.fromId, t.endsAt)
      .where(sql`${t.endedAt} is null`),
    foreignKey({ columns: [t.workspace, t.fromId], foreignColumns: [people.workspace, people.id] }),
    foreignKey({ columns: [t.workspace, t.toId], foreignColumns: [people.workspace, people.id] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Delegation = typeof delegations.$inferSelect;
