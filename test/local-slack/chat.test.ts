import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, clock, manifest, refusal, workspace } from './workspace.ts';

const time = clock();
let slack: LocalSlack;
let web: WebClient;
beforeEach(async () => {
  slack = await workspace({
    now: time.now,
    rateLimits: false,
    editWindowMs: 60_000,
    userGroups: [{ id: 'S1', handle: 'ml-oncall', name: 'On call', users: ['U1'] }],
  });
  web = client(slack);
});
afterEach(() => slack.close());

const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });

async function posted(text = 'x', more: object = {}): Promise<string> {
  return (await web.chat.postMessage({ channel: 'C1', text, ...more })).ts ?? '';
}

describe('where a message goes', () => {
  test('a channel may be named, with or without #', async () => {
    expect(await web.chat.postMessage({ channel: '#general', text: 'x' })).toMatchObject({ channel: 'C1' });
    expect(await web.chat.scheduleMessage({ channel: 'general', text: 'x', post_at: 2e9 }).catch(String)).toContain(
      'time_too_far',
    );
    expect(await web.chat.postEphemeral({ channel: 'general', user: 'U1', text: 'x' })).toMatchObject({ ok: true });
  });

  test.each(['#secret', '@ana', 'ana', ''])('%o is not found', async (channel) => {
    expect(await refusal(web.chat.postMessage({ channel, text: 'x' }))).toMatchObject({ error: 'channel_not_found' });
  });

  test('updates, deletions and readings take ids only', async () => {
    const ts = await posted();
    const error = 'channel_not_found';
    expect(await refusal(web.chat.update({ channel: 'general', ts, text: 'y' }))).toMatchObject({ error });
    expect(await refusal(web.chat.delete({ channel: 'general', ts }))).toMatchObject({ error });
    expect(await refusal(web.chat.getPermalink({ channel: 'general', message_ts: ts }))).toMatchObject({ error });
    expect(await refusal(web.conversations.history({ channel: 'general' }))).toMatchObject({ error });
  });
});

describe('what is made of its text', () => {
  const text = '@ml-oncall and @ana: see #general, https://example.com';
  test.each([
    [{}, text],
    [{ link_names: true }, '<!subteam^S1> and @ana: see #general, https://example.com'],
    [{ parse: 'full' as const }, '<!subteam^S1> and @ana: see <#C1>, <https://example.com>'],
    [{ unfurl_links: false, unfurl_media: false, mrkdwn: true, parse: 'none' as const }, text],
  ])('with %o', async (how, kept) => {
    const { message } = await web.chat.postMessage({ channel: 'C1', text, ...how });
    expect(message?.text).toBe(kept);
  });

  test('a name of its own needs a scope', async () => {
    for (const own of [
      { username: 'Otto' },
      { icon_emoji: ':robot_face:' },
      { icon_url: 'https://example.com/a.png' },
    ]) {
      expect(await refusal(web.chat.postMessage({ channel: 'C1', text: 'x', ...own } as never))).toMatchObject({
        error: 'missing_scope',
        needed: 'chat:write.customize',
      });
    }
  });
});

describe('a message that is too large', () => {
  test('is refused for its blocks together when it is posted', async () => {
    const whole = Array.from({ length: 4 }, () => section('x'.repeat(3000)));
    const { ts = '' } = await web.chat.postMessage({ channel: 'C1', text: 'x', blocks: whole });
    const blocks = [...whole, section('x')];
    expect(await refusal(web.chat.postMessage({ channel: 'C1', text: 'x', blocks }))).toMatchObject({
      error: 'msg_blocks_too_long',
    });
    expect(await web.chat.update({ channel: 'C1', ts, text: 'x', blocks })).toMatchObject({ ok: true });
  });

  test('is not too large for what stands in its table', async () => {
    const whole = Array.from({ length: 4 }, () => section('x'.repeat(3000)));
    const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'x'.repeat(500) }]] };
    const blocks = [...whole, table] as never;
    expect(await web.chat.postMessage({ channel: 'C1', text: 'x', blocks })).toMatchObject({ ok: true });
  });

  test('is refused for its metadata', async () => {
    const metadata = (size: number) => ({ event_type: 'x', event_payload: { all: 'x'.repeat(size) } });
    expect(await posted('x', { metadata: metadata(15_000) })).not.toBe('');
    expect(await refusal(posted('x', { metadata: metadata(16_000) }))).toMatchObject({ error: 'metadata_too_large' });
  });
});

