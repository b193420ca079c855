import { foreignKey, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
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
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.teamId, t.personId] }),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
    foreignKey({ columns: [t.workspace, t.personId], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type Member = typeof members.$inferSelect;
