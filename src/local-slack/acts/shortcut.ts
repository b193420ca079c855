import { channelById } from '../channels.ts';
import { wireMessage } from '../messages.ts';
import { actionTs, inChannel, interaction, withTrigger } from '../payloads.ts';
import { personById } from '../people.ts';
import { newResponseUrl } from '../response-urls.ts';
import { ask } from '../transports.ts';
import type { World } from '../world.ts';
import { failed, type Outcome, reported } from './outcome.ts';

/** People of another workspace have none of this app's shortcuts. */
function offers(world: World, user: string, callbackId: string, type: 'global' | 'message'): boolean {
  if (personById(world, user)?.kind === 'foreign') return false;
  return world.app.shortcuts.some((each) => each.callback_id === callbackId && each.type === type);
}

export async function shortcut(world: World, user: string, callbackId: string): Promise<Outcome> {
  if (!offers(world, user, callbackId, 'global')) return failed('unknown_shortcut');
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
  if (!offers(world, user, callbackId, 'message')) return failed('unknown_shortcut');
  const channel = channelById(world, channelId);
  const message = channel?.messages.find((each) => each.ts === ts && !each.ephemeralTo);
  if (!channel?.members.includes(user) || !message) return failed('message_not_found');
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
