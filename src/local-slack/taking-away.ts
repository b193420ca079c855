import type { Channel, Message } from './data.ts';
import { emitChange } from './events.ts';
import { repliesTo, tombstone, wireMessage } from './messages.ts';
import { viewersOf } from './posting.ts';
import { changed, type World } from './world.ts';

const nothing = {
  username: undefined,
  blocks: undefined,
  attachments: undefined,
  files: undefined,
  edited: undefined,
  metadata: undefined,
  pinned: undefined,
  details: undefined,
};

/** The head of a thread stays as a mark until its last reply is gone too. */
export async function takeAway(world: World, channel: Channel, message: Message): Promise<void> {
  const before = wireMessage(world, channel, message);
  const isHead = !message.ephemeralTo && repliesTo(channel, message.ts).length > 0;
  if (isHead) Object.assign(message, nothing, tombstone, { reactions: [], threadTs: message.ts });
  else channel.messages.splice(channel.messages.indexOf(message), 1);
  changed(world, message.ephemeralTo ? [message.ephemeralTo] : viewersOf(channel));
  if (message.ephemeralTo) return;
  await emitChange(world, channel, before, isHead ? wireMessage(world, channel, message) : undefined);
  const head = channel.messages.find(({ ts }) => ts === message.threadTs);
  const isLast = head?.subtype === 'tombstone' && repliesTo(channel, head.ts).length === 0;
  if (isLast) await takeAway(world, channel, head);
}
