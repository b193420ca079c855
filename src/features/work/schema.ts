import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';
import { people, teams } from '../teams/schema.ts';

/** A spike answers a question and is never estimated in points. */
export const types = ['feature', 'bug', 'chore', 'data', 'spike'] as const;
export type Type = (typeof types)[number];
export const states = ['backlog', 'ready', 'doing', 'review', 'done', 'dropped'] as const;
export type State = (typeof states)[number];
/** What became of the question of a spike. */
export const outcomes = ['supported', 'not_supported', 'inconclusive'] as const;
export type Outcome = (typeof outcomes)[number];
export const eventKinds = ['moved', 'given'] as const;

/** What a team means to do, and how far it is. */
export const workItems = pgTable(
  'work_items',
  {
    workspace: workspace(),
    id: id(),
    number: integer('number').notNull(),
    /** Where it came from, such as one message; made again from the same, it is the same. */
    origin: text('origin'),
    /** The channel of that message. */
    channel: text('channel'),
    teamId: uuid('team_id').notNull(),
    modelId: uuid('model_id'),
    type: text('type', { enum: types }).notNull(),
    title: text('title').notNull(),
    details: text('details').notNull().default(''),
    state: text('state', { enum: states }).notNull(),
    ownerId: text('owner_id'),
    madeBy: text('made_by').notNull(),
    madeAt: instant('made_at').notNull(),
    movedBy: text('moved_by').notNull(),
    movedAt: instant('moved_at').notNull(),
    /** When it was first in progress; opening it again keeps this, and takes the end back. */
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    outcome: text('outcome', { enum: outcomes }),
    finding: text('finding').notNull().default(''),
    /** So many events there are, and the one by which its owner has it: each owner has a card of their own. */
    events: integer('events').notNull().default(1),
    ownedSince: integer('owned_since').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('work_number').on(t.workspace, t.number),
    uniqueIndex('work_origin')
      .on(t.workspace, t.origin)
      .where(sql`${t.origin} is not null`),
    index('work_of_team').on(t.workspace, t.teamId, t.state, t.movedAt),
    index('work_of_owner').on(t.workspace, t.ownerId, t.movedAt),
    index('work_finished')
      .on(t.workspace, t.teamId, t.type, t.finishedAt)
      .where(sql`${t.state} = 'done'`),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
    foreignKey({ columns: [t.workspace, t.ownerId], foreignColumns: [people.workspace, people.id] }),
    foreignKey({ columns: [t.workspace, t.madeBy], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type WorkItem = typeof workItems.$inferSelect;

/** Everything that happened to it, only ever added to: every figure about flow can be computed from these. */
export const workEvents = pgTable(
  'work_events',
  {
    workspace: workspace(),
    itemId: uuid('item_id').notNull(),
    number: integer('number').notNull(),
    kind: text('kind', { enum: eventKinds }).notNull(),
    at: instant('at').notNull(),
    by: text('by').notNull(),
    /** States, or the people that it went from and to. */
    from: text('from'),
    to: text('to'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.itemId, t.number] }),
    index('work_moved_by').on(t.workspace, t.by, t.at),
    foreignKey({ columns: [t.workspace, t.itemId], foreignColumns: [workItems.workspace, workItems.id] }),
  ],
);
