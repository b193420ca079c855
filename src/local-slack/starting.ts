import { addChannel, channelById } from './channels.ts';
import { type Data, dataSchema, type Person } from './data.ts';
import { freshHealth } from './delivery-health.ts';
import { sendWhenDue } from './scheduled.ts';
import { changed, type World } from './world.ts';

export interface ChannelSeed {
  id: string;
  name: string;
  isPrivate?: boolean;
  /** Shared with another workspace by Slack Connect. */
  isShared?: boolean;
  topic?: string;
  members: string[];
}

/** What a workspace begins with. */
export interface Seed {
  people: Person[];
  channels: ChannelSeed[];
  userGroups?: Data['userGroups'];
  saved?: unknown;
}

export function startingData(seed: Seed): Data {
  if (seed.saved !== undefined) return dataSchema.parse(structuredClone(seed.saved));
  const { people, userGroups = [] } = structuredClone({ people: seed.people, userGroups: seed.userGroups });
  return { people, channels: [], files: [], homes: {}, userGroups, scheduled: [], sequence: 0, lastTs: 0 };
}

export function seedWorld(world: World, seeds: readonly ChannelSeed[]): void {
  for (const seed of seeds) {
    if (world.data.channels.some(({ id }) => id === seed.id)) continue;
    const kind = seed.isPrivate ? 'private' : 'channel';
    addChannel(world, { ...seed, kind, creator: seed.members[0] ?? world.app.botUserId });
    if (seed.isShared) Object.assign(channelById(world, seed.id) ?? {}, { shared: true });
  }
  for (const message of world.data.scheduled) sendWhenDue(world, message);
}

/** Everything as at the start; connections and the address of events stay. */
export function startAgain(world: World, seed: Seed): void {
  Object.assign(world.data, startingData(seed));
  const { codes, modals, stacks, triggers, responseUrls, messageValues, suggested, buckets } = world;
  for (const map of [codes, modals, stacks, triggers, responseUrls, messageValues, suggested, buckets]) map.clear();
  for (const list of [world.faults, world.calls, world.deliveries, world.unseen]) list.length = 0;
  Object.assign(world, { installed: true, health: freshHealth() });
  seedWorld(world, seed.channels);
  changed(world);
}

/** What only one person ever saw is not kept, as in Slack itself. */
export function kept(data: Data): Data {
  const copy = structuredClone(data);
  for (const channel of copy.channels) channel.messages = channel.messages.filter(({ ephemeralTo }) => !ephemeralTo);
  return copy;
}
