import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onClock, onCommand, onForm, onQuestion, onWork, type Who } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import { connectionsOf, pipelinesOf } from '../connections/queries.ts';
import { evidenceOf } from '../drift/queries.ts';
import type { Model } from '../models/schema.ts';
import { modelById, modelNamed } from '../models/queries.ts';
import { leftOutOn } from '../postmortems/writing/queries.ts';
import { isAtWork } from '../teams/rules.ts';
import { personById } from '../teams/queries.ts';
import { checkStanding } from '../teams/store.ts';
import {
  approveTraining,
  cancelTraining,
  checkFree,
  declineTraining,
  mayCancel,
  mayDecline,
  mayHaveSetUp,
  retrain,
  setUp,
} from './changes.ts';
import { followNext } from './following.ts';
import { declineForm, retrainForm, retrainModal, setUpForm, setUpModal } from './forms.ts';
import { alertTimes, badStretches, openTrainings, pipelineFor, toolOf } from './queries.ts';
import { contaminated, excludedLines, readExcluded, wouldHaveStarted } from './rules.ts';
import type { Training } from './schema.ts';
import { answered, mayAnswer, startByPolicy, startScheduled } from './store.ts';
import { policyCard, policyWords, trainingList } from './views.ts';

const checked = (ctx: Context, who: Who) => checkStanding(ctx, who.id);

export const retraining: Doors = {
  commands: [
    onQuestion('retrain', 'The trainings that are under way', async (ctx) => ({ say: await list(ctx) })),
    onCommand(
      'retrain <model>',
      'Train a model anew',
      async (ctx, _who, { model = '' }) => ({ open: await form(ctx, await modelNamed(ctx, model), undefined) }),
      checked,
    ),
    onCommand(
      'retrain set-up <model>',
      'How a model is retrained, and when that starts by itself',
      async (ctx, who, { model = '' }) => ({ open: await setUpView(ctx, await modelNamed(ctx, model), who.id) }),
      checked,
    ),
    onQuestion('retrain policy <model>', 'When a model is retrained by itself', async (ctx, _who, { model = '' }) => ({
      say: await policy(ctx, await modelNamed(ctx, model)),
    })),
  ],
  actions: [
    onAction(
      actions.retrain,
      async (ctx, _who, { modelId, alertId }) => ({ open: await form(ctx, await modelById(ctx, modelId), alertId) }),
      checked,
    ),
    onAction(
      actions.setUpRetraining,
      async (ctx, who, { modelId }) => ({ open: await setUpView(ctx, await modelById(ctx, modelId), who.id) }),
      checked,
    ),
    onAction(
      actions.approveRetraining,
      async (ctx, who, { runId }) => void (await approveTraining(ctx, runId, who.id)),
      checked,
    ),
    onAction(
      actions.declineRetraining,
      async (ctx, who, { runId }) => {
        await mayDecline(ctx, runId, who.id);
        return { open: declineForm.view({ runId }) };
      },
      checked,
    ),
    onAction(
      actions.cancelRetraining,
      async (ctx, who, { runId }) => void (await cancelTraining(ctx, runId, who.id)),
      async (ctx, who, { runId }) => {
        await checked(ctx, who);
        await stopThere(ctx, await mayCancel(ctx, runId, who.id));
      },
    ),
    onAction(
      actions.answerRun,
      async (ctx, who, { runId, key, option }) => await answered(ctx, runId, key, option, who.id),
      async (ctx, who, { runId, key, option }) => {
        await checked(ctx, who);
        const training = await mayAnswer(ctx, runId, key, who.id);
        const { pipelines } = await pipelinesOf(ctx, training.connectionId);
        const { name } = await personById(ctx, who.id);
        const note = `answered in Slack by ${name}`;
        await pipelines.answer(training.pipeline, training.runId ?? '', { key, option, note });
      },
    ),
  ],
  forms: [
    onForm(
      retrainForm,
      async (ctx, who, { carries: { modelId, alertId }, values: { reason, excluded } }) => {
        await retrain(ctx, { modelId, alertId, reason, excluded: readExcluded(excluded, ctx.now()) }, who.id);
      },
      checked,
    ),
    onForm(
      setUpForm,
      async (ctx, who, { carries: { modelId, revision }, values }) => {
        const { connection: connectionId, pipeline, params, everyDays = null, atMostDays } = values;
        const saved = await setUp(
          ctx,
          {
            modelId,
            connectionId,
            pipeline: pipeline.trim(),
            params,
            everyDays,
            atMostDays,
            onAlert: values.onAlert === 'yes',
            needsApproval: values.needsApproval === 'yes',
          },
          revision,
          who.id,
        );
        const { name } = await modelById(ctx, modelId);
        return { say: sentence(md`How *${name}* is retrained is saved. ${policyWords(saved)}`) };
      },
      checked,
    ),
    onForm(
      declineForm,
      async (ctx, who, { carries, values }) => void (await declineTraining(ctx, carries.runId, values.reason, who.id)),
      checked,
    ),
  ],
  workers: [onWork('retraining.follow', (ctx) => followNext(ctx)), onWork('retraining.policy', startByPolicy)],
  jobs: [
    onClock('retraining.schedule', '20 * * * *', (ctx) => startScheduled(ctx, (team) => isAtWork(team, ctx.now()))),
  ],
};

