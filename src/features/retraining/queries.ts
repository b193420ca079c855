import { and, asc, desc, eq, gte, inArray, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { connections } from '../connections/schema.ts';
import { troubledFeeds } from '../datasets/queries.ts';
import { alerts } from '../drift/schema.ts';
import { namedFor } from '../duties/queries.ts';
import type { Model } from '../models/schema.ts';
import { leftOutOn } from '../postmortems/writing/queries.ts';
import { membershipOf, teamById } from '../teams/queries.ts';
import { type Approver, openStates } from './rules.ts';
import { type Training, type TrainingPipeline, trainingPipelines, trainings } from './schema.ts';

const dayMs = 86_400_000;
const ofModel = (ctx: Context, modelId: string) =>
  and(eq(trainings.workspace, ctx.workspace), eq(trainings.modelId, modelId));

export async function pipelineOf(ctx: Context, modelId: string): Promise<TrainingPipeline | undefined> {
  const [found] = await ctx.db
    .select()
    .from(trainingPipelines)
    .where(and(eq(trainingPipelines.workspace, ctx.workspace), eq(trainingPipelines.modelId, modelId)));
  return found;
}

export async function pipelineFor(ctx: Context, model: Pick<Model, 'id' | 'name'>): Promise<TrainingPipeline> {
  const found = await pipelineOf(ctx, model.id);
  if (found) return found;
  throw new Refusal(
    `Nobody said yet how ${model.name} is retrained. Say it with \`/ml retrain set-up ${model.name}\`.`,
  );
}

export async function trainingById(ctx: Context, id: string): Promise<Training> {
  const [found] = await ctx.db
    .select()
    .from(trainings)
    .where(and(eq(trainings.workspace, ctx.workspace), eq(trainings.id, id)));
  if (!found) throw new Refusal('That training is gone.');
  return found;
}

export async function lockTraining(ctx: Context, id: string): Promise<Training> {
  const [found] = await ctx.db
    .select()
    .from(trainings)
    .where(and(eq(trainings.workspace, ctx.workspace), eq(trainings.id, id)))
    .for('update');
  if (!found) throw new Refusal('That training is gone.');
  return found;
}

export async function openTraining(ctx: Context, modelId: string, environment: string): Promise<Training | undefined> {
  const [open] = await ctx.db
    .select()
    .from(trainings)
    .where(
      and(ofModel(ctx, modelId), eq(trainings.environment, environment), inArray(trainings.state, [...openStates])),
    );
  return open;
}

/** When a training of this model was last asked for; `started` leaves out what was declined. */
export async function lastAsked(ctx: Context, modelId: string): Promise<{ asked?: Date; started?: Date }> {
  const newest = (which?: SQL) =>
    ctx.db
      .select({ at: trainings.askedAt })
      .from(trainings)
      .where(and(ofModel(ctx, modelId), which))
      .orderBy(desc(trainings.askedAt))
      .limit(1);
  const [asked] = await newest();
  const [started] = await newest(ne(trainings.state, 'declined'));
  return { ...(asked && { asked: asked.at }), ...(started && { started: started.at }) };
}

/** Also of a connection that was forgotten since: its trainings have to be told to the end. */
export async function toolOf(ctx: Context, { connectionId }: Pick<Training, 'connectionId'>): Promise<Tool> {
  const [found] = await ctx.db
    .select({ name: connections.name, revokedAt: connections.revokedAt })
    .from(connections)
    .where(and(eq(connections.workspace, ctx.workspace), eq(connections.id, connectionId)));
  return { name: found?.name ?? 'the tool', isForgotten: found === undefined || found.revokedAt !== null };
}
export interface Tool {
  readonly name: string;
  readonly isForgotten: boolean;
}

export function openTrainings(ctx: Context): Promise<Training[]> {
  return ctx.db
    .select()
    .from(trainings)
    .where(and(eq(trainings.workspace, ctx.workspace), inArray(trainings.state, [...openStates])))
    .orderBy(asc(trainings.number))
    .limit(40);
}

/** Who may start and approve trainings of this model: as our records say now, locked until it is written. */
export async function approverOf(ctx: Context, model: Model, id: string): Promise<Approver> {
  const { standing, member } = await membershipOf(ctx, model.teamId, id);
  const entitled = (await entitledTo(ctx, model)).includes(id);
  return { id, isMember: standing === 'member' && member !== undefined, entitled };
}

export async function trainingApprovers(ctx: Context, model: Model, askedBy: string): Promise<string[]> {
  const there: string[] = [];
  for (const id of await entitledTo(ctx, model)) {
    if (id !== askedBy && (await approverOf(ctx, model, id)).isMember) there.push(id);
  }
  return there;
}

async function entitledTo(ctx: Context, model: Model): Promise<string[]> {
  const { leadId } = await teamById(ctx, model.teamId);
  const named = await namedFor(ctx, model, 'retrain.trigger');
  return [...new Set([model.ownerId, ...(model.deputyId ? [model.deputyId] : []), leadId, ...named])];
}

const lookBackDays = 30;

/** Stretches in which the data of a model was bad, as far as we know; what people said in post-mortems is known longer. */
export async function badStretches(ctx: Context, model: Model) {
  const since = new Date(ctx.now().getTime() - lookBackDays * dayMs);
  const raised = await ctx.db
    .select({ number: alerts.number, items: alerts.items, raisedAt: alerts.raisedAt, endedAt: alerts.endedAt })
    .from(alerts)
    .where(
      and(
        eq(alerts.workspace, ctx.workspace),
        eq(alerts.modelId, model.id),
        ne(alerts.severity, 'warning'),
        or(isNull(alerts.outcome), ne(alerts.outcome, 'not_useful')),
        gte(alerts.raisedAt, since),
      ),
    )
    .orderBy(asc(alerts.raisedAt))
    .limit(20);
  const feeds = (await troubledFeeds(ctx, [model.id])).get(model.id) ?? [];
  // What has begun elsewhere only waits until it has begun in UTC.
  const said = (await leftOutOn(ctx, model.id)).filter(({ from }) => new Date(from) <= ctx.now());
  return [
    ...said.map(({ number, from, until }) => ({
      from: new Date(from),
      to: new Date(Date.parse(until) + dayMs),
      why: `incident ${number}`,
    })),
    ...raised.map(({ number, items, raisedAt, endedAt }) => ({
      from: new Date(items.map((item) => item.since).toSorted()[0] ?? raisedAt),
      to: endedAt,
      why: `drift alert ${number}`,
    })),
    ...feeds.flatMap(({ name, since: from }) => (from ? [{ from, to: null, why: `${name} was in trouble` }] : [])),
  ];
}

/** When the alerts that a policy looks at were raised in the last 90 days. */
export async function alertTimes(ctx: Context, modelId: string): Promise<Date[]> {
  const rows = await ctx.db
    .select({ at: alerts.raisedAt })
    .from(alerts)
    .where(
      and(
        eq(alerts.workspace, ctx.workspace),
        eq(alerts.modelId, modelId),
        ne(alerts.severity, 'warning'),
        gte(alerts.raisedAt, new Date(ctx.now().getTime() - 90 * dayMs)),
      ),
    )
    .limit(1000);
  return rows.map(({ at }) => at);
}

/** Pipelines whose policy looks at alerts, each with the live alert that started none yet. */
export function alertsToTrain(ctx: Context) {
  return ctx.db
    .select({ pipeline: trainingPipelines, alert: alerts })
    .from(trainingPipelines)
    .innerJoin(
      alerts,
      and(eq(alerts.workspace, trainingPipelines.workspace), eq(alerts.modelId, trainingPipelines.modelId)),
    )
    .where(
      and(
        eq(trainingPipelines.workspace, ctx.workspace),
        trainingPipelines.onAlert,
        ne(alerts.state, 'resolved'),
        ne(alerts.severity, 'warning'),
        sql`${alerts.raisedAt} >= ${trainingPipelines.policySince}`,
        sql`not exists (select 1 from ${trainings} t where t.workspace = ${trainingPipelines.workspace}
          and t.model_id = ${trainingPipelines.modelId} and t.asked_at >= ${alerts.raisedAt})`,
      ),
    )
    .orderBy(asc(alerts.raisedAt))
    .limit(50);
}

export function scheduledPipelines(ctx: Context): Promise<TrainingPipeline[]> {
  return ctx.db
    .select()
    .from(trainingPipelines)
    .where(and(eq(trainingPipelines.workspace, ctx.workspace), sql`${trainingPipelines.everyDays} is not null`))
    .limit(5000);
}
