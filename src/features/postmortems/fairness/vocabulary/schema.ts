import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../../../db/columns.ts';

export const wordKinds = ['name', 'role'] as const;
export type WordKind = (typeof wordKinds)[number];

/** Words of this workspace, for the rules about language. */
export const fairnessWords = pgTable(
  'fairness_words',
  {
    workspace: workspace(),
    kind: text('kind', { enum: wordKinds }).notNull(),
    word: text('word').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.kind, t.word] })],
);
