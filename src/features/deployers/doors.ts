import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onForm } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import { connectionById, connectionsOf } from '../connections/queries.ts';
import type { Model } from '../models/schema.ts';
import { modelById, modelNamed } from '../models/queries.ts';
import { mayEditModel } from '../models/store.ts';
import { checkAsker } from '../teams/store.ts';
import { deployerRow } from './queries.ts';
import { readSteps } from './rules.ts';
import { deployerKinds, strategies } from './schema.ts';
import { setDeployer } from './store.ts';
import { deployerForm, deployerModal, settingsWords } from './views.ts';

export const deployers: Doors = {
  commands: [
    onCommand(
      'deployer <model>',
      'What makes a version of a model live, and in which steps',
      async (ctx, who, { model = '' }) => ({ open: await form(ctx, await modelNamed(ctx, model), who.id) }),
      checkAsker,
    ),
  ],
  actions: [
    onAction(
      actions.setUpDeployer,
      async (ctx, who, { modelId }) => ({ open: await form(ctx, await modelById(ctx, modelId), who.id) }),
      checkAsker,
    ),
  ],
  forms: [
    onForm(
      deployerForm,
      async (ctx, who, { carries: { modelId, revision }, values }) => {
        const model = await modelById(ctx, modelId);
        const kind = deployerKinds.find((each) => each === values.kind);
        const strategy = strategies.find((each) => each === values.strategy);
        if (!kind || !strategy) throw new Refusal('Choose how it goes live.', { field: 'kind' });
        const chosen = values.connection === 'none' ? undefined : values.connection;
        const connectionId = kind === 'alias' ? null : (chosen ?? null);
        const saved = await setDeployer(
          ctx,
          {
            modelId,
            environment: model.environment,
            kind,
            connectionId,
            strategy,
            pipeline: kind === 'pipeline' ? values.pipeline.trim() : '',
            steps: readSteps(values.steps),
            bakeMinutes: values.bakeMinutes,
          },
          revision,
          who.id,
        );
        const connection = saved.connectionId ? (await connectionById(ctx, saved.connectionId)).name : undefined;
        return { say: sentence(md`*${model.name}* is saved. ${settingsWords(saved, connection)}`) };
      },
      checkAsker,
    ),
  ],
};

async function form(ctx: Context, model: Model, by: string) {
  await mayEditModel(ctx, model, by);
  const known = await connectionsOf(ctx, ['webhook', 'airflow', 'kubeflow']);
  const before = await deployerRow(ctx, model.id, model.environment);
  const choices = known.slice(0, 99).map(({ id, name, kind }) => ({ value: id, text: `${name} (${kind})` }));
  return deployerModal(model, choices, before);
}
