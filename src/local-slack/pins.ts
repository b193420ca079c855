import { botIsIn } from './channels.ts';
import type { Channel, Message } from './data.ts';
import { emit } from './events.ts';
import { seconds } from './ids.ts';
import { permalink, wireMessage } from './messages.ts';
import { viewersOf } from './posting.ts';
import { changed, type World } from './world.ts';

/** Takes the pin off again with `pinned` false. */
export async function setPin(
  world: World,
  channel: Channel,
  message: Message,
  user: string,
  pinned: boolean,
): Promise<void> {
  Object.assign(message, { pinned, pinnedBy: user, pinnedAt: seconds(world) });
  changed(world, viewersOf(channel));
  if (!botIsIn(world, channel)) return;
  const count = channel.messages.filter((each) => each.pinned).length;
  const wire = { ...wireMessage(world, channel, message), permalink: permalink(world, channel, message) };
  const type = pinned ? 'pin_added' : 'pin_removed';
  const event = {
    type,
    user,
    channel_id: channel.id,
    item: { type: 'message', channel: channel.id, created_by: user, created: seconds(world), message: wire },
    item_user: message.user,
    pin_count: String(count),
    pinned_info: { channel: channel.id, pinned_by: user, pinned_ts: seconds(world) },
    ...(pinned ? {} : { has_pins: count > 0 }),
  };
  await emit(world, type, event, channel);
}
