import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, clock, workspace } from './workspace.ts';

const time = clock();
let slack: LocalSlack;
let web: WebClient;

beforeEach(async () => {
  slack = await workspace({ now: time.now });
  web = client(slack);
});
afterEach(() => slack.close());

async function post(channel = 'C1'): Promise<number> {
  const answer = await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: 'Bearer xoxb-local', 'content-type': 'application/json' },
    body: JSON.stringify({ channel, text: 'x' }),
  });
  return answer.status === 429 ? Number(answer.headers.get('retry-after')) : 0;
}

test('a short burst into one channel passes, then one message a second', async () => {
  const waits = [await post(), await post(), await post(), await post(), await post(), await post()];
  expect(waits).toEqual([0, 0, 0, 0, 0, 1]);
  time.pass(1_000);
  expect([await post(), await post()]).toEqual([0, 1]);
});

test('a channel is the same one by its name', async () => {
  while ((await post()) === 0);
  expect(await post('#general')).toBe(1);
});

test('another channel has its own second', async () => {
  while ((await post()) === 0);
  expect(await post('U1')).toBe(0);
});

test('a method of tier 2 stops after twenty calls and says how long to wait', async () => {
  for (let call = 0; call < 20; call += 1) await web.users.list({});
  await expect(web.users.list({})).rejects.toMatchObject({ retryAfter: 3 });
  time.pass(3_000);
  expect(await web.users.list({})).toMatchObject({ ok: true });
});

test('the limits can be switched off', async () => {
  const free = await workspace({ rateLimits: false });
  for (let call = 0; call < 30; call += 1) await client(free).chat.postMessage({ channel: 'C1', text: 'x' });
  expect(free.calls('chat.postMessage').filter(({ ok }) => ok)).toHaveLength(30);
  await free.close();
});
