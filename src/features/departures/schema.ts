import { foreignKey, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { id, instant, workspace } from '../../db/columns.ts';
import { people, teams } from '../teams/schema.ts';

/** Somebody left a team: what they held there, as it was then, until each of it has a new holder. */
export const departures = pgTable(
  'departures',
  {
    workspace: workspace(),
    id: id(),
    teamId: uuid('team_id').notNull(),
    personId: text('person_id').notNull(),
    leftAt: instant('left_at').notNull(),
    /** The lead, or who stands in for a lead that is gone; a team without anybody is told in its channel. */
    toldId: text('told_id'),
    owned: uuid('owned').array().notNull(),
    deputised: uuid('deputised').array().notNull(),
    checkedAt: instant('checked_at').notNull(),
    settledAt: instant('settled_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('departure_once').on(t.workspace, t.teamId, t.personId, t.leftAt),
    index('departure_open')
      .on(t.workspace, t.checkedAt)
      .where(sql`${t.settledAt} is null`),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
    foreignKey({ columns: [t.workspace, t.personId], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type Departure = typeof departures.$inferSelect;
