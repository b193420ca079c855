import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, refusal, workspace } from './workspace.ts';

let slack: LocalSlack;
let web: WebClient;

beforeAll(async () => {
  slack = await workspace({ rateLimits: false });
  web = client(slack);
});
afterAll(() => slack.close());

const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });

test('a message comes back with ids and defaults filled in', async () => {
  const { ts, message } = await web.chat.postMessage({ channel: 'C1', text: 'Hi', blocks: [section('*Hi*')] });
  expect(message).toMatchObject({ ts, user: 'U0LOCALBOT', bot_id: 'B0LOCAL', text: 'Hi' });
  expect(message?.blocks?.[0]).toEqual({
    type: 'section',
    block_id: expect.stringMatching(/^[\w+/=]{5}$/),
    text: { type: 'mrkdwn', text: '*Hi*', verbatim: false },
  });
});

test('blocks without text are kept under a stock text', async () => {
  const { message } = await web.chat.postMessage({ channel: 'C1', blocks: [section('x')], text: '' });
  expect(message?.text).toBe("This content can't be displayed.");
});

test('bad blocks are refused with pointers, in the answer and in its metadata', async () => {
  const line = 'missing required field: text [json-pointer:/blocks/0]';
  expect(
    await refusal(web.chat.postMessage({ channel: 'C1', text: 'x', blocks: [{ type: 'header' }] as never })),
  ).toMatchObject({
    ok: false,
    error: 'invalid_blocks',
    errors: [line],
    response_metadata: { messages: [`[ERROR] ${line}`] },
  });
});

const refusals: [string, () => Promise<unknown>, string][] = [
  ['an unknown channel', () => web.chat.postMessage({ channel: 'C9', text: 'x' }), 'channel_not_found'],
  ['a channel the bot is not in', () => web.chat.postMessage({ channel: 'C2', text: 'x' }), 'not_in_channel'],
  [
    'a private channel the bot is not in',
    () => web.chat.postMessage({ channel: 'C3', text: 'x' }),
    'channel_not_found',
  ],
  ['a person who left', () => web.chat.postMessage({ channel: 'U3', text: 'x' }), 'channel_not_found'],
  ['nothing to say', () => web.chat.postMessage({ channel: 'C1', text: '' }), 'no_text'],
  [
    'markdown beside text',
    () => web.chat.postMessage({ channel: 'C1', text: 'x', markdown_text: 'y' } as never),
    'markdown_text_conflict',
  ],
  [
    'metadata without a type',
    () => web.chat.postMessage({ channel: 'C1', text: 'x', metadata: { event_payload: {} } as never }),
    'invalid_metadata_format',
  ],
  [
    'a reply to nothing',
    () => web.chat.postMessage({ channel: 'C1', text: 'x', thread_ts: '1.000001' }),
    'thread_not_found',
  ],
  [
    'a note to someone who is not there',
    () => web.chat.postEphemeral({ channel: 'C1', user: 'U3', text: 'x' }),
    'user_not_in_channel',
  ],
  ['an update of nothing', () => web.chat.update({ channel: 'C1', ts: '1.000001', text: 'x' }), 'message_not_found'],
  ['history of a channel the bot is not in', () => web.conversations.history({ channel: 'C2' }), 'not_in_channel'],
  ['a taken name', () => web.conversations.create({ name: 'general' }), 'name_taken'],
  ['a shouted name', () => web.conversations.create({ name: 'General' }), 'invalid_name_specials'],
  ['a name too long', () => web.conversations.create({ name: 'x'.repeat(81) }), 'invalid_name_maxlength'],
  [
    'an invitation of someone already there',
    () => web.conversations.invite({ channel: 'C1', users: 'U1' }),
    'already_in_channel',
  ],
  ['joining a private channel', () => web.conversations.join({ channel: 'C3' }), 'channel_not_found'],
  ['a topic of 251', () => web.conversations.setTopic({ channel: 'C1', topic: 'x'.repeat(251) }), 'too_long'],
  ['a DM with someone who left', () => web.conversations.open({ users: 'U3' }), 'user_disabled'],
  ['an unknown person', () => web.users.info({ user: 'U9' }), 'user_not_found'],
  ['an unknown address', () => web.users.lookupByEmail({ email: 'x@y.z' }), 'users_not_found'],
  ['an unknown method', () => web.apiCall('chat.shout'), 'unknown_method'],
  ['a group list without its scope', () => web.usergroups.list(), 'missing_scope'],
  ['a bot token where an app token belongs', () => web.apps.connections.open(), 'not_allowed_token_type'],
  [
    'an app token where a bot token belongs',
    () => client(slack, 'xapp-local').users.list({}),
    'not_allowed_token_type',
  ],
  ['a wrong token', () => client(slack, 'xoxb-other').users.list({}), 'invalid_auth'],
];

