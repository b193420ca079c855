import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { clock, manifest, modal, plain, textInput, workspace } from './workspace.ts';

let slack: LocalSlack;
const time = clock();

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

beforeEach(async () => {
  slack = await workspace({ now: time.now });
});
afterEach(() => slack.close());

interface Heard {
  headers: IncomingHttpHeaders;
  body: string;
}

async function listener(status: (nth: number) => number): Promise<{ heard: Heard[]; close(): Promise<unknown> }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      heard.push({ headers: request.headers, body });
      const code = status(heard.length);
      response.writeHead(Math.abs(code), code < 0 ? { 'x-slack-no-retry': '1' } : {}).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  slack.deliverTo(`http://127.0.0.1:${portOf(server)}/slack/events`);
  return {
    heard,
    close() {
      server.closeAllConnections();
      server.close();
      return once(server, 'close');
    },
  };
}

/** Leads from one address to the next, this often. */
async function leadingOn(times: number): Promise<IncomingMessage[]> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    const hop = Number(request.url?.slice(1));
    const location = hop + 1 < times ? `/${hop + 1}` : '/end';
    if (Number.isNaN(hop)) response.end();
    else response.writeHead(302, { location }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  slack.deliverTo(`http://127.0.0.1:${portOf(server)}/0`);
  return asked;
}

