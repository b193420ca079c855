import { sql } from 'drizzle-orm';
import { foreignKey, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { people, teams } from '../teams/schema.ts';

/** 1 business critical, 2 production, 3 experiment. */
export const tiers = [1, 2, 3] as const;
export type Tier = (typeof tiers)[number];

export const models = pgTable(
  'models',
  {
    workspace: workspace(),
    id: id(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    teamId: uuid('team_id').notNull(),
    ownerId: text('owner_id').notNull(),
    deputyId: text('deputy_id').notNull(),
    channel: text('channel').notNull(),
    tier: smallint('tier').$type<Tier>().notNull(),
    /** The registered model's name and the alias that serving follows, in MLflow's words. */
    registryName: text('registry_name').notNull(),
    alias: text('alias').notNull().default('champion'),
    environment: text('environment').notNull().default('production'),
    registeredAt: instant('registered_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('model_name').on(t.workspace, sql`lower(${t.name})`),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
    foreignKey({ columns: [t.workspace, t.ownerId], foreignColumns: [people.workspace, people.id] }),
    foreignKey({ columns: [t.workspace, t.deputyId], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type Model = typeof models.$inferSelect;
