import { and, desc, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { requests } from '../approvals/schema.ts';
import { feedsOf } from '../datasets/queries.ts';
import { references } from '../distributions/schema.ts';
import { rulesOf } from '../drift/queries.ts';
import { holdersOf } from '../duties/queries.ts';
import { goals } from '../goals/schema.ts';
import type { Model } from '../models/schema.ts';
import { releases } from '../releases/schema.ts';
import { trainingPipelines } from '../retraining/schema.ts';
import type { Answered, Proofs } from './rules.ts';
import { scoreAnswers } from './schema.ts';

/** The newest answer to each item. */
export async function answersOf(ctx: Context, modelId: string): Promise<Map<string, Answered>> {
  const rows = await ctx.db
    .selectDistinctOn([scoreAnswers.item])
    .from(scoreAnswers)
    .where(and(eq(scoreAnswers.workspace, ctx.workspace), eq(scoreAnswers.modelId, modelId)))
    .orderBy(scoreAnswers.item, desc(scoreAnswers.at), desc(scoreAnswers.id));
  return new Map(rows.map(({ item, ...answer }) => [item, answer]));
}

const speed = /latency|duration|p9[59]|response_time|throughput|cost/i;
const missing = /missing|null/i;
const day = (at: Date) => at.toISOString().slice(0, 10);
const many = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`;

/** What our own records prove of a model now; what stops being true falls away by itself. */
export async function proofsOf(ctx: Context, model: Model): Promise<Proofs> {
  const [changes, steps, rules, goal, frozen, feeds, policy] = await Promise.all([
    changesOf(ctx, model),
    stepsOf(ctx, model),
    rulesOf(ctx, model.id),
    goalsOf(ctx, model),
    frozenOf(ctx, model),
    feedsOf(ctx, model.id),
    policyOf(ctx, model),
  ]);
  const promoted = changes.find(({ kind, gateHash }) => kind === 'promotion' && gateHash !== '');
  const back = changes.find(({ kind, state }) => kind === 'rollback' && state === 'done');
  const live = rules.filter(({ retiredAt }) => retiredAt === null);
  const columns = live.filter(({ column, method }) => column !== '' || method === 'verdict');
  const nulls = live.filter(({ metric, method }) => missing.test(metric) || missing.test(method));
  const fast = goal.filter(({ metric }) => speed.test(metric));
  const good = goal.filter(({ metric, kind }) => kind === 'performance' && !speed.test(metric));
  const watched = live.filter(
    ({ column, method, direction }) => column === '' && method !== 'verdict' && direction === 'below',
  );
  const scope = { teamId: model.teamId, modelId: model.id };
  const holders = feeds.length > 0 ? await holdersOf(ctx, scope, 'data.freshness', ctx.now()) : [];
  const proofs: Record<string, string | undefined> = {
    'infra.gate': promoted && `promotion ${promoted.number} passed its gate on ${day(promoted.requestedAt)}`,
    'infra.canary': steps,
    'infra.rollback': back && `rollback ${back.number} was seen to be done on ${day(back.endedAt ?? back.requestedAt)}`,
    'monitor.dependencies':
      holders.length > 0
        ? `${many(feeds.length, 'data set')} looked after by ${many(holders.length, 'person')}`
        : undefined,
    'monitor.invariants': columns.length > 0 ? `${many(columns.length, 'rule')} on its inputs` : undefined,
    'monitor.skew': frozen > 0 ? `${many(frozen, 'feature')} with a frozen reference` : undefined,
    'monitor.age': policy,
    'monitor.numbers': nulls.length > 0 ? `${many(nulls.length, 'rule')} on missing values` : undefined,
    'monitor.speed': fast.length > 0 ? `goal ${fast[0]?.name ?? ''}` : undefined,
    'monitor.quality':
      good.length > 0
        ? `goal ${good[0]?.name ?? ''}`
        : watched.length > 0
          ? `rule on ${watched[0]?.metric ?? ''}`
          : undefined,
  };
  return Object.fromEntries(Object.entries(proofs).filter(([, words]) => words !== undefined));
}

function changesOf(ctx: Context, model: Model) {
  return ctx.db
    .select()
    .from(requests)
    .where(
      and(
        eq(requests.workspace, ctx.workspace),
        eq(requests.modelId, model.id),
        inArray(requests.state, ['moved', 'done']),
      ),
    )
    .orderBy(desc(requests.requestedAt))
    .limit(50);
}

async function stepsOf(ctx: Context, model: Model): Promise<string | undefined> {
  const [step] = await ctx.db
    .select({ version: releases.version, strategy: releases.strategy, at: releases.startedAt })
    .from(releases)
    .where(
      and(
        eq(releases.workspace, ctx.workspace),
        eq(releases.modelId, model.id),
        ne(releases.strategy, 'all_at_once'),
        inArray(releases.state, ['running', 'succeeded']),
      ),
    )
    .orderBy(desc(releases.startedAt))
    .limit(1);
  return step && `version ${step.version} went out as ${step.strategy.replace('_', '-')} on ${day(step.at)}`;
}

function goalsOf(ctx: Context, model: Model) {
  return ctx.db
    .select({ name: goals.name, metric: goals.metric, kind: goals.kind })
    .from(goals)
    .where(and(eq(goals.workspace, ctx.workspace), eq(goals.modelId, model.id), isNull(goals.retiredAt)))
    .orderBy(goals.name)
    .limit(200);
}

async function frozenOf(ctx: Context, model: Model): Promise<number> {
  const [row] = await ctx.db
    .select({ n: sql<number>`count(distinct ${references.column})::int` })
    .from(references)
    .where(and(eq(references.workspace, ctx.workspace), eq(references.modelId, model.id)));
  return row?.n ?? 0;
}

async function policyOf(ctx: Context, model: Model): Promise<string | undefined> {
  const [row] = await ctx.db
    .select({ everyDays: trainingPipelines.everyDays })
    .from(trainingPipelines)
    .where(and(eq(trainingPipelines.workspace, ctx.workspace), eq(trainingPipelines.modelId, model.id)));
  return row?.everyDays ? `retrained every ${many(row.everyDays, 'day')}` : undefined;
}
