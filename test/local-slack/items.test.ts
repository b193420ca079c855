import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, clock, refusal, workspace } from './workspace.ts';

const time = clock();
let slack: LocalSlack;
let web: WebClient;
let at: { channel: string; timestamp: string };

beforeEach(async () => {
  slack = await workspace({ rateLimits: false, now: time.now });
  web = client(slack);
  const { ts = '' } = await web.chat.postMessage({ channel: 'C1', text: 'Look' });
  at = { channel: 'C1', timestamp: ts };
});
afterEach(() => slack.close());

const error = async (call: Promise<unknown>) => {
  const refused = await refusal(call);
  return typeof refused === 'object' && refused !== null && 'error' in refused ? refused.error : refused;
};

describe('reactions', () => {
  test('are given, read and taken back', async () => {
    await web.reactions.add({ ...at, name: 'eyes' });
    await slack.as('U1').react('eyes', 'general', at.timestamp);
    const got = await web.reactions.get(at);
    expect(got.message).toMatchObject({ reactions: [{ name: 'eyes', count: 2, users: ['U0LOCALBOT', 'U1'] }] });
    expect((await web.reactions.list({})).items).toMatchObject([{ channel: 'C1', message: { text: 'Look' } }]);
    await web.reactions.remove({ ...at, name: 'eyes' });
    expect((await web.reactions.get(at)).message).toMatchObject({ reactions: [{ count: 1, users: ['U1'] }] });
    expect((await web.reactions.list({})).items).toEqual([]);
    expect((await web.reactions.list({ user: 'U1' })).items).toHaveLength(1);
  });

  test('are refused twice, by a wrong name, on nothing and where there are too many', async () => {
    await web.reactions.add({ ...at, name: 'eyes' });
    expect(await error(web.reactions.add({ ...at, name: 'eyes' }))).toBe('already_reacted');
    expect(await error(web.reactions.add({ ...at, name: ':tada:' }))).toBe('invalid_name');
    expect(await error(web.reactions.add({ ...at, name: 'x', timestamp: 'soon' }))).toBe('bad_timestamp');
    expect(await error(web.reactions.add({ ...at, name: 'x', timestamp: '1.000001' }))).toBe('message_not_found');
    expect(await error(web.reactions.add({ name: 'x' } as never))).toBe('no_item_specified');
    expect(await error(web.reactions.add({ ...at, name: 'x', channel: 'C2' }))).toBe('not_in_channel');
    for (let n = 1; n < 23; n += 1) await web.reactions.add({ ...at, name: `r${n}` });
    expect(await error(web.reactions.add({ ...at, name: 'more' }))).toBe('too_many_reactions');
  });

  test('are of fifty kinds at most, whoever gave them', async () => {
    const people = ['U1', 'U2'];
    for (let n = 0; n < 50; n += 1) await slack.as(people[n % 2] ?? '').react(`r${n}`, 'general', at.timestamp);
    expect(await error(web.reactions.add({ ...at, name: 'more' }))).toBe('too_many_emoji');
    expect(await web.reactions.add({ ...at, name: 'r7' })).toMatchObject({ ok: true });
  });

  test('of others cannot be taken back, nor reactions of nobody be listed', async () => {
    await slack.as('U1').react('eyes', 'general', at.timestamp);
    expect(await error(web.reactions.remove({ ...at, name: 'eyes' }))).toBe('no_reaction');
    expect(await error(web.reactions.list({ user: 'U9' }))).toBe('user_not_found');
    expect(await error(web.reactions.get({ file: 'F9' }))).toBe('file_not_found');
  });

  test('do not reach an archived channel', async () => {
    const { channel } = await web.conversations.create({ name: 'done' });
    const id = channel?.id ?? '';
    const { ts = '' } = await web.chat.postMessage({ channel: id, text: 'x' });
    await web.conversations.archive({ channel: id });
    expect(await error(web.reactions.add({ channel: id, timestamp: ts, name: 'eyes' }))).toBe('is_archived');
  });
});

describe('pins', () => {
  test('are set, listed with who and when, and taken off', async () => {
    await web.pins.add(at);
    expect((await web.pins.list({ channel: 'C1' })).items).toMatchObject([
      {
        type: 'message',
        created_by: 'U0LOCALBOT',
        created: Math.floor(time.now() / 1000),
        message: { ts: at.timestamp, permalink: expect.stringContaining('/archives/C1/p') },
      },
    ]);
    await web.pins.remove(at);
    expect((await web.pins.list({ channel: 'C1' })).items).toEqual([]);
  });

  test('are refused twice, on nothing, on notices, and where there are none', async () => {
    await web.pins.add(at);
    expect(await error(web.pins.add(at))).toBe('already_pinned');
    expect(await error(web.pins.add({ channel: 'C1' } as never))).toBe('no_item_specified');
    await web.pins.remove(at);
    expect(await error(web.pins.remove(at))).toBe('no_pin');
    expect(await error(web.pins.list({ channel: 'C2' }))).toBe('not_in_channel');
    await web.conversations.join({ channel: 'C2' });
    const notice = (await web.conversations.history({ channel: 'C2' })).messages?.[0]?.ts ?? '';
    expect(await error(web.pins.add({ channel: 'C2', timestamp: notice }))).toBe('not_pinnable');
  });

  test('are a hundred at most', async () => {
    for (let n = 0; n < 100; n += 1) {
      const { ts = '' } = await web.chat.postMessage({ channel: 'C1', text: 'x' });
      await web.pins.add({ channel: 'C1', timestamp: ts });
    }
    expect(await error(web.pins.add(at))).toBe('too_many_pins');
  });
});

describe('bookmarks', () => {
  const board = { channel_id: 'C1', title: 'Board', type: 'link' as const, link: 'https://example.com' };

  test('are added, changed, listed and removed', async () => {
    const { bookmark } = await web.bookmarks.add({ ...board, emoji: ':bar_chart:' });
    const which = { channel_id: 'C1', bookmark_id: bookmark?.id ?? '' };
    expect(bookmark).toMatchObject({ id: expect.stringMatching(/^Bk/), emoji: ':bar_chart:', channel_id: 'C1' });
    await web.bookmarks.edit({ ...which, title: 'Boards' });
    expect((await web.bookmarks.list({ channel_id: 'C1' })).bookmarks).toMatchObject([
      { title: 'Boards', link: 'https://example.com', date_updated: Math.floor(time.now() / 1000) },
    ]);
    await web.bookmarks.remove(which);
    expect((await web.bookmarks.list({ channel_id: 'C1' })).bookmarks).toEqual([]);
    expect(await error(web.bookmarks.remove(which))).toBe('not_found');
    expect(await error(web.bookmarks.edit({ ...which, title: 'x' }))).toBe('not_found');
  });

  test.each([
    [{ link: 'ftp://example.com' }, 'invalid_link'],
    [{ link: 'nowhere' }, 'invalid_link'],
    [{ emoji: 'tada' }, 'invalid_emoji'],
    [{ type: 'file' as never }, 'invalid_bookmark_type'],
    [{ channel_id: 'C3' }, 'channel_not_found'],
  ])('with %o are refused', async (wrong, expected) => {
    expect(await error(web.bookmarks.add({ ...board, ...wrong }))).toBe(expected);
  });

  test('of a channel one cannot see are not found', async () => {
    expect(await error(web.bookmarks.list({ channel_id: 'C3' }))).toBe('channel_not_found');
  });

  test('are a hundred at most', async () => {
    for (let n = 0; n < 100; n += 1) await web.bookmarks.add(board);
    expect(await error(web.bookmarks.add(board))).toBe('too_many_bookmarks');
  });
});
