import { afterEach, beforeEach, expect, test } from 'vitest';
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
