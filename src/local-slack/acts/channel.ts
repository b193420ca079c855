import { archiveChannel, noteOnChannel, renameChannel, tellCreated } from '../channel-life.ts';
import { addChannel, channelById } from '../channels.ts';
import type { Channel } from '../data.ts';
import { personById } from '../people.ts';
import { viewersOf } from '../posting.ts';
import { changed, type World } from '../world.ts';
import { failed, type Outcome } from './outcome.ts';

function nameError(world: World, name: string): string | undefined {
  if (!/^[a-z0-9_-]{1,80}$/.test(name) || !/[a-z0-9]/.test(name)) return 'invalid_name';
  return world.data.channels.some((channel) => channel.name === name) ? 'name_taken' : undefined;
}

/** A channel this person may change, or the word for why not. */
function changeable(world: World, user: string, id: string): Channel | string {
  const channel = channelById(world, id);
  if (!channel?.members.includes(user) || channel.kind === 'im' || channel.kind === 'mpim') return 'not_in_channel';
  return personById(world, user)?.kind === 'guest' ? 'restricted_action' : channel;
}

export async function create(
  world: World,
  user: string,
  name: string,
  isPrivate: boolean,
): Promise<Outcome & { channel?: string }> {
  const kind = personById(world, user)?.kind;
  if (kind === 'guest' || kind === 'foreign') return failed('restricted_action');
  const wrong = nameError(world, name);
  if (wrong) return failed(wrong);
  const channel = addChannel(world, { name, kind: isPrivate ? 'private' : 'channel', members: [user], creator: user });
  changed(world, viewersOf(channel));
  await tellCreated(world, channel);
  return { ok: true, channel: channel.id };
}

export async function rename(world: World, user: string, id: string, name: string): Promise<Outcome> {
  const channel = changeable(world, user, id);
  if (typeof channel === 'string') return failed(channel);
  const wrong = nameError(world, name);
  if (wrong) return failed(wrong);
  await renameChannel(world, channel, user, name);
  return { ok: true };
}

export async function archive(world: World, user: string, id: string, archived: boolean): Promise<Outcome> {
  const channel = changeable(world, user, id);
  if (typeof channel === 'string') return failed(channel);
  if (channel.archived === archived) return failed(archived ? 'already_archived' : 'not_archived');
  if (channel.name === 'general') return failed('cant_archive_general');
  await archiveChannel(world, channel, user, archived);
  return { ok: true };
}

export async function topic(world: World, user: string, id: string, text: string): Promise<Outcome> {
  const channel = changeable(world, user, id);
  if (typeof channel === 'string') return failed(channel);
  if (channel.archived) return failed('is_archived');
  if (text.length > 250) return failed('too_long');
  await noteOnChannel(world, channel, user, 'topic', text);
  return { ok: true };
}
