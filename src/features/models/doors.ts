import { actions } from '../../actions.ts';
import { type Context, within } from '../../context.ts';
import { type Doors, onAction, onClock, onCommand, onForm, onLookup, onQuestion, type Who } from '../../doors.ts';
import { announce } from '../../messages/announce.ts';
import { sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import { teamMeant } from '../teams/queries.ts';
import { checkAsker, checkStandings } from '../teams/store.ts';
import { editForm, editModal, findForm, registerForm } from './forms.ts';
import { askedAbout, dueForConfirmation, findModels, listModels, modelById, modelNamed } from './queries.ts';
import { readEnvironments, readLinks } from './rules.ts';
import { type Model, type ModelEdit, type Tier, tiers } from './schema.ts';
import {
  confirmModels,
  editModel,
  markReminded,
  mayEditModel,
  mayRegister,
  registerModel,
  retireModel,
} from './store.ts';
import { confirmCard, modelList } from './views.ts';

export const models: Doors = {
  lookups: [
    onLookup('model', async (ctx, _who, typed) =>
      (await findModels(ctx, typed)).map(({ id, name, description }) => ({ text: name, value: id, description })),
    ),
  ],
  commands: [
    onQuestion(
      'models [filter…]',
      'Models with their owners: all, by letters, tier 1, orphans',
      async (ctx, _who, { filter = '' }) => ({
        say: modelList(await listModels(ctx, filter, 0), filter, ctx.now()),
      }),
    ),
    onCommand('model register [name]', 'Register a model', async (ctx, who, { name = '' }) => {
      const team = await teamMeant(ctx, who, '');
      const start = {
        name,
        ownerId: who.id,
        channel: who.channel ?? team.channel,
        registryName: name,
        alias: 'champion',
      };
      return {
        open: registerForm.view(
          {},
          {
            start: { ...start, tier: '2', environments: 'production' },
            options: { teamId: [{ text: team.name, value: team.id }] },
          },
        ),
      };
    }),
    onCommand(
      'model edit <model>',
      'Change a model',
      async (ctx, who, { model = '' }) => openEdit(ctx, who, await modelNamed(ctx, model)),
      checkAsker,
    ),
    onCommand(
      'model retire <model>',
      'End a model; its history is kept',
      async (ctx, who, { model = '' }) => {
        const retired = await retireModel(ctx, (await modelNamed(ctx, model)).id, who.id);
        return { say: sentence(md`*${retired.name}* is retired. Its history is kept.`) };
      },
      checkAsker,
    ),
  ],
  actions: [
    onAction(
      actions.editModel,
      async (ctx, who, { modelId }) => openEdit(ctx, who, await modelById(ctx, modelId)),
      checkAsker,
    ),
    onAction(actions.listModels, async (ctx, _who, { filter, page }) => ({
      say: modelList(await listModels(ctx, filter, page), filter, ctx.now()),
    })),
    onAction(actions.findModel, () => Promise.resolve({ open: findForm.view({}) })),
    onAction(
      actions.takeFromRegistry,
      async (ctx, who, { name }) => {
        const team = await teamMeant(ctx, who, '');
        const common = { teamId: team.id, channel: who.channel ?? team.channel };
        const model = await registerModel(
          ctx,
          { ...common, name, registryName: name, ownerId: who.id, deputyId: null, tier: 2 },
          who.id,
        );
        return {
          say: sentence(
            md`*${model.name}* is registered, you own it. \`/ml model edit ${model.name}\` changes what does not fit.`,
          ),
        };
      },
      checkAsker,
    ),
    onAction(
      actions.confirmModels,
      async (ctx, who, { asked, modelId }) => {
        const count = await confirmModels(ctx, new Date(asked), who.id, modelId);
        await showAsked(ctx, who.id, new Date(asked));
        return {
          say: sentence(
            count > 0
              ? md`:white_check_mark: Thank you: ${count} confirmed.`
              : md`None of these is yours to confirm any more.`,
          ),
        };
      },
      checkAsker,
    ),
    onAction(
      actions.retireModel,
      async (ctx, who, { modelId, asked }) => {
        const retired = await retireModel(ctx, modelId, who.id);
        if (asked) await showAsked(ctx, who.id, new Date(asked));
        return { say: sentence(md`*${retired.name}* is retired. Its history is kept.`) };
      },
      checkAsker,
    ),
  ],
  forms: [
    onForm(
      registerForm,
      async (ctx, who, { values }) => {
        const { name, ownerId, teamId, ...rest } = values;
        const edit = editOf({ name, ...rest });
        const environment = edit.environments[0] ?? 'production';
        await mayRegister(ctx, teamId, who.id);
        const model = await registerModel(ctx, { ...edit, ownerId, environment, teamId }, who.id);
        return { say: sentence(md`*${model.name}* is registered. \`/ml who ${model.name}\` shows it.`) };
      },
      (ctx, who, { values }) =>
        checkStandings(ctx, [who.id, values.ownerId, ...(values.deputyId ? [values.deputyId] : [])]),
    ),
    onForm(
      editForm,
      async (ctx, who, { carries, values }) => {
        const mine = editOf(values);
        const saved = await editModel(ctx, carries.modelId, carries.revision, mine, who.id);
        if (saved) return { say: sentence(md`*${saved.name}* is saved.`) };
        const theirs = await modelById(ctx, carries.modelId);
        return { open: editModal(mine, theirs, theirs) };
      },
      (ctx, who, { values }) => checkStandings(ctx, [who.id, ...(values.deputyId ? [values.deputyId] : [])]),
    ),
  ],
  jobs: [onClock('models.confirm', '0 9 * * 1-5', askForConfirmation)],
};

type Typed = Omit<ReturnType<typeof editForm.read>['values'], never>;

function editOf(values: Typed): ModelEdit {
  const { deputyId, tier, environments, links, ...rest } = values;
  const read: Tier = tiers.find((each) => String(each) === tier) ?? 2;
  return {
    ...rest,
    deputyId: deputyId ?? null,
    tier: read,
    environments: readEnvironments(environments),
    links: readLinks(links),
  };
}

async function openEdit(ctx: Context, who: Who, model: Model) {
  await mayEditModel(ctx, model, who.id);
  return { open: editModal(model, model) };
}

/** One message an owner, about everything that waits. */
async function askForConfirmation(ctx: Context, slot: Date): Promise<void> {
  await within(ctx, async (ctx) => {
    const byOwner = Map.groupBy(await dueForConfirmation(ctx, slot), ({ ownerId }) => ownerId);
    for (const [owner, mine] of byOwner) {
      await markReminded(
        ctx,
        mine.map(({ id }) => id),
        slot,
      );
      await showAsked(ctx, owner, slot);
    }
  });
}

async function showAsked(ctx: Context, owner: string, asked: Date): Promise<void> {
  const card = confirmCard(await askedAbout(ctx, owner, asked), asked);
  await announce(ctx, `confirm:${owner}:${asked.toISOString()}`, { channel: owner, owner }, card);
}
