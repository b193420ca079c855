import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';

/** Never changes: a drill stays a drill, and counts in no figure of incidents. */
export const incidentKinds = ['incident', 'drill', 'test', 'backfill'] as const;
export type IncidentKind = (typeof incidentKinds)[number];

export const incidentStates = [
  'triage',
  'active',
  'mitigated',
  'resolved',
  'reviewing',
  'closed',
  'merged',
  'cancelled',
] as const;
export type IncidentState = (typeof incidentStates)[number];
/** While somebody has to do something about it now. */
export const openStates = ['triage', 'active', 'mitigated'] as const satisfies readonly IncidentState[];

export const severities = ['sev1', 'sev2', 'sev3'] as const;
export type Severity = (typeof severities)[number];

export const cancelReasons = ['false_positive', 'duplicate', 'superseded', 'external', 'cancelled'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/**
 * The channel is built in steps, each of which may be repeated; `topic`: it is ready, but its topic is old; `archived`:
 * nobody can write there; `restoring`: it is to be opened again.
 */
export const channelSteps = ['wanted', 'created', 'topic', 'ready', 'unwanted', 'archived', 'restoring'] as const;

/** `times`: those of the other that gave way to earlier ones; null: there was none. */
export interface MergeUndo {
  readonly state: (typeof openStates)[number];
  readonly dedupeKey: string | null;
  readonly times: readonly {
    readonly name: MilestoneName;
    readonly at: string | null;
    readonly source: MilestoneSource;
    readonly setBy: string;
    readonly receivedAt?: string | null;
  }[];
}

export const incidents = pgTable(
  'incidents',
  {
    workspace: workspace(),
    id: id(),
    number: integer('number').notNull(),
    kind: text('kind', { enum: incidentKinds }).notNull().default('incident'),
    title: text('title').notNull(),
    summary: text('summary').notNull(),
    severity: text('severity', { enum: severities }).notNull(),
    /** The highest that it ever was. */
    worst: text('worst', { enum: severities }).notNull(),
    modelId: uuid('model_id').notNull(),
    version: text('version'),
    alertId: uuid('alert_id'),
    /** One open incident for a key: what fires again is attached. The sender's own name for what is wrong. */
    dedupeKey: text('dedupe_key'),
    /** How often the same was reported since. */
    repeats: integer('repeats').notNull().default(0),
    /** What was known when it was declared, in words. */
    evidence: text('evidence').notNull().default(''),
    state: text('state', { enum: incidentStates }).notNull().default('active'),
    /** Nobody but its own people sees it, anywhere; for good, as what was seen cannot be taken back. */
    isPrivate: boolean('is_private').notNull().default(false),
    /** Rises with every change: a form that was opened before says so instead of overwriting. */
    revision: integer('revision').notNull().default(1),
    declaredBy: text('declared_by').notNull(),
    declaredAt: instant('declared_at').notNull(),
    /** When it began, as far as the evidence says. */
    onset: instant('onset').notNull(),
    /** Somebody said that nobody can know it. */
    isOnsetUnknown: boolean('is_onset_unknown').notNull().default(false),
    /** Until it was resolved, cancelled or merged the last time. */
    endedBy: text('ended_by'),
    resolvedAt: instant('resolved_at'),
    resolution: text('resolution'),
    reopenCount: integer('reopen_count').notNull().default(0),
    cancelReason: text('cancel_reason', { enum: cancelReasons }),
    mergedInto: uuid('merged_into'),
    mergedAt: instant('merged_at'),
    /** What the merge changed, so that it can be taken back. */
    mergeUndo: jsonb('merge_undo').$type<MergeUndo>(),
    /** When somebody is asked for news, or to lead it; null where nothing is due. */
    askAt: instant('ask_at'),
    /** When its post-mortem is begun without anybody pressing for it; null where none is needed, or it was. */
    reviewAt: instant('review_at'),
    channel: text('channel'),
    channelStep: text('channel_step', { enum: channelSteps }).notNull().default('wanted'),
    /** Its card is pinned on top of it, and the one in the model's channel is among its bookmarks. */
    isPinned: boolean('is_pinned').notNull().default(false),
    leaseUntil: instant('lease_until'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('incident_number').on(t.workspace, t.number),
    uniqueIndex('incident_dedupe')
      .on(t.workspace, t.dedupeKey)
      .where(sql`${t.dedupeKey} is not null and ${t.state} in ('triage', 'active', 'mitigated')`),
    // Also of what was merged: its key leads to the survivor.
    index('incident_key')
      .on(t.workspace, t.dedupeKey)
      .where(sql`${t.dedupeKey} is not null`),
    index('incident_merged')
      .on(t.workspace, t.mergedInto)
      .where(sql`${t.mergedInto} is not null`),
    index('incident_of_model').on(t.workspace, t.modelId, t.declaredAt),
    index('incident_declared_by').on(t.workspace, t.declaredBy),
    index('incident_ask')
      .on(t.workspace, t.askAt)
      .where(sql`${t.askAt} is not null`),
    index('incident_review')
      .on(t.workspace, t.reviewAt)
      .where(sql`${t.reviewAt} is not null`),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
    foreignKey({ columns: [t.workspace, t.mergedInto], foreignColumns: [t.workspace, t.id] }),
  ],
);
export type Incident = typeof incidents.$inferSelect;

export const roles = ['commander', 'communicator', 'scribe'] as const;
export type Role = (typeof roles)[number];

/** Who does what in an incident. An offer counts only once it is accepted. */
export const incidentRoles = pgTable(
  'incident_roles',
  {
    workspace: workspace(),
    incidentId: uuid('incident_id').notNull(),
    role: text('role', { enum: roles }).notNull(),
    holder: text('holder'),
    since: instant('since'),
    offeredTo: text('offered_to'),
    offeredBy: text('offered_by'),
    offeredAt: instant('offered_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.incidentId, t.role] }),
    index('incident_role_holder').on(t.workspace, t.holder),
    foreignKey({ columns: [t.workspace, t.incidentId], foreignColumns: [incidents.workspace, incidents.id] }),
  ],
);
export type IncidentRole = typeof incidentRoles.$inferSelect;

/** In the order in which they can happen. */
export const milestoneNames = [
  'onset_earliest',
  'onset',
  'onset_latest',
  'detected',
  'declared',
  'acknowledged',
  'mitigated',
  'resolved',
] as const;
export type MilestoneName = (typeof milestoneNames)[number];
export const milestoneSources = ['system', 'alert', 'human', 'inferred'] as const;
export type MilestoneSource = (typeof milestoneSources)[number];

/** Facts that people may put right: figures are made from these, never from how long a state lasted. */
export const milestones = pgTable(
  'milestones',
  {
    workspace: workspace(),
    incidentId: uuid('incident_id').notNull(),
    name: text('name', { enum: milestoneNames }).notNull(),
    at: instant('at').notNull(),
    source: text('source', { enum: milestoneSources }).notNull(),
    setBy: text('set_by').notNull(),
    setAt: instant('set_at').notNull(),
    /** By our clock, when a sender told us `at` by theirs. */
    receivedAt: instant('received_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.incidentId, t.name] }),
    foreignKey({ columns: [t.workspace, t.incidentId], foreignColumns: [incidents.workspace, incidents.id] }),
  ],
);
export type Milestone = typeof milestones.$inferSelect;

/** What was said to everybody: how it is, what is done, what is needed. */
export const incidentUpdates = pgTable(
  'incident_updates',
  {
    workspace: workspace(),
    id: id(),
    incidentId: uuid('incident_id').notNull(),
    number: integer('number').notNull(),
    conditions: text('conditions').notNull(),
    actions: text('actions').notNull(),
    needs: text('needs').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('incident_update_number').on(t.workspace, t.incidentId, t.number),
    index('incident_update_by').on(t.workspace, t.by),
    foreignKey({ columns: [t.workspace, t.incidentId], foreignColumns: [incidents.workspace, incidents.id] }),
  ],
);
export type IncidentUpdate = typeof incidentUpdates.$inferSelect;
