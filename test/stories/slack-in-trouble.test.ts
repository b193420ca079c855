import { afterEach, beforeEach, expect, it } from 'vitest';
import { olga, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterEach(() => stage.close());

const cards = () =>
  stage.slack
    .as(olga)
    .channel(room)
    .filter((said) => said.includes('Drift:'));

it('too many messages: the card waits as long as Slack says, then stands once', async () => {
  stage.slack.fault({ method: 'chat.postMessage', kind: 'ratelimited', times: 1, retryAfter: 3 });
  await drift();
  await expect.poll(settledCards, { timeout: 20_000 }).toHaveLength(1);
  const [limited, taken] = stage.slack.calls('chat.postMessage');
  expect([limited?.ok, taken?.ok]).toEqual([false, true]);
  expect((taken?.at ?? 0) - (limited?.at ?? 0)).toBeGreaterThanOrEqual(3000);
});

it('Slack breaks down: the card comes with the next try, once', async () => {
  stage.slack.fault({ method: 'chat.postMessage', kind: 'http500', times: 1 });
  await drift();
  await expect.poll(settledCards, { timeout: 20_000 }).toHaveLength(1);
  expect(stage.slack.calls('chat.postMessage')).toHaveLength(2);
});

it('the answer is lost after Slack posted: the card is found again and not posted twice', async () => {
  stage.slack.fault({ method: 'chat.postMessage', kind: 'lostAnswer', times: 1 });
  await drift();
  await expect.poll(() => backlogGone(), { timeout: 20_000 }).toBe(true);
  expect(cards()).toHaveLength(1);
  expect(stage.slack.calls('chat.postMessage')).toHaveLength(1);
  await stage.slack.as(olga).press('Acknowledge', { channel: room });
  await stage.settle();
  expect(cards()[0]).toContain('is on it');
});

it(
  'Slack does not answer at all: the click that waits for it is answered once it does',
  { timeout: 40_000 },
  async () => {
    stage.slack.fault({ method: 'chat.postMessage', kind: 'hang', times: 1 });
    await drift();
    await expect.poll(settledCards, { timeout: 25_000 }).toHaveLength(1);
  },
);

it('the picture cannot be uploaded: the card goes without it', async () => {
  stage.slack.fault({ method: 'files.getUploadURLExternal', kind: 'http500', times: 1 });
  await drift();
  expect(cards()[0]).toContain('Drift: churn-model');
  expect(cards()[0]).not.toContain('picture');
});

it('the channel is gone: the owner is told by direct message what to do', async () => {
  await asTheBot('conversations.join');
  await asTheBot('conversations.archive');
  await drift();
  await stage.settle();
  expect(stage.slack.as(olga).dm().join('\n')).toMatch(/could not post in .*archived/s);
});

it('the sockets drop: clicks are answered again after a moment', async () => {
  await drift();
  stage.slack.dropSockets();
  await expect.poll(() => stage.slack.sockets(), { timeout: 15_000 }).toBe(2);
  await stage.slack.as(olga).press('Acknowledge', { channel: room });
  await stage.settle();
  expect(cards()[0]).toContain('is on it');
});

async function drift(): Promise<void> {
  await stage.report(2, 0.4);
  await stage.report(1, 0.4);
}

async function settledCards(): Promise<string[]> {
  await stage.settle();
  return cards();
}

async function backlogGone(): Promise<boolean> {
  await stage.settle();
  return (
    (await fetch(`${stage.app.http.url}/metrics`).then((answer) => answer.text())).match(/backlog\S* 0$/m) !== null
  );
}

async function asTheBot(method: string): Promise<void> {
  const answer = await fetch(`${stage.slack.apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.slack.tokens.bot}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'C02RETAIN' }),
  });
  expect(await answer.json()).toMatchObject({ ok: true });
}
