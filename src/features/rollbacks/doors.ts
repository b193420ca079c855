import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onForm, onWork, type Who } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Registry } from '../../ports.ts';
import type { Choice } from '../../slack/forms.ts';
import type { Model } from '../models/schema.ts';
import { modelById, modelNamed } from '../models/queries.ts';
import { liveVersion } from '../releases/store.ts';
import { checkStanding } from '../teams/store.ts';
import { executeNext } from './executor.ts';
import { approve, mayReject, reject, request, withdraw } from './changes.ts';
import { openRollback } from './queries.ts';
import { expireNext, verifyNext } from './store.ts';
import { rejectForm, rollbackForm, rollbackModal } from './views.ts';

/** Slack is asked who this is before the decision's transaction begins. */
const checked = (ctx: Context, who: Who) => checkStanding(ctx, who.id);

export const rollbacks: Doors = {
  commands: [
    onCommand('rollback <model>', 'Ask to go back to an earlier version', async (ctx, _who, { model = '' }) => ({
      open: await ask(ctx, await modelNamed(ctx, model)),
    })),
  ],
  actions: [
    onAction(actions.askForRollback, async (ctx, _who, { modelId, alertId }) => ({
      open: await ask(ctx, await modelById(ctx, modelId), alertId),
    })),
    onAction(
      actions.approveRollback,
      async (ctx, who, { rollbackId }) => void (await approve(ctx, rollbackId, who.id)),
      checked,
    ),
    onAction(
      actions.rejectRollback,
      async (ctx, who, { rollbackId }) => {
        await mayReject(ctx, rollbackId, who.id);
        return { open: rejectForm.view({ rollbackId }) };
      },
      checked,
    ),
    onAction(
      actions.withdrawRollback,
      async (ctx, who, { rollbackId }) => void (await withdraw(ctx, rollbackId, who.id)),
    ),
  ],
  forms: [
    onForm(
      rollbackForm,
      async (ctx, who, { carries, values }) => {
        const { alertId, ...rest } = carries;
        await request(ctx, { ...rest, ...values, ...(alertId && { alertId }) }, who.id);
      },
      checked,
    ),
    onForm(
      rejectForm,
      async (ctx, who, { carries, values }) => void (await reject(ctx, carries.rollbackId, values.reason, who.id)),
      checked,
    ),
  ],
  workers: [
    onWork('rollback.execute', executeNext),
    onWork('rollback.verify', verifyNext),
    onWork('rollback.expire', expireNext),
  ],
};

/** The form, with the versions the registry knows; refused at once when there is nothing to ask for. */
async function ask(ctx: Context, model: Model, alertId?: string) {
  const open = await openRollback(ctx, model.id, model.environment);
  if (open)
    throw new Refusal(`Rollback ${open.number} to version ${open.toVersion} is already waiting in the channel.`);
  const live = await liveVersion(ctx, model.id, model.environment);
  if (!live) {
    throw new Refusal(`I do not know yet which version of ${model.name} is live, so there is nothing to go back from.`);
  }
  const { registry } = ctx;
  if (!registry) throw new Refusal('No model registry is connected. Set MLFLOW_TRACKING_URI and start again.');
  return async () => {
    const versions = await choices(registry, model, live.version);
    return rollbackModal(model, { fromVersion: live.version, versions, ...(alertId && { alertId }) });
  };
}

/** The newest version below the live one is what people most often want, so it comes first. */
async function choices(registry: Registry, model: Model, live: string): Promise<Choice[]> {
  const versions = await registry.recentVersions({ model: model.registryName });
  const others = versions.filter((each) => each.version !== live);
  if (others.length === 0) throw new Refusal(`${model.name} has no other version to go back to.`);
  const isOlder = (each: { version: string }) => Number(each.version) < Number(live);
  return [...others.filter(isOlder), ...others.filter((each) => !isOlder(each))].map(({ version, createdAt }) => ({
    text: `Version ${version}`,
    description: `registered ${createdAt.toISOString().slice(0, 10)}`,
    value: version,
  }));
}
