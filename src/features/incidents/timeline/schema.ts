import { boolean, foreignKey, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../../db/columns.ts';
import { incidents } from '../schema.ts';

export const noteSources = ['reaction', 'shortcut', 'command'] as const;
export type NoteSource = (typeof noteSources)[number];

/** Something that was said in the channel and belongs to the story, with the time at which it was said. */
export const incidentNotes = pgTable(
  'incident_notes',
  {
    workspace: workspace(),
    incidentId: uuid('incident_id').notNull(),
    channel: text('channel').notNull(),
    /** As Slack names the message. */
    ts: text('ts').notNull(),
    at: instant('at').notNull(),
    /** Null until it was read. */
    text: text('text'),
    author: text('author'),
    source: text('source', { enum: noteSources }).notNull().default('reaction'),
    /** How often its author changed it since; every wording stays, until they remove it. */
    edits: integer('edits').notNull().default(0),
    /** Its author took the message away: the words are gone, that there was one is not. */
    redactedAt: instant('redacted_at'),
    keptBy: text('kept_by').notNull(),
    keptAt: instant('kept_at').notNull(),
    removedAt: instant('removed_at'),
    tries: integer('tries').notNull().default(0),
    leaseUntil: instant('lease_until'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.incidentId, t.channel, t.ts] }),
    index('incident_note_place').on(t.workspace, t.channel, t.ts),
    foreignKey({ columns: [t.workspace, t.incidentId], foreignColumns: [incidents.workspace, incidents.id] }),
  ],
);
export type IncidentNote = typeof incidentNotes.$inferSelect;

/** What a message said before its author changed it. */
export const noteWordings = pgTable(
  'incident_note_wordings',
  {
    workspace: workspace(),
    incidentId: uuid('incident_id').notNull(),
    channel: text('channel').notNull(),
    ts: text('ts').notNull(),
    number: integer('number').notNull(),
    text: text('text').notNull(),
    until: instant('until').notNull(),
  },
  (t) => [
    primaryKey({ name: 'note_wordings_pk', columns: [t.workspace, t.incidentId, t.channel, t.ts, t.number] }),
    foreignKey({
      name: 'note_wording_of_note',
      columns: [t.workspace, t.incidentId, t.channel, t.ts],
      foreignColumns: [incidentNotes.workspace, incidentNotes.incidentId, incidentNotes.channel, incidentNotes.ts],
    }),
  ],
);

/** What a line is for whoever learns from it. */
export const lineTags = ['signal', 'decision', 'action', 'comms', 'state'] as const;
export type LineTag = (typeof lineTags)[number];

/** How people want one line of the timeline to stand; the ledger and the message below it never change. */
export const timelineMarks = pgTable(
  'timeline_marks',
  {
    workspace: workspace(),
    incidentId: uuid('incident_id').notNull(),
    /** `ledger:12` or `note:C1:1700000000.000100`. */
    line: text('line').notNull(),
    isHidden: boolean('is_hidden').notNull().default(false),
    /** Null: as it was. */
    title: text('title'),
    at: instant('at'),
    tag: text('tag', { enum: lineTags }),
    /** A link to what shows it. */
    evidence: text('evidence'),
    by: text('by').notNull(),
    setAt: instant('set_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.incidentId, t.line] }),
    foreignKey({ columns: [t.workspace, t.incidentId], foreignColumns: [incidents.workspace, incidents.id] }),
  ],
);
export type TimelineMark = typeof timelineMarks.$inferSelect;
