import { foreignKey, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../../db/columns.ts';
import { postmortems } from '../schema.ts';

/** Who used what was predicted, and has to hear that it was wrong. Null: nobody told them yet. */
export const hearers = pgTable(
  'postmortem_hearers',
  {
    workspace: workspace(),
    postmortemId: uuid('postmortem_id').notNull(),
    /** A person or a channel. */
    audience: text('audience').notNull(),
    chosenBy: text('chosen_by').notNull(),
    chosenAt: instant('chosen_at').notNull(),
    toldBy: text('told_by'),
    toldAt: instant('told_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.postmortemId, t.audience] }),
    foreignKey({
      name: 'hearer_in_postmortem',
      columns: [t.workspace, t.postmortemId],
      foreignColumns: [postmortems.workspace, postmortems.id],
    }),
  ],
);
export type Hearer = typeof hearers.$inferSelect;
