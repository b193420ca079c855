import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { App } from '@slack/bolt';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, modal, refusal, socketApp, textInput, workspace } from './workspace.ts';

let slack: LocalSlack;
let app: App;
beforeEach(async () => {
  slack = await workspace({ rateLimits: false });
  app = await socketApp(slack);
});
afterEach(async () => {
  await app.stop();
  await slack.close();
});

async function control(name: string, given: object = {}): Promise<unknown> {
  const answer = await fetch(`${slack.url}/control/${name}`, { method: 'POST', body: JSON.stringify(given) });
  return answer.json();
}
const as = (user: string, what: string, more: object = {}) => control('do', { user, do: what, ...more });

test('a person acts by what they see, from outside', async () => {
  app.command('/try', async ({ ack, client: web, body }) => {
    await ack();
    await web.views.open({ trigger_id: body.trigger_id, view: modal('Ask', [textInput('Why')]) });
  });
  app.view('Ask', async ({ ack, view }) => {
    const why = view.state.values['Why']?.['value']?.value ?? '';
    await ack(why.length < 3 ? { response_action: 'errors', errors: { Why: 'Say more.' } } : undefined);
  });
  expect(await as('U1', 'command', { text: '/try', channel: 'general' })).toMatchObject({ ok: true });
  expect(await as('U1', 'see', { what: 'modal' })).toMatchObject({ result: expect.stringContaining('Why') as string });
  expect(await as('U1', 'submit', { values: { Why: 'x' } })).toMatchObject({
    result: { errors: { Why: 'Say more.' } },
  });
  expect(await as('U1', 'submit', { values: { Why: 'because' } })).toMatchObject({ result: { ok: true } });
  expect(await as('U1', 'see', { what: 'modal' })).toEqual({ ok: true, result: null });
});

test('says what was wrong with what it was told', async () => {
  expect(await as('U1', 'dance')).toMatchObject({ ok: false });
  expect(await as('U1', 'press', { label: 'Nothing' })).toMatchObject({
    ok: false,
    error: expect.stringContaining('nobody shows a button [Nothing]') as string,
  });
  expect(await as('U404', 'say', { text: 'x' })).toMatchObject({ ok: false, error: 'There is no person U404.' });
  expect(await control('magic')).toMatchObject({
    ok: false,
    error: expect.stringContaining('do, fault, clock') as string,
  });
});

test('orders faults, moves the clock, drops sockets, and tells what was called', async () => {
  await control('fault', { method: 'chat.postMessage', kind: 'ratelimited', times: 1, retryAfter: 7 });
  const web = client(slack);
  expect(await refusal(web.chat.postMessage({ channel: 'C1', text: 'x' }))).toMatchObject({ retryAfter: 7 });
  await web.chat.scheduleMessage({ channel: 'C1', text: 'later', post_at: Math.floor(Date.now() / 1000) + 3600 });
  await control('clock', { pass: 3_601_000 });
  expect(await as('U1', 'see', { what: 'channel', channel: 'general' })).toEqual({ ok: true, result: ['later'] });
  expect(await control('sockets')).toEqual({ ok: true, result: 1 });
  expect(await control('sockets', { drop: true })).toMatchObject({ ok: true });
  expect(await control('calls', { method: 'chat.postMessage' })).toMatchObject({
    result: [{ ok: false, error: 'ratelimited' }],
  });
  await control('person', { id: 'U2', deleted: true });
  expect((await web.users.info({ user: 'U2' })).user?.deleted).toBe(true);
});

test('the clock is set and stopped, and what is due comes', async () => {
  await control('clock', { stopped: true, set: '2027-03-01T09:00:00Z' });
  const web = client(slack);
  const { ts } = await web.chat.postMessage({ channel: 'C1', text: 'in spring' });
  expect(Math.floor(Number(ts))).toBe(Date.UTC(2027, 2, 1, 9) / 1000);
  await web.chat.scheduleMessage({ channel: 'C1', text: 'an hour on', post_at: Date.UTC(2027, 2, 1, 10) / 1000 });
  expect(await control('clock', { pass: 3_600_000 })).toEqual({ ok: true, result: Date.UTC(2027, 2, 1, 10) });
  expect(await as('U1', 'see', { what: 'channel', channel: 'general' })).toMatchObject({
    result: ['in spring', 'an hour on'],
  });
  await control('clock', { stopped: false });
  const at = async () => Number(((await control('clock')) as { result: number }).result);
  const before = await at();
  await expect.poll(at).toBeGreaterThan(before);
});

