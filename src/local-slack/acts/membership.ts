import { channelById } from '../channels.ts';
import { joinChannel, leaveChannel } from '../membership.ts';
import { personById } from '../people.ts';
import type { World } from '../world.ts';
import { failed, type Outcome } from './outcome.ts';

export async function join(world: World, user: string, channelId: string): Promise<Outcome> {
  const channel = channelById(world, channelId);
  const kind = personById(world, user)?.kind ?? 'member';
  if (channel?.kind !== 'channel' || kind !== 'member') return failed('channel_not_found');
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

/** Takes somebody else out, or the app. */
export async function kick(world: World, user: string, channelId: string, kicked: string): Promise<Outcome> {
  const channel = channelById(world, channelId);
  const isDirect = channel?.kind === 'im' || channel?.kind === 'mpim';
  if (!channel?.members.includes(user) || isDirect) return failed('not_in_channel');
  if (personById(world, user)?.kind === 'guest') return failed('restricted_action');
  if (!channel.members.includes(kicked)) return failed('user_not_in_channel');
  await leaveChannel(world, channel, kicked, user);
  return { ok: true };
}

/** Also how a person brings the app into a channel. */
export async function invite(world: World, user: string, channelId: string, invited: string): Promise<Outcome> {
  const channel = channelById(world, channelId);
  if (!channel?.members.includes(user) || channel.kind === 'im') return failed('not_in_channel');
  if (personById(world, user)?.kind === 'guest') return failed('restricted_action');
  const person = personById(world, invited);
  if (!person || person.deleted) return failed('user_not_found');
  if (person.kind === 'foreign' && !channel.shared) return failed('cant_invite');
  if (channel.archived) return failed('is_archived');
  if (channel.members.includes(invited)) return failed('already_in_channel');
  await joinChannel(world, channel, invited, user);
  return { ok: true };
}