test('Bolt accepts what is sent: commands, buttons, modals, options and events', async () => {
  const real = await workspace();
  const receiver = new HTTPReceiver({ signingSecret: real.tokens.signingSecret, logLevel: LogLevel.ERROR });
  const app = new App({
    token: real.tokens.bot,
    receiver,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: real.apiUrl },
  });
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  if (!('address' in server)) throw new Error('no address');
  const address = server.address();
  real.deliverTo(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/slack/events`);
  app.command('/try', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: modal('One', [textInput('Why')]) });
  });
  app.view('One', async ({ ack, view, client }) => {
    const text = view.state.values['Why']?.['value']?.value ?? '';
    if (text === 'bad') return ack({ response_action: 'errors', errors: { Why: 'No.' } });
    await ack();
    const elements = [{ type: 'button' as const, action_id: 'go', text: plain('Go') }];
    await client.chat.postMessage({ channel: 'C1', text, blocks: [{ type: 'actions', elements }] });
  });
  app.action('go', async ({ ack, respond }) => {
    await ack();
    await respond({ text: 'Gone', replace_original: true });
  });
  app.message('hello', async ({ say }) => void (await say('hello yourself')));
  const ana = real.as('U1');
  await ana.command('/try');
  expect(await ana.submit({ Why: 'bad' })).toEqual({ ok: false, errors: { Why: 'No.' } });
  expect(await ana.submit({ Why: 'good' })).toEqual({ ok: true });
  expect(await ana.press('Go')).toEqual({ ok: true });
  await ana.say('hello');
  expect(ana.channel('general')).toEqual(['Gone', 'hello', 'hello yourself']);
  await app.stop();
  await real.close();
});

test('forms carry no charset, and everything is signed', async () => {
  const app = await listener(() => 200);
  await slack.as('U1').command('/try a b');
  const { headers, body } = app.heard[0] ?? { headers: {}, body: '' };
  expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(headers['x-slack-request-timestamp']).toBe(String(time.now() / 1000));
  expect(headers['x-slack-signature']).toMatch(/^v0=[0-9a-f]{64}$/);
  expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
    command: '/try',
    text: 'a b',
    user_id: 'U1',
    channel_name: 'general',
    is_enterprise_install: 'false',
  });
  await app.close();
});

test('an event that fails is repeated at once, after a minute and after five, and then given up', async () => {
  const app = await listener(() => 500);
  await slack.as('U1').say('hello');
  const retries = () => app.heard.map(({ headers }) => headers['x-slack-retry-num'] ?? '0');
  await vi.waitFor(() => expect(retries()).toEqual(['0', '1']));
  time.pass(59_000);
  time.pass(1_000);
  await vi.waitFor(() => expect(retries()).toEqual(['0', '1', '2']));
  time.pass(300_000);
  await vi.waitFor(() => expect(retries()).toEqual(['0', '1', '2', '3']));
  expect(app.heard[1]?.headers['x-slack-retry-reason']).toBe('http_error');
  expect(new Set(app.heard.map(({ body }) => JSON.parse(body).event_id)).size).toBe(1);
  await app.close();
});

test('an app may say that it wants no retry', async () => {
  const app = await listener(() => -500);
  await slack.as('U1').say('hello');
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(app.heard).toHaveLength(1);
  await app.close();
});

test('interactions are not repeated: the person sees that it failed', async () => {
  const app = await listener(() => 500);
  expect(await slack.as('U1').command('/try')).toEqual({ ok: false, error: 'dispatch_failed' });
  expect(app.heard).toHaveLength(1);
  await app.close();
});

test('two redirects are followed, a third is a failure that says why', async () => {
  const redirects = await leadingOn(2);
  await slack.as('U1').say('hello');
  expect(redirects.map(({ url }) => url)).toEqual(['/0', '/1', '/end']);
  const endless = await leadingOn(9);
  await slack.as('U1').say('hello');
  await expect.poll(() => endless.length).toBe(6);
  const reasons = endless.map(({ headers }) => headers['x-slack-retry-reason']);
  expect([reasons.slice(0, 3), reasons.slice(3)]).toEqual([
    Array(3).fill(undefined),
    Array(3).fill('too_many_redirects'),
  ]);
});

test('what nobody listens for, or nobody answers in time, is repeated with its reason', async () => {
  slack.deliverTo('http://127.0.0.1:9/none');
  await slack.as('U1').say('hello');
  await expect
    .poll(() => slack.deliveries('message').map(({ attempt, answer }) => `${attempt} ${answer}`))
    .toEqual(['0 not_connected', '1 not_connected']);
});

test('an address that fails a thousand deliveries in an hour is no longer used, until there is another', async () => {
  const app = await listener(() => 500);
  const retitle = (times: number) => {
    for (let n = 0; n < times; n += 1) slack.setPerson('U2', { title: `Title ${n}` });
  };
  retitle(499);
  await expect.poll(() => slack.deliveries().length, { timeout: 10_000 }).toBe(998);
  expect(slack.eventsAreOn()).toBe(true);
  retitle(1);
  await expect.poll(() => slack.eventsAreOn()).toBe(false);
  await slack.as('U1').say('anybody?');
  expect(app.heard).toHaveLength(1000);
  await app.close();
  const next = await listener(() => 200);
  expect(slack.eventsAreOn()).toBe(true);
  await slack.as('U1').say('anybody?');
  expect(next.heard).toHaveLength(1);
  await next.close();
});

test('more than 30,000 events in an hour are held back, and the app is told once a minute', async () => {
  const groups = { scopes: { bot: ['usergroups:read', 'commands'] } };
  const settings = { event_subscriptions: { bot_events: ['subteam_updated'] } };
  const many = await workspace({ now: time.now, manifest: { ...manifest, oauth_config: groups, settings } });
  onTestFinished(() => many.close());
  const change = () => many.setUserGroup({ id: 'S1', handle: 'ops', name: 'Ops', users: [] });
  const limited = () => many.deliveries('app_rate_limited').filter(({ attempt }) => attempt === 0);
  for (let n = 0; n < 30_010; n += 1) void change();
  await expect.poll(() => limited().length).toBe(1);
  const minute_rate_limited = Math.floor(time.now() / 60_000) * 60;
  expect(limited()[0]?.payload).toMatchObject({ type: 'app_rate_limited', team_id: 'T0LOCAL', minute_rate_limited });
  time.pass(60_000);
  await change();
  expect(limited()).toHaveLength(2);
});
