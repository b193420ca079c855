import { sql } from 'drizzle-orm';
import {
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { people, teams } from '../teams/schema.ts';

/** 1 business critical, 2 production, 3 experiment. */
export const tiers = [1, 2, 3] as const;
export type Tier = (typeof tiers)[number];

export const linkKinds = ['registry', 'pipeline', 'dashboard', 'runbook', 'repository'] as const;
export type Links = Readonly<Partial<Record<(typeof linkKinds)[number], string>>>;

export const models = pgTable(
  'models',
  {
    workspace: workspace(),
    id: id(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    teamId: uuid('team_id').notNull(),
    ownerId: text('owner_id').notNull(),
    deputyId: text('deputy_id'),
    channel: text('channel').notNull(),
    tier: smallint('tier').$type<Tier>().notNull(),
    /** The registered model's name and the alias that serving follows, in MLflow's words. */
    registryName: text('registry_name').notNull(),
    alias: text('alias').notNull().default('champion'),
    environment: text('environment').notNull().default('production'),
    /** Where it runs; `environment` is the one that rollbacks and drift mean unless another is named. */
    environments: text('environments')
      .array()
      .notNull()
      .default(sql`'{production}'`),
    links: jsonb('links').$type<Links>().notNull().default({}),
    registeredAt: instant('registered_at').notNull(),
    /** When its owner last said that all of this is still true. */
    confirmedAt: instant('confirmed_at').notNull().defaultNow(),
    remindedAt: instant('reminded_at'),
    retiredAt: instant('retired_at'),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    index('model_owner').on(t.workspace, t.ownerId),
    index('model_deputy').on(t.workspace, t.deputyId),
    uniqueIndex('model_name').on(t.workspace, sql`lower(${t.name})`),
    foreignKey({ columns: [t.workspace, t.teamId], foreignColumns: [teams.workspace, teams.id] }),
    foreignKey({ columns: [t.workspace, t.ownerId], foreignColumns: [people.workspace, people.id] }),
    foreignKey({ columns: [t.workspace, t.deputyId], foreignColumns: [people.workspace, people.id] }),
  ],
);
export type Model = typeof models.$inferSelect;

/** What people change of it; the owner changes by transfer only. */
export type ModelEdit = Pick<
  Model,
  'name' | 'description' | 'deputyId' | 'channel' | 'tier' | 'registryName' | 'alias' | 'environments' | 'links'
>;
