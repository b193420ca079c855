import { z } from 'zod';
import { joinedByBot } from '../channels.ts';
import { permalink, wireMessage } from '../messages.ts';
import { setPin } from '../pins.ts';
import { refuse } from '../refusal.ts';
import { itemArgs, itemOf } from './item.ts';
import { method, type Method } from './method.ts';

const most = 100;

const add = method({
  scopes: ['pins:write'],
  tier: 2,
  args: z.object(itemArgs),
  run(world, args) {
    const { channel, message } = itemOf(world, args);
    if (message.pinned) refuse('already_pinned');
    if (message.subtype) refuse('not_pinnable');
    if (channel.messages.filter(({ pinned }) => pinned).length >= most) refuse('too_many_pins');
    void setPin(world, channel, message, world.app.botUserId, true);
    return {};
  },
});

const remove = method({
  scopes: ['pins:write'],
  tier: 2,
  args: z.object(itemArgs),
  run(world, args) {
    const { channel, message } = itemOf(world, args);
    if (!message.pinned) refuse('no_pin');
    void setPin(world, channel, message, world.app.botUserId, false);
    return {};
  },
});

const list = method({
  scopes: ['pins:read'],
  tier: 2,
  args: z.object({ channel: z.string() }),
  run(world, args) {
    const channel = joinedByBot(world, args.channel);
    const pinned = channel.messages.filter((message) => message.pinned);
    return {
      items: pinned
        .toSorted((one, other) => (other.pinnedAt ?? 0) - (one.pinnedAt ?? 0))
        .map((message) => ({
          type: 'message',
          channel: channel.id,
          created: message.pinnedAt ?? 0,
          created_by: message.pinnedBy ?? '',
          message: { ...wireMessage(world, channel, message), permalink: permalink(world, channel, message) },
        })),
    };
  },
});

export const pins: Record<string, Method> = { 'pins.add': add, 'pins.list': list, 'pins.remove': remove };
