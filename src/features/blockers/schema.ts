import { sql } from 'drizzle-orm';
import { bigint, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { datasets } from '../datasets/schema.ts';
import { models } from '../models/schema.ts';
import { people, teams } from '../teams/schema.ts';

export const states = ['open', 'taken', 'closed', 'withdrawn'] as const;
export type State = (typeof states)[number];
export const severities = ['stopped', 'slowed'] as const;
export type Severity = (typeof severities)[number];
/** How far it went without an answer. */
export const steps = ['holder', 'deputy', 'lead', 'nobody'] as const;
export type Step = (typeof steps)[number];
/** What became of asking one person: of those who wait, one is asked now. */
export const replies = ['waiting', 'took', 'not_us', 'gave_back', 'gone'] as const;
export type Reply = (typeof replies)[number];

/** Somebody cannot go on: what they need, who has it, and how far the clock of the answer is. */
export const blockers = pgTable(
  'blockers',
  {
    workspace: workspace(),
    id: id(),
    number: integer('number').notNull(),
    /** Where it came from, such as one answer of a standup; raised again with the same, it is the same. */
    origin: text('origin'),
    /** The team that is blocked. */
    teamId: uuid('team_id').notNull(),
    what: text('what').notNull(),
    /** As `needOf` reads it: "role:de", "duty:data.freshness", "decision", "person:U1". */
    need: text('need').notNull(),
    /** Around which team the need is looked for. */
    needTeamId: uuid('need_team_id').notNull(),
    datasetId: uuid('dataset_id'),
    modelId: uuid('model_id'),
    /** What else it blocks, in words. */
    blocks: text('blocks').notNull().default(''),
    severity: text('severity', { enum: severities }).notNull(),
    since: instant('since').notNull(),
    raisedBy: text('raised_by').notNull(),
    raisedAt: instant('raised_at').notNull(),
    /** For figures that name nobody: of the asker, and of what is needed. */
    fromRole: text('from_role').notNull(),
    toRole: text('to_role').notNull(),
    state: text('state', { enum: states }).notNull().default('open'),
    step: text('step', { enum: steps }).notNull().default('holder'),
    /** Who is asked now; null where nobody is left, or somebody took it. */
    askedId: text('asked_id'),
    askedAt: instant('asked_at').notNull(),
    /** The team through which whoever has it was found: it goes on when they leave it. */
    heldIn: uuid('held_in'),
    takenBy: text('taken_by'),
    takenAt: instant('taken_at'),
    /** Since when the clock runs, and how much of the recipient's working time was left then. */
    clockFrom: instant('clock_from').notNull(),
    clockLeftMs: integer('clock_left_ms').notNull(),
    /** When to look at it again; null while nothing can come due. */
    dueAt: instant('due_at'),
    /** Asked of the same person since they were asked or took it. */
    reminders: integer('reminders').notNull().default(0),
    /** The question that the asker has not answered yet: the clock stands. */
    asking: integer('asking'),
    /** Count what was sent, so that each message has a key of its own. */
    asks: integer('asks').notNull().default(0),
    questions: integer('questions').notNull().default(0),
    hops: integer('hops').notNull().default(0),
    unblocked: text('unblocked'),
    endedBy: text('ended_by'),
    endedAt: instant('ended_at'),
    reopened: integer('reopened').notNull().default(0),
    /** Since when this stretch of being blocked lasts; the stretches before it are summed up. */
    stretchFrom: instant('stretch_from').notNull(),
    blockedMs: bigint('blocked_ms', { mode: 'number' }).notNull().default(0),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('blocker_number').on(t.workspace, t.number),
    uniqueIndex('blocker_origin')
      .on(t.workspace, t.origin)
      .where(sql`${t.origin} is not null`),
    index('blocker_due')
      .on(t.workspace, t.dueAt)
      .where(sql`${t.dueAt} is not null`),
    index('blocker_open_of_team')
      .on(t.workspace, t.teamId, t.since)
      .where(sql`${t.state} in ('open', 'taken')`),
    index('blocker_open_for_team')
      .on(t.workspace, t.needTeamId, t.since)
      .where(sql`${t.state} in ('open', 'taken')`),
    index('blocker_asked')
      .on(t.workspace, t.askedId)
      .where(sql`${t.state} = 'open'`),
    index('blocker_raised').on(t.workspace, t.raisedBy, t.since),
    index('blocker_ended').on(t.workspace, t.endedAt),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
    foreignKey({ columns: [t.workspace, t.needTeamId], foreignColumns: [teams.workspace, teams.id] }),
    foreignKey({ columns: [t.workspace, t.datasetId], foreignColumns: [datasets.workspace, datasets.id] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
    foreignKey({ columns: [t.workspace, t.raisedBy], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type Blocker = typeof blockers.$inferSelect;

const ofBlocker = () => ({ workspace: workspace(), blockerId: uuid('blocker_id').notNull() });

/** Everybody who was asked, in the order of the first time: whoever said no is not asked again. */
export const blockerAsks = pgTable(
  'blocker_asks',
  {
    ...ofBlocker(),
    personId: text('person_id').notNull(),
    number: integer('number').notNull(),
    askedAt: instant('asked_at').notNull(),
    reply: text('reply', { enum: replies }).notNull().default('waiting'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.blockerId, t.personId] }),
    foreignKey({ columns: [t.workspace, t.blockerId], foreignColumns: [blockers.workspace, blockers.id] }),
  ],
);
export type Ask = typeof blockerAsks.$inferSelect;

export const blockerQuestions = pgTable(
  'blocker_questions',
  {
    ...ofBlocker(),
    number: integer('number').notNull(),
    question: text('question').notNull(),
    askedBy: text('asked_by').notNull(),
    askedAt: instant('asked_at').notNull(),
    answer: text('answer'),
    answeredAt: instant('answered_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.blockerId, t.number] }),
    foreignKey({ columns: [t.workspace, t.blockerId], foreignColumns: [blockers.workspace, blockers.id] }),
  ],
);
export type Question = typeof blockerQuestions.$inferSelect;

/** Each time it turned out that something else is needed. */
export const blockerHops = pgTable(
  'blocker_hops',
  {
    ...ofBlocker(),
    number: integer('number').notNull(),
    at: instant('at').notNull(),
    by: text('by').notNull(),
    fromNeed: text('from_need').notNull(),
    toNeed: text('to_need').notNull(),
    reason: text('reason').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.blockerId, t.number] }),
    foreignKey({ columns: [t.workspace, t.blockerId], foreignColumns: [blockers.workspace, blockers.id] }),
  ],
);
export type Hop = typeof blockerHops.$inferSelect;
