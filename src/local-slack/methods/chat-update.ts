import { z } from 'zod';
import { surfaceLimits } from '../blocks/limits.ts';
import { visibleToBot } from '../channels.ts';
import type { Channel, Message } from '../data.ts';
import { emitChange } from '../events.ts';
import { fileById } from '../files.ts';
import { newTs } from '../ids.ts';
import { textsIn } from '../json.ts';
import { linked, type Linking } from '../linking.ts';
import { messageAt, wireMessage } from '../messages.ts';
import { checkedContent, checkedMetadata, type Content, type Draft, viewersOf } from '../posting.ts';
import { refuse } from '../refusal.ts';
import { changed, type World } from '../world.ts';
import { written } from '../writes.ts';
import { contentArgs } from './chat.ts';
import { flag, json, method, type Method } from './method.ts';

/** `text` alone takes the blocks away; what is left out altogether stays. */
function updated(world: World, message: Message, args: Draft & Linking): Content {
  const keepsBlocks = args.text === undefined && args.markdown_text === undefined && args.blocks === undefined;
  const metadata = args.metadata === undefined ? message.metadata : checkedMetadata(args.metadata);
  const drafted = checkedContent(world, {
    ...args,
    metadata: undefined,
    text: linked(world, args.text, args) ?? (keepsBlocks ? message.text : undefined),
    blocks: keepsBlocks ? message.blocks : args.blocks,
    attachments: args.attachments ?? message.attachments,
  });
  return { ...drafted, metadata };
}

/** A message the app may still change, or Slack's word for why not. */
function changeable(world: World, channel: Channel, ts: string): Message {
  const found = channel.messages.find((each) => each.ts === ts);
  if (found?.ephemeralTo) refuse('cant_update_message');
  const message = messageAt(channel, ts);
  if (!message.bot || message.subtype) refuse('cant_update_message');
  if (channel.archived) refuse('is_inactive');
  const { editWindowMs } = world;
  if (editWindowMs !== undefined && world.now() - Number(ts) * 1000 > editWindowMs) refuse('edit_window_closed');
  return message;
}

/** An old reply is shown to the whole channel as it is, or changed, but not both at once. */
function checkBroadcast(message: Message, hasContent: boolean): void {
  if (!message.threadTs || message.threadTs === message.ts) refuse('cant_broadcast_message');
  if (hasContent && !message.broadcast) refuse('no_dual_broadcast_content_update');
}

function checkedFiles(world: World, given: unknown): string[] {
  const ids = textsIn(given);
  for (const id of ids) {
    const file = fileById(world, id);
    if (!file?.complete) refuse('file_not_found');
    if (file.deleted) refuse('file_deleted');
  }
  return ids;
}

const update = method({
  scopes: ['chat:write'],
  tier: 3,
  args: z.object({ channel: z.string(), ts: z.string(), ...contentArgs, file_ids: json, reply_broadcast: flag }),
  run(world, args) {
    const channel = visibleToBot(world, args.channel);
    const message = changeable(world, channel, args.ts);
    if ((args.text?.length ?? 0) > surfaceLimits.updateTextMax) refuse('msg_too_long');
    const hasContent = [args.text, args.blocks, args.attachments, args.markdown_text].some(
      (part) => part !== undefined,
    );
    if (args.reply_broadcast) checkBroadcast(message, hasContent);
    const files = args.file_ids === undefined ? message.files : checkedFiles(world, args.file_ids);
    const before = wireMessage(world, channel, message);
    const about = { method: 'chat.update', kind: 'message' } as const;
    const after = written(world, about, args, () => updated(world, message, args));
    Object.assign(message, { blocks: undefined, attachments: undefined, ...after, files });
    if (args.reply_broadcast) message.broadcast = true;
    message.edited = { user: world.app.botUserId, ts: newTs(world) };
    changed(world, viewersOf(channel));
    const wire = wireMessage(world, channel, message, true);
    void emitChange(world, channel, before, wire);
    return { channel: channel.id, ts: message.ts, text: message.text, message: wire };
  },
});

export const chatUpdate: Record<string, Method> = { 'chat.update': update };
