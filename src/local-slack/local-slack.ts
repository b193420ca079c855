import type { AddressInfo } from 'node:net';
import { addChannel, channelById } from './channels.ts';
import { type Data, dataSchema, type Person } from './data.ts';
import { emit } from './events.ts';
import { httpTransport, verifyUrl } from './http-delivery.ts';
import { uninstall } from './installation.ts';
import { createSchedule } from './later.ts';
import { appFrom } from './manifest.ts';
import { atWork, type PersonAtWork } from './person.ts';
import { wireUser } from './people.ts';
import { sendWhenDue } from './scheduled.ts';
import { serveControl } from './remote.ts';
import { createWebServer } from './server.ts';
import { createSockets } from './sockets.ts';
import type { LocalSlack } from './stand-in.ts';
import { changed, type Team, type Tokens, type World, type Write } from './world.ts';

export type { LocalSlack } from './stand-in.ts';
export type { PersonAtWork } from './person.ts';

interface ChannelSeed {
  id: string;
  name: string;
  isPrivate?: boolean;
  /** Shared with another workspace by Slack Connect. */
  isShared?: boolean;
  topic?: string;
  members: string[];
}

export interface LocalSlackOptions {
  port?: number;
  team?: Team;
  people: Person[];
  channels: ChannelSeed[];
  userGroups?: Data['userGroups'];
  manifest: unknown;
  tokens?: Tokens;
  /** For OAuth: `client-id` and `client-secret` unless said. */
  client?: { id: string; secret: string };
  events?: { url: string };
  now?: () => number;
  rateLimits?: boolean;
  saved?: unknown;
  /** Awaited after each deed of a person, besides a short silence of the app. */
  settle?: () => Promise<void>;
  /** Told of every message and view the app writes, also of those that are refused. */
  onWrite?: (write: Write) => void;
}

function startingData(options: LocalSlackOptions): Data {
  if (options.saved !== undefined) return dataSchema.parse(structuredClone(options.saved));
  const { people, userGroups = [] } = structuredClone({ people: options.people, userGroups: options.userGroups });
  return { people, channels: [], files: [], homes: {}, userGroups, scheduled: [], sequence: 0, lastTs: 0 };
}

function seedChannels(world: World, seeds: ChannelSeed[]): void {
  for (const seed of seeds) {
    if (world.data.channels.some(({ id }) => id === seed.id)) continue;
    const kind = seed.isPrivate ? 'private' : 'channel';
    addChannel(world, { ...seed, kind, creator: seed.members[0] ?? world.app.botUserId });
    if (seed.isShared) Object.assign(channelById(world, seed.id) ?? {}, { shared: true });
  }
}

/** What only one person ever saw is not kept, as in Slack itself. */
function kept(data: Data): Data {
  const copy = structuredClone(data);
  for (const channel of copy.channels) channel.messages = channel.messages.filter(({ ephemeralTo }) => !ephemeralTo);
  return copy;
}

export async function startLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  let offset = 0;
  const real = options.now ?? Date.now;
  const now = () => real() + offset;
  const app = appFrom(options.manifest);
  const tokens = options.tokens ?? { bot: 'xoxb-local', app: 'xapp-local', signingSecret: 'local-signing-secret' };
  const schedule = createSchedule(now);
  const sockets = createSockets(app.id);
  const world: World = {
    url: '',
    team: options.team ?? { id: 'T0LOCAL', name: 'Local', domain: 'local' },
    app,
    tokens,
    client: options.client ?? { id: 'client-id', secret: 'client-secret' },
    codes: new Map(),
    installed: true,
    data: startingData(options),
    now,
    rateLimits: options.rateLimits ?? true,
    transport: options.events ? httpTransport(options.events.url, tokens, now) : sockets,
    tickets: new Map(),
    modals: new Map(),
    stacks: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    messageValues: new Map(),
    suggested: new Map(),
    buckets: new Map(),
    faults: [],
    calls: [],
    watchers: new Set(),
    unseen: [],
    activity: { inFlight: 0, last: 0 },
    onWrite: options.onWrite,
    later: (ms, job) => schedule.later(ms, job),
  };
  seedChannels(world, options.channels);
  for (const message of world.data.scheduled) sendWhenDue(world, message);
  const people = new Map<string, PersonAtWork>();
  const { server, pages } = createWebServer(world, sockets, (name, given) => serveControl(slack, name, given));
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(options.port ?? 0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  world.url = `http://127.0.0.1:${portOf(server.address())}`;

  const slack: LocalSlack = {
    url: world.url,
    apiUrl: `${world.url}/api/`,
    team: world.team,
    botUserId: app.botUserId,
    tokens,
    as(userId) {
      const person = people.get(userId) ?? atWork(world, userId, options.settle);
      people.set(userId, person);
      return person;
    },
    deliverTo(url) {
      world.transport = httpTransport(url, tokens, now);
    },
    verifyUrl: (url) => verifyUrl(url, tokens, now),
    uninstall: () => uninstall(world),
    pass(ms) {
      offset += ms;
      schedule.look();
    },
    fault: (fault) => void world.faults.push({ ...fault }),
    dropSockets: () => sockets.drop(),
    disconnectSockets: (reason) => sockets.disconnect(reason),
    sockets: () => sockets.count(),
    calls: (method) => world.calls.filter((call) => method === undefined || call.method === method),
    setPerson: (id, patch) => setPerson(world, id, patch),
    save: () => kept(world.data),
    async close() {
      schedule.stop();
      await sockets.close();
      for (const socket of pages.clients) socket.terminate();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
  return slack;
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('The local Slack has no port.');
  return address.port;
}

function setPerson(world: World, id: string, patch: Partial<Person>): void {
  const person = world.data.people.find((each) => each.id === id);
  if (!person) throw new Error(`There is no person ${id}.`);
  Object.assign(person, patch);
  changed(world);
  void emit(world, 'user_change', {
    type: 'user_change',
    user: wireUser(world, person),
    cache_ts: Math.floor(world.now() / 1000),
  });
}
