import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onForm, type Who } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Registry } from '../../ports.ts';
import type { Choice } from '../../slack/fields.ts';
import { ask } from '../approvals/asking/changes.ts';
import { planFor } from '../approvals/planning.ts';
import { openRequest, requestById } from '../approvals/queries.ts';
import { slotsFor } from '../approvals/quorum.ts';
import { nameOf, neededWords } from '../approvals/rules.ts';
import { registryFor } from '../connections/queries.ts';
import { settingsOf } from '../deployers/queries.ts';
import { gateStanding } from '../gates/queries.ts';
import type { Model } from '../models/schema.ts';
import { modelById, modelNamed } from '../models/queries.ts';
import { liveVersion } from '../releases/store.ts';
import { checkStanding } from '../teams/store.ts';
import { checkGate } from './rules.ts';
import { promotionForm, promotionModal } from './views.ts';

const checked = (ctx: Context, who: Who) => checkStanding(ctx, who.id);

export const promotions: Doors = {
  commands: [
    onCommand(
      'promote <model> [version]',
      'Ask to make a version live that passed its gate',
      async (ctx, _who, { model = '', version }) => ({
        open: await form(ctx, await modelNamed(ctx, model), { version }),
      }),
    ),
  ],
  actions: [
    onAction(actions.askForPromotion, async (ctx, _who, { modelId, ...about }) => ({
      open: await form(ctx, await modelById(ctx, modelId), about),
    })),
  ],
  forms: [
    onForm(
      promotionForm,
      async (ctx, who, { carries: { modelId, fromVersion, retryOf }, values: { version, reason } }) => {
        const model = await modelById(ctx, modelId);
        const { environment } = model;
        const asked = { kind: 'promotion', modelId, environment, fromVersion, toVersion: version, reason } as const;
        // The gate last: should it change between the two, the plan is bound to what it said before, and is stale.
        const plan = await planFor(ctx, model, asked);
        checkGate(await gateStanding(ctx, modelId, environment, version), model, version);
        await ask(ctx, { ...asked, ...(retryOf && { retryOf }) }, plan, who.id);
      },
      checked,
    ),
  ],
};

interface About {
  readonly version?: string | undefined;
  readonly retryOf?: string | undefined;
}

/** Refused at once when there is nothing to ask for; what needs the registry is asked after the commit. */
async function form(ctx: Context, model: Model, { version, retryOf }: About) {
  const { id, environment } = model;
  const open = await openRequest(ctx, id, environment);
  if (open) throw new Refusal(`${nameOf(open)} to version ${open.toVersion} is already waiting in the channel.`);
  const live = await liveVersion(ctx, id, environment);
  if (version && version === live?.version) throw new Refusal(`Version ${version} of ${model.name} is live already.`);
  const registry = await registryFor(ctx);
  if (!registry) throw new Refusal('No model registry is connected. `/ml connect mlflow` connects one.');
  if (version) checkGate(await gateStanding(ctx, id, environment, version), model, version);
  const before = retryOf ? await requestById(ctx, retryOf) : undefined;
  const how = await settingsOf(ctx, id, environment);
  const needed = neededWords(slotsFor('promotion', model.tier).map(({ label }) => label));
  const start = version ? { version, reason: before?.reason ?? '' } : undefined;
  const fromVersion = live?.version ?? '';
  return async (after: Context) => {
    const versions = await choices(after, registry, model, fromVersion);
    return promotionModal(model, { fromVersion, needed, how, versions, retryOf, start });
  };
}

/** Those that passed come first, so that nobody has to try. */
async function choices(ctx: Context, registry: Registry, model: Model, live: string): Promise<Choice[]> {
  const found = await registry.recentVersions({ model: model.registryName });
  const others = found.filter((each) => each.version !== live).slice(0, mostChoices);
  if (others.length === 0) throw new Refusal(`${model.name} has no other version in ${registry.name}.`);
  const choices: { passed: boolean; choice: Choice }[] = [];
  for (const { version, createdAt } of others) {
    const { state } = await gateStanding(ctx, model.id, model.environment, version);
    const passed = state === 'pass' || state === 'overridden';
    const description = `${passed ? 'gate passed' : gateWords[state]}, registered ${createdAt.toISOString().slice(0, 10)}`;
    choices.push({ passed, choice: { text: `Version ${version}`, description, value: version } });
  }
  return choices.toSorted((a, b) => Number(b.passed) - Number(a.passed)).map(({ choice }) => choice);
}

const mostChoices = 20;
const gateWords = {
  no_gate: 'no gate',
  not_checked: 'not looked at by the gate',
  failed: 'gate not passed',
  void: 'gate is out of date',
} as const;
