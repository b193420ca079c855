import { date, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { id, instant, workspace } from '../../db/columns.ts';
import { standings } from '../../ports.ts';

/** What Slack last told us of a person. Authority is read from here, and refreshed at the moment of an act. */
export const people = pgTable(
  'people',
  {
    workspace: workspace(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    zone: text('zone').notNull().default('UTC'),
    standing: text('standing', { enum: standings }).notNull(),
    checkedAt: instant('checked_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.id] })],
);
export type Person = typeof people.$inferSelect;

export const teams = pgTable(
  'teams',
  {
    workspace: workspace(),
    id: id(),
    name: text('name').notNull(),
    channel: text('channel').notNull(),
    leadId: text('lead_id').notNull(),
    zone: text('zone').notNull().default('UTC'),
    /** Local times of the zone, HH:MM, on days of the week from 1 (Monday) to 7. */
    hoursFrom: text('hours_from').notNull().default('09:00'),
    hoursTo: text('hours_to').notNull().default('17:00'),
    workdays: integer('workdays')
      .array()
      .notNull()
      .default(sql`'{1,2,3,4,5}'`),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('team_name').on(t.workspace, sql`lower(${t.name})`),
    foreignKey({ columns: [t.workspace, t.leadId], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type Team = typeof teams.$inferSelect;

export const roles = ['ds', 'mle', 'de', 'ops', 'qa', 'mon', 'pm', 'stk'] as const;
export type Role = (typeof roles)[number];

/** Not only to be informed; whoever has no role yet may get any. */
export const works = (held: readonly Role[]) => held.length === 0 || held.some((role) => role !== 'stk');

/** A person who left keeps the row, so that history still has a name. */
export const members = pgTable(
  'members',
  {
    workspace: workspace(),
    teamId: uuid('team_id').notNull(),
    personId: text('person_id').notNull(),
    roles: text('roles', { enum: roles }).array().notNull(),
    joinedAt: instant('joined_at').notNull(),
    leftAt: instant('left_at'),
    /** They left the team's channel then, and have not said yet whether the team too. */
    leftChannelAt: instant('left_channel_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.teamId, t.personId] }),
    index('member_person').on(t.workspace, t.personId),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
    foreignKey({ columns: [t.workspace, t.personId], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type Member = typeof members.$inferSelect;

/** Days on which a person is not there, both ends included; floating dates, read in the person's own zone. */
export const absences = pgTable(
  'absences',
  {
    workspace: workspace(),
    personId: text('person_id').notNull(),
    from: date('from').notNull(),
    until: date('until').notNull(),
    note: text('note').notNull().default(''),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.personId, t.from] }),
    foreignKey({ columns: [t.workspace, t.personId], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type Absence = typeof absences.$inferSelect;

/** Holidays that a person confirmed for themselves, or somebody for them: floating dates on which they are not there. */
export const holidays = pgTable(
  'holidays',
  {
    workspace: workspace(),
    personId: text('person_id').notNull(),
    date: date('date').notNull(),
    name: text('name').notNull(),
    /** Where it was suggested, such as "DE-BE 2026". */
    source: text('source').notNull(),
    confirmedBy: text('confirmed_by').notNull(),
    confirmedAt: instant('confirmed_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.personId, t.date] }),
    index('holiday_on').on(t.workspace, t.date),
    foreignKey({ columns: [t.workspace, t.personId], foreignColumns: [people.workspace, people.id] }),
  ],
);
