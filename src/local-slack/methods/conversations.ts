import { z } from 'zod';
import { archiveChannel, noteOnChannel, tellCreated } from '../channel-life.ts';
import { addChannel, botIsIn, directMessage, joinedByBot, needScope, visibleToBot, wireChannel } from '../channels.ts';
import type { Channel } from '../data.ts';
import type { Fields } from '../json.ts';
import { joinChannel } from '../membership.ts';
import { personById } from '../people.ts';
import { viewersOf } from '../posting.ts';
import { refuse } from '../refusal.ts';
import { changed, type World } from '../world.ts';
import { flag, method, type Method, text } from './method.ts';

function checkedName(world: World, name: string): string {
  if (name === '') refuse('invalid_name_required');
  if (name.length > 80) refuse('invalid_name_maxlength');
  if (!/[a-z0-9]/.test(name)) refuse('invalid_name_punctuation');
  if (!/^[a-z0-9_-]+$/.test(name)) refuse('invalid_name_specials');
  if (world.data.channels.some((channel) => channel.name === name)) refuse('name_taken');
  return name;
}

const create = method({
  tier: 2,
  args: z.object({ name: z.string(), is_private: flag }),
  run(world, args) {
    const kind = args.is_private ? 'private' : 'channel';
    needScope(world, kind, 'write');
    const bot = world.app.botUserId;
    const channel = addChannel(world, { name: checkedName(world, args.name), kind, members: [bot], creator: bot });
    changed(world, viewersOf(channel));
    void tellCreated(world, channel);
    return { channel: wireChannel(world, channel) };
  },
});

function inviteError(world: World, channel: Channel, user: string): string | undefined {
  const person = personById(world, user);
  if (user === world.app.botUserId) return 'cant_invite_self';
  if (!person || person.deleted) return 'user_not_found';
  if (person.kind === 'foreign') return 'cant_invite';
  return channel.members.includes(user) ? 'already_in_channel' : undefined;
}

/** One bad name spoils the whole list unless `force` is given. */
const invite = method({
  tier: 3,
  args: z.object({ channel: z.string(), users: z.string(), force: flag }),
  run(world, args) {
    const channel = joinedByBot(world, args.channel);
    if (!world.app.scopes.has('channels:write.invites')) needScope(world, channel.kind, 'write');
    if (channel.kind === 'im' || channel.kind === 'mpim') refuse('method_not_supported_for_channel_type');
    if (channel.archived) refuse('is_archived');
    const users = args.users.split(',').map((user) => user.trim());
    if (users.every((user) => user === '')) refuse('no_user');
    if (users.length > 1000) refuse('too_many_users');
    const errors = users
      .map((user) => ({ user, ok: false, error: inviteError(world, channel, user) }))
      .filter(({ error }) => error !== undefined);
    const first = errors[0]?.error;
    if (first && (!args.force || errors.length === users.length)) refuse(first, { errors });
    for (const user of users) {
      if (!errors.some((error) => error.user === user)) void joinChannel(world, channel, user, world.app.botUserId);
    }
    return { channel: wireChannel(world, channel), ...(errors.length > 0 ? { errors } : {}) };
  },
});

const join = method({
  scopes: ['channels:join'],
  tier: 3,
  args: z.object({ channel: z.string() }),
  run(world, args) {
    const channel = visibleToBot(world, args.channel);
    if (channel.kind !== 'channel') refuse('method_not_supported_for_channel_type');
    if (channel.archived) refuse('is_archived');
    if (botIsIn(world, channel)) {
      const warnings = { response_metadata: { warnings: ['already_in_channel'] } };
      return { channel: wireChannel(world, channel), warning: 'already_in_channel', ...warnings };
    }
    void joinChannel(world, channel, world.app.botUserId);
    return { channel: wireChannel(world, channel) };
  },
});

function noted(world: World, id: string, field: 'topic' | 'purpose', value: string): Channel {
  const channel = joinedByBot(world, id);
  if (!(field === 'topic' && world.app.scopes.has('channels:write.topic'))) needScope(world, channel.kind, 'write');
  if (channel.kind === 'im') refuse('method_not_supported_for_channel_type');
  if (channel.archived) refuse('is_archived');
  if (value.length > 250) refuse('too_long');
  void noteOnChannel(world, channel, world.app.botUserId, field, value);
  return channel;
}

