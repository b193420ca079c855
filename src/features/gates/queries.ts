import { and, asc, desc, eq, gte } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { modelById } from '../models/queries.ts';
import { liveVersion } from '../releases/store.ts';
import { fingerprint } from './checks/hashing.ts';
import { changedLines, decisionHash, evidenceHash, judge } from './checks/judging.ts';
import { type At, materialOf } from './evidence/queries.ts';
import { type Evaluation, evaluations, type Gate, gates, type Override, overrides } from './schema.ts';
import { type State, standingWords } from './words.ts';

export async function gateOf(ctx: Context, modelId: string, environment: string): Promise<Gate | undefined> {
  const [gate] = await ctx.db
    .select()
    .from(gates)
    .where(ofGate(ctx, modelId, environment));
  return gate;
}

/** The same, locked: evaluations of it are written one after another. */
export async function lockGate(ctx: Context, modelId: string, environment: string): Promise<Gate | undefined> {
  const [gate] = await ctx.db
    .select()
    .from(gates)
    .where(ofGate(ctx, modelId, environment))
    .for('update');
  return gate;
}

export function ofGate(ctx: Context, modelId: string, environment: string) {
  return and(eq(gates.workspace, ctx.workspace), eq(gates.modelId, modelId), eq(gates.environment, environment));
}

export function gatesOf(ctx: Context, modelId: string): Promise<Gate[]> {
  return ctx.db
    .select()
    .from(gates)
    .where(and(eq(gates.workspace, ctx.workspace), eq(gates.modelId, modelId)))
    .orderBy(asc(gates.environment));
}

export async function newestEvaluation(ctx: Context, at: At): Promise<Evaluation | undefined> {
  const [newest] = await ctx.db
    .select()
    .from(evaluations)
    .where(
      and(
        eq(evaluations.workspace, ctx.workspace),
        eq(evaluations.modelId, at.modelId),
        eq(evaluations.environment, at.environment),
        eq(evaluations.version, at.version),
      ),
    )
    .orderBy(desc(evaluations.number))
    .limit(1);
  return newest;
}

export async function evaluationById(ctx: Context, id: string): Promise<Evaluation> {
  const [found] = await ctx.db
    .select()
    .from(evaluations)
    .where(and(eq(evaluations.workspace, ctx.workspace), eq(evaluations.id, id)));
  if (!found) throw new Refusal('That check of a gate is gone. Please check the version again.');
  return found;
}

/** The newest evaluation of each version and environment since then, newest first. */
export async function newestOfEach(
  ctx: Context,
  of: { readonly modelId?: string; readonly environment?: string; readonly since?: Date; readonly most: number },
): Promise<Evaluation[]> {
  const { modelId, environment, since, most } = of;
  const rows = await ctx.db
    .selectDistinctOn([evaluations.modelId, evaluations.environment, evaluations.version])
    .from(evaluations)
    .where(
      and(
        eq(evaluations.workspace, ctx.workspace),
        modelId === undefined ? undefined : eq(evaluations.modelId, modelId),
        environment === undefined ? undefined : eq(evaluations.environment, environment),
        since && gte(evaluations.at, since),
      ),
    )
    .orderBy(evaluations.modelId, evaluations.environment, evaluations.version, desc(evaluations.number));
  return rows.toSorted((a, b) => b.number - a.number).slice(0, most);
}

/** Every override of a version, oldest first: they are shown for ever. */
export function overridesAt(ctx: Context, at: At): Promise<Override[]> {
  return ctx.db
    .select()
    .from(overrides)
    .where(
      and(
        eq(overrides.workspace, ctx.workspace),
        eq(overrides.modelId, at.modelId),
        eq(overrides.environment, at.environment),
        eq(overrides.version, at.version),
      ),
    )
    .orderBy(asc(overrides.at));
}

/** Every override of a model since then, with the number of its check, oldest first: for post-mortems. */
export async function overridesOf(
  ctx: Context,
  modelId: string,
  since: Date,
): Promise<(Override & { readonly number: number })[]> {
  const rows = await ctx.db
    .select({ override: overrides, number: evaluations.number })
    .from(overrides)
    .innerJoin(
      evaluations,
      and(eq(evaluations.workspace, overrides.workspace), eq(evaluations.id, overrides.evaluationId)),
    )
    .where(and(eq(overrides.workspace, ctx.workspace), eq(overrides.modelId, modelId), gte(overrides.at, since)))
    .orderBy(asc(overrides.at));
  return rows.map(({ override, number }) => ({ ...override, number }));
}

export interface GateStanding {
  readonly state: State;
  readonly evaluation?: Evaluation;
  /** Of exactly these facts. */
  readonly override?: Override;
  /** Binds a decision: it changes when the version, the live one, the gate, its evidence or an override does. */
  readonly hash: string;
  readonly words: string;
}

/** Where a version stands at the gate now. It asks the database only, so it may be called inside a transaction. */
export async function gateStanding(
  ctx: Context,
  modelId: string,
  environment: string,
  version: string,
): Promise<GateStanding> {
  const at = { modelId, environment, version };
  const { name: model } = await modelById(ctx, modelId);
  const gate = await gateOf(ctx, modelId, environment);
  const evaluation = gate && (await newestEvaluation(ctx, at));
  if (!gate || !evaluation) {
    const state = gate ? 'not_checked' : 'no_gate';
    const words = standingWords({ state, model, environment, version });
    return { state, hash: fingerprint([state, version, gate?.hash ?? null]), words };
  }
  const { changes, hash } = await since(ctx, gate, evaluation, model);
  const override = (await overridesAt(ctx, at)).findLast((each) => each.hash === evaluation.hash);
  const state = stateOf(evaluation, changes, override);
  const words = standingWords({ state, model, environment, version, evaluation, override, changes });
  const bound = override ? fingerprint([hash, override.evaluationId]) : hash;
  return { state, evaluation, ...(override && { override }), hash: bound, words };
}

function stateOf({ result }: Evaluation, changes: readonly string[], override: Override | undefined): State {
  if (changes.length > 0) return 'void';
  if (result === 'pass') return 'pass';
  return override ? 'overridden' : 'failed';
}

/** What changed since the evaluation, in words, and what a decision would be bound to now. */
async function since(
  ctx: Context,
  gate: Gate,
  evaluation: Evaluation,
  model: string,
): Promise<{ changes: string[]; hash: string }> {
  const { version, said, results } = evaluation;
  const live = await liveVersion(ctx, evaluation.modelId, evaluation.environment);
  // The registry knows a move before we do, so only what moved after it was asked counts; going live itself does not.
  const moved =
    live && live.since > evaluation.startedAt && live.version !== evaluation.baseline && live.version !== version;
  const baseline = moved ? live.version : evaluation.baseline;
  const material = await materialOf(ctx, { ...evaluation, model, baseline: evaluation.baseline, said }, gate);
  const now = judge(gate.checks, material);
  const isEdited = gate.hash !== evaluation.specHash;
  const lines = isEdited || evidenceHash(now) === evaluation.evidenceHash ? [] : changedLines(results, now);
  return {
    changes: [
      ...(isEdited ? ['the gate was changed since'] : []),
      ...(moved ? [`version ${live.version} went live since`] : []),
      ...(lines.length > 0 ? [`more is known now of ${lines.slice(0, 3).join('; ')}`] : []),
    ],
    hash: decisionHash({ version, baseline, specHash: gate.hash, evidenceHash: evidenceHash(now) }),
  };
}
