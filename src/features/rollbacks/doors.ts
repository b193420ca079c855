import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onForm, type Who } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Registry } from '../../ports.ts';
import type { Choice } from '../../slack/fields.ts';
import { ask } from '../approvals/asking/changes.ts';
import { planFor } from '../approvals/planning.ts';
import { brokenBy, openRequest, requestById } from '../approvals/queries.ts';
import { slotsFor } from '../approvals/quorum.ts';
import { nameOf, neededWords } from '../approvals/rules.ts';
import { registryFor } from '../connections/queries.ts';
import { holdersOf } from '../duties/queries.ts';
import { openOn } from '../incidents/queries.ts';
import type { Model } from '../models/schema.ts';
import { modelById, modelNamed } from '../models/queries.ts';
import { liveVersion } from '../releases/store.ts';
import { teamById } from '../teams/queries.ts';
import { checkStanding } from '../teams/store.ts';
import { mayBreakGlass } from './rules.ts';
import { breakGlassForm, breakGlassModal, rollbackForm, rollbackModal } from './views.ts';

const checked = (ctx: Context, who: Who) => checkStanding(ctx, who.id);

export const rollbacks: Doors = {
  commands: [
    onCommand('rollback <model>', 'Ask to go back to an earlier version', async (ctx, _who, { model = '' }) => ({
      open: await form(ctx, await modelNamed(ctx, model), {}),
    })),
    onCommand(
      'rollback now <model>',
      'In an open incident: go back without approval; somebody looks back at it',
      async (ctx, who, { model = '' }) => ({ open: await glassForm(ctx, await modelNamed(ctx, model), who.id) }),
      checked,
    ),
  ],
  actions: [
    onAction(actions.askForRollback, async (ctx, _who, { modelId, ...about }) => ({
      open: await form(ctx, await modelById(ctx, modelId), about),
    })),
    onAction(
      actions.breakGlass,
      async (ctx, who, { modelId }) => ({ open: await glassForm(ctx, await modelById(ctx, modelId), who.id) }),
      checked,
    ),
  ],
  forms: [
    onForm(
      rollbackForm,
      async (ctx, who, { carries: { modelId, fromVersion, alertId, retryOf }, values }) => {
        const { model, plan } = await planned(ctx, modelId, values.toVersion);
        const about = { ...(alertId && { alertId }), ...(retryOf && { retryOf }) };
        await ask(ctx, { ...asked(model, fromVersion), ...values, ...about }, plan, who.id);
      },
      checked,
    ),
    onForm(
      breakGlassForm,
      async (ctx, who, { carries: { modelId, fromVersion }, values }) => {
        const { model, plan } = await planned(ctx, modelId, values.toVersion);
        await checkBreaker(ctx, model, who.id);
        const incidents = await incidentsOf(ctx, model, who.id);
        const incident = incidents.find(({ value }) => value === values.incident);
        if (!incident) throw new Refusal('That incident is no longer open.', { field: 'incident' });
        const { toVersion, reason } = values;
        const input = { ...asked(model, fromVersion), toVersion, reason, incidentId: incident.value };
        await ask(ctx, input, plan, who.id);
      },
      checked,
    ),
  ],
};

const asked = (model: Model, fromVersion: string) =>
  ({ kind: 'rollback', modelId: model.id, environment: model.environment, fromVersion }) as const;

async function planned(ctx: Context, modelId: string, toVersion: string) {
  const model = await modelById(ctx, modelId);
  return { model, plan: await planFor(ctx, model, { kind: 'rollback', environment: model.environment, toVersion }) };
}

/** The form, with the versions the registry knows; refused at once when there is nothing to ask for. */
async function form(
  ctx: Context,
  model: Model,
  { alertId, retryOf }: { alertId?: string | undefined; retryOf?: string | undefined },
) {
  const { registry, live } = await ready(ctx, model);
  const open = await openRequest(ctx, model.id, model.environment);
  if (open) throw new Refusal(`${nameOf(open)} to version ${open.toVersion} is already waiting in the channel.`);
  const start = retryOf ? await requestById(ctx, retryOf) : undefined;
  const needed = neededWords(slotsFor('rollback', model.tier).map(({ label }) => label));
  return async () => {
    const versions = await choices(registry, model, live.version);
    return rollbackModal(model, needed, { fromVersion: live.version, versions, alertId, retryOf, start });
  };
}

async function glassForm(ctx: Context, model: Model, by: string) {
  await checkBreaker(ctx, model, by);
  const { registry, live } = await ready(ctx, model);
  const incidents = await incidentsOf(ctx, model, by);
  if (incidents.length === 0)
    throw new Refusal(
      `${model.name} has no open incident. Declare one first: \`/ml incident declare ${model.name}\`. Without one, a rollback needs approval.`,
    );
  return async () => {
    const versions = await choices(registry, model, live.version);
    return breakGlassModal(model, { fromVersion: live.version, versions, incidents });
  };
}

async function ready(ctx: Context, model: Model) {
  const live = await liveVersion(ctx, model.id, model.environment);
  if (!live)
    throw new Refusal(`I do not know yet which version of ${model.name} is live, so there is nothing to go back from.`);
  const registry = await registryFor(ctx);
  if (!registry) throw new Refusal('No model registry is connected. `/ml connect mlflow` connects one.');
  return { registry, live };
}

async function checkBreaker(ctx: Context, model: Model, by: string): Promise<void> {
  const { leadId } = await teamById(ctx, model.teamId);
  const onCall = await holdersOf(ctx, { teamId: model.teamId, modelId: model.id }, 'oncall', ctx.now());
  mayBreakGlass({ isOnCall: leadId === by || onCall.includes(by), before: await brokenBy(ctx, by) }, ctx.now());
}

async function incidentsOf(ctx: Context, model: Model, viewer: string): Promise<Choice[]> {
  const open = await openOn(ctx, model.id, viewer);
  return open.map(({ id, number, title }) => ({ value: id, text: `Incident ${number}: ${title}`.slice(0, 75) }));
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
