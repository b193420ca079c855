import { findElement, type Found } from '../blocks/walk.ts';
import { channelById } from '../channels.ts';
import type { Channel, Message, Values, ViewRecord } from '../data.ts';
import { startingValues, stateOf } from '../inputs.ts';
import { fileById, wireFile } from '../files.ts';
import { type Fields, fieldsIn, fieldsOf, textOf, textsIn } from '../json.ts';
import { fromTyped } from '../mrkdwn.ts';
import { actionTs, interaction, messageContainer, viewContainer, wholeMessage, withTrigger } from '../payloads.ts';
import { newResponseUrl } from '../response-urls.ts';
import { isShownTo, seesChannel } from '../snapshot.ts';
import { ask } from '../transports.ts';
import { viewById } from '../views.ts';
import { changed, type World } from '../world.ts';
import { failed, type Outcome, reported } from './outcome.ts';

export type Container = { type: 'message'; channel: string; ts: string } | { type: 'view'; view_id: string };

export type Place =
  | { kind: 'message'; channel: Channel; message: Message; blocks: Fields[]; values: Values }
  | { kind: 'view'; record: ViewRecord; blocks: Fields[]; values: Values };

export function messageBlocks(message: Message): Fields[] {
  const attached = (message.attachments ?? []).flatMap((attachment) => fieldsIn(attachment['blocks']));
  return [...(message.blocks ?? []), ...attached];
}

/** Where the person is looking; what they put in a message stays theirs until it changes. */
export function placeOf(world: World, user: string, container: Container): Place | undefined {
  if (container.type === 'view') {
    const record = viewById(world, container.view_id);
    if (!record || record.user !== user) return undefined;
    return { kind: 'view', record, blocks: fieldsIn(record.view['blocks']), values: record.values };
  }
  const channel = channelById(world, container.channel);
  const message = channel?.messages.find(({ ts }) => ts === container.ts);
  if (!channel || !message || !seesChannel(world, channel, user) || !isShownTo(message, user)) return undefined;
  const blocks = messageBlocks(message);
  const key = `${channel.id} ${message.ts} ${user}`;
  const values = startingValues(blocks, world.messageValues.get(key));
  world.messageValues.set(key, values);
  return { kind: 'message', channel, message, blocks, values };
}

export function suggestionKey(container: Container, blockId: string, actionId: string): string {
  const where = container.type === 'view' ? container.view_id : `${container.channel} ${container.ts}`;
  return `${where} ${blockId} ${actionId}`;
}

export interface Touch {
  container: Container;
  block_id: string;
  action_id: string;
  value?: unknown;
}

interface Put {
  place: Place;
  found: Found;
  state: Fields | undefined;
}

/** A file input holds ids, and tells of the files; rich text knows whom its names mean. */
function asSlackTells(world: World, element: Fields, value: unknown): unknown {
  if (element['type'] === 'rich_text_input' && typeof value === 'string') return fromTyped(world, value);
  if (element['type'] !== 'file_input') return value;
  const files = textsIn(value).map((id) => fileById(world, id));
  return files.filter((file) => file !== undefined).map((file) => wireFile(world, file));
}

function put(world: World, user: string, touch: Touch): Put | string {
  const place = placeOf(world, user, touch.container);
  if (!place) return 'not_found';
  const found = findElement(place.blocks, touch.block_id, touch.action_id);
  if (!found) return 'no_such_element';
  const suggested = world.suggested.get(suggestionKey(touch.container, touch.block_id, touch.action_id));
  const state = stateOf(found.element, asSlackTells(world, found.element, touch.value), suggested);
  if (state && found.element['type'] !== 'overflow') (place.values[touch.block_id] ??= {})[touch.action_id] = state;
  if (place.kind === 'view' && place.record.errors) delete place.record.errors[touch.block_id];
  changed(world, [user]);
  return { place, found, state };
}

export function putValue(world: World, user: string, touch: Touch): Outcome {
  const done = put(world, user, touch);
  return typeof done === 'string' ? failed(done) : { ok: true };
}

function surroundings(world: World, user: string, place: Place): Fields {
  if (place.kind === 'view') return viewContainer(world, place.record);
  const { channel, message } = place;
  return {
    ...messageContainer(channel, message),
    ...wholeMessage(world, channel, message),
    state: { values: place.values },
    response_url: newResponseUrl(world, user, channel.id, message.ts),
  };
}

function pressed(element: Fields, value: unknown): Fields {
  const type = textOf(element['type']);
  if (type === 'feedback_buttons') return { value, text: null };
  const { text, value: own, url, style, placeholder } = element;
  return Object.fromEntries(
    Object.entries({ text, value: own, url, style, placeholder }).filter(([, each]) => each !== undefined),
  );
}

export async function act(world: World, user: string, touch: Touch): Promise<Outcome> {
  const done = put(world, user, touch);
  if (typeof done === 'string') return failed(done);
  const { place, found, state } = done;
  if (found.block['type'] === 'input' && found.block['dispatch_action'] !== true) return { ok: true };
  const payload = {
    ...interaction(world, 'block_actions', user),
    ...withTrigger(world, user),
    ...surroundings(world, user, place),
    actions: [
      {
        type: found.element['type'],
        action_id: touch.action_id,
        block_id: touch.block_id,
        ...pressed(found.element, touch.value),
        ...fieldsOf(state),
        action_ts: actionTs(world),
      },
    ],
  };
  const answer = await ask(world, 'interactive', payload, false);
  return reported(world, user, answer);
}
