import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onClock, onCommand, onForm, type Who } from '../../doors.ts';
import { asModal, type Message, sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import { modelById, modelNamed } from '../models/queries.ts';
import { checkAsker } from '../teams/store.ts';
import { forgetDeliveries } from './changes.ts';
import { connectForm, placeForm } from './forms.ts';
import { deliveriesOf, keptBody, liveSource } from './queries.ts';
import { keptDays, kindNamed } from './rules.ts';
import type { Kind, Source } from './schema.ts';
import { checkMember, connect, type Fallback, place, revoke, rotate } from './store.ts';
import { connectedCard, revokeAsked, rotatedCard, sourceCard } from './views.ts';

const dayMs = 24 * 3_600_000;
const shownDeliveries = 10;

export const sources: Doors = {
  commands: [
    onCommand(
      'connect <kind> [model] [environment]',
      'Let a tool such as evidently, grafana or github post here',
      async (ctx, who, { kind = '', model, environment }) => {
        const known = kindNamed(kind);
        const fallback = { environment, ...(model && { model: await modelNamed(ctx, model) }) };
        return { say: await connected(ctx, who, known, fallback) };
      },
      checkAsker,
    ),
    onCommand(
      'connect show <source>',
      'What came in from a tool, and what was wrong with it',
      async (ctx, who, { source = '' }) => ({ say: await shown(ctx, who, { name: source }) }),
      checkAsker,
    ),
    onCommand(
      'connect rotate <source>',
      'Give a tool a new secret; the old one works for 24 hours more',
      async (ctx, who, { source = '' }) => rotated(ctx, who, (await liveSource(ctx, { name: source })).id),
      checkAsker,
    ),
    onCommand(
      'connect revoke <source>',
      'Take nothing in from a tool any more',
      async (ctx, who, { source = '' }) => {
        await checkMember(ctx, who.id);
        return { say: revokeAsked(await liveSource(ctx, { name: source })) };
      },
      checkAsker,
    ),
  ],
  actions: [
    onAction(actions.connectTool, () => Promise.resolve({ open: connectForm.view({}) })),
    onAction(actions.showSource, async (ctx, who, which) => ({ say: await shown(ctx, who, which) }), checkAsker),
    onAction(actions.placeSource, async (ctx, _who, { sourceId }) => {
      const { modelId, environment } = await liveSource(ctx, { sourceId });
      const model = modelId ? await modelById(ctx, modelId) : undefined;
      return {
        open: placeForm.view(
          { sourceId },
          {
            start: { environment: environment ?? '' },
            ...(model && { options: { modelId: [{ text: model.name, value: model.id }] } }),
          },
        ),
      };
    }),
    onAction(actions.rotateSource, (ctx, who, { sourceId }) => rotated(ctx, who, sourceId), checkAsker),
    onAction(
      actions.revokeSource,
      async (ctx, who, { sourceId }) => {
        const { name } = await revoke(ctx, sourceId, who.id);
        return { say: sentence(md`*${name}* is revoked: nothing that it posts is taken in any more.`) };
      },
      checkAsker,
    ),
  ],
  forms: [
    onForm(
      connectForm,
      async (ctx, who, { values }) => {
        const card = await connected(ctx, who, kindNamed(values.kind), await fallbackOf(ctx, values));
        return { open: asModal('Connected', card) };
      },
      checkAsker,
    ),
    onForm(
      placeForm,
      async (ctx, who, { carries, values }) => {
        const { name } = await place(ctx, carries.sourceId, await fallbackOf(ctx, values), who.id);
        return { say: sentence(md`*${name}* is saved. \`/ml connect show ${name}\` shows it.`) };
      },
      checkAsker,
    ),
  ],
  jobs: [
    onClock(
      'deliveries.forget',
      '35 3 * * *',
      (ctx, slot) => forgetDeliveries(ctx, new Date(slot.getTime() - keptDays * dayMs)),
      'none',
    ),
  ],
};

async function connected(ctx: Context, who: Who, kind: Kind, fallback: Fallback): Promise<Message> {
  const { source, secret } = await connect(ctx, kind, who.id, fallback);
  return connectedCard(source, urlOf(ctx, source), secret, fallback.model?.name);
}

async function rotated(ctx: Context, who: Who, sourceId: string) {
  const { source, secret } = await rotate(ctx, sourceId, who.id);
  return { say: rotatedCard(source, urlOf(ctx, source), secret, await modelOf(ctx, source)) };
}

async function shown(ctx: Context, who: Who, which: { name: string } | { sourceId: string }): Promise<Message> {
  await checkMember(ctx, who.id);
  const source = await liveSource(ctx, which);
  const newest = await deliveriesOf(ctx, source.id, shownDeliveries);
  return sourceCard(source, await modelOf(ctx, source), newest, await keptBody(ctx, source.id));
}

async function fallbackOf(
  ctx: Context,
  typed: { modelId: string | undefined; environment: string },
): Promise<Fallback> {
  const model = typed.modelId ? await modelById(ctx, typed.modelId) : undefined;
  return { model, environment: typed.environment };
}

async function modelOf(ctx: Context, { modelId }: Source): Promise<string | undefined> {
  return modelId ? (await modelById(ctx, modelId)).name : undefined;
}

const urlOf = (ctx: Context, { id }: Source) => `${ctx.publicUrl}/hooks/${id}`;
