import { sql } from 'drizzle-orm';
import {
  date,
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
import { id, instant, workspace } from '../../db/columns.ts';
import type { Recurrence } from '../../time/recurrence.ts';
import { people, teams } from '../teams/schema.ts';

export const ritualKinds = ['standup', 'checkin', 'wrapup'] as const;
export type RitualKind = (typeof ritualKinds)[number];

/** Everybody at the hour of the team, or each at that hour where they are. */
export const clocks = ['team', 'person'] as const;
export type Clock = (typeof clocks)[number];

/** What becomes of a date on which the team is closed. */
export const whenClosed = ['skip', 'move'] as const;
export const reminderLevels = ['none', 'once', 'twice'] as const;
export type ReminderLevel = (typeof reminderLevels)[number];
export const ritualStates = ['active', 'paused', 'ended'] as const;

/** What a team does again and again. Dates, hour and zone are kept apart: an instant is made only of the next date. */
export const rituals = pgTable(
  'rituals',
  {
    workspace: workspace(),
    id: id(),
    teamId: uuid('team_id').notNull(),
    kind: text('kind', { enum: ritualKinds }).notNull(),
    name: text('name').notNull(),
    /** Where the digest is posted. */
    channel: text('channel').notNull(),
    recurrence: jsonb('recurrence').$type<Recurrence>().notNull(),
    time: text('time').notNull(),
    /** Null: that of the team, also when it moves. */
    zone: text('zone'),
    clock: text('clock', { enum: clocks }).notNull(),
    whenClosed: text('when_closed', { enum: whenClosed }).notNull(),
    /** Wall time in the ritual's zone, so many days after the date. */
    digestTime: text('digest_time').notNull(),
    digestDays: integer('digest_days').notNull().default(0),
    reminders: text('reminders', { enum: reminderLevels }).notNull().default('once'),
    state: text('state', { enum: ritualStates }).notNull().default('active'),
    createdBy: text('created_by').notNull(),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('ritual_name')
      .on(t.workspace, t.teamId, sql`lower(${t.name})`)
      .where(sql`${t.state} <> 'ended'`),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
  ],
);
export type Ritual = typeof rituals.$inferSelect;

/** `planned` is the next one only; `open` collects, `posted` has its digest and takes edits, `closed` is history. */
export const runStates = ['planned', 'open', 'posted', 'closed', 'missed'] as const;
export type RunState = (typeof runStates)[number];

/** One date of a ritual. The date names it, never the instant: a second run of a date cannot be. */
export const ritualRuns = pgTable(
  'ritual_runs',
  {
    workspace: workspace(),
    ritualId: uuid('ritual_id').notNull(),
    date: date('date').notNull(),
    state: text('state', { enum: runStates }).notNull(),
    /** What the instants were made of: where that is another by now, a planned run is made anew. */
    revision: integer('revision').notNull(),
    zone: text('zone').notNull(),
    zoneData: text('zone_data').notNull(),
    /** The hour that people with a clock of their own are asked at. */
    time: text('time').notNull(),
    plannedAt: instant('planned_at').notNull(),
    opensAt: instant('opens_at').notNull(),
    digestAt: instant('digest_at').notNull(),
    /** Until then the digest is changed in place. */
    closesAt: instant('closes_at').notNull(),
    openedAt: instant('opened_at'),
    postedAt: instant('posted_at'),
    closedAt: instant('closed_at'),
    /** Of the date that the team was closed on, where it was moved. */
    movedFrom: date('moved_from'),
    leaseUntil: instant('lease_until'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.ritualId, t.date] }),
    uniqueIndex('ritual_run_planned')
      .on(t.workspace, t.ritualId)
      .where(sql`${t.state} = 'planned'`),
    index('ritual_run_opens')
      .on(t.workspace, t.opensAt)
      .where(sql`${t.state} = 'planned'`),
    index('ritual_run_digest')
      .on(t.workspace, t.digestAt)
      .where(sql`${t.state} = 'open'`),
    index('ritual_run_closes')
      .on(t.workspace, t.closesAt)
      .where(sql`${t.state} = 'posted'`),
    foreignKey({ columns: [t.workspace, t.ritualId], foreignColumns: [rituals.workspace, rituals.id] }),
  ],
);
export type RitualRun = typeof ritualRuns.$inferSelect;

