import { LogLevel, SocketModeClient } from '@slack/socket-mode';
import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LocalSlack, PersonAtWork } from '../../src/local-slack/local-slack.ts';
import { client, clock, socketApp, workspace } from './workspace.ts';

const time = clock();
let slack: LocalSlack;
let ana: PersonAtWork;
const clients: SocketModeClient[] = [];
const apps: App[] = [];

beforeEach(async () => {
  slack = await workspace({ now: time.now });
  ana = slack.as('U1');
});
afterEach(async () => {
  await Promise.all([
    ...clients.splice(0).map((each) => each.disconnect()),
    ...apps.splice(0).map((each) => each.stop()),
  ]);
  await slack.close();
});

async function connect(autoReconnectEnabled = false): Promise<SocketModeClient> {
  const socket = new SocketModeClient({
    appToken: slack.tokens.app,
    autoReconnectEnabled,
    clientPingTimeout: 200,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  socket.on('error', () => undefined);
  clients.push(socket);
  await socket.start();
  return socket;
}

async function app(): Promise<App> {
  const started = await socketApp(slack);
  apps.push(started);
  return started;
}

test('each of several connections gets some of the work, and nothing comes twice', async () => {
  const heard = [0, 0, 0];
  for (const index of heard.keys()) {
    (await connect()).on('slash_commands', ({ ack }) => {
      heard[index] = (heard[index] ?? 0) + 1;
      void ack();
    });
  }
  expect(slack.sockets()).toBe(3);
  await Promise.all(Array.from({ length: 60 }, () => ana.command('/try')));
  expect(heard.reduce((sum, each) => sum + each)).toBe(60);
  expect(heard.every((each) => each > 0)).toBe(true);
});

test('an answer in the acknowledgement is shown to the one who asked', async () => {
  (await app()).command('/try', async ({ ack, command }) => ack(`You said ${command.text}`));
  expect(await ana.command('/try hello @bo in #general')).toEqual({ ok: true });
  expect(ana.ephemerals()).toEqual(['You said hello @bo in #general']);
});

test('a command that is not answered within three seconds times out', async () => {
  await connect();
  const started = Date.now();
  expect(await ana.command('/slow')).toEqual({ ok: false, error: 'operation_timeout' });
  expect(Date.now() - started).toBeGreaterThanOrEqual(3_000);
});

test('without a connection a command fails to be dispatched', async () => {
  expect(await ana.command('/try')).toEqual({ ok: false, error: 'dispatch_failed' });
});

test('a command the manifest does not have never reaches the app', async () => {
  expect(await ana.command('/other')).toEqual({ ok: false, error: 'unknown_command' });
});

test('a command in a thread never reaches the app', async () => {
  const { ts } = await ana.say('Look at this');
  expect(await ana.command('/try', 'general', ts)).toEqual({ ok: false, error: 'not_supported_in_threads' });
});

test('an event lost with its connection comes again on another one, marked as a retry', async () => {
  const first = await connect();
  const attempts: unknown[] = [];
  first.on('message', ({ retry_num: retry }) => {
    attempts.push(retry);
    slack.dropSockets();
  });
  const talking = ana.say('hello');
  await vi.waitFor(() => expect(attempts).toEqual([0]));
  const second = await connect();
  second.on('message', ({ ack, retry_num: retry, body }) => {
    attempts.push(retry, body.event.text);
    void ack();
  });
  await talking;
  time.pass(60_000);
  await vi.waitFor(() => expect(attempts.slice(-1)).toEqual(['hello']));
  expect(attempts.length).toBe(3);
});

test('after a request to refresh the client comes back and the work goes on', async () => {
  const socket = await connect(true);
  socket.on('slash_commands', ({ ack }) => void ack());
  slack.disconnectSockets('refresh_requested');
  expect(slack.sockets()).toBe(0);
  await vi.waitFor(() => expect(slack.sockets()).toBe(1), 5_000);
  expect(await ana.command('/try')).toEqual({ ok: true });
});

test('a ticket opens one connection', async () => {
  const { url = '' } = await client(slack, slack.tokens.app).apps.connections.open();
  const outcome = (address: string) =>
    new Promise((resolve) => {
      const socket = new WebSocket(address);
      socket.addEventListener('message', ({ data }) => {
        resolve(JSON.parse(String(data)).type);
        socket.close();
      });
      socket.addEventListener('error', () => resolve('refused'));
    });
  expect([await outcome(url), await outcome(url)]).toEqual(['hello', 'refused']);
});

test('only events the manifest asks for are sent, and only from where the bot is', async () => {
  const socket = await connect();
  const heard: string[] = [];
  socket.on('slack_event', ({ ack, body }) => {
    heard.push(`${body.event.type} ${body.event.text ?? body.event.reaction ?? body.event.user?.id ?? ''}`);
    void ack();
  });
  const { ts } = await ana.say('hi @tester', { channel: 'general' });
  await ana.say('quiet', { channel: 'elsewhere' });
  await ana.react('eyes', 'general', ts);
  await ana.react('eyes', 'general', ts);
  slack.setPerson('U2', { tz: 'Asia/Tokyo' });
  await vi.waitFor(() => expect(heard).toContain('user_change U2'));
  expect(heard.toSorted()).toEqual([
    'app_mention hi <@U0LOCALBOT>',
    'message hi <@U0LOCALBOT>',
    'reaction_added eyes',
    'user_change U2',
  ]);
});
