import { joinedByBot } from '../channels.ts';
import type { Channel, Message } from '../data.ts';
import { messageAt } from '../messages.ts';
import { refuse } from '../refusal.ts';
import type { World } from '../world.ts';
import { text } from './method.ts';

/** How pins and reactions name a message. */
export const itemArgs = { channel: text, timestamp: text };

export function itemOf(
  world: World,
  given: { channel?: string | undefined; timestamp?: string | undefined },
): { channel: Channel; message: Message } {
  if (!given.timestamp) refuse('no_item_specified');
  const channel = joinedByBot(world, given.channel ?? '');
  if (!/^\d+\.\d{6}$/.test(given.timestamp)) refuse('bad_timestamp');
  return { channel, message: messageAt(channel, given.timestamp) };
}
