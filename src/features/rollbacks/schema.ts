import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';

export const rollbackStates = [
  'requested',
  'approved',
  'executing',
  'alias_moved',
  'rolled_back',
  'failed',
  'rejected',
  'withdrawn',
  'expired',
  'stale',
] as const;
export type RollbackState = (typeof rollbackStates)[number];

export const rollbacks = pgTable(
  'rollbacks',
  {
    workspace: workspace(),
    id: id(),
    number: integer('number').notNull(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    alertId: uuid('alert_id'),
    /** What the approver sees is what is executed: versions and the alias revision are frozen here. */
    fromVersion: text('from_version').notNull(),
    toVersion: text('to_version').notNull(),
    aliasRevision: integer('alias_revision').notNull(),
    reason: text('reason').notNull(),
    state: text('state', { enum: rollbackStates }).notNull().default('requested'),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    approvedAt: instant('approved_at'),
    endedBy: text('ended_by'),
    endedAt: instant('ended_at'),
    outcome: text('outcome'),
    leaseUntil: instant('lease_until'),
    fence: integer('fence').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('rollback_number').on(t.workspace, t.number),
    // One open request for a model at a time.
    uniqueIndex('rollback_open')
      .on(t.workspace, t.modelId, t.environment)
      .where(sql`${t.state} in ('requested', 'approved', 'executing')`),
    index('rollback_due')
      .on(t.workspace, t.expiresAt)
      .where(sql`${t.state} in ('requested', 'approved', 'executing')`),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Rollback = typeof rollbacks.$inferSelect;

/** One vote a person: the primary key says so. */
export const approvals = pgTable(
  'approvals',
  {
    workspace: workspace(),
    rollbackId: uuid('rollback_id').notNull(),
    personId: text('person_id').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.rollbackId, t.personId] }),
    foreignKey({ columns: [t.workspace, t.rollbackId], foreignColumns: [rollbacks.workspace, rollbacks.id] }),
  ],
);
export type Approval = typeof approvals.$inferSelect;
