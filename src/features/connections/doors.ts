import type { ModalView } from '@slack/types';
import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import {
  type CommandDoor,
  type Doors,
  onAction,
  onCommand,
  onForm,
  onLookup,
  onQuestion,
  type Who,
} from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { asModal, type Message, sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import { unknownOf } from '../models/queries.ts';
import { importList } from '../models/views.ts';
import { connectedSources } from '../sources/queries.ts';
import { checkMember } from '../sources/store.ts';
import { connectedCard, mostListed, sourceList } from '../sources/views.ts';
import { checkAsker } from '../teams/store.ts';
import { connectionForm, formFor, labels } from './forms.ts';
import { connectionById, connectionNamed, findConnections, listedConnections, registryFor } from './queries.ts';
import { type Connection, type ConnectionKind, connectionKinds } from './schema.ts';
import { changeConnection, forgetConnection, letPost, makeConnection } from './store.ts';
import { listenTo, tryConnection } from './trying.ts';
import { forgetAsked, mostConnections, postingCard, signingCard, toolList, triedCard } from './views.ts';

export const connections: Doors = {
  lookups: [
    onLookup('connection', async (ctx, _who, typed) =>
      (await findConnections(ctx, typed)).map(({ id, name, kind }) => ({
        text: name,
        value: id,
        description: labels[kind],
      })),
    ),
  ],
  commands: [
    onCommand(
      'connect',
      'What I ask and what posts here, and how it is doing',
      async (ctx, who) => {
        await checkMember(ctx, who.id);
        const posting = sourceList(await connectedSources(ctx, mostListed + 1));
        return { say: toolList(await listedConnections(ctx, mostConnections + 1), posting) };
      },
      checkAsker,
    ),
    ...connectionKinds.map(opening),
    onCommand(
      'connect test <connection>',
      'Try whether a connection works',
      async (ctx, _who, { connection = '' }) => ({ say: triedCard(await connectionNamed(ctx, connection)) }),
      async (ctx, who, { connection = '' }) => tried(ctx, who, (await connectionNamed(ctx, connection)).id),
    ),
    onCommand(
      'connect edit <connection>',
      'Change the address of a connection, or how I sign in there',
      async (ctx, who, { connection = '' }) => editing(ctx, who, await connectionNamed(ctx, connection)),
      checkAsker,
    ),
    onCommand(
      'connect forget <connection>',
      'Ask a tool nothing any more',
      async (ctx, who, { connection = '' }) => {
        await checkMember(ctx, who.id);
        return { say: forgetAsked(await connectionNamed(ctx, connection)) };
      },
      checkAsker,
    ),
    onQuestion('models import', 'Take models from the registry', async (ctx) => ({
      say: await fromRegistry(ctx, undefined),
    })),
  ],
  actions: [
    // Pressed in a message it is answered below it; in the form that saved it, the form shows it.
    onAction(
      actions.testConnection,
      async (ctx, who, { connectionId }) => {
        const card = triedCard(await connectionById(ctx, connectionId));
        return who.channel ? { say: card } : { open: shown(card) };
      },
      (ctx, who, { connectionId }) => tried(ctx, who, connectionId),
    ),
    onAction(
      actions.editConnection,
      async (ctx, who, { connectionId }) => editing(ctx, who, await connectionById(ctx, connectionId)),
      checkAsker,
    ),
    onAction(
      actions.forgetConnection,
      async (ctx, who, { connectionId }) => {
        const { name } = await forgetConnection(ctx, connectionId, who.id);
        return { say: sentence(md`*${name}* is forgotten: it is asked nothing any more.`) };
      },
      checkAsker,
    ),
    onAction(
      actions.listenToConnection,
      async (ctx, who, { connectionId }) => {
        const { connection, source, secret } = await letPost(ctx, connectionId, who.id);
        const byHand = connectedCard(source, `${ctx.publicUrl}/hooks/${source.id}`, secret, undefined);
        return { say: connection.kind === 'airflow' ? byHand : postingCard(connection, source.name, byHand) };
      },
      async (ctx, who, { connectionId }) => {
        await checkAsker(ctx, who);
        const { kind } = await connectionById(ctx, connectionId);
        if (kind === 'mlflow') await listenTo(ctx, connectionId, who.id);
      },
    ),
    // The registry is asked after the commit, so that nobody waits for it.
    onAction(actions.moreOfRegistry, (_ctx, _who, { page }) =>
      Promise.resolve({
        open: async (ctx) => ({
          ...asModal('Models to register', await fromRegistry(ctx, page)),
          callback_id: 'model.registry',
        }),
      }),
    ),
  ],
  forms: [
    onForm(
      connectionForm,
      async (ctx, who, { carries: { kind, before }, values }) => {
        if (before) {
          const { id } = await changeConnection(ctx, before, values, who.id);
          return { open: async (after) => shown(triedCard(await tryConnection(after, id))) };
        }
        const { connection, signing } = await makeConnection(ctx, kind, values, who.id);
        if (signing !== undefined) return { open: shown(signingCard(connection, signing)) };
        return { open: async (after) => shown(triedCard(await tryConnection(after, connection.id))) };
      },
      checkAsker,
    ),
  ],
};

function opening(kind: ConnectionKind): CommandDoor {
  return onCommand(
    `connect ${kind}`,
    kind === 'webhook' ? 'Deploy by a signed web-hook' : `Let me ask ${labels[kind]}`,
    async (ctx, who) => {
      await checkMember(ctx, who.id);
      return { open: formFor(kind) };
    },
    checkAsker,
  );
}

async function editing(ctx: Context, who: Who, connection: Connection) {
  await checkMember(ctx, who.id);
  return { open: formFor(connection.kind, connection) };
}

async function tried(ctx: Context, who: Who, connectionId: string): Promise<void> {
  await checkAsker(ctx, who);
  await checkMember(ctx, who.id);
  await tryConnection(ctx, connectionId);
}

/** A step of the form: its buttons change the same modal. */
const shown = (card: Message): ModalView => ({
  ...asModal('Connection', card),
  callback_id: `${connectionForm.id}/outcome`,
});

const mostPages = 20;
const patienceMs = 2000;

/** Turns pages until one has something to register; never more, or longer, than a person waits. */
async function fromRegistry(ctx: Context, page: string | undefined): Promise<Message> {
  const registry = await registryFor(ctx);
  if (!registry) throw new Refusal('No model registry is connected. `/ml connect mlflow` connects one.');
  const end = ctx.now().getTime() + patienceMs;
  let names: string[] = [];
  let next = page;
  for (let turned = 0; turned < mostPages; turned += 1) {
    const found = await registry.models(next);
    next = found.next;
    names = await unknownOf(
      ctx,
      found.models.map(({ name }) => name),
    );
    if (names.length > 0 || next === undefined || ctx.now().getTime() > end) break;
  }
  return importList({ registry: registry.name, names, next });
}
