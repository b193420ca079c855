import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../db/columns.ts';

/** The Slack workspaces we serve. */
export const installations = pgTable(
  'installations',
  {
    workspace: workspace(),
    name: text('name').notNull(),
    botUser: text('bot_user').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspace] })],
);
export type Installation = typeof installations.$inferSelect;

/** Numbers that people say aloud: alert 12, incident 7. */
export const counters = pgTable(
  'counters',
  { workspace: workspace(), name: text('name').notNull(), last: integer('last').notNull() },
  (t) => [primaryKey({ columns: [t.workspace, t.name] })],
);
