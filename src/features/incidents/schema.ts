import { foreignKey, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';

export const incidentStates = ['open', 'resolved'] as const;
export const severities = ['sev1', 'sev2', 'sev3'] as const;
export type Severity = (typeof severities)[number];
/** The channel is built in steps, each of which may be repeated; `topic`: it is ready, but its topic is old. */
export const channelSteps = ['wanted', 'created', 'topic', 'ready'] as const;

export const incidents = pgTable(
  'incidents',
  {
    workspace: workspace(),
    id: id(),
    number: integer('number').notNull(),
    title: text('title').notNull(),
    summary: text('summary').notNull(),
    severity: text('severity', { enum: severities }).notNull(),
    modelId: uuid('model_id').notNull(),
    version: text('version'),
    alertId: uuid('alert_id'),
    /** What was known when it was declared, in words. */
    evidence: text('evidence').notNull().default(''),
    state: text('state', { enum: incidentStates }).notNull().default('open'),
    declaredBy: text('declared_by').notNull(),
    declaredAt: instant('declared_at').notNull(),
    /** When it began, as far as the evidence says. */
    onset: instant('onset').notNull(),
    commander: text('commander'),
    resolvedBy: text('resolved_by'),
    resolvedAt: instant('resolved_at'),
    resolution: text('resolution'),
    channel: text('channel'),
    channelStep: text('channel_step', { enum: channelSteps }).notNull().default('wanted'),
    leaseUntil: instant('lease_until'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('incident_number').on(t.workspace, t.number),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Incident = typeof incidents.$inferSelect;