const setTopic = method({
  tier: 2,
  args: z.object({ channel: z.string(), topic: z.string() }),
  run: (world, args) => ({ channel: wireChannel(world, noted(world, args.channel, 'topic', args.topic)) }),
});

const setPurpose = method({
  tier: 2,
  args: z.object({ channel: z.string(), purpose: z.string() }),
  run: (world, args) => ({ channel: wireChannel(world, noted(world, args.channel, 'purpose', args.purpose)) }),
});

const archive = method({
  tier: 2,
  args: z.object({ channel: z.string() }),
  run(world, args) {
    const channel = joinedByBot(world, args.channel);
    needScope(world, channel.kind, 'write');
    if (channel.kind === 'im' || channel.kind === 'mpim') refuse('method_not_supported_for_channel_type');
    if (channel.archived) refuse('already_archived');
    if (channel.name === 'general') refuse('cant_archive_general');
    void archiveChannel(world, channel, world.app.botUserId, true);
    return {};
  },
});

/** Refused to bots: Slack's own documentation calls it a bug. */
const unarchive = method({
  tier: 2,
  args: z.object({ channel: z.string() }),
  run(world, args) {
    const channel = visibleToBot(world, args.channel);
    needScope(world, channel.kind, 'write');
    if (channel.kind === 'im' || channel.kind === 'mpim') refuse('method_not_supported_for_channel_type');
    if (!channel.archived) refuse('not_archived');
    return refuse('not_in_channel');
  },
});

function opened(world: World, channel: Channel, existed: boolean, whole: boolean | undefined): Fields {
  if (channel.kind !== 'im' && channel.kind !== 'mpim') refuse('method_not_supported_for_channel_type');
  const known = existed ? { no_op: true, already_open: true } : {};
  return { ...known, channel: whole ? wireChannel(world, channel) : { id: channel.id } };
}

/** A group DM is the same one for the same people. */
function openGroup(world: World, users: readonly string[], whole: boolean | undefined): Fields {
  const members = [world.app.botUserId, ...new Set(users)];
  const same = ({ kind, members: others }: Channel) =>
    kind === 'mpim' && others.length === members.length && members.every((member) => others.includes(member));
  const found = world.data.channels.find(same);
  const name = `mpdm-${members.map((member) => personById(world, member)?.name ?? member).join('--')}-1`;
  const channel = found ?? addChannel(world, { name, kind: 'mpim', members, creator: world.app.botUserId });
  if (!found) changed(world, members);
  return opened(world, channel, found !== undefined, whole);
}

const open = method({
  scopes: ['im:write', 'mpim:write'],
  tier: 3,
  args: z.object({ users: text, channel: text, return_im: flag }),
  run(world, args) {
    if (args.channel) return opened(world, visibleToBot(world, args.channel), true, args.return_im);
    const users = args.users?.split(',').filter((user) => user !== '') ?? [];
    const [user] = users;
    if (!user) return refuse('users_list_not_supplied');
    if (users.length > 8) refuse('too_many_users');
    for (const each of users) {
      const person = personById(world, each) ?? refuse('user_not_found');
      if (person.deleted) refuse('user_disabled');
      if (person.kind === 'bot') refuse('user_not_visible');
    }
    needScope(world, users.length > 1 ? 'mpim' : 'im', 'write');
    if (users.length > 1) return openGroup(world, users, args.return_im);
    const existed = world.data.channels.some(({ kind, members }) => kind === 'im' && members.includes(user));
    const channel = directMessage(world, user);
    return opened(world, channel, existed, args.return_im);
  },
});

export const conversations: Record<string, Method> = {
  'conversations.create': create,
  'conversations.invite': invite,
  'conversations.join': join,
  'conversations.setTopic': setTopic,
  'conversations.setPurpose': setPurpose,
  'conversations.archive': archive,
  'conversations.unarchive': unarchive,
  'conversations.open': open,
};
