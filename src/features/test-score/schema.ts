import { foreignKey, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';

/** not_done: answered with no. */
export const answers = ['automated', 'manual', 'not_done'] as const;
export type Said = (typeof answers)[number];

/** What people answered, each time; the newest counts. */
export const scoreAnswers = pgTable(
  'score_answers',
  {
    workspace: workspace(),
    id: id(),
    modelId: uuid('model_id').notNull(),
    item: text('item').notNull(),
    said: text('said', { enum: answers }).notNull(),
    evidence: text('evidence').notNull().default(''),
    note: text('note').notNull().default(''),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    index('score_answers_of').on(t.workspace, t.modelId, t.item, t.at),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type ScoreAnswer = typeof scoreAnswers.$inferSelect;
