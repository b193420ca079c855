import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';

export const requestKinds = ['rollback', 'promotion'] as const;
export type RequestKind = (typeof requestKinds)[number];

/** The last seven never change again: to try once more is a new request. `moved`: done, and not yet seen served. */
export const requestStates = [
  'requested',
  'approved',
  'executing',
  'unclear',
  'moved',
  'done',
  'failed',
  'rejected',
  'withdrawn',
  'expired',
  'stale',
  'superseded',
  'revoked',
] as const;
export type RequestState = (typeof requestStates)[number];

/** What somebody is for a model, as far as approving goes; `named`: for the duty of approving. */
export const hats = ['owner', 'deputy', 'lead', 'named'] as const;
export type Hat = (typeof hats)[number];

/** One approver that a request needs: whoever wears one of these hats. */
export interface Slot {
  readonly label: string;
  readonly hats: readonly Hat[];
}

/** What the approvers were shown beside the versions. */
export interface Facts {
  /** How the change is carried out: "MLflow alias champion", "web-hook deploy-bot". */
  readonly deployer: string;
  /** Whether an alias of the registry is moved. */
  readonly movesAlias: boolean;
  /** What the target version did when it was live before. */
  readonly lastTime: string | null;
  readonly openAlerts: readonly string[];
  readonly gate: string;
}

/** A request to change which version is live, from the asking to what was seen. */
export const requests = pgTable(
  'requests',
  {
    workspace: workspace(),
    id: id(),
    kind: text('kind', { enum: requestKinds }).notNull(),
    number: integer('number').notNull(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    alertId: uuid('alert_id'),
    /** What the approver sees is what is executed: from here to the gate, nothing changes any more. */
    fromVersion: text('from_version').notNull(),
    toVersion: text('to_version').notNull(),
    aliasRevision: integer('alias_revision').notNull(),
    reason: text('reason').notNull(),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    slots: jsonb('slots').$type<readonly Slot[]>().notNull(),
    facts: jsonb('facts').$type<Facts>().notNull(),
    /** Shares of the traffic in percent, rising to 100. */
    steps: integer('steps').array().notNull(),
    bakeMinutes: integer('bake_minutes').notNull().default(0),
    /** Of all that is frozen; it stands in every button, so that nobody approves what they did not see. */
    digest: text('digest').notNull(),
    /** What the gate said of the target; any change of it voids the approval. Empty for rollbacks. */
    gateHash: text('gate_hash').notNull().default(''),
    retryOf: uuid('retry_of'),
    /** The request whose first steps this one takes back. */
    undoes: uuid('undoes'),
    /** Executed without a quorum because of this incident; somebody else looks at it within a day. */
    incidentId: uuid('incident_id'),

    state: text('state', { enum: requestStates }).notNull().default('requested'),
    /** Until when it may be decided, then until when it may be begun. */
    expiresAt: instant('expires_at').notNull(),
    approvedAt: instant('approved_at'),
    endedBy: text('ended_by'),
    endedAt: instant('ended_at'),
    outcome: text('outcome'),
    /** Which of `steps` is being taken, and what the deployer called it. */
    step: integer('step').notNull().default(0),
    ref: text('ref'),
    tries: integer('tries').notNull().default(0),
    nextAt: instant('next_at'),
    leaseUntil: instant('lease_until'),
    fence: integer('fence').notNull().default(0),
    abortedBy: text('aborted_by'),
    abortReason: text('abort_reason'),

    reviewDueAt: instant('review_due_at'),
    reviewVerdict: text('review_verdict', { enum: ['acknowledged', 'disputed'] }),
    reviewNote: text('review_note'),
    reviewedBy: text('reviewed_by'),
    reviewedAt: instant('reviewed_at'),
    reminders: integer('reminders').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('request_number').on(t.workspace, t.kind, t.number),
    // One open request for a model at a time.
    uniqueIndex('request_open')
      .on(t.workspace, t.modelId, t.environment)
      .where(sql`${t.state} in ('requested', 'approved', 'executing', 'unclear')`),
    index('request_due')
      .on(t.workspace, t.expiresAt)
      .where(sql`${t.state} in ('requested', 'approved')`),
    index('request_under_way')
      .on(t.workspace, t.nextAt)
      .where(sql`${t.state} in ('approved', 'executing', 'unclear', 'moved')`),
    index('request_review')
      .on(t.workspace, t.reviewDueAt)
      .where(sql`${t.incidentId} is not null and ${t.reviewVerdict} is null`),
    index('request_of_model').on(t.workspace, t.modelId, t.requestedAt),
    index('request_ended').on(t.workspace, t.modelId, t.endedAt),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type ChangeRequest = typeof requests.$inferSelect;

/** One vote a person: the primary key says so. */
export const votes = pgTable(
  'votes',
  {
    workspace: workspace(),
    requestId: uuid('request_id').notNull(),
    personId: text('person_id').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.requestId, t.personId] }),
    foreignKey({ columns: [t.workspace, t.requestId], foreignColumns: [requests.workspace, requests.id] }),
  ],
);
export type Vote = typeof votes.$inferSelect;