test.each(refusals)('%s is refused', async (_name, call, error) => {
  expect(await refusal(call())).toMatchObject({ ok: false, error });
});

test('a missing scope is named beside those provided', async () => {
  expect(await refusal(web.usergroups.list())).toMatchObject({
    needed: 'usergroups:read',
    provided: expect.stringContaining('chat:write'),
  });
});

test('a call without token is not authenticated, and still answers 200', async () => {
  const answer = await fetch(`${slack.apiUrl}users.list`, { method: 'POST' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-slack-req-id')).toMatch(/^\w{32}$/);
  expect(await answer.json()).toEqual({ ok: false, error: 'not_authed' });
});

test('JSON bodies work as forms do', async () => {
  const headers = { authorization: 'Bearer xoxb-local', 'content-type': 'application/json' };
  const body = JSON.stringify({ channel: 'C1', text: 'from curl', blocks: [section('from curl')] });
  const answer = await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body });
  expect(await answer.json()).toMatchObject({ ok: true, channel: 'C1' });
});

test('an update with text alone takes the blocks away, one without either keeps them', async () => {
  const metadata = { event_type: 'alert', event_payload: { id: 7 } };
  const { ts = '' } = await web.chat.postMessage({ channel: 'C1', text: 'one', blocks: [section('one')], metadata });
  const kept = await web.chat.update({
    channel: 'C1',
    ts,
    metadata: { event_type: 'alert', event_payload: { id: 8 } },
  } as never);
  expect(kept.message).toMatchObject({
    text: 'one',
    blocks: [{ type: 'section' }],
    metadata: { event_payload: { id: 8 } },
  });
  const after = await web.chat.update({ channel: 'C1', ts, text: 'two' });
  expect(after.message).toMatchObject({
    text: 'two',
    edited: { user: 'U0LOCALBOT' },
    metadata: { event_payload: { id: 8 } },
  });
  expect(after.message).not.toHaveProperty('blocks');
});

test('an update of more than 4,000 characters is refused', async () => {
  const { ts = '' } = await web.chat.postMessage({ channel: 'C1', text: 'x'.repeat(4001) });
  expect(await refusal(web.chat.update({ channel: 'C1', ts, text: 'x'.repeat(4001) }))).toMatchObject({
    error: 'msg_too_long',
  });
});

test('what others wrote and what only one person sees cannot be updated', async () => {
  const { ts } = await slack.as('U1').say('mine');
  expect(await refusal(web.chat.update({ channel: 'C1', ts, text: 'x' }))).toMatchObject({
    error: 'cant_update_message',
  });
  const { message_ts = '' } = await web.chat.postEphemeral({ channel: 'C1', user: 'U1', text: 'psst' });
  expect(await refusal(web.chat.update({ channel: 'C1', ts: message_ts, text: 'x' }))).toMatchObject({
    error: 'cant_update_message',
  });
  expect(slack.as('U1').ephemerals()).toEqual(['psst']);
  expect(slack.as('U2').ephemerals()).toEqual([]);
});

test('metadata is only returned on request, and threads stay out of the history', async () => {
  const { channel } = await web.conversations.create({ name: 'log' });
  const id = channel?.id ?? '';
  const metadata = { event_type: 'alert', event_payload: { id: 7 } };
  const { ts = '' } = await web.chat.postMessage({ channel: id, text: 'parent', metadata });
  await web.chat.postMessage({ channel: id, text: 'reply', thread_ts: ts });
  const plain = await web.conversations.history({ channel: id });
  expect(plain.messages).toEqual([expect.objectContaining({ text: 'parent', reply_count: 1 })]);
  expect(plain.messages?.[0]).not.toHaveProperty('metadata');
  const replies = await web.conversations.replies({ channel: id, ts, include_all_metadata: true });
  expect(replies.messages?.map(({ text }) => text)).toEqual(['parent', 'reply']);
  expect(replies.messages?.[0]).toMatchObject({ metadata });
});

test('an archived channel takes nothing more', async () => {
  const { channel } = await web.conversations.create({ name: 'done' });
  const id = channel?.id ?? '';
  await web.conversations.archive({ channel: id });
  expect(await refusal(web.chat.postMessage({ channel: id, text: 'x' }))).toMatchObject({ error: 'is_archived' });
  expect(await refusal(web.conversations.archive({ channel: id }))).toMatchObject({ error: 'already_archived' });
});