describe('changing a message', () => {
  test('is possible only for a while where the workspace says so', async () => {
    const ts = await posted();
    time.pass(59_000);
    await web.chat.update({ channel: 'C1', ts, text: 'y' });
    time.pass(2_000);
    expect(await refusal(web.chat.update({ channel: 'C1', ts, text: 'z' }))).toMatchObject({
      error: 'edit_window_closed',
    });
  });

  test('is over once the channel is archived', async () => {
    const { channel } = await web.conversations.create({ name: 'done' });
    const id = channel?.id ?? '';
    const { ts = '' } = await web.chat.postMessage({ channel: id, text: 'x' });
    await web.conversations.archive({ channel: id });
    expect(await refusal(web.chat.update({ channel: id, ts, text: 'y' }))).toMatchObject({ error: 'is_inactive' });
  });

  test('shows an old reply to the whole channel, if its words stay', async () => {
    const thread_ts = await posted('head');
    const ts = await posted('reply', { thread_ts });
    const shown = { channel: 'C1', reply_broadcast: true as const };
    const at = { ...shown, ts };
    expect(await refusal(web.chat.update({ ...at, text: 'other' }))).toMatchObject({
      error: 'no_dual_broadcast_content_update',
    });
    expect(await refusal(web.chat.update({ ...shown, ts: thread_ts } as never))).toMatchObject({
      error: 'cant_broadcast_message',
    });
    await web.chat.update(at as never);
    const { messages } = await web.conversations.history({ channel: 'C1' });
    expect(messages?.map(({ text }) => text)).toEqual(['reply', 'head']);
  });

  test('puts files to it and takes them away', async () => {
    const ts = await posted();
    const { upload_url: url = '', file_id: id = '' } = await web.files.getUploadURLExternal({
      filename: 'a',
      length: 1,
    });
    const change = (file_ids: string[]) => web.chat.update({ channel: 'C1', ts, text: 'x', file_ids });
    expect(await refusal(change([id]))).toMatchObject({ error: 'file_not_found' });
    await fetch(url, { method: 'POST', body: '1' });
    await web.files.completeUploadExternal({ files: [{ id }] });
    expect((await change([id])).message).toMatchObject({ files: [{ id }] });
    expect((await web.chat.update({ channel: 'C1', ts, text: 'y' })).message).toMatchObject({ files: [{ id }] });
    expect((await change([])).message).not.toHaveProperty('files');
  });
});

describe('a permalink', () => {
  test('leads to the message, and says in which thread it is', async () => {
    const thread_ts = await posted('head');
    const ts = await posted('reply', { thread_ts });
    const { permalink } = await web.chat.getPermalink({ channel: 'C1', message_ts: ts });
    expect(permalink).toBe(`https://local.slack.com/archives/C1/p${ts.replace('.', '')}?thread_ts=${thread_ts}&cid=C1`);
  });

  test('needs a message in a channel one can see', async () => {
    const { ts } = await slack.as('U1').say('psst', { channel: 'secret' });
    expect(await refusal(web.chat.getPermalink({ channel: 'C3', message_ts: ts }))).toMatchObject({
      error: 'channel_not_found',
    });
    expect(await refusal(web.chat.getPermalink({ channel: 'C1', message_ts: '1.000001' }))).toMatchObject({
      error: 'message_not_found',
    });
  });
});

test('deleting takes only what the app wrote', async () => {
  const ts = await posted('mine');
  const { ts: theirs } = await slack.as('U1').say('theirs', { channel: 'general' });
  expect(await web.chat.delete({ channel: 'C1', ts })).toMatchObject({ channel: 'C1', ts });
  expect(slack.as('U1').channel('general')).toEqual(['theirs']);
  expect(await refusal(web.chat.delete({ channel: 'C1', ts }))).toMatchObject({ error: 'message_not_found' });
  expect(await refusal(web.chat.delete({ channel: 'C1', ts: theirs }))).toMatchObject({ error: 'cant_delete_message' });
});

test('a public channel is written to from outside with the scope for it', async () => {
  const bot = [...manifest.oauth_config.scopes.bot, 'chat:write.public'];
  const open = await workspace({ manifest: { ...manifest, oauth_config: { scopes: { bot } } } });
  expect(await client(open).chat.postMessage({ channel: 'C2', text: 'x' })).toMatchObject({ ok: true });
  expect(await refusal(client(open).conversations.history({ channel: 'C2' }))).toMatchObject({
    error: 'not_in_channel',
  });
  await open.close();
});
