import { boolean, foreignKey, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../../db/columns.ts';
import { postmortems } from '../schema.ts';

export const nudgeOutcomes = ['asked', 'edited', 'kept', 'dismissed'] as const;
export type NudgeOutcome = (typeof nudgeOutcomes)[number];

/** That a rule asked, and what became of it: by document and place, never by author. */
export const nudges = pgTable(
  'nudges',
  {
    workspace: workspace(),
    postmortemId: uuid('postmortem_id').notNull(),
    rule: text('rule').notNull(),
    /** A section, "factor" or "commitment"; "document" for what looks at all of it. */
    place: text('place').notNull(),
    outcome: text('outcome', { enum: nudgeOutcomes }).notNull().default('asked'),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.postmortemId, t.rule, t.place] }),
    foreignKey({ columns: [t.workspace, t.postmortemId], foreignColumns: [postmortems.workspace, postmortems.id] }),
  ],
);

/** Where a workspace does not want to be asked. */
export const fairnessRules = pgTable(
  'fairness_rules',
  {
    workspace: workspace(),
    rule: text('rule').notNull(),
    isOff: boolean('is_off').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.rule] })],
);
