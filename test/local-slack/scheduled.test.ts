import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, clock, refusal, workspace } from './workspace.ts';

let slack: LocalSlack;
let web: WebClient;
const time = clock();
const inSeconds = (seconds: number) => Math.floor(time.now() / 1000) + seconds;

beforeEach(async () => {
  slack = await workspace({ now: time.now, rateLimits: false });
  web = client(slack);
});
afterEach(() => slack.close());

const seen = () => slack.as('U1').channel('general');

test('a scheduled message stands when its time has come, and not before', async () => {
  const { scheduled_message_id: id, message } = await web.chat.scheduleMessage({
    channel: 'C1',
    post_at: inSeconds(600),
    text: 'Good morning',
  });
  expect([id?.startsWith('Q'), message]).toMatchObject([true, { type: 'delayed_message', text: 'Good morning' }]);
  slack.pass(599_000);
  expect(seen()).toEqual([]);
  slack.pass(2_000);
  expect(seen()).toEqual(['Good morning']);
});

test('it is listed until then, and can be taken back', async () => {
  const { scheduled_message_id: id = '' } = await web.chat.scheduleMessage({
    channel: 'C1',
    post_at: inSeconds(60),
    text: 'x',
  });
  const { scheduled_messages: listed } = await web.chat.scheduledMessages.list({ channel: 'C1' });
  expect(listed).toMatchObject([{ id, channel_id: 'C1', text: 'x' }]);
  await web.chat.deleteScheduledMessage({ channel: 'C1', scheduled_message_id: id });
  expect(await refusal(web.chat.deleteScheduledMessage({ channel: 'C1', scheduled_message_id: id }))).toMatchObject({
    error: 'invalid_scheduled_message_id',
  });
  slack.pass(61_000);
  expect(seen()).toEqual([]);
});

test('in its last minute it can no longer be taken back', async () => {
  const { scheduled_message_id: id = '' } = await web.chat.scheduleMessage({
    channel: 'C1',
    post_at: inSeconds(90),
    text: 'x',
  });
  slack.pass(31_000);
  expect(await refusal(web.chat.deleteScheduledMessage({ channel: 'C1', scheduled_message_id: id }))).toMatchObject({
    error: 'invalid_scheduled_message_id',
  });
  expect(await refusal(web.chat.deleteScheduledMessage({ channel: 'C9', scheduled_message_id: id }))).toMatchObject({
    error: 'channel_not_found',
  });
  expect(await refusal(web.chat.scheduledMessages.list({ channel: 'C9' }))).toMatchObject({ error: 'invalid_channel' });
});

test('as a reply it may be shown to the whole channel', async () => {
  const { ts: thread_ts = '' } = await web.chat.postMessage({ channel: 'C1', text: 'head' });
  const reply = { channel: 'C1', post_at: inSeconds(60), thread_ts };
  await web.chat.scheduleMessage({ ...reply, text: 'quiet' });
  await web.chat.scheduleMessage({ ...reply, text: 'loud', reply_broadcast: true });
  slack.pass(61_000);
  const { messages } = await web.conversations.history({ channel: 'C1' });
  expect(messages?.map(({ text }) => text)).toEqual(['loud', 'head']);
});

test('with metadata it never appears: a documented fault of Slack', async () => {
  const metadata = { event_type: 'x', event_payload: {} };
  await web.chat.scheduleMessage({ channel: 'C1', post_at: inSeconds(60), text: 'x', metadata } as never);
  slack.pass(61_000);
  expect(seen()).toEqual([]);
});

test('it outlives a restart', async () => {
  await web.chat.scheduleMessage({ channel: 'C1', post_at: inSeconds(60), text: 'still here' });
  const saved = slack.save();
  await slack.close();
  slack = await workspace({ now: time.now, saved });
  slack.pass(61_000);
  expect(seen()).toEqual(['still here']);
});

test.each([
  [() => inSeconds(-1), 'time_in_past'],
  [() => inSeconds(121 * 24 * 3600), 'time_too_far'],
  [() => inSeconds(60) + 0.5, 'invalid_time'],
])('%s is refused', async (at, error) => {
  expect(await refusal(web.chat.scheduleMessage({ channel: 'C1', post_at: at(), text: 'x' }))).toMatchObject({ error });
});

test('blocks are checked when it is scheduled, and no more than 30 fall into five minutes', async () => {
  const bad = { channel: 'C1', post_at: inSeconds(60), text: 'x', blocks: [{ type: 'header' }] as never };
  expect(await refusal(web.chat.scheduleMessage(bad))).toMatchObject({ error: 'invalid_blocks' });
  for (let n = 0; n < 30; n += 1)
    await web.chat.scheduleMessage({ channel: 'C1', post_at: inSeconds(60 + n), text: 'x' });
  const one = { channel: 'C1', post_at: inSeconds(90), text: 'x' };
  expect(await refusal(web.chat.scheduleMessage(one))).toMatchObject({ error: 'restricted_too_many' });
});
