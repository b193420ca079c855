import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Pipelines, RunQuestion, RunStatus } from '../../ports.ts';
import { pipelinesOf, registryFor } from '../connections/queries.ts';
import { gateStanding } from '../gates/queries.ts';
import { evaluate } from '../gates/store.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { toolOf, trainingById } from './queries.ts';
import { leaseMs, madeSince, triggerId, versionSaid } from './rules.ts';
import type { Training } from './schema.ts';
import { claimNext, ended, notStarted, rememberNewest, seen, started, unseen } from './store.ts';

/** Starts one training or looks at one that runs; the tool is asked outside any transaction. */
export async function followNext(ctx: Context, forMs = leaseMs): Promise<boolean> {
  const claimed = await claimNext(ctx, forMs);
  if (!claimed) return false;
  const model = await modelById(ctx, claimed.modelId);
  await (claimed.state === 'approved' ? start(ctx, claimed, model) : look(ctx, claimed, model));
  return true;
}

async function start(ctx: Context, training: Training, model: Model): Promise<void> {
  try {
    const { pipelines } = await pipelinesOf(ctx, training.connectionId);
    const obstacle = await pipelines.obstacle(training.pipeline);
    if (obstacle !== undefined) return void (await notStarted(ctx, training, obstacle, true));
    if (training.newestBefore === null) {
      const [newest] = await versionsOf(ctx, model);
      if (!(await rememberNewest(ctx, training, newest?.version))) return;
    }
    const { params, reason, number } = training;
    const note = `Pitcrew, training ${number} of ${model.name}: ${reason}`;
    const run = await pipelines.start(training.pipeline, { triggerId: triggerId(training), params, note });
    if (!(await started(ctx, training, run))) await stopIfCanceled(ctx, training, run.runId, pipelines);
  } catch (error) {
    await notStarted(ctx, training, wordsOf(ctx, error), false);
  }
}

/** Somebody canceled it while it was being started, when there was nothing to stop yet. */
async function stopIfCanceled(ctx: Context, { id, pipeline }: Training, runId: string, pipelines: Pipelines) {
  const { state } = await trainingById(ctx, id);
  if (state === 'canceled') await pipelines.cancel(pipeline, runId);
}

async function versionsOf(ctx: Context, model: Model): Promise<readonly { version: string }[]> {
  const registry = await registryFor(ctx);
  return registry ? await registry.recentVersions({ model: model.registryName }) : [];
}

async function look(ctx: Context, training: Training, model: Model): Promise<void> {
  const { pipeline, runId } = training;
  if (runId === null) throw new Error(`training ${training.id} runs without a run`);
  const tool = await toolOf(ctx, training);
  if (tool.isForgotten) {
    const detail = `The connection ${tool.name} was forgotten, so I cannot follow it any more.`;
    return void (await ended(ctx, training, { state: 'lost', detail }));
  }
  let run: RunStatus | undefined;
  let questions: readonly RunQuestion[] = [];
  try {
    const { pipelines } = await pipelinesOf(ctx, training.connectionId);
    run = await pipelines.status(pipeline, runId);
    if (run?.state === 'running') questions = await pipelines.questions(pipeline, runId);
  } catch (error) {
    return void (await unseen(ctx, training, wordsOf(ctx, error)));
  }
  if (!run) return void (await ended(ctx, training, { state: 'lost', detail: null }));
  switch (run.state) {
    case 'queued':
    case 'running':
      return void (await seen(ctx, training, { run, questions }));
    case 'failed':
    case 'canceled':
      return void (await ended(ctx, training, { state: run.state, detail: run.detail ?? null, run }));
    case 'succeeded':
      return await succeeded(ctx, training, model, run);
  }
}

/** What it made goes through the gate before anybody is told that it is done. */
async function succeeded(ctx: Context, training: Training, model: Model, run: RunStatus): Promise<void> {
  let candidate: string | undefined;
  try {
    candidate = versionSaid(run) ?? madeSince(training.newestBefore, await versionsOf(ctx, model));
  } catch (error) {
    return void (await unseen(ctx, training, wordsOf(ctx, error)));
  }
  const done = { state: 'succeeded', detail: null, run } as const;
  if (candidate === undefined) return void (await ended(ctx, training, done));
  const gate = await gateWords(ctx, training, candidate);
  await ended(ctx, training, { ...done, candidate, gate });
}

async function gateWords(ctx: Context, { modelId, environment }: Training, version: string): Promise<string> {
  try {
    await evaluate(ctx, { modelId, environment, version }, 'pitcrew');
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    ctx.log.error({ err: error }, 'the gate of a new version could not be asked');
    return 'something broke on our side when I asked it. Press *Show gate* to ask it again';
  }
  return (await gateStanding(ctx, modelId, environment, version)).words;
}

/** What a person can read of it; what is no Refusal is a bug of ours. */
function wordsOf(ctx: Context, error: unknown): string {
  if (error instanceof Refusal) return error.message;
  ctx.log.error({ err: error }, 'a training could not be followed');
  return 'Something broke on our side.';
}
