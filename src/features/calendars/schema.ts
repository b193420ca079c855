import { date, foreignKey, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { people, teams } from '../teams/schema.ts';

/** Days on which a team does not work, both ends included; floating dates, read in the zone of the team. */
export const closingDays = pgTable(
  'closing_days',
  {
    workspace: workspace(),
    id: id(),
    teamId: uuid('team_id').notNull(),
    from: date('from').notNull(),
    until: date('until').notNull(),
    name: text('name').notNull(),
    /** Where it was suggested, such as "DE-BE 2026"; null where people wrote it themselves. */
    source: text('source'),
    confirmedBy: text('confirmed_by').notNull(),
    confirmedAt: instant('confirmed_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('closing_day').on(t.workspace, t.teamId, t.from, t.name),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
  ],
);
export type ClosingDay = typeof closingDays.$inferSelect;

export const calendarKinds = ['team', 'person'] as const;

/** Whose holidays of which place and year were looked through, and by whom: next year is suggested to them again. */
export const holidayChoices = pgTable(
  'holiday_choices',
  {
    workspace: workspace(),
    kind: text('kind', { enum: calendarKinds }).notNull(),
    /** The id of the team, or of the person. */
    subject: text('subject').notNull(),
    /** A country and a region of it, such as DE-BE. */
    place: text('place').notNull(),
    year: integer('year').notNull(),
    /** The same for people: Berlin, Germany. */
    placeName: text('place_name').notNull(),
    confirmedBy: text('confirmed_by').notNull(),
    confirmedAt: instant('confirmed_at').notNull(),
    /** When they were asked to look through the next year. */
    nextAskedAt: instant('next_asked_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.kind, t.subject, t.place, t.year] }),
    foreignKey({ columns: [t.workspace, t.confirmedBy], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type HolidayChoice = typeof holidayChoices.$inferSelect;
