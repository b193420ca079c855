import { sql } from 'drizzle-orm';
import {
  check,
  date,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';
import { people, teams } from '../teams/schema.ts';

/** Somebody is named for a duty: on one model, or on a team and so for all its models. */
export const dutyAssignments = pgTable(
  'duty_assignments',
  {
    workspace: workspace(),
    id: id(),
    teamId: uuid('team_id'),
    modelId: uuid('model_id'),
    duty: text('duty').notNull(),
    personId: text('person_id').notNull(),
    assignedBy: text('assigned_by').notNull(),
    assignedAt: instant('assigned_at').notNull(),
    confirmedAt: instant('confirmed_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('duty_on_team')
      .on(t.workspace, t.teamId, t.duty, t.personId)
      .where(sql`${t.teamId} is not null`),
    uniqueIndex('duty_on_model')
      .on(t.workspace, t.modelId, t.duty, t.personId)
      .where(sql`${t.modelId} is not null`),
    index('duty_person').on(t.workspace, t.personId),
    check('duty_on_one', sql`(${t.teamId} is null) <> (${t.modelId} is null)`),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
    foreignKey({ columns: [t.workspace, t.personId], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type DutyAssignment = typeof dutyAssignments.$inferSelect;

/** A row of the matrix as a team changed it; the standard holds where there is none. */
export const dutyCells = pgTable(
  'duty_cells',
  {
    workspace: workspace(),
    teamId: uuid('team_id').notNull(),
    duty: text('duty').notNull(),
    responsible: text('responsible').array().notNull(),
    accountable: text('accountable').notNull(),
    consulted: text('consulted').array().notNull(),
    informed: text('informed').array().notNull(),
    requiredTiers: integer('required_tiers').array().notNull(),
    mustDifferFrom: text('must_differ_from').array().notNull(),
    changedBy: text('changed_by').notNull(),
    changedAt: instant('changed_at').notNull(),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.teamId, t.duty] }),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
  ],
);
export type DutyCell = typeof dutyCells.$inferSelect;

/** The team knows of a gap and lives with it until a day, which is part of it. */
export const acceptedGaps = pgTable(
  'accepted_gaps',
  {
    workspace: workspace(),
    modelId: uuid('model_id').notNull(),
    duty: text('duty').notNull(),
    kind: text('kind').notNull(),
    until: date('until').notNull(),
    reason: text('reason').notNull(),
    acceptedBy: text('accepted_by').notNull(),
    acceptedAt: instant('accepted_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.modelId, t.duty, t.kind] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type AcceptedGap = typeof acceptedGaps.$inferSelect;

/** One look a team and ISO week, as "2026-W48"; with gaps there was something to say. */
export const coverageWeeks = pgTable(
  'coverage_weeks',
  {
    workspace: workspace(),
    teamId: uuid('team_id').notNull(),
    week: text('week').notNull(),
    lookedAt: instant('looked_at').notNull(),
    gaps: integer('gaps').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.teamId, t.week] }),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
  ],
);
