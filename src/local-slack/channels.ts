import type { Channel } from './data.ts';
import { newId, seconds } from './ids.ts';
import type { Fields } from './json.ts';
import { personById } from './people.ts';
import { refuse } from './refusal.ts';
import type { World } from './world.ts';

const blank = { value: '', creator: '', last_set: 0 };

export function addChannel(
  world: World,
  given: Pick<Channel, 'name' | 'kind' | 'members' | 'creator'> & { id?: string; topic?: string },
): Channel {
  const channel: Channel = {
    id: given.id ?? newId(world, given.kind === 'im' ? 'D' : 'C'),
    name: given.name,
    kind: given.kind,
    topic: { ...blank, value: given.topic ?? '' },
    purpose: { ...blank },
    members: [...given.members],
    archived: false,
    created: seconds(world),
    creator: given.creator,
    messages: [],
    bookmarks: [],
    lastRead: {},
  };
  world.data.channels.push(channel);
  return channel;
}

export function channelById(world: World, id: string): Channel | undefined {
  return world.data.channels.find((channel) => channel.id === id);
}

/** What a person calls a channel: its id, or its name with or without #. */
export function channelCalled(world: World, name: string): Channel | undefined {
  const bare = name.replace(/^#/, '');
  return world.data.channels.find((channel) => channel.id === name || (channel.kind !== 'im' && channel.name === bare));
}

export function directMessage(world: World, user: string): Channel {
  const bot = world.app.botUserId;
  const found = world.data.channels.find((channel) => channel.kind === 'im' && channel.members.includes(user));
  return found ?? addChannel(world, { name: '', kind: 'im', members: [bot, user], creator: bot });
}

export function botIsIn(world: World, channel: Channel): boolean {
  return channel.members.includes(world.app.botUserId);
}

/** Private channels the bot is not in do not exist for it. */
export function visibleToBot(world: World, id: string): Channel {
  const channel = channelById(world, id);
  if (!channel || (channel.kind !== 'channel' && !botIsIn(world, channel))) refuse('channel_not_found');
  return channel;
}

export function joinedByBot(world: World, id: string): Channel {
  const channel = visibleToBot(world, id);
  if (!botIsIn(world, channel)) refuse('not_in_channel');
  return channel;
}

export function wireChannel(world: World, channel: Channel): Fields {
  const base = {
    id: channel.id,
    created: channel.created,
    is_archived: channel.archived,
    is_im: channel.kind === 'im',
    is_org_shared: false,
  };
  if (channel.kind === 'im') {
    const user = channel.members.find((member) => member !== world.app.botUserId);
    return { ...base, user, is_user_deleted: personById(world, user ?? '')?.deleted ?? false };
  }
  return {
    ...base,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'private',
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'channel',
    is_general: channel.name === 'general',
    is_member: botIsIn(world, channel),
    is_shared: channel.shared === true,
    is_ext_shared: channel.shared === true,
    creator: channel.creator,
    topic: channel.topic,
    purpose: channel.purpose,
    previous_names: [],
    num_members: channel.members.length,
    context_team_id: world.team.id,
    ...(channel.canvas ? { properties: { canvas: { file_id: channel.canvas, is_empty: false } } } : {}),
  };
}

const prefixes = { channel: 'channels', private: 'groups', im: 'im', mpim: 'mpim' } as const;

/** Which scope a conversation needs depends on what kind it is. */
export function needScope(world: World, kind: Channel['kind'], verb: 'read' | 'history' | 'write'): void {
  const needed = kind === 'channel' && verb === 'write' ? 'channels:manage' : `${prefixes[kind]}:${verb}`;
  if (!world.app.scopes.has(needed)) refuse('missing_scope', { needed, provided: [...world.app.scopes].join(',') });
}
