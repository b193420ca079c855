import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onClock, onCommand, onForm, onPost, onQuestion, onWork } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { asModal, sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import { metricsOf } from '../metrics/store.ts';
import type { Model } from '../models/schema.ts';
import { modelById, modelNamed } from '../models/queries.ts';
import { membersOf } from '../teams/queries.ts';
import { checkAsker, checkMember } from '../teams/store.ts';
import { answer, overridable, override, questionFor, saveGate } from './changes.ts';
import { printChecks } from './checks/printing.ts';
import { takeEvidence } from './evidence/changes.ts';
import { EvidenceBatch } from './evidence/items.ts';
import { type At, hasDriftReports } from './evidence/queries.ts';
import { isNowhere, metricsOfLive } from './evidence/registry.ts';
import { answerForm, answerFormFor, gateForm, gateFormFor, overrideForm, overrideFormFor } from './forms.ts';
import { gateOf, gatesOf, gateStanding, newestOfEach } from './queries.ts';
import { checkEnvironment, mayChange, suggested } from './rules.ts';
import { askForCheck, cardOf, checkNext, lookAgain, someoneAt } from './store.ts';
import { gatePage } from './views.ts';

export const gates: Doors = {
  commands: [
    onQuestion('gate <model>', 'What a version has to show, and how the last ones did', async (ctx, _who, words) => ({
      say: await pageOf(ctx, await modelNamed(ctx, words['model'] ?? '')),
    })),
    onCommand(
      'gate check <model> <version> [environment]',
      'Check a version against the gate of its model',
      async (ctx, who, words) => {
        const model = await modelNamed(ctx, words['model'] ?? '');
        return await asked(ctx, model, words['version'] ?? '', words['environment'], who.id);
      },
      async (ctx, who, { model: name = '', version = '' }) => {
        await checkMember(ctx, who);
        const model = await modelNamed(ctx, name);
        if (await isNowhere(ctx, model, version))
          throw new Refusal(
            `The registry has no version ${version} of ${model.name}. Look at /ml releases ${model.name}.`,
            { field: 'version' },
          );
      },
    ),
    onCommand(
      'gate edit <model> [environment]',
      'Write down what a version has to show before it goes live',
      async (ctx, who, { model = '', environment }) =>
        await edited(ctx, await modelNamed(ctx, model), environment, who.id),
    ),
  ],
  actions: [
    onAction(actions.showGate, async (ctx, _who, clicked) => ({
      open: asModal('Release gate', await cardOf(ctx, await placed(ctx, clicked))),
    })),
    onAction(
      actions.checkGate,
      async (ctx, who, { modelId, version, environment }) =>
        await asked(ctx, await modelById(ctx, modelId), version, environment, who.id),
      checkMember,
    ),
    onAction(
      actions.editGate,
      async (ctx, who, { modelId, environment }) =>
        await edited(ctx, await modelById(ctx, modelId), environment, who.id),
    ),
    onAction(
      actions.answerGate,
      async (ctx, who, { check, ...clicked }) => {
        const at = await placed(ctx, clicked);
        const { question } = await questionFor(ctx, at, check, who.id);
        return { open: answerFormFor(at, check, question, await modelById(ctx, at.modelId)) };
      },
      checkAsker,
    ),
    onAction(
      actions.overrideGate,
      async (ctx, who, { evaluationId }) => {
        const evaluation = await overridable(ctx, evaluationId, who.id);
        return { open: overrideFormFor(evaluation, await modelById(ctx, evaluation.modelId)) };
      },
      checkAsker,
    ),
  ],
  forms: [
    onForm(
      gateForm,
      async (ctx, who, { carries, values }) => {
        const gate = await saveGate(ctx, carries, values.checks, carries.revision, who.id);
        const { name } = await modelById(ctx, gate.modelId);
        return {
          say: sentence(
            md`:vertical_traffic_light: The gate of *${name}* in ${gate.environment} is kept. Check a version with \`/ml gate check ${name} ${'<version>'}\`.`,
          ),
        };
      },
      checkAsker,
    ),
    onForm(
      answerForm,
      async (ctx, who, { carries, values }) => {
        const { check, ...at } = carries;
        await answer(ctx, at, check, { yes: values.answer === 'yes', note: values.note }, who.id);
        return {
          say: sentence(md`Thank you: your answer is kept, and version ${at.version} is checked again with it.`),
        };
      },
      checkAsker,
    ),
    onForm(
      overrideForm,
      async (ctx, who, { carries, values }) => {
        const { version } = await override(ctx, carries.evaluationId, values.reason, who.id);
        return {
          say: sentence(md`:warning: You overrode the gate for version ${version}. Your reason stands on its card.`),
        };
      },
      checkAsker,
    ),
  ],
  routes: [
    onPost(
      '/api/v1/evidence',
      'What was found out about versions: metrics, serving and the status of pipelines, up to 1,000 at a time',
      EvidenceBatch,
      takeEvidence,
    ),
  ],
  jobs: [onClock('gates.look', '*/10 * * * *', lookAgain)],
  workers: [onWork('gates.check', checkNext)],
};

interface Clicked {
  readonly modelId: string;
  readonly version: string;
  readonly environment?: string | undefined;
}

/** A button without an environment means the main one. */
async function placed(ctx: Context, { modelId, version, environment }: Clicked): Promise<At> {
  return { modelId, version, environment: environment ?? (await modelById(ctx, modelId)).environment };
}

async function asked(ctx: Context, model: Model, version: string, environment = model.environment, by: string) {
  checkEnvironment(model, environment);
  await askForCheck(ctx, { modelId: model.id, environment, version }, by);
  return {
    say: sentence(
      md`I am checking version ${version} of *${model.name}* against the gate of ${environment}. The result comes in its channel.`,
    ),
  };
}

async function pageOf(ctx: Context, model: Model) {
  const newest = await newestOfEach(ctx, { modelId: model.id, most: 5 });
  const checked = await Promise.all(
    newest.map(async (evaluation) => ({
      evaluation,
      standing: await gateStanding(ctx, model.id, evaluation.environment, evaluation.version),
    })),
  );
  return gatePage(model, { gates: await gatesOf(ctx, model.id), checked });
}

async function edited(ctx: Context, model: Model, environment = model.environment, by: string) {
  mayChange(await someoneAt(ctx, model, by, []), model);
  checkEnvironment(model, environment);
  const gate = await gateOf(ctx, model.id, environment);
  if (gate) return { open: gateFormFor(model, environment, printChecks(gate.checks), gate) };
  return {
    open: async (after: Context) => gateFormFor(model, environment, await firstChecks(after, model, environment)),
  };
}

/** What a gate could begin with: the metrics of the live version, else those that come in. */
async function firstChecks(ctx: Context, model: Model, environment: string): Promise<string> {
  const logged = await metricsOfLive(ctx, model);
  const people = await membersOf(ctx, model.teamId);
  return suggested({
    metrics: logged.length > 0 ? logged : await metricsOf(ctx, model.id),
    hasDrift: await hasDriftReports(ctx, model.id, environment),
    roles: new Set(people.flatMap(({ roles }) => roles)),
  });
}
