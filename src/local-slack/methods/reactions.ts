import { z } from 'zod';
import { botIsIn } from '../channels.ts';
import type { Channel, Message } from '../data.ts';
import { fileById, wireFile } from '../files.ts';
import type { Fields } from '../json.ts';
import { permalink, wireMessage } from '../messages.ts';
import { page } from '../paging.ts';
import { personById } from '../people.ts';
import { setReaction } from '../reactions.ts';
import { refuse } from '../refusal.ts';
import type { World } from '../world.ts';
import { itemArgs, itemOf } from './item.ts';
import { count, flag, method, type Method, text } from './method.ts';

const most = { kinds: 50, ofOnePerson: 23 };

function checkedName(name: string): string {
  return /^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name) ? name : refuse('invalid_name');
}

const add = method({
  scopes: ['reactions:write'],
  tier: 3,
  args: z.object({ ...itemArgs, name: z.string() }),
  run(world, args) {
    const name = checkedName(args.name);
    const { channel, message } = itemOf(world, args);
    const user = world.app.botUserId;
    if (channel.archived) refuse('is_archived');
    const known = message.reactions.find((each) => each.name === name);
    if (known?.users.includes(user)) refuse('already_reacted');
    if (!known && message.reactions.length >= most.kinds) refuse('too_many_emoji');
    const own = message.reactions.filter(({ users }) => users.includes(user));
    if (own.length >= most.ofOnePerson) refuse('too_many_reactions');
    void setReaction(world, channel, message, { user, name, on: true });
    return {};
  },
});

const remove = method({
  scopes: ['reactions:write'],
  tier: 2,
  args: z.object({ ...itemArgs, name: z.string() }),
  run(world, args) {
    const name = checkedName(args.name);
    const { channel, message } = itemOf(world, args);
    const user = world.app.botUserId;
    if (!message.reactions.some((each) => each.name === name && each.users.includes(user))) refuse('no_reaction');
    void setReaction(world, channel, message, { user, name, on: false });
    return {};
  },
});

function wireItem(world: World, channel: Channel, message: Message): Fields {
  const link = permalink(world, channel, message);
  return {
    type: 'message',
    channel: channel.id,
    message: { ...wireMessage(world, channel, message), permalink: link },
  };
}

const get = method({
  scopes: ['reactions:read'],
  tier: 3,
  args: z.object({ ...itemArgs, file: text, full: flag }),
  run(world, args) {
    if (args.file) {
      const file = fileById(world, args.file) ?? refuse('file_not_found');
      return { type: 'file', file: wireFile(world, file) };
    }
    const { channel, message } = itemOf(world, args);
    return wireItem(world, channel, message);
  },
});

const list = method({
  scopes: ['reactions:read'],
  tier: 2,
  args: z.object({ user: text, full: flag, limit: count, cursor: text }),
  run(world, args) {
    const user = args.user ?? world.app.botUserId;
    if (!personById(world, user)) refuse('user_not_found');
    const found = world.data.channels
      .filter((channel) => botIsIn(world, channel))
      .flatMap((channel) => channel.messages.map((message) => ({ channel, message })))
      .filter(({ message }) => message.reactions.some(({ users }) => users.includes(user)))
      .toSorted((one, other) => Number(other.message.ts) - Number(one.message.ts));
    const { items, response_metadata } = page(found, args, 1000);
    return { items: items.map(({ channel, message }) => wireItem(world, channel, message)), response_metadata };
  },
});

export const reactions: Record<string, Method> = {
  'reactions.add': add,
  'reactions.get': get,
  'reactions.list': list,
  'reactions.remove': remove,
};
