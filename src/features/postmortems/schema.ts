import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { id, instant, searchable, workspace } from '../../db/columns.ts';
import { incidents } from '../incidents/schema.ts';
import { models } from '../models/schema.ts';
import { type Document, sectionNames } from './draft.ts';

export const postmortemStates = ['draft', 'in_review', 'reviewed', 'closed', 'not_required'] as const;
export type PostmortemState = (typeof postmortemStates)[number];

/** Writing it into a canvas is asked for, and done outside of any transaction; `made`: it holds what stands now. */
export const canvasSteps = ['none', 'wanted', 'made', 'refused'] as const;

export const postmortems = pgTable(
  'postmortems',
  {
    workspace: workspace(),
    id: id(),
    incidentId: uuid('incident_id').notNull(),
    state: text('state', { enum: postmortemStates }).notNull().default('draft'),
    /** What is known from the records, as it was when it was begun; what people write stands in versions. */
    document: jsonb('document').$type<Document>().notNull(),
    /** Sees to it that it is written and reviewed. */
    ownerId: text('owner_id').notNull(),
    /** Runs it; was not in the incident. */
    facilitatorId: text('facilitator_id'),
    dueAt: instant('due_at').notNull(),
    /** When the owner is reminded the next time; null once it is closed. */
    remindAt: instant('remind_at'),
    /** When it is talked through; its people are reminded before. */
    meetingAt: instant('meeting_at'),
    meetingRemindAt: instant('meeting_remind_at'),
    /** When those who took part are asked what they learnt. */
    pollAt: instant('poll_at'),
    /** When the impact is to be measured on labels that are not in yet. */
    labelsRemindAt: instant('labels_remind_at'),
    /** The canvas in the incident's channel that shows it. */
    canvas: text('canvas'),
    canvasStep: text('canvas_step', { enum: canvasSteps }).notNull().default('none'),
    /** Rises with every wish: what changes while it is written is written again. */
    canvasWish: integer('canvas_wish').notNull().default(0),
    canvasAskedBy: text('canvas_asked_by'),
    /** A tab beside the canvas of others was tried, and nobody can look whether it is there. */
    canvasTried: boolean('canvas_tried').notNull().default(false),
    leaseUntil: instant('lease_until'),
    /** Who chose the past incidents that it names; null: nobody yet. */
    similarBy: text('similar_by'),
    reviewedBy: text('reviewed_by'),
    closedBy: text('closed_by'),
    closedAt: instant('closed_at'),
    startedBy: text('started_by').notNull(),
    startedAt: instant('started_at').notNull(),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('postmortem_of').on(t.workspace, t.incidentId),
    index('postmortem_remind').on(t.workspace, t.remindAt),
    index('postmortem_canvas')
      .on(t.workspace, t.startedAt)
      .where(sql`${t.canvasStep} = 'wanted'`),
    foreignKey({ columns: [t.workspace, t.incidentId], foreignColumns: [incidents.workspace, incidents.id] }),
  ],
);
export type Postmortem = typeof postmortems.$inferSelect;

/** Past incidents that the document names. */
export const similarIncidents = pgTable(
  'postmortem_similar',
  {
    workspace: workspace(),
    postmortemId: uuid('postmortem_id').notNull(),
    incidentId: uuid('incident_id').notNull(),
    place: integer('place').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.postmortemId, t.incidentId] }),
    foreignKey({
      name: 'similar_in_postmortem',
      columns: [t.workspace, t.postmortemId],
      foreignColumns: [postmortems.workspace, postmortems.id],
    }),
    foreignKey({
      name: 'similar_to_incident',
      columns: [t.workspace, t.incidentId],
      foreignColumns: [incidents.workspace, incidents.id],
    }),
  ],
);

