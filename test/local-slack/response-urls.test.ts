import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalSlack, PersonAtWork } from '../../src/local-slack/local-slack.ts';
import { client, clock, plain, socketApp, workspace } from './workspace.ts';

const time = clock();
let slack: LocalSlack;
let app: App;
let ana: PersonAtWork;
let url = '';

beforeEach(async () => {
  slack = await workspace({ now: time.now });
  app = await socketApp(slack);
  ana = slack.as('U1');
  app.command('/try', async ({ ack, command }) => {
    url = command.response_url;
    await ack();
  });
  app.action('go', async ({ ack, body }) => {
    url = body.type === 'block_actions' ? body.response_url : '';
    await ack();
  });
});
afterEach(async () => {
  await app.stop();
  await slack.close();
});

const blocks = [
  { type: 'actions' as const, elements: [{ type: 'button' as const, action_id: 'go', text: plain('Go') }] },
];

async function answer(body: object): Promise<[number, string]> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return [response.status, await response.text()];
}

test('answers are for the one who asked unless they are for the channel, also where the bot is not', async () => {
  await ana.command('/try', 'elsewhere');
  expect(await answer({ text: 'just you' })).toEqual([200, 'ok']);
  await answer({ text: 'all of you', response_type: 'in_channel' });
  expect(ana.ephemerals()).toEqual(['just you']);
  expect(ana.channel('elsewhere')).toEqual(['just you', 'all of you']);
});

test('five answers, no more', async () => {
  await ana.command('/try');
  for (const text of ['1', '2', '3', '4', '5']) expect(await answer({ text })).toEqual([200, 'ok']);
  expect(await answer({ text: '6' })).toEqual([404, '{"ok":false,"error":"used_url"}']);
});

test('half an hour, no longer', async () => {
  await ana.command('/try');
  time.pass(30 * 60_000 + 1);
  expect(await answer({ text: 'late' })).toEqual([404, '{"ok":false,"error":"expired_url"}']);
});

test('a bad answer is refused as a bad message is', async () => {
  await ana.command('/try');
  const [status, body] = await answer({ blocks: [{ type: 'header' }] });
  expect([status, JSON.parse(body).error]).toEqual([400, 'invalid_blocks']);
});

test('the message a button sits in can be replaced and deleted', async () => {
  await client(slack).chat.postMessage({ channel: 'C1', text: 'x', blocks });
  await ana.press('Go');
  await answer({ replace_original: true, text: 'Replaced' });
  expect(slack.as('U2').channel('general')).toEqual(['Replaced']);
  await answer({ delete_original: true });
  expect(slack.as('U2').channel('general')).toEqual([]);
});

test('an ephemeral message is replaced for its one reader', async () => {
  await client(slack).chat.postEphemeral({ channel: 'C1', user: 'U1', text: 'x', blocks });
  await ana.press('Go');
  await answer({ replace_original: true, text: 'Replaced' });
  expect(ana.ephemerals()).toEqual(['Replaced']);
  expect(slack.as('U2').channel('general')).toEqual([]);
});
