import { z } from 'zod';
import { botIsIn, joinedByBot, needScope, visibleToBot, wireChannel } from '../channels.ts';
import type { Channel } from '../data.ts';
import { repliesTo, wireMessage } from '../messages.ts';
import { page } from '../paging.ts';
import { refuse } from '../refusal.ts';
import { count, flag, method, type Method, text } from './method.ts';

const kindOf: Record<string, Channel['kind']> = {
  public_channel: 'channel',
  private_channel: 'private',
  im: 'im',
  mpim: 'mpim',
};

const list = method({
  tier: 2,
  args: z.object({ types: text, exclude_archived: flag, limit: count, cursor: text }),
  run(world, args) {
    const kinds = (args.types ?? 'public_channel')
      .split(',')
      .map((type) => kindOf[type.trim()] ?? refuse('invalid_types'));
    for (const kind of kinds) needScope(world, kind, 'read');
    const all = world.data.channels.filter(
      (channel) =>
        kinds.includes(channel.kind) &&
        (channel.kind === 'channel' || botIsIn(world, channel)) &&
        !(args.exclude_archived && channel.archived),
    );
    const { items, response_metadata } = page(all, args, 1000);
    return { channels: items.map((channel) => wireChannel(world, channel)), response_metadata };
  },
});

const info = method({
  tier: 3,
  args: z.object({ channel: z.string(), include_num_members: flag }),
  run(world, args) {
    const channel = visibleToBot(world, args.channel);
    needScope(world, channel.kind, 'read');
    const { num_members: members, ...wire } = wireChannel(world, channel);
    return { channel: args.include_num_members ? { ...wire, num_members: members } : wire };
  },
});

const members = method({
  tier: 4,
  args: z.object({ channel: z.string(), limit: count, cursor: text }),
  run(world, args) {
    const channel = visibleToBot(world, args.channel);
    needScope(world, channel.kind, 'read');
    const { items, response_metadata } = page(channel.members, args, 1000);
    return { members: items, response_metadata };
  },
});

const range = { latest: text, oldest: text, inclusive: flag, limit: count, cursor: text, include_all_metadata: flag };

function within(
  ts: string,
  asked: { latest?: string | undefined; oldest?: string | undefined; inclusive?: boolean | undefined },
): boolean {
  const at = Number(ts);
  if (asked.inclusive && (ts === asked.latest || ts === asked.oldest)) return true;
  return at > Number(asked.oldest ?? 0) && at < Number(asked.latest ?? Infinity);
}

function checkRange(asked: { latest?: string | undefined; oldest?: string | undefined }): void {
  if (Number.isNaN(Number(asked.latest ?? 0))) refuse('invalid_ts_latest');
  if (Number.isNaN(Number(asked.oldest ?? 0))) refuse('invalid_ts_oldest');
}

const history = method({
  tier: 3,
  args: z.object({ channel: z.string(), ...range }),
  run(world, args) {
    const channel = joinedByBot(world, args.channel);
    needScope(world, channel.kind, 'history');
    checkRange(args);
    const all = channel.messages
      .filter((message) => !message.ephemeralTo && within(message.ts, args))
      .filter(({ threadTs, ts, broadcast }) => !threadTs || threadTs === ts || broadcast);
    const { items, response_metadata, hasMore } = page(all.toReversed(), args, 999);
    const messages = items.map((message) => wireMessage(world, channel, message, args.include_all_metadata));
    return {
      messages,
      has_more: hasMore,
      pin_count: channel.messages.filter(({ pinned }) => pinned).length,
      response_metadata,
    };
  },
});

const replies = method({
  tier: 3,
  args: z.object({ channel: z.string(), ts: z.string(), ...range }),
  run(world, args) {
    const channel = joinedByBot(world, args.channel);
    needScope(world, channel.kind, 'history');
    checkRange(args);
    const parent =
      channel.messages.find(({ ts, ephemeralTo }) => ts === args.ts && !ephemeralTo) ?? refuse('thread_not_found');
    const all = [parent, ...repliesTo(channel, parent.ts).filter(({ ts }) => within(ts, args))];
    const { items, response_metadata, hasMore } = page(all, args, 1000);
    const messages = items.map((message) => wireMessage(world, channel, message, args.include_all_metadata));
    return { messages, has_more: hasMore, response_metadata };
  },
});

export const conversationsRead: Record<string, Method> = {
  'conversations.list': list,
  'conversations.info': info,
  'conversations.members': members,
  'conversations.history': history,
  'conversations.replies': replies,
};
