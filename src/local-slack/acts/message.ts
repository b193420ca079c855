import { channelById, directMessage } from '../channels.ts';
import { emit, emitChange } from '../events.ts';
import { tellLinks } from '../links.ts';
import { fromTyped } from '../mrkdwn.ts';
import { wireMessage } from '../messages.ts';
import { addMessage, viewersOf } from '../posting.ts';
import type { Channel, Message } from '../data.ts';
import { newTs } from '../ids.ts';
import { setReaction } from '../reactions.ts';
import { takeAway } from '../taking-away.ts';
import { typedBlocks } from '../typed.ts';
import { changed, type World } from '../world.ts';
import { wireView } from '../views.ts';
import { failed, type Outcome } from './outcome.ts';

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
  if (channel.kind === 'im' && (!world.app.messagesTab || world.app.messagesReadOnly)) {
    return failed('messages_tab_disabled');
  }
  const parent = channel.messages.find(({ ts, ephemeralTo }) => ts === threadTs && !ephemeralTo);
  if (threadTs !== undefined && !parent) return failed('thread_not_found');
  const typed = fromTyped(world, text);
  const given = { user, bot: false, text: typed, blocks: typedBlocks(typed), threadTs };
  const { message, delivered } = addMessage(world, channel, given);
  channel.lastRead[user] = message.ts;
  await Promise.all([delivered, tellLinks(world, channel, message)]);
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
  const typed = fromTyped(world, text);
  Object.assign(message, { text: typed, blocks: typedBlocks(typed), edited: { user, ts: newTs(world) } });
  changed(world, viewersOf(channel));
  await emitChange(world, channel, before, wireMessage(world, channel, message));
  return { ok: true };
}

export async function remove(world: World, user: string, channelId: string, ts: string): Promise<Outcome> {
  const found = own(world, user, channelId, ts);
  if (typeof found === 'string') return failed(found);
  await takeAway(world, found.channel, found.message);
  return { ok: true };
}

export async function react(world: World, user: string, channelId: string, ts: string, name: string): Promise<Outcome> {
  const channel = channelById(world, channelId);
  const message = channel?.messages.find((each) => each.ts === ts && !each.ephemeralTo);
  if (!channel || !message) return failed('message_not_found');
  if (!channel.members.includes(user)) return failed('not_in_channel');
  if (channel.archived) return failed('is_archived');
  const removes = message.reactions.some((each) => each.name === name && each.users.includes(user));
  await setReaction(world, channel, message, { user, name, on: !removes });
  return { ok: true };
}

export async function openApp(
  world: World,
  user: string,
  tab: 'home' | 'messages',
): Promise<Outcome & { channel: string }> {
  if (tab === 'home' ? !world.app.homeTab : !world.app.messagesTab)
    return { ...failed(`${tab}_tab_disabled`), channel: '' };
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
