import { and, eq, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { connectionById } from '../connections/queries.ts';
import { nextNumber } from '../installations/store.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { mayEditModel } from '../models/store.ts';
import { liveVersion } from '../releases/store.ts';
import {
  approverOf,
  lockTraining,
  openTraining,
  pipelineFor,
  pipelineOf,
  toolOf,
  trainingApprovers,
} from './queries.ts';
import { checkApprovable, excludedText, filledParams, isOpen, mayApproveTraining, readParams } from './rules.ts';
import { type Excluded, type Training, type TrainingPipeline, trainingPipelines, trainings } from './schema.ts';
import { noLongerAsked, policyWords, trainingCard } from './views.ts';

export type SetUp = Pick<
  TrainingPipeline,
  'modelId' | 'connectionId' | 'pipeline' | 'params' | 'onAlert' | 'everyDays' | 'atMostDays' | 'needsApproval'
>;

/** Saved over the revision that was read; somebody who was quicker is not overwritten. */
export function setUp(ctx: Context, input: SetUp, revision: number, by: string): Promise<TrainingPipeline> {
  return within(ctx, async (ctx) => {
    const model = await modelById(ctx, input.modelId);
    await mayEditModel(ctx, model, by);
    const connection = await connectionById(ctx, input.connectionId);
    if (connection.kind !== 'airflow' && connection.kind !== 'kubeflow')
      throw new Refusal('Choose a connection to Airflow or Kubeflow.', { field: 'connection' });
    readParams(input.params);
    const kept = { ...input, policySince: ctx.now(), changedBy: by };
    const [saved] = await ctx.db
      .insert(trainingPipelines)
      .values({ workspace: ctx.workspace, ...kept, revision: revision + 1 })
      .onConflictDoUpdate({
        target: [trainingPipelines.workspace, trainingPipelines.modelId],
        set: { ...kept, revision: revision + 1 },
        setWhere: eq(trainingPipelines.revision, revision),
      })
      .returning();
    if (!saved) throw new Refusal('Somebody else changed this meanwhile. Please open it again.');
    record(ctx, {
      who: by,
      what: 'retraining.set_up',
      subject: `model:${model.id}`,
      modelId: model.id,
      summary: `set up how it is retrained: ${input.pipeline} in ${connection.name}. ${policyWords(saved)}`,
      data: { pipeline: input.pipeline, connection: connection.name },
    });
    return saved;
  });
}

export interface Ask {
  readonly modelId: string;
  readonly reason: string;
  readonly excluded: readonly Excluded[];
  readonly alertId?: string | undefined;
}

/** `by` is a person, or `policy`. */
export function retrain(ctx: Context, ask: Ask, by: string): Promise<Training> {
  return within(ctx, async (ctx) => {
    const model = await modelById(ctx, ask.modelId);
    if (model.retiredAt) throw new Refusal(`${model.name} is retired.`);
    const pipeline = await pipelineFor(ctx, model);
    if (by !== 'policy' && !(await approverOf(ctx, model, by)).isMember)
      throw new Refusal('Only members of the team that owns this model start a training.');
    const open = await openTraining(ctx, model.id, model.environment);
    if (open) throw new Refusal(underWay(open, model));
    if (pipeline.needsApproval) checkApprovable(await trainingApprovers(ctx, model, by), model.name);
    const { connectionId, pipeline: name, params } = pipeline;
    const live = await liveVersion(ctx, model.id, model.environment);
    const known = {
      model: model.registryName,
      environment: model.environment,
      version: live?.version ?? '',
      excluded: excludedText(ask.excluded),
      reason: ask.reason,
    };
    const [training] = await ctx.db
      .insert(trainings)
      .values({
        workspace: ctx.workspace,
        number: await nextNumber(ctx, 'training'),
        modelId: model.id,
        environment: model.environment,
        alertId: ask.alertId ?? null,
        connectionId,
        pipeline: name,
        params: filledParams(params, known),
        excluded: [...ask.excluded],
        reason: ask.reason,
        askedBy: by,
        askedAt: ctx.now(),
        state: pipeline.needsApproval ? 'waiting' : 'approved',
        nextAt: ctx.now(),
      })
      .onConflictDoNothing()
      .returning();
    if (!training) throw new Refusal('Somebody started a training of this model just now. Please look at the channel.');
    note(ctx, training, by, `asked to retrain: ${ask.reason}`);
    return await tell(ctx, training, model);
  });
}

const underWay = ({ number, state }: Training, { name }: Model) =>
  `Training ${number} of ${name} ${state === 'waiting' ? 'waits for approval' : 'is under way'} already. Its message stands in the channel.`;

export function approveTraining(ctx: Context, id: string, by: string): Promise<Training> {
  return within(ctx, async (ctx) => {
    const { before, model } = await decided(ctx, id, by);
    const after = await change(ctx, before, { state: 'approved', approvedBy: by, nextAt: ctx.now() });
    note(ctx, after, by, 'approved the training');
    return await tell(ctx, after, model);
  });
}

export function declineTraining(ctx: Context, id: string, reason: string, by: string): Promise<Training> {
  return within(ctx, async (ctx) => {
    const { before, model } = await decided(ctx, id, by);
    return await end(ctx, before, model, 'declined', by, reason);
  });
}

export async function mayDecline(ctx: Context, id: string, by: string): Promise<void> {
  await within(ctx, async (ctx) => void (await decided(ctx, id, by)));
}

async function decided(ctx: Context, id: string, by: string): Promise<{ before: Training; model: Model }> {
  const before = await lockTraining(ctx, id);
  const model = await modelById(ctx, before.modelId);
  mayApproveTraining(before, await approverOf(ctx, model, by));
  return { before, model };
}

/** After the tool was told, outside, by whoever asked. */
export function cancelTraining(ctx: Context, id: string, by: string): Promise<Training> {
  return within(ctx, async (ctx) => {
    const { before, model } = await canceled(ctx, id, by);
    const { name, isForgotten } = await toolOf(ctx, before);
    const goesOn = before.runId !== null && isForgotten;
    const detail = goesOn ? `I could not stop its run in ${name}, because that connection was forgotten` : null;
    return await end(ctx, before, model, 'canceled', by, detail);
  });
}

/** Before the tool is told. */
export function mayCancel(ctx: Context, id: string, by: string): Promise<Training> {
  return within(ctx, async (ctx) => (await canceled(ctx, id, by)).before);
}

async function canceled(ctx: Context, id: string, by: string): Promise<{ before: Training; model: Model }> {
  const before = await lockTraining(ctx, id);
  const model = await modelById(ctx, before.modelId);
  if (!(await approverOf(ctx, model, by)).isMember)
    throw new Refusal('Only members of the team that owns this model cancel a training.');
  if (!isOpen(before)) throw new Refusal(`Training ${before.number} is over already.`);
  return { before, model };
}

export type End = 'succeeded' | 'failed' | 'canceled' | 'declined' | 'lost';

export async function end(
  ctx: Context,
  before: Training,
  model: Model,
  state: End,
  by: string,
  detail: string | null,
  more: Partial<Training> = {},
): Promise<Training> {
  const endedAt = ctx.now();
  const after = await change(ctx, before, {
    ...more,
    state,
    endedAt,
    endedBy: by,
    detail,
    unseenSince: null,
    questions: [],
    nextAt: null,
    leaseUntil: null,
  });
  for (const { key, subject } of before.questions)
    await announce(ctx, questionKey(before, key), threadOf(before, model), noLongerAsked(subject, before.number));
  note(ctx, after, by, `${state}${detail ? `: ${detail}` : ''}`);
  return await tell(ctx, after, model);
}

/** In the state as read: the database settles who was first. */
export async function change(ctx: Context, before: Training, to: Partial<Training>): Promise<Training> {
  const [after] = await ctx.db
    .update(trainings)
    .set(to)
    .where(
      and(
        eq(trainings.workspace, ctx.workspace),
        eq(trainings.id, before.id),
        eq(trainings.state, before.state),
        sql`${trainings.fence} = ${before.fence}`,
      ),
    )
    .returning();
  if (!after) throw new Refusal(`Training ${before.number} changed just now. Please look at its message.`);
  return after;
}

export function note(ctx: Context, training: Training, who: string, summary: string): void {
  const { id, number, modelId, state, pipeline, candidate } = training;
  record(ctx, {
    who,
    what: `training.${state}`,
    modelId,
    subject: `training:${id}`,
    summary: `training ${number}: ${summary}`,
    data: { pipeline, candidate },
  });
}

export const cardKey = ({ id }: Pick<Training, 'id'>) => `training:${id}`;
export const questionKey = (training: Pick<Training, 'id'>, key: string) => `${cardKey(training)}:question:${key}`;
export const threadOf = (training: Pick<Training, 'id'>, { channel, ownerId }: Model) => ({
  channel,
  owner: ownerId,
  thread: cardKey(training),
});

export async function tell(ctx: Context, training: Training, model: Model): Promise<Training> {
  const { name: tool } = await toolOf(ctx, training);
  const approvers = training.state === 'waiting' ? await trainingApprovers(ctx, model, training.askedBy) : [];
  const to = { channel: model.channel, owner: model.ownerId };
  await announce(ctx, cardKey(training), to, trainingCard({ training, model, tool, now: ctx.now(), approvers }));
  return training;
}

/** For the form of somebody who may not be the first. */
export async function checkFree(ctx: Context, model: Model): Promise<TrainingPipeline> {
  const pipeline = await pipelineFor(ctx, model);
  const open = await openTraining(ctx, model.id, model.environment);
  if (open) throw new Refusal(underWay(open, model));
  return pipeline;
}

export async function mayHaveSetUp(ctx: Context, model: Model, by: string): Promise<TrainingPipeline | undefined> {
  await mayEditModel(ctx, model, by);
  return await pipelineOf(ctx, model.id);
}
