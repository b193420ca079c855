import { channelById } from '../channels.ts';
import { joinChannel, leaveChannel } from '../membership.ts';
import { personById } from '../people.ts';
import type { World } from '../world.ts';
import { failed, type Outcome } from './outcome.ts';

export async function join(world: World, user: string, channelId: string): Promise<Outcome> {
  const channel = channelById(world, channelId);
  if (channel?.kind !== 'channel' || personById(world, user)?.kind === 'guest') return failed('channel_not_found');
  if (channel.archived) return failed('is_archived');
  if (!channel.members.includes(user)) await joinChannel(world, channel, user);
  return { ok: true };
}

export async function leave(world: World, user: string, channelId: string): Promise<Outcome> {
  const channel = channelById(world, channelId);
  if (!channel?.members.includes(user) || channel.kind === 'im') return failed('not_in_channel');
  await leaveChannel(world, channel, user);
  return { ok: true };
}

/** Also how a person brings the app into a channel. */
export async function invite(world: World, user: string, channelId: string, invited: string): Promise<Outcome> {
  const channel = channelById(world, channelId);
  if (!channel?.members.includes(user) || channel.kind === 'im') return failed('not_in_channel');
  const person = personById(world, invited);
  if (!person || person.deleted) return failed('user_not_found');
  if (channel.archived) return failed('is_archived');
  if (channel.members.includes(invited)) return failed('already_in_channel');
  await joinChannel(world, channel, invited, user);
  return { ok: true };
}
