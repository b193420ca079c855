import { sql } from 'drizzle-orm';
import { boolean, date, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, searchable, workspace } from '../../db/columns.ts';
import { prompts, ritualRuns } from '../rituals/schema.ts';

/** One thing that somebody did or will do, in their words. */
export interface Row {
  readonly text: string;
  readonly modelId?: string | undefined;
  /** The fact it came from. */
  readonly fact?: string | undefined;
}

/** What somebody answered; the newest version stands, earlier ones are kept. */
export const answers = pgTable(
  'standup_answers',
  {
    workspace: workspace(),
    ritualId: uuid('ritual_id').notNull(),
    date: date('date').notNull(),
    personId: text('person_id').notNull(),
    version: integer('version').notNull(),
    at: instant('at').notNull(),
    done: jsonb('done').$type<readonly Row[]>().notNull(),
    plan: jsonb('plan').$type<readonly Row[]>().notNull(),
    obstacle: text('obstacle').notNull().default(''),
    note: text('note').notNull().default(''),
    /** Keys of facts that are not to be shared. */
    hidden: text('hidden')
      .array()
      .notNull()
      .default(sql`'{}'`),
    asPlanned: boolean('as_planned').notNull().default(false),
    /** All of it as one text, for the search. */
    text: text('text').notNull(),
    words: searchable('words', sql`to_tsvector('english', "text")`),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.ritualId, t.date, t.personId, t.version] }),
    index('standup_answer_person').on(t.workspace, t.personId, t.date),
    foreignKey({
      columns: [t.workspace, t.ritualId, t.date, t.personId],
      foreignColumns: [prompts.workspace, prompts.ritualId, prompts.date, prompts.personId],
    }).onUpdate('cascade'),
  ],
);
export type Answer = Omit<typeof answers.$inferSelect, 'words'>;

interface Sentence {
  readonly words: string;
}
/** What stood on record about a team's models. */
export interface KeptFacts {
  readonly offGoal: readonly Sentence[];
  readonly releases: readonly Sentence[];
  readonly data: readonly Sentence[];
  readonly alerts: readonly Sentence[];
  readonly incidents: readonly Sentence[];
  /** Of these it could not be read in time. */
  readonly missing: readonly string[];
}

/** What was known of the team when its digest was posted: an edit later shows the same numbers. */
export const digests = pgTable(
  'standup_digests',
  {
    workspace: workspace(),
    ritualId: uuid('ritual_id').notNull(),
    date: date('date').notNull(),
    facts: jsonb('facts').$type<KeptFacts>().notNull(),
    /** So many messages stand below it, so that a shorter one clears what is left over. */
    parts: integer('parts').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.ritualId, t.date] }),
    foreignKey({
      columns: [t.workspace, t.ritualId, t.date],
      foreignColumns: [ritualRuns.workspace, ritualRuns.ritualId, ritualRuns.date],
    }).onUpdate('cascade'),
  ],
);