/** Before the row says so: a tool that cannot be asked is said, and the run stays as it is. */
async function stopThere(ctx: Context, training: Training): Promise<void> {
  const { connectionId, pipeline, runId, number } = training;
  const tool = await toolOf(ctx, training);
  if (runId === null || tool.isForgotten) return;
  const { pipelines } = await pipelinesOf(ctx, connectionId);
  const run = await pipelines.status(pipeline, runId);
  if (run && run.state !== 'queued' && run.state !== 'running')
    throw new Refusal(`Training ${number} is over in ${tool.name} already. Its message will say so within a minute.`);
  if (run) await pipelines.cancel(pipeline, runId);
}

async function form(ctx: Context, model: Model, alertId: string | undefined) {
  const { connectionId, pipeline, needsApproval } = await checkFree(ctx, model);
  const excluded = excludedLines(contaminated(await badStretches(ctx, model), ctx.now()));
  const leftOut = await leftOutOn(ctx, model.id);
  const evidence = alertId ? await evidenceOf(ctx, alertId) : undefined;
  const { name: tool } = await toolOf(ctx, { connectionId });
  return async (after: Context) => {
    const obstacle = await obstacleOf(after, connectionId, pipeline);
    const reason = evidence?.words ?? '';
    return retrainModal(model, { tool, pipeline, needsApproval, reason, excluded, leftOut, obstacle, alertId });
  };
}

/** In words, also where the tool cannot be asked. */
async function obstacleOf(ctx: Context, connectionId: string, pipeline: string): Promise<string | undefined> {
  try {
    const { pipelines } = await pipelinesOf(ctx, connectionId);
    return await pipelines.obstacle(pipeline);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

async function setUpView(ctx: Context, model: Model, by: string) {
  const before = await mayHaveSetUp(ctx, model, by);
  const tools = await connectionsOf(ctx, ['airflow', 'kubeflow']);
  if (tools.length === 0)
    throw new Refusal(
      'Neither Airflow nor Kubeflow is connected. Connect one first: `/ml connect airflow` or `/ml connect kubeflow`.',
    );
  return setUpModal(
    model,
    tools.slice(0, 100).map(({ id, name }) => ({ value: id, text: name })),
    before,
  );
}

async function policy(ctx: Context, model: Model) {
  const pipeline = await pipelineFor(ctx, model);
  const { name: tool } = await toolOf(ctx, pipeline);
  const wouldHave = wouldHaveStarted(pipeline.atMostDays, await alertTimes(ctx, model.id));
  return policyCard({ model, tool, pipeline, wouldHave });
}

async function list(ctx: Context) {
  const rows = [];
  for (const training of await openTrainings(ctx)) {
    const model = await modelById(ctx, training.modelId);
    const { name: tool } = await toolOf(ctx, training);
    rows.push({ training, model, tool });
  }
  return trainingList(rows, ctx.now());
}