/** Every wording of every section, for good: the newest is what stands. */
export const sectionVersions = pgTable(
  'postmortem_versions',
  {
    workspace: workspace(),
    postmortemId: uuid('postmortem_id').notNull(),
    section: text('section', { enum: sectionNames }).notNull(),
    revision: integer('revision').notNull(),
    text: text('text').notNull(),
    /** For the search; the database keeps it. */
    words: searchable('words', sql`to_tsvector('english', "text")`),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.postmortemId, t.section, t.revision] }),
    foreignKey({ columns: [t.workspace, t.postmortemId], foreignColumns: [postmortems.workspace, postmortems.id] }),
  ],
);
export type SectionVersion = typeof sectionVersions.$inferSelect;

/** Where a condition lies. "Not ML" is an answer: most outages of ML systems are. */
export const factorCategories = [
  'data',
  'features',
  'labels',
  'training',
  'evaluation',
  'serving',
  'configuration',
  'upstream',
  'process',
  'not_ml',
] as const;
export type FactorCategory = (typeof factorCategories)[number];

/** One condition that let it happen or hid it; never a person. */
export const factors = pgTable(
  'factors',
  {
    workspace: workspace(),
    id: id(),
    postmortemId: uuid('postmortem_id').notNull(),
    category: text('category', { enum: factorCategories }).notNull(),
    statement: text('statement').notNull(),
    evidence: text('evidence').notNull().default(''),
    /** The same condition in an earlier post-mortem: what was promised against it is open again. */
    sameAs: uuid('same_as'),
    by: text('by').notNull(),
    at: instant('at').notNull(),
    removedAt: instant('removed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    index('factor_of').on(t.workspace, t.postmortemId),
    foreignKey({ columns: [t.workspace, t.sameAs], foreignColumns: [t.workspace, t.id] }),
    foreignKey({ columns: [t.workspace, t.postmortemId], foreignColumns: [postmortems.workspace, postmortems.id] }),
  ],
);
export type Factor = typeof factors.$inferSelect;

export const commitmentTypes = ['detect', 'mitigate', 'prevent', 'recover', 'learn'] as const;
export type CommitmentType = (typeof commitmentTypes)[number];
/** `offered`: its owner has not said yes. `said_done`: somebody else has still to look. */
export const commitmentStates = ['offered', 'open', 'said_done', 'done', 'waived', 'declined'] as const;
export type CommitmentState = (typeof commitmentStates)[number];

export const priorities = ['high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];

/** A promise with an owner, a day and a way to tell that it worked. It outlives the incident. */
export const commitments = pgTable(
  'commitments',
  {
    workspace: workspace(),
    id: id(),
    number: integer('number').notNull(),
    postmortemId: uuid('postmortem_id').notNull(),
    modelId: uuid('model_id').notNull(),
    text: text('text').notNull(),
    type: text('type', { enum: commitmentTypes }).notNull(),
    priority: text('priority', { enum: priorities }).notNull().default('normal'),
    /** The condition that it is meant to change. */
    factorId: uuid('factor_id'),
    /** Where the work is tracked. */
    tracker: text('tracker'),
    ownerId: text('owner_id').notNull(),
    /** A calendar day where the owner lives. */
    due: text('due').notNull(),
    /** How we will know that it worked. */
    verification: text('verification').notNull(),
    state: text('state', { enum: commitmentStates }).notNull().default('offered'),
    evidence: text('evidence'),
    reason: text('reason'),
    endedBy: text('ended_by'),
    endedAt: instant('ended_at'),
    reopenCount: integer('reopen_count').notNull().default(0),
    madeBy: text('made_by').notNull(),
    madeAt: instant('made_at').notNull(),
    /** The day on which its owner was last reminded. */
    remindedOn: text('reminded_on'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('commitment_number').on(t.workspace, t.number),
    index('commitment_of').on(t.workspace, t.postmortemId),
    index('commitment_owner').on(t.workspace, t.ownerId, t.state),
    foreignKey({ columns: [t.workspace, t.factorId], foreignColumns: [factors.workspace, factors.id] }),
    foreignKey({ columns: [t.workspace, t.postmortemId], foreignColumns: [postmortems.workspace, postmortems.id] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Commitment = typeof commitments.$inferSelect;