test('a message is pointed at by what it says', async () => {
  await as('U1', 'say', { text: 'The numbers are odd', channel: 'general' });
  await as('U2', 'react', { emoji: 'eyes', channel: 'general', containing: 'odd' });
  await as('U2', 'pin', { channel: 'general', containing: 'odd' });
  await as('U1', 'edit', { text: 'The numbers are fine', channel: 'general', containing: 'odd' });
  expect(await as('U1', 'find', { channel: 'general', containing: 'fine' })).toMatchObject({ ok: true });
  expect(await as('U1', 'delete', { channel: 'general', containing: 'odd' })).toMatchObject({
    ok: false,
    error: expect.stringContaining('ana sees nothing with "odd"') as string,
  });
  const { messages = [] } = await client(slack).conversations.history({ channel: 'C1' });
  expect(messages[0]).toMatchObject({ text: 'The numbers are fine', reactions: [{ name: 'eyes', users: ['U2'] }] });
});

test('channels, files, people and groups are made and changed', async () => {
  expect(await as('U1', 'create', { name: 'incident-7' })).toMatchObject({ ok: true });
  await as('U1', 'topic', { channel: 'incident-7', text: 'SEV2' });
  await as('U1', 'share', { channel: 'incident-7', name: 'log.txt', content: 'boom', text: 'Look' });
  expect(await as('U1', 'see', { what: 'channel', channel: 'incident-7' })).toMatchObject({
    result: ['@ana set the channel topic: SEV2', 'Look\n(file: log.txt)'],
  });
  await control('person', { id: 'U8', name: 'dag', realName: 'Dag Ny', kind: 'guest' });
  await control('usergroup', { id: 'S1', handle: 'oncall', name: 'On call', users: ['U8'] });
  expect((await client(slack).users.info({ user: 'U8' })).user).toMatchObject({ name: 'dag', is_restricted: true });
  expect(slack.save()).toMatchObject({ userGroups: [{ handle: 'oncall', users: ['U8'] }] });
});

test('tells what the app was sent and whether it took it', async () => {
  app.command('/try', async ({ ack }) => ack());
  await as('U1', 'command', { text: '/try it', channel: 'general' });
  expect(await control('deliveries', { type: '/try' })).toMatchObject({
    result: [{ kind: 'slash_commands', attempt: 0, answer: 'acked', payload: { text: 'it', user_id: 'U1' } }],
  });
});

test('sends elsewhere only what proved to be an app', async () => {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => response.end(request.url === '/app' ? body.match(/"challenge":"(\w+)"/)?.[1] : 'no'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  expect(await control('events', { url: `${base}/other` })).toEqual({
    ok: false,
    error: `${base}/other did not give the challenge back.`,
  });
  expect(await control('events', { url: `${base}/app` })).toEqual({ ok: true, result: { on: true } });
  await as('U1', 'say', { text: 'hello', channel: 'general' });
  expect(slack.deliveries('message')).toMatchObject([{ answer: 'acked' }]);
});

test('begins again', async () => {
  await as('U1', 'say', { text: 'hello', channel: 'general' });
  await as('U1', 'create', { name: 'short-lived' });
  await control('fault', { method: 'auth.test', kind: 'http500', times: 5 });
  await control('clock', { pass: 3_600_000 });
  await control('reset');
  expect(await as('U1', 'see', { what: 'channel', channel: 'general' })).toEqual({ ok: true, result: [] });
  expect(await as('U1', 'see', { what: 'channel', channel: 'short-lived' })).toMatchObject({ ok: false });
  expect(await client(slack).auth.test()).toMatchObject({ ok: true });
  expect(Math.abs(slack.now() - Date.now())).toBeLessThan(1_000);
  app.message('still there', async ({ say }) => void (await say('yes')));
  await as('U2', 'say', { text: 'still there?', channel: 'general' });
  expect(slack.as('U2').channel('general')).toEqual(['still there?', 'yes']);
});
