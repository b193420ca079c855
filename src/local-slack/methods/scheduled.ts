import { z } from 'zod';
import { channelCalled, visibleToBot } from '../channels.ts';
import { newId, seconds } from '../ids.ts';
import { page } from '../paging.ts';
import { refuse } from '../refusal.ts';
import { sendWhenDue } from '../scheduled.ts';
import { written } from '../writes.ts';
import { composed, contentArgs, parentIn, writable } from './chat.ts';
import { count, flag, method, type Method, text } from './method.ts';

const furthest = 120 * 24 * 3600;
/** Seconds before its time from which a message can no longer be taken back. */
const lastCall = 60;
const crowd = { most: 30, seconds: 300 };

const schedule = method({
  scopes: ['chat:write'],
  tier: 3,
  args: z.object({
    channel: z.string(),
    post_at: z.coerce.number(),
    ...contentArgs,
    thread_ts: text,
    reply_broadcast: flag,
  }),
  run(world, args) {
    const now = seconds(world);
    if (!Number.isInteger(args.post_at)) refuse('invalid_time');
    if (args.post_at <= now) refuse('time_in_past');
    if (args.post_at > now + furthest) refuse('time_too_far');
    const channel = writable(world, args.channel);
    parentIn(channel, args.thread_ts);
    const near = world.data.scheduled.filter(
      ({ channel: other, postAt }) => other === channel.id && Math.abs(postAt - args.post_at) < crowd.seconds,
    );
    if (near.length >= crowd.most) refuse('restricted_too_many');
    const about = { method: 'chat.scheduleMessage', kind: 'message' } as const;
    const content = written(world, about, args, () => composed(world, args));
    const id = newId(world, 'Q');
    const where = { channel: channel.id, threadTs: args.thread_ts, broadcast: args.reply_broadcast };
    const message = { id, ...where, postAt: args.post_at, made: now, content };
    world.data.scheduled.push(message);
    sendWhenDue(world, message);
    const { metadata: _metadata, ...shown } = content;
    return {
      channel: channel.id,
      scheduled_message_id: id,
      post_at: args.post_at,
      message: {
        type: 'delayed_message',
        user: world.app.botUserId,
        bot_id: world.app.botId,
        team: world.team.id,
        ...shown,
      },
    };
  },
});

const list = method({
  scopes: [],
  tier: 3,
  args: z.object({ channel: text, oldest: count, latest: count, limit: count, cursor: text }),
  run(world, args) {
    const { channel, oldest = 0, latest = Infinity } = args;
    if (channel && !channelCalled(world, channel)) refuse('invalid_channel');
    const found = world.data.scheduled
      .filter((each) => (!channel || each.channel === channel) && each.postAt >= oldest && each.postAt <= latest)
      .toSorted((a, b) => a.postAt - b.postAt);
    const { items, response_metadata } = page(found, args, 100);
    return {
      scheduled_messages: items.map((each) => ({
        id: each.id,
        channel_id: each.channel,
        post_at: each.postAt,
        date_created: each.made,
        text: each.content.text,
      })),
      response_metadata,
    };
  },
});

const remove = method({
  scopes: ['chat:write'],
  tier: 3,
  args: z.object({ channel: z.string(), scheduled_message_id: z.string() }),
  run(world, args) {
    const { id: channelId } = visibleToBot(world, args.channel);
    const at = world.data.scheduled.findIndex(
      ({ id, channel }) => id === args.scheduled_message_id && channel === channelId,
    );
    const found = world.data.scheduled[at];
    if (!found || found.postAt - seconds(world) < lastCall) refuse('invalid_scheduled_message_id');
    world.data.scheduled.splice(at, 1);
    return {};
  },
});

export const scheduled: Record<string, Method> = {
  'chat.scheduleMessage': schedule,
  'chat.scheduledMessages.list': list,
  'chat.deleteScheduledMessage': remove,
};
