import { channelById } from '../channels.ts';
import { fileById } from '../files.ts';
import { fromTyped } from '../mrkdwn.ts';
import { setPin } from '../pins.ts';
import { addMessage } from '../posting.ts';
import { tellShared } from '../sharing.ts';
import { typedBlocks } from '../typed.ts';
import type { World } from '../world.ts';
import { failed, type Outcome } from './outcome.ts';

export async function pin(
  world: World,
  user: string,
  channelId: string,
  ts: string,
  pinned: boolean,
): Promise<Outcome> {
  const channel = channelById(world, channelId);
  const message = channel?.messages.find((each) => each.ts === ts && !each.ephemeralTo);
  if (!channel || !message) return failed('message_not_found');
  if (!channel.members.includes(user)) return failed('not_in_channel');
  if ((message.pinned ?? false) === pinned) return failed(pinned ? 'already_pinned' : 'not_pinned');
  await setPin(world, channel, message, user, pinned);
  return { ok: true };
}

/** Puts a file that was uploaded before into a channel. */
export async function share(
  world: World,
  user: string,
  channelId: string,
  fileId: string,
  text: string,
): Promise<Outcome & { ts?: string }> {
  const channel = channelById(world, channelId);
  const file = fileById(world, fileId);
  if (!channel?.members.includes(user)) return failed('not_in_channel');
  if (channel.archived) return failed('is_archived');
  if (file?.user !== user) return failed('file_not_found');
  const typed = fromTyped(world, text);
  const said = text === '' ? {} : { blocks: typedBlocks(typed) };
  const { message, delivered } = addMessage(world, channel, {
    user,
    bot: false,
    text: typed,
    ...said,
    files: [file.id],
  });
  await Promise.all([delivered, tellShared(world, file, user, [channel])]);
  return { ok: true, ts: message.ts };
}
