import { z } from 'zod';
import { botIsIn, channelCalled, directMessage, visibleToBot } from '../channels.ts';
import type { Channel, Message } from '../data.ts';
import { linked, type Linking } from '../linking.ts';
import { messageAt, permalink, wireMessage } from '../messages.ts';
import { personById } from '../people.ts';
import { checkedContent, type Content, type Draft, postAsBot } from '../posting.ts';
import { surfaceLimits } from '../blocks/limits.ts';
import { textLength } from '../blocks/length.ts';
import { refuse } from '../refusal.ts';
import { takeAway } from '../taking-away.ts';
import type { World } from '../world.ts';
import { written } from '../writes.ts';
import { flag, json, method, type Method, text } from './method.ts';

/** What every message may carry. */
export const contentArgs = {
  text,
  blocks: json,
  attachments: json,
  markdown_text: text,
  metadata: json,
  parse: text,
  link_names: flag,
  mrkdwn: flag,
  unfurl_links: flag,
  unfurl_media: flag,
};

/** A user id stands for the DM with that person; of people names are not taken, of channels they are. */
function target(world: World, id: string): Channel {
  const person = /^[UW]/.test(id) ? personById(world, id) : undefined;
  if (person?.deleted || person?.kind === 'bot') refuse('channel_not_found');
  return person ? directMessage(world, person.id) : visibleToBot(world, channelCalled(world, id)?.id ?? id);
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

const identityArgs = { username: text, icon_emoji: text, icon_url: text };

interface Identity {
  username?: string | undefined;
  icon_emoji?: string | undefined;
  icon_url?: string | undefined;
}

function customised(world: World, asked: Identity): Partial<Message> {
  if (!asked.username && !asked.icon_emoji && !asked.icon_url) return {};
  if (world.app.scopes.has('chat:write.customize')) return { username: asked.username };
  return refuse('missing_scope', { needed: 'chat:write.customize', provided: [...world.app.scopes].join(',') });
}

/** Everything a new message holds, checked; `text` with its names made into links where that was asked for. */
export function composed(world: World, args: Draft & Linking): Content {
  return checkedContent(world, { ...args, text: linked(world, args.text, args) });
}

/** Only posting has this limit; updates and response URLs do not. */
function notTooLong(content: Content): Content {
  return textLength(content.blocks ?? []) > surfaceLimits.blockTextMax ? refuse('msg_blocks_too_long') : content;
}

const postMessage = method({
  scopes: ['chat:write'],
  tier: 'special',
  args: z.object({
    channel: z.string(),
    ...contentArgs,
    thread_ts: text,
    reply_broadcast: flag,
    ...identityArgs,
  }),
  run(world, args) {
    const channel = writable(world, args.channel);
    parentIn(channel, args.thread_ts);
    const more = { threadTs: args.thread_ts, broadcast: args.reply_broadcast, ...customised(world, args) };
    const about = { method: 'chat.postMessage', kind: 'message' } as const;
    const checked = written(world, about, args, () => notTooLong(composed(world, args)));
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
    const checked = written(world, about, args, () => composed(world, args));
    const message = postAsBot(world, channel, checked, {
      threadTs: args.thread_ts,
      ephemeralTo: args.user,
    });
    return { message_ts: message.ts };
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
    void takeAway(world, channel, message);
    return { channel: channel.id, ts: args.ts };
  },
});

const getPermalink = method({
  tier: 'special',
  args: z.object({ channel: z.string(), message_ts: z.string() }),
  run(world, args) {
    const channel = visibleToBot(world, args.channel);
    return { channel: channel.id, permalink: permalink(world, channel, messageAt(channel, args.message_ts)) };
  },
});

export const chat: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
};
