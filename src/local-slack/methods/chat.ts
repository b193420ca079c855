import { z } from 'zod';
import { botIsIn, channelById, directMessage, visibleToBot } from '../channels.ts';
import type { Channel, Message } from '../data.ts';
import { emitChange } from '../events.ts';
import { newTs } from '../ids.ts';
import { messageAt, permalink, wireMessage } from '../messages.ts';
import { personById } from '../people.ts';
import { checkedContent, checkedMetadata, type Content, postAsBot, viewersOf } from '../posting.ts';
import { surfaceLimits } from '../blocks/limits.ts';
import { refuse } from '../refusal.ts';
import { changed, type World } from '../world.ts';
import { written } from '../writes.ts';
import { flag, json, method, type Method, text } from './method.ts';

/** What every message may carry. */
export const contentArgs = {
  text,
  blocks: json,
  attachments: json,
  markdown_text: text,
  metadata: json,
};

/** A user id stands for the DM with that person. */
function target(world: World, id: string): Channel {
  const person = /^[UW]/.test(id) ? personById(world, id) : undefined;
  if (person?.deleted || person?.kind === 'bot') refuse('channel_not_found');
  return person ? directMessage(world, person.id) : visibleToBot(world, id);
}

/** Where the app may write, or Slack's word for why not. */
export function writable(world: World, id: string): Channel {
  const channel = target(world, id);
  if (channel.archived) refuse('is_archived');
  if (channel.kind === 'im' && !world.app.messagesTab) refuse('messages_tab_disabled');
  if (!botIsIn(world, channel) && !world.app.scopes.has('chat:write.public')) refuse('not_in_channel');
  return channel;
}

export function parentIn(channel: Channel, threadTs: string | undefined): void {
  if (threadTs === undefined) return;
  const parent = channel.messages.find(({ ts, ephemeralTo }) => ts === threadTs && !ephemeralTo);
  if (!parent) refuse('thread_not_found');
  if (parent.subtype) refuse('cannot_reply_to_message');
}

function customised(world: World, username: string | undefined): Partial<Message> {
  if (username === undefined) return {};
  if (world.app.scopes.has('chat:write.customize')) return { username };
  return refuse('missing_scope', { needed: 'chat:write.customize', provided: [...world.app.scopes].join(',') });
}

const postMessage = method({
  scopes: ['chat:write'],
  tier: 'special',
  args: z.object({
    channel: z.string(),
    ...contentArgs,
    thread_ts: text,
    reply_broadcast: flag,
    username: text,
    icon_emoji: text,
  }),
  run(world, args) {
    const channel = writable(world, args.channel);
    parentIn(channel, args.thread_ts);
    const more = { threadTs: args.thread_ts, broadcast: args.reply_broadcast, ...customised(world, args.username) };
    const about = { method: 'chat.postMessage', kind: 'message' } as const;
    const checked = written(world, about, args, () => checkedContent(world, args));
    const message = postAsBot(world, channel, checked, more);
    return { channel: channel.id, ts: message.ts, message: wireMessage(world, channel, message, true) };
  },
});

const postEphemeral = method({
  scopes: ['chat:write'],
  tier: 4,
  args: z.object({ channel: z.string(), user: z.string(), ...contentArgs, thread_ts: text }),
  run(world, args) {
    const channel = writable(world, args.channel);
    if (!botIsIn(world, channel)) refuse('not_in_channel');
    if (!channel.members.includes(args.user)) refuse('user_not_in_channel');
    const about = { method: 'chat.postEphemeral', kind: 'ephemeral' } as const;
    const checked = written(world, about, args, () => checkedContent(world, args));
    const message = postAsBot(world, channel, checked, {
      threadTs: args.thread_ts,
      ephemeralTo: args.user,
    });
    return { message_ts: message.ts };
  },
});

type Update = {
  text?: string | undefined;
  blocks?: unknown;
  attachments?: unknown;
  markdown_text?: string | undefined;
  metadata?: unknown;
};

/** `text` alone takes the blocks away; what is left out altogether stays. */
function updated(world: World, message: Message, args: Update): Content {
  const keepsBlocks = args.text === undefined && args.markdown_text === undefined && args.blocks === undefined;
  const metadata = args.metadata === undefined ? message.metadata : checkedMetadata(args.metadata);
  const drafted = checkedContent(world, {
    ...args,
    metadata: undefined,
    text: args.text ?? (keepsBlocks ? message.text : undefined),
    blocks: keepsBlocks ? message.blocks : args.blocks,
    attachments: args.attachments ?? message.attachments,
  });
  return { ...drafted, metadata };
}

const update = method({
  scopes: ['chat:write'],
  tier: 3,
  args: z.object({ channel: z.string(), ts: z.string(), ...contentArgs, file_ids: json, reply_broadcast: flag }),
  async run(world, args) {
    const channel = visibleToBot(world, args.channel);
    const found = channel.messages.find(({ ts }) => ts === args.ts);
    if (found?.ephemeralTo) refuse('cant_update_message');
    const message = messageAt(channel, args.ts);
    if (!message.bot) refuse('cant_update_message');
    if (channel.archived) refuse('is_archived');
    if ((args.text?.length ?? 0) > surfaceLimits.updateTextMax) refuse('msg_too_long');
    const before = wireMessage(world, channel, message);
    const about = { method: 'chat.update', kind: 'message' } as const;
    const after = written(world, about, args, () => updated(world, message, args));
    Object.assign(message, { blocks: undefined, attachments: undefined, ...after });
    if (Array.isArray(args.file_ids)) message.files = args.file_ids.filter((id) => typeof id === 'string');
    if (args.reply_broadcast) message.broadcast = true;
    message.edited = { user: world.app.botUserId, ts: newTs(world) };
    changed(world, viewersOf(channel));
    const wire = wireMessage(world, channel, message, true);
    void emitChange(world, channel, before, wire);
    return { channel: channel.id, ts: message.ts, text: message.text, message: wire };
  },
});

const remove = method({
  scopes: ['chat:write'],
  tier: 3,
  args: z.object({ channel: z.string(), ts: z.string() }),
  run(world, args) {
    const channel = visibleToBot(world, args.channel);
    const message = messageAt(channel, args.ts);
    if (!message.bot) refuse('cant_delete_message');
    channel.messages.splice(channel.messages.indexOf(message), 1);
    changed(world, viewersOf(channel));
    void emitChange(world, channel, wireMessage(world, channel, message));
    return { channel: channel.id, ts: args.ts };
  },
});

const getPermalink = method({
  tier: 'special',
  args: z.object({ channel: z.string(), message_ts: z.string() }),
  run(world, args) {
    const channel = channelById(world, args.channel) ?? refuse('channel_not_found');
    return { channel: channel.id, permalink: permalink(world, channel, messageAt(channel, args.message_ts)) };
  },
});

export const chat: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
};
