import { botIsIn, channelById, directMessage } from '../channels.ts';
import { emit, emitChange } from '../events.ts';
import { fromTyped } from '../mrkdwn.ts';
import { actionTs, inChannel, interaction, withTrigger } from '../payloads.ts';
import { wireMessage } from '../messages.ts';
import { addMessage, viewersOf } from '../posting.ts';
import type { Channel, Message } from '../data.ts';
import { newTs } from '../ids.ts';
import { newResponseUrl } from '../response-urls.ts';
import { ask } from '../transports.ts';
import { changed, type World } from '../world.ts';
import { wireView } from '../views.ts';
import { failed, type Outcome, reported } from './outcome.ts';

export async function say(
  world: World,
  user: string,
  channelId: string,
  text: string,
  threadTs?: string,
): Promise<Outcome & { ts?: string }> {
  const channel = channelById(world, channelId);
  if (!channel?.members.includes(user)) return failed('not_in_channel');
  if (channel.archived) return failed('is_archived');
  const typed = fromTyped(world, text);
  const elements = [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }];
  const blocks = [{ type: 'rich_text', block_id: 'typed', elements }];
  const hasTokens = typed !== text;
  const { message, delivered } = addMessage(world, channel, {
    user,
    bot: false,
    text: typed,
    ...(hasTokens ? {} : { blocks }),
    threadTs,
  });
  channel.lastRead[user] = message.ts;
  await delivered;
  return { ok: true, ts: message.ts };
}

interface Own {
  channel: Channel;
  message: Message;
}

/** A message that this person wrote: only its writer changes it. */
function own(world: World, user: string, channelId: string, ts: string): Own | string {
  const channel = channelById(world, channelId);
  const message = channel?.messages.find((each) => each.ts === ts);
  if (!channel || !message) return 'message_not_found';
  if (message.bot || message.user !== user) return 'cant_update_message';
  return channel.archived ? 'is_archived' : { channel, message };
}

export async function edit(world: World, user: string, channelId: string, ts: string, text: string): Promise<Outcome> {
  const found = own(world, user, channelId, ts);
  if (typeof found === 'string') return failed(found);
  const { channel, message } = found;
  const before = wireMessage(world, channel, message);
  Object.assign(message, { text: fromTyped(world, text), blocks: undefined, edited: { user, ts: newTs(world) } });
  changed(world, viewersOf(channel));
  await emitChange(world, channel, before, wireMessage(world, channel, message));
  return { ok: true };
}

export async function remove(world: World, user: string, channelId: string, ts: string): Promise<Outcome> {
  const found = own(world, user, channelId, ts);
  if (typeof found === 'string') return failed(found);
  const { channel, message } = found;
  const before = wireMessage(world, channel, message);
  channel.messages.splice(channel.messages.indexOf(message), 1);
  changed(world, viewersOf(channel));
  await emitChange(world, channel, before);
  return { ok: true };
}

export async function react(world: World, user: string, channelId: string, ts: string, name: string): Promise<Outcome> {
  const channel = channelById(world, channelId);
  const message = channel?.messages.find((each) => each.ts === ts);
  if (!channel || !message) return failed('message_not_found');
  const reaction = message.reactions.find((each) => each.name === name);
  const removes = reaction?.users.includes(user) === true;
  if (!reaction) message.reactions.push({ name, users: [user] });
  else if (!removes) reaction.users.push(user);
  else reaction.users.splice(reaction.users.indexOf(user), 1);
  message.reactions = message.reactions.filter(({ users }) => users.length > 0);
  changed(world, viewersOf(channel));
  const type = removes ? 'reaction_removed' : 'reaction_added';
  const item = { type: 'message', channel: channel.id, ts };
  if (botIsIn(world, channel)) await emit(world, type, { type, user, reaction: name, item, item_user: message.user });
  return { ok: true };
}

export async function openApp(
  world: World,
  user: string,
  tab: 'home' | 'messages',
): Promise<Outcome & { channel: string }> {
  const channel = directMessage(world, user);
  const home = world.data.homes[user];
  const view = tab === 'home' && home ? { view: wireView(world, home) } : {};
  await emit(world, 'app_home_opened', { type: 'app_home_opened', user, channel: channel.id, tab, ...view });
  changed(world, [user]);
  return { ok: true, channel: channel.id };
}

export function read(world: World, user: string, channelId: string): Outcome {
  const channel = channelById(world, channelId);
  if (!channel) return failed('channel_not_found');
  channel.lastRead[user] = channel.messages.at(-1)?.ts ?? '0';
  changed(world, [user]);
  return { ok: true };
}

export async function shortcut(world: World, user: string, callbackId: string): Promise<Outcome> {
  if (!world.app.shortcuts.some((each) => each.callback_id === callbackId && each.type === 'global'))
    return failed('unknown_shortcut');
  const payload = {
    ...interaction(world, 'shortcut', user),
    ...withTrigger(world, user),
    callback_id: callbackId,
    action_ts: actionTs(world),
  };
  return reported(world, user, await ask(world, 'interactive', payload, false));
}

export async function messageShortcut(
  world: World,
  user: string,
  callbackId: string,
  channelId: string,
  ts: string,
): Promise<Outcome> {
  if (!world.app.shortcuts.some((each) => each.callback_id === callbackId && each.type === 'message'))
    return failed('unknown_shortcut');
  const channel = channelById(world, channelId);
  const message = channel?.messages.find((each) => each.ts === ts);
  if (!channel || !message) return failed('message_not_found');
  const payload = {
    ...interaction(world, 'message_action', user),
    ...withTrigger(world, user),
    ...inChannel(channel),
    callback_id: callbackId,
    action_ts: actionTs(world),
    message_ts: ts,
    message: wireMessage(world, channel, message),
    response_url: newResponseUrl(world, user, channel.id, ts),
  };
  return reported(world, user, await ask(world, 'interactive', payload, false));
}
