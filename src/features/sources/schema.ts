import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';

/** The formats we read; each has its reader in integrations/ and its words in kinds.ts. */
export const kinds = [
  'evidently',
  'nannyml',
  'alertmanager',
  'grafana',
  'mlflow',
  'openlineage',
  'dbt',
  'great-expectations',
  'sagemaker',
  'github',
  'gitlab',
  'airflow',
  'json',
] as const;
export type Kind = (typeof kinds)[number];

/** A tool that may post to /hooks/{id}. */
export const sources = pgTable(
  'sources',
  {
    workspace: workspace(),
    id: id(),
    /** What people type, such as grafana-2; never given twice. */
    name: text('name').notNull(),
    kind: text('kind', { enum: kinds }).notNull(),
    /** The SHA-256 of a bearer token; sealed where the tool signs with it. */
    secret: text('secret').notNull(),
    /** The one before, which counts until then. */
    formerSecret: text('former_secret'),
    formerUntil: instant('former_until'),
    /** What its payloads are about when they do not say it themselves. */
    modelId: uuid('model_id'),
    environment: text('environment'),
    madeBy: text('made_by').notNull(),
    madeAt: instant('made_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('source_name').on(t.workspace, t.name),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Source = typeof sources.$inferSelect;

const outcomes = ['taken', 'duplicate', 'refused'] as const;

/** What came of every delivery, for two weeks. */
export const deliveries = pgTable(
  'deliveries',
  {
    workspace: workspace(),
    id: id(),
    /** Empty for what came with the API token of the whole install. */
    sourceId: uuid('source_id'),
    at: instant('at').notNull(),
    outcome: text('outcome', { enum: outcomes }).notNull(),
    /** In words; empty when all of it was taken. */
    problem: text('problem').notNull().default(''),
    /** How many things it said. */
    said: integer('said').notNull().default(0),
    /** Its beginning without secrets; only of the newest refused ones. */
    body: text('body'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    index('deliveries_of').on(t.workspace, t.sourceId, t.at),
    index('deliveries_with_problem')
      .on(t.workspace, t.sourceId, t.at)
      .where(sql`${t.problem} <> ''`),
    index('deliveries_at').on(t.workspace, t.at),
    foreignKey({ columns: [t.workspace, t.sourceId], foreignColumns: [sources.workspace, sources.id] }),
  ],
);
export type Delivered = typeof deliveries.$inferSelect;
