import { boolean, foreignKey, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../../db/columns.ts';
import { postmortems } from '../schema.ts';

export const pollQuestions = ['learned', 'again'] as const;
export type PollQuestion = (typeof pollQuestions)[number];

/** How many said yes and no; all that is left once it is over. */
export type PollCounts = Readonly<Record<PollQuestion, { readonly yes: number; readonly no: number }>>;

/** What is asked after a review meeting, once for each post-mortem. */
export const polls = pgTable(
  'postmortem_polls',
  {
    workspace: workspace(),
    postmortemId: uuid('postmortem_id').notNull(),
    openedAt: instant('opened_at').notNull(),
    closesAt: instant('closes_at').notNull(),
    /** Who may answer; not who did. */
    asked: jsonb('asked').$type<readonly string[]>().notNull(),
    /** Sealed; thrown away at the end. Without it no mark can be made or tried again. */
    salt: text('salt'),
    counts: jsonb('counts').$type<PollCounts>(),
    closedAt: instant('closed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.postmortemId] }),
    index('poll_closes').on(t.workspace, t.closesAt),
    foreignKey({ columns: [t.workspace, t.postmortemId], foreignColumns: [postmortems.workspace, postmortems.id] }),
  ],
);
export type Poll = typeof polls.$inferSelect;

/** One answer of somebody to one question, while it is open. `mark`: a keyed hash, so that nobody can read who. */
export const pollAnswers = pgTable(
  'poll_answers',
  {
    workspace: workspace(),
    postmortemId: uuid('postmortem_id').notNull(),
    mark: text('mark').notNull(),
    question: text('question', { enum: pollQuestions }).notNull(),
    isYes: boolean('is_yes').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.postmortemId, t.mark] }),
    foreignKey({ columns: [t.workspace, t.postmortemId], foreignColumns: [postmortems.workspace, postmortems.id] }),
  ],
);
