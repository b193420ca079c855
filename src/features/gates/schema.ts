import {
  boolean,
  doublePrecision,
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
import { z } from 'zod';
import { id, instant, workspace } from '../../db/columns.ts';
import { models } from '../models/schema.ts';
import { roles } from '../teams/schema.ts';

/** Quotes would end the name where a check is written as a line. */
const name = z
  .string()
  .trim()
  .min(1, 'A name is empty.')
  .max(100, 'A name has at most 100 characters.')
  .regex(/^[^"“”„\n\r\0]+$/, 'A name cannot hold quotes.');
const notNegative = z.number().min(0, 'How much better or worse is a number of 0 or more.');
const hours = z.number().positive('The time has to be longer than nothing.').max(8760, 'At most a year is 8760 hours.');
const required = z.boolean().default(true);

/** `…_rel` are shares of the size of the baseline: 0.01 is 1 %. `max_age` is in hours. */
export const MetricCheck = z.object({
  kind: z.literal('metric'),
  name,
  slice: name.optional(),
  direction: z.enum(['higher', 'lower']),
  min: z.number().optional(),
  max: z.number().optional(),
  max_regression_abs: notNegative.optional(),
  max_regression_rel: notNegative.optional(),
  min_gain_abs: notNegative.optional(),
  min_gain_rel: notNegative.optional(),
  min_samples: z
    .int()
    .min(1, 'Ask for at least 1 sample.')
    .max(2_147_483_647, 'So many samples nobody has.')
    .optional(),
  max_age: hours.optional(),
  required,
  /** Left out: a first release passes, and a live version without the number leaves it open. */
  on_missing_baseline: z.enum(['pass', 'fail']).optional(),
});
export type MetricCheck = z.infer<typeof MetricCheck>;

const share = z.number().min(0, 'A share is 0% or more.').max(1, 'A share is at most 100%.');

/** Who is asked: somebody with this role in the team, or the owner of the model. */
export const askedRoles = [...roles, 'owner'] as const;
export type AskedRole = (typeof askedRoles)[number];

export const Check = z.discriminatedUnion('kind', [
  MetricCheck,
  z.object({ kind: z.literal('drift'), max_drifted_share: share, required }),
  z.object({ kind: z.literal('external'), name, required }),
  z.object({
    kind: z.literal('infra'),
    loaded: z.literal(true).optional(),
    p95_ms: z.number().min(0, 'A time is 0 ms or more.').optional(),
    error_rate: share.optional(),
    required,
  }),
  z.object({ kind: z.literal('soak'), env: name, hours, no_alerts: z.boolean(), required }),
  z.object({
    kind: z.literal('manual'),
    question: z
      .string()
      .trim()
      .min(5, 'The question is too short.')
      .max(300, 'A question has at most 300 characters.')
      .regex(/^[^"“”„\n\r\0]+$/, 'Put the question between one pair of quotes, with none inside.'),
    role: z.enum(askedRoles),
    required,
  }),
]);
export type Check = z.infer<typeof Check>;
export const mostChecks = 30;
export const Checks = z.array(Check).min(1).max(mostChecks);

/** What a version has to show before it may go live in this environment. `hash` is of the checks. */
export const gates = pgTable(
  'gates',
  {
    workspace: workspace(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    checks: jsonb('checks').$type<readonly Check[]>().notNull(),
    hash: text('hash').notNull(),
    changedBy: text('changed_by').notNull(),
    changedAt: instant('changed_at').notNull(),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.modelId, t.environment] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Gate = typeof gates.$inferSelect;

export const evidenceKinds = ['metric', 'infra', 'external'] as const;
export const statuses = ['passed', 'failed', 'unfinished'] as const;

/** What machines say of a version. An empty environment counts for every gate. */
export const gateEvidence = pgTable(
  'gate_evidence',
  {
    workspace: workspace(),
    id: id(),
    modelId: uuid('model_id').notNull(),
    version: text('version').notNull(),
    environment: text('environment').notNull().default(''),
    kind: text('kind', { enum: evidenceKinds }).notNull(),
    name: text('name').notNull(),
    slice: text('slice').notNull().default(''),
    value: doublePrecision('value'),
    status: text('status', { enum: statuses }),
    samples: integer('samples'),
    /** The digest of the data that it was measured on. */
    dataset: text('dataset'),
    url: text('url'),
    at: instant('at').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('gate_evidence_of').on(t.workspace, t.modelId, t.version, t.environment, t.kind, t.name, t.slice, t.at),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Evidence = typeof gateEvidence.$inferSelect;

/** What people said to a question of the gate; the newest answer counts, all are kept. */
export const gateAnswers = pgTable(
  'gate_answers',
  {
    workspace: workspace(),
    id: id(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    version: text('version').notNull(),
    question: text('question').notNull(),
    role: text('role', { enum: askedRoles }).notNull(),
    yes: boolean('yes').notNull(),
    note: text('note').notNull().default(''),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    index('gate_answers_of').on(t.workspace, t.modelId, t.environment, t.version, t.at),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Answer = typeof gateAnswers.$inferSelect;

export const outcomes = ['pass', 'fail', 'missing', 'inconclusive', 'skipped'] as const;
export type Outcome = (typeof outcomes)[number];

/** What became of one check. `check` is null for what every gate asks: that the version is there. */
export interface Result {
  readonly key: string;
  readonly check: Check | null;
  readonly line: string;
  readonly required: boolean;
  readonly outcome: Outcome;
  /** In the words of the check: max_regression_abs. */
  readonly failed: readonly string[];
  readonly because: string;
  readonly todo?: string;
  /** Every number and answer that it was judged by. */
  readonly used: Readonly<Record<string, unknown>>;
}

/** What the registry knows of one version. */
export interface Facts {
  readonly at: string;
  readonly metrics: Readonly<Record<string, number>>;
  /** Digests by name. */
  readonly datasets: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly url?: string;
}

/** What the registry answered when the evaluation began. */
export interface Said {
  /** Null where none is connected. */
  readonly registry: string | null;
  /** Why it could not be asked, in words; null where it answered. */
  readonly trouble: string | null;
  readonly isBaselineKnown: boolean;
  /** Null where there is no such version, or no answer. */
  readonly candidate: Facts | null;
  readonly baseline: Facts | null;
}

/** One check of a version against the gate, kept as it was. `hash` binds a decision to all of it. */
export const evaluations = pgTable(
  'gate_evaluations',
  {
    workspace: workspace(),
    id: id(),
    number: integer('number').notNull(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    version: text('version').notNull(),
    /** The version that was live when it began. */
    baseline: text('baseline'),
    gateRevision: integer('gate_revision').notNull(),
    specHash: text('spec_hash').notNull(),
    evidenceHash: text('evidence_hash').notNull(),
    hash: text('hash').notNull(),
    result: text('result', { enum: ['pass', 'fail'] }).notNull(),
    results: jsonb('results').$type<readonly Result[]>().notNull(),
    said: jsonb('said').$type<Said>().notNull(),
    startedAt: instant('started_at').notNull(),
    at: instant('at').notNull(),
    by: text('by').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.id] }),
    uniqueIndex('gate_evaluation_number').on(t.workspace, t.number),
    index('gate_evaluations_of').on(t.workspace, t.modelId, t.environment, t.version, t.number),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Evaluation = typeof evaluations.$inferSelect;

/** Somebody took it upon themselves to go on although the gate said no. Never changed, never taken away. */
export const overrides = pgTable(
  'gate_overrides',
  {
    workspace: workspace(),
    evaluationId: uuid('evaluation_id').notNull(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    version: text('version').notNull(),
    /** Of the evaluation: the same facts checked once more need no second word. */
    hash: text('hash').notNull(),
    reason: text('reason').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.evaluationId] }),
    index('gate_overrides_of').on(t.workspace, t.modelId, t.at),
    foreignKey({ columns: [t.workspace, t.evaluationId], foreignColumns: [evaluations.workspace, evaluations.id] }),
  ],
);
export type Override = typeof overrides.$inferSelect;

/** A check that somebody asked for and that is still to be done. */
export const asks = pgTable(
  'gate_asks',
  {
    workspace: workspace(),
    modelId: uuid('model_id').notNull(),
    environment: text('environment').notNull(),
    version: text('version').notNull(),
    by: text('by').notNull(),
    askedAt: instant('asked_at').notNull(),
    leaseUntil: instant('lease_until'),
    attempts: integer('attempts').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.workspace, t.modelId, t.environment, t.version] }),
    foreignKey({ columns: [t.workspace, t.modelId], foreignColumns: [models.workspace, models.id] }),
  ],
);
export type Ask = typeof asks.$inferSelect;
