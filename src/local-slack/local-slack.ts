import type { AddressInfo } from 'node:net';
import { shareChannel } from './channel-life.ts';
import { channelCalled } from './channels.ts';
import { createClock } from './clock.ts';
import { freshHealth } from './delivery-health.ts';
import { httpTransport, verifyUrl } from './http-delivery.ts';
import { uninstall } from './installation.ts';
import { createSchedule } from './later.ts';
import { appFrom } from './manifest.ts';
import { atWork, type PersonAtWork } from './person.ts';
import { setPerson } from './person-changes.ts';
import { serveControl } from './remote.ts';
import { createWebServer } from './server.ts';
import { createSockets } from './sockets.ts';
import type { LocalSlack } from './stand-in.ts';
import { kept, type Seed, seedWorld, startAgain, startingData } from './starting.ts';
import { setUserGroup } from './user-groups.ts';
import type { Team, Tokens, World, Write } from './world.ts';

export type { LocalSlack } from './stand-in.ts';
export type { PersonAtWork } from './person.ts';

export interface LocalSlackOptions extends Seed {
  port?: number;
  team?: Team;
  manifest: unknown;
  tokens?: Tokens;
  /** For OAuth: `client-id` and `client-secret` unless said. */
  client?: { id: string; secret: string };
  events?: { url: string };
  now?: () => number;
  rateLimits?: boolean;
  /** For workspaces that close messages to editing after a while. */
  editWindowMs?: number;
  /** Awaited after each deed of a person, besides a short silence of the app. */
  settle?: () => Promise<void>;
  /** Told of every message and view the app writes, also of those that are refused. */
  onWrite?: (write: Write) => void;
}

export async function startLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const real = options.now ?? Date.now;
  const clock = createClock(real);
  const { now } = clock;
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
    editWindowMs: options.editWindowMs,
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
    deliveries: [],
    health: freshHealth(),
    watchers: new Set(),
    unseen: [],
    activity: { inFlight: 0, last: 0 },
    onWrite: options.onWrite,
    later: (ms, job) => schedule.later(ms, job),
  };
  seedWorld(world, options.channels);
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
      world.health = freshHealth();
    },
    eventsAreOn: () => !world.health.off,
    verifyUrl: (url) => verifyUrl(url, tokens, now),
    uninstall: () => uninstall(world),
    pass(ms) {
      clock.pass(ms);
      schedule.look();
    },
    setClock(at) {
      clock.set(at);
      schedule.look();
    },
    stopClock: () => clock.stop(),
    startClock: () => clock.go(),
    now,
    fault: (fault) => void world.faults.push({ ...fault }),
    dropSockets: () => sockets.drop(),
    disconnectSockets: (reason) => sockets.disconnect(reason),
    sockets: () => sockets.count(),
    deliveries: (type) => world.deliveries.filter((each) => type === undefined || each.type === type),
    calls: (method) => world.calls.filter((call) => method === undefined || call.method === method),
    setPerson: (id, patch) => setPerson(world, id, patch),
    setUserGroup: (group) => setUserGroup(world, group),
    async shareChannel(name, shared) {
      const channel = channelCalled(world, name);
      if (!channel) throw new Error(`There is no channel ${name}.`);
      await shareChannel(world, channel, shared);
    },
    reset() {
      schedule.stop();
      clock.go();
      clock.set(real());
      people.clear();
      startAgain(world, options);
    },
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