test('invited people see the channel, its topic, pins and bookmarks', async () => {
  const { channel } = await web.conversations.create({ name: 'inc-1', is_private: true });
  const id = channel?.id ?? '';
  await web.conversations.invite({ channel: id, users: 'U1,U2' });
  await web.conversations.setTopic({ channel: id, topic: 'SEV1' });
  const { ts = '' } = await web.chat.postMessage({ channel: id, text: 'Hi' });
  await web.pins.add({ channel: id, timestamp: ts });
  await web.reactions.add({ channel: id, timestamp: ts, name: 'eyes' });
  await web.bookmarks.add({ channel_id: id, title: 'Board', type: 'link', link: 'https://example.com' });
  expect(slack.as('U2').channel('inc-1')).toEqual([
    '@ana has joined the channel',
    '@bo has joined the channel',
    '@tester set the channel topic: SEV1',
    'Hi',
  ]);
  expect(await refusal(web.reactions.add({ channel: id, timestamp: ts, name: 'eyes' }))).toMatchObject({
    error: 'already_reacted',
  });
  expect(await refusal(web.pins.add({ channel: id, timestamp: ts }))).toMatchObject({ error: 'already_pinned' });
  const { members } = await web.conversations.members({ channel: id });
  expect(members).toEqual(['U0LOCALBOT', 'U1', 'U2']);
});

test('lists come in pages', async () => {
  const first = await web.conversations.list({ types: 'public_channel', limit: 1 });
  expect(first.channels).toHaveLength(1);
  const second = await web.conversations.list({
    types: 'public_channel',
    limit: 1,
    cursor: first.response_metadata?.next_cursor ?? '',
  });
  expect(second.channels?.[0]?.id).not.toBe(first.channels?.[0]?.id);
});

test('blocks.validate needs no token and points at the fault', async () => {
  const ask = async (body: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${slack.apiUrl}blocks.validate`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return answer.json();
  };
  expect(await ask({ blocks: [{ type: 'divider' }] })).toEqual({ ok: true });
  expect(await ask({ blocks: [{ text: 'x' }] })).toMatchObject({
    error: 'invalid_blocks',
    errors: [{ code: 'missing_field', message: 'missing required field: type', field: 'type', pointer: '/0' }],
  });
  expect(await ask({ blocks: [], view: {} })).toMatchObject({ error: 'invalid_arguments' });
});

test('a file goes up, is completed once, and then serves as a picture', async () => {
  const bytes = Buffer.from('not really a png');
  const { upload_url: url = '', file_id: id = '' } = await web.files.getUploadURLExternal({
    filename: 'chart.png',
    length: bytes.length,
    alt_text: 'A chart',
  });
  const picture = { type: 'image' as const, slack_file: { id }, alt_text: 'Drift by day' };
  expect(await refusal(web.chat.postMessage({ channel: 'C1', text: 'x', blocks: [picture] }))).toMatchObject({
    error: 'invalid_blocks',
  });
  expect(await refusal(web.files.completeUploadExternal({ files: [{ id }] }))).toMatchObject({
    error: 'file_not_found',
  });
  expect((await fetch(url, { method: 'POST', body: bytes })).status).toBe(200);
  await web.files.completeUploadExternal({ files: [{ id, title: 'Drift' }] });
  expect(await refusal(web.files.completeUploadExternal({ files: [{ id }] }))).toMatchObject({
    error: 'file_not_found',
  });
  await web.chat.postMessage({ channel: 'C1', text: 'x', blocks: [picture] });
  expect(slack.as('U1').channel('general').at(-1)).toBe('(picture: Drift by day)');
  expect(await (await fetch(`${slack.url}/files/${id}`)).text()).toBe('not really a png');
});

test('filesUploadV2 posts the file into the channel', async () => {
  await web.filesUploadV2({
    channel_id: 'C1',
    file: Buffer.from('a,b'),
    filename: 'data.csv',
    title: 'Data',
    initial_comment: 'Here',
  });
  expect(slack.as('U1').channel('general').at(-1)).toBe('Here\n(file: Data)');
});

test('faults come as ordered, and a lost answer leaves its effect', async () => {
  slack.fault({ method: 'chat.postMessage', kind: 'lostAnswer', times: 1 });
  await expect(web.chat.postMessage({ channel: 'C1', text: 'ghost' })).rejects.toThrow('request');
  expect(slack.as('U1').channel('general').at(-1)).toBe('ghost');
  slack.fault({ method: 'users.info', kind: 'ratelimited', times: 1, retryAfter: 7 });
  await expect(web.users.info({ user: 'U1' })).rejects.toMatchObject({ retryAfter: 7 });
  slack.fault({ method: 'users.info', kind: 'http500', times: 1 });
  await expect(web.users.info({ user: 'U1' })).rejects.toThrow('500');
  expect(await web.users.info({ user: 'U1' })).toMatchObject({
    user: { name: 'ana', tz: 'Europe/Stockholm', tz_offset: expect.any(Number) },
  });
  expect(
    slack
      .calls('users.info')
      .slice(-3)
      .map(({ ok, error }) => [ok, error]),
  ).toEqual([
    [false, 'ratelimited'],
    [false, 'http500'],
    [true, undefined],
  ]);
});
