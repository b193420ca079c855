import { foreignKey, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { id, workspace } from '../../../db/columns.ts';
import { sectionNames } from '../draft.ts';
import { postmortems } from '../schema.ts';

export const voiceKinds = ['known', 'question'] as const;
export type VoiceKind = (typeof voiceKinds)[number];

/** `unheard`: it is shown together with what else came in until the next half hour. */
export const voiceStates = ['unheard', 'open', 'taken', 'set_aside'] as const;

/**
 * What somebody said without their name. There is no column for who, and none for when but the day; ids are random,
 * so that their order says nothing either. Keep it so.
 */
export const voices = pgTable(
  'postmortem_voices',
  {
    workspace: workspace(),
    id: id(),
    postmortemId: uuid('postmortem_id').notNull(),
    kind: text('kind', { enum: voiceKinds }).notNull(),
    text: text('text').notNull(),
    /** `YYYY-MM-DD`, in UTC. */
    day: text('day').notNull(),
    state: text('state', { enum: voiceStates }).notNull().default('unheard'),
    /** Into which section its point was taken over. */
    section: text('section', { enum: sectionNames }),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    index('voice_of').on(t.workspace, t.postmortemId),
    foreignKey({ columns: [t.workspace, t.postmortemId], foreignColumns: [postmortems.workspace, postmortems.id] }),
  ],
);
export type Voice = typeof voices.$inferSelect;
