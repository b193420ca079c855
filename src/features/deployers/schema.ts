import { sql } from 'drizzle-orm';
import { foreignKey, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, workspace } from '../../db/columns.ts';
import { connections } from '../connections/schema.ts';
import { models } from '../models/schema.ts';

/** alias: the registry's own. webhook: the team's own service. pipeline: a DAG or pipeline that does it. */
export const deployerKinds = ['alias', 'webhook', 'pipeline'] as const;
export type DeployerKind = (typeof deployerKinds)[number];

export const strategies = ['all_at_once', 'canary', 'shadow', 'blue_green'] as const;
export type Strategy = (typeof strategies)[number];

/** What makes versions of a model live in an environment; without a row the alias is moved, all at once. */
export const deployers = pgTable(
  'deployers',
  {
    workspace: workspace(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    kind: text('kind', { enum: deployerKinds }).notNull(),
    connectionId: uuid('connection_id'),
    /** The DAG or pipeline that does it. */
    pipeline: text('pipeline').notNull().default(''),
    strategy: text('strategy', { enum: strategies }).notNull(),
    steps: integer('steps')
      .array()
      .notNull()
      .default(sql`'{100}'`),
    bakeMinutes: integer('bake_minutes').notNull().default(0),
    changedBy: text('changed_by').notNull(),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.modelId, t.environment] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
    foreignKey({ columns: [t.workspace, t.connectionId], foreignColumns: [connections.workspace, connections.id] }),
  ],
);
export type DeployerRow = typeof deployers.$inferSelect;

export const callStates = ['sent', 'running', 'done', 'failed'] as const;
export type CallState = (typeof callStates)[number];

/** What a web-hook was asked to do, and what it called back. */
export const deployCalls = pgTable(
  'deploy_calls',
  {
    workspace: workspace(),
    /** Of the step: the same for every try. */
    key: text('key').notNull(),
    connectionId: uuid('connection_id').notNull(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    state: text('state', { enum: callStates }).notNull().default('sent'),
    version: text('version').notNull(),
    percent: integer('percent').notNull(),
    detail: text('detail').notNull().default(''),
    sentAt: instant('sent_at').notNull(),
    answeredAt: instant('answered_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.key] }),
    foreignKey({ columns: [t.workspace, t.connectionId], foreignColumns: [connections.workspace, connections.id] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type DeployCall = typeof deployCalls.$inferSelect;