/**
 * `waiting` is due later, `sent` was asked, `home` stands on the Home tab only, `unasked` came too late because nothing
 * ran here, `left` belongs to the team no more.
 */
export const promptStates = ['waiting', 'sent', 'home', 'answered', 'away', 'left', 'unasked'] as const;
export type PromptState = (typeof promptStates)[number];

/** What we knew of somebody's work when they were asked, as it was shown to them. */
export interface ShownFact {
  readonly key: string;
  readonly kind: string;
  readonly words: string;
  readonly becomes: 'waits' | 'plan' | 'done' | 'obstacle' | 'know';
  readonly suggestion: string;
  readonly modelId?: string | undefined;
  readonly need?: string | undefined;
}

/** One person asked about one date of one ritual. */
export const prompts = pgTable(
  'ritual_prompts',
  {
    workspace: workspace(),
    ritualId: uuid('ritual_id').notNull(),
    date: date('date').notNull(),
    personId: text('person_id').notNull(),
    state: text('state', { enum: promptStates }).notNull(),
    /** The zone that `dueAt` was made with. */
    zone: text('zone').notNull(),
    dueAt: instant('due_at').notNull(),
    /** A little later than due, so that many do not go at once, or after quiet hours. */
    sendAt: instant('send_at').notNull(),
    sentAt: instant('sent_at'),
    remindAt: instant('remind_at'),
    reminded: integer('reminded').notNull().default(0),
    answeredAt: instant('answered_at'),
    /** Facts count from here: when this person was last asked. */
    since: instant('since').notNull(),
    facts: jsonb('facts').$type<readonly ShownFact[]>(),
    /** Kinds of facts that could not be read in time. */
    missing: text('missing')
      .array()
      .notNull()
      .default(sql`'{}'`),
    awayUntil: date('away_until'),
    leaseUntil: instant('lease_until'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.ritualId, t.date, t.personId] }),
    index('ritual_prompt_send')
      .on(t.workspace, t.sendAt)
      .where(sql`${t.state} = 'waiting'`),
    index('ritual_prompt_remind')
      .on(t.workspace, t.remindAt)
      .where(sql`${t.remindAt} is not null`),
    index('ritual_prompt_person').on(t.workspace, t.personId, t.date),
    // Who answered early goes along when the planned date moves.
    foreignKey({
      columns: [t.workspace, t.ritualId, t.date],
      foreignColumns: [ritualRuns.workspace, ritualRuns.ritualId, ritualRuns.date],
    }).onUpdate('cascade'),
    foreignKey({ columns: [t.workspace, t.personId], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type Prompt = typeof prompts.$inferSelect;

/** Who reads the digest without being asked. */
export const followers = pgTable(
  'ritual_followers',
  { workspace: workspace(), ritualId: uuid('ritual_id').notNull(), personId: text('person_id').notNull() },
  (t) => [
    primaryKey({ columns: [t.workspace, t.ritualId, t.personId] }),
    foreignKey({ columns: [t.workspace, t.ritualId], foreignColumns: [rituals.workspace, rituals.id] }),
    foreignKey({ columns: [t.workspace, t.personId], foreignColumns: [people.workspace, people.id] }),
  ],
);

/** How one person wants to be asked, by every ritual. What is null follows the ritual. */
export const preferences = pgTable(
  'ritual_preferences',
  {
    workspace: workspace(),
    personId: text('person_id').notNull(),
    /** Of rituals that ask each at their own hour. */
    time: text('time'),
    quietFrom: text('quiet_from'),
    quietTo: text('quiet_to'),
    reminders: text('reminders', { enum: reminderLevels }),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.personId] }),
    foreignKey({ columns: [t.workspace, t.personId], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type Preference = typeof preferences.$inferSelect;
