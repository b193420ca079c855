import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type LocalSlack, startLocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, manifest, socketApp, workspace } from './workspace.ts';

const more = {
  scopes: 'pins:read files:read usergroups:read links:read reactions:read'.split(' '),
  events: (
    'message.groups reaction_removed member_left_channel team_join channel_created channel_rename channel_archive ' +
    'channel_unarchive channel_left channel_shared channel_unshared group_left group_rename group_archive pin_added ' +
    'pin_removed file_created file_public file_shared subteam_created subteam_updated subteam_members_changed link_shared'
  ).split(' '),
};
const everything = {
  ...manifest,
  features: { ...manifest.features, unfurl_domains: ['models.example'] },
  oauth_config: { scopes: { bot: [...manifest.oauth_config.scopes.bot, ...more.scopes] } },
  settings: {
    ...manifest.settings,
    event_subscriptions: { bot_events: [...manifest.settings.event_subscriptions.bot_events, ...more.events] },
  },
};

let slack: LocalSlack;
let web: WebClient;
let heard: Record<string, unknown>[];
beforeEach(async () => {
  slack = await workspace({ manifest: everything, rateLimits: false });
  web = client(slack);
  heard = [];
  const app = await socketApp(slack);
  onTestFinished(async () => void (await app.stop()));
  app.event(/.*/, ({ event }) => Promise.resolve(void heard.push({ ...event })));
});
afterEach(() => slack.close());

const words = z.object({ type: z.string(), subtype: z.string().optional() });
const types = () =>
  heard.map((event) => {
    const { type, subtype } = words.parse(event);
    return subtype === undefined ? type : `${type} ${subtype}`;
  });
const last = (type: string) => heard.findLast((event) => event['type'] === type);

describe('channels', () => {
  test('of people: made, renamed, described, archived and opened again', async () => {
    const ana = slack.as('U1');
    const { channel } = await ana.createChannel('drift-room');
    expect(last('channel_created')).toMatchObject({
      channel: { id: channel, name: 'drift-room', creator: 'U1', is_private: false, context_team_id: 'T0LOCAL' },
    });
    await ana.rename('drift-room', 'drift-hall');
    expect(last('channel_rename')).toMatchObject({ channel: { id: channel, name: 'drift-hall', is_channel: true } });
    await ana.invite('@tester', 'drift-hall');
    await ana.topic('drift-hall', 'PSI above 0.2');
    expect(last('message')).toMatchObject({ subtype: 'channel_topic', topic: 'PSI above 0.2', user: 'U1' });
    await ana.archive('drift-hall');
    expect(last('channel_archive')).toMatchObject({ channel, user: 'U1' });
    expect(await ana.archive('drift-hall')).toEqual({ ok: false, error: 'already_archived' });
    await ana.unarchive('drift-hall');
    expect(last('channel_unarchive')).toMatchObject({ channel, user: 'U1' });
  });

  test('of the app itself, too', async () => {
    const { channel } = await web.conversations.create({ name: 'made-by-app' });
    await web.conversations.archive({ channel: channel?.id ?? '' });
    const sent = () => slack.deliveries().map(({ type, answer }) => `${type} ${answer}`);
    const all = ['channel_archive acked', 'channel_created acked', 'message acked'];
    await expect.poll(() => sent().toSorted()).toEqual(all);
  });

  test('that are private are told of only inside', async () => {
    await slack.as('U1').createChannel('closed', { isPrivate: true });
    await slack.as('U1').rename('closed', 'still-closed');
    expect(types()).toEqual([]);
    await slack.as('U1').invite('@tester', 'still-closed');
    await slack.as('U1').rename('still-closed', 'open-to-us');
    expect(last('group_rename')).toMatchObject({ channel: { name: 'open-to-us', is_channel: false } });
  });

  test('the app hears when it is put out, and nothing from there afterwards', async () => {
    expect(await slack.as('U2').kick('@tester', 'general')).toEqual({ ok: true });
    expect(last('channel_left')).toMatchObject({ channel: 'C1', actor_id: 'U2' });
    await slack.as('U1').say('Alone at last', { channel: 'general' });
    expect(types()).toEqual(['channel_left']);
  });

  test('people who go are told of by an event and a message', async () => {
    await slack.as('U2').leave('general');
    expect(types().toSorted()).toEqual(['member_left_channel', 'message channel_leave']);
    expect(last('member_left_channel')).toMatchObject({
      user: 'U2',
      channel: 'C1',
      channel_type: 'C',
      team: 'T0LOCAL',
    });
  });
});

describe('threads', () => {
  test('keep a mark where their first message was, until the last reply is gone', async () => {
    const ana = slack.as('U1');
    const { ts } = await ana.say('Question');
    const { ts: reply } = await ana.say('Answer', { thread: ts });
    await ana.remove('general', ts);
    expect(last('message')).toMatchObject({
      subtype: 'message_changed',
      message: { subtype: 'tombstone', text: 'This message was deleted.', user: 'USLACKBOT', hidden: true, ts },
      previous_message: { text: 'Question' },
    });
    expect(ana.thread('general', ts)).toEqual(['This message was deleted.', 'Answer']);
    await ana.remove('general', reply);
    expect(heard.slice(-2)).toMatchObject([
      { subtype: 'message_deleted', deleted_ts: reply },
      { subtype: 'message_deleted', deleted_ts: ts },
    ]);
    expect(ana.channel('general')).toEqual([]);
  });

  test('of the app leave the same mark', async () => {
    const { ts = '' } = await web.chat.postMessage({ channel: 'C1', text: 'Alert' });
    await slack.as('U1').say('On it', { thread: ts });
    await web.chat.delete({ channel: 'C1', ts });
    expect((await web.conversations.replies({ channel: 'C1', ts })).messages?.[0]).toMatchObject({
      subtype: 'tombstone',
    });
  });

  test('may show a reply in the channel as well', async () => {
    const { ts = '' } = await web.chat.postMessage({ channel: 'C1', text: 'Alert' });
    const { message } = await web.chat.postMessage({
      channel: 'C1',
      text: 'Over',
      thread_ts: ts,
      reply_broadcast: true,
    });
    expect(message).toMatchObject({ subtype: 'thread_broadcast', thread_ts: ts, root: { ts, text: 'Alert' } });
  });
});

describe('what people wrote', () => {
  test('comes as rich text, with its mentions and links', async () => {
    await slack.as('U1').say('@bo see #general & https://x.io/a?b=1&c=2 :eyes: at 10:30:45');
    expect(last('message')).toMatchObject({
      text: '<@U2> see <#C1|general> &amp; <https://x.io/a?b=1&amp;c=2> :eyes: at 10:30:45',
      blocks: [
        {
          elements: [
            {
              elements: [
                { type: 'user', user_id: 'U2' },
                { type: 'text', text: ' see ' },
                { type: 'channel', channel_id: 'C1' },
                { type: 'text', text: ' & ' },
                { type: 'link', url: 'https://x.io/a?b=1&c=2' },
                { type: 'text', text: ' ' },
                { type: 'emoji', name: 'eyes' },
                { type: 'text', text: ' at 10:30:45' },
              ],
            },
          ],
        },
      ],
    });
  });

  test('tells of links to the domains of the app', async () => {
    await slack.as('U1').say('see https://eu.models.example/churn and https://elsewhere.example');
    expect(last('link_shared')).toMatchObject({
      channel: 'C1',
      user: 'U1',
      links: [{ domain: 'models.example', url: 'https://eu.models.example/churn' }],
    });
  });

  test('with a file is one message and the events of the file', async () => {
    const { ts } = await slack.as('U1').share({ name: 'psi.csv', content: 'a,b' }, 'general', 'The numbers');
    expect(heard.find(({ type }) => type === 'message')).toMatchObject({
      subtype: 'file_share',
      ts,
      text: 'The numbers',
      files: [{ name: 'psi.csv', user: 'U1' }],
    });
    expect(types().toSorted()).toEqual(['file_created', 'file_public', 'file_shared', 'message file_share']);
    expect(last('file_shared')).toMatchObject({ channel_id: 'C1', user_id: 'U1' });
  });

  test('can be pinned and unpinned', async () => {
    const { ts } = await slack.as('U1').say('Keep this');
    await slack.as('U2').pin('general', ts);
    expect(last('pin_added')).toMatchObject({
      user: 'U2',
      channel_id: 'C1',
      item_user: 'U1',
      pin_count: '1',
      item: { message: { ts } },
    });
    await slack.as('U2').unpin('general', ts);
    expect(last('pin_removed')).toMatchObject({ has_pins: false });
    expect(await slack.as('U2').unpin('general', ts)).toEqual({ ok: false, error: 'not_pinned' });
  });
});

describe('people', () => {
  test('who are new are welcomed; who change are told of', async () => {
    slack.setPerson('U8', { name: 'dag', realName: 'Dag Ny', tz: 'Europe/Oslo' });
    await expect
      .poll(() => last('team_join'))
      .toMatchObject({ user: { id: 'U8', name: 'dag', tz: 'Europe/Oslo', deleted: false } });
    slack.setPerson('U8', { deleted: true });
    await expect.poll(() => last('user_change')).toMatchObject({ user: { id: 'U8', deleted: true } });
    expect(() => slack.setPerson('U7', { deleted: true })).toThrow('needs a name');
  });

  test('in groups: made, changed, and who came and went', async () => {
    await slack.setUserGroup({ id: 'S1', handle: 'oncall', name: 'On call', users: ['U1'] });
    expect(last('subteam_created')).toMatchObject({
      subteam: { id: 'S1', handle: 'oncall', users: ['U1'], user_count: 1 },
    });
    await slack.setUserGroup({ id: 'S1', handle: 'oncall', name: 'On call', users: ['U2'] });
    expect(last('subteam_members_changed')).toMatchObject({
      subteam_id: 'S1',
      added_users: ['U2'],
      removed_users: ['U1'],
    });
    await slack.as('U1').say('@oncall help');
    expect(last('message')).toMatchObject({ text: '<!subteam^S1|@oncall> help' });
  });
});

test('a channel that is shared, and no longer', async () => {
  await slack.shareChannel('general', true);
  expect(last('channel_shared')).toMatchObject({ channel: 'C1', connected_team_id: 'T0FOREIGN' });
  await slack.shareChannel('general', false);
  expect(last('channel_unshared')).toMatchObject({ channel: 'C1', is_ext_shared: false });
});

test('an app that is gone hears nothing more', async () => {
  slack.uninstall();
  await expect.poll(() => types().toSorted()).toEqual(['app_uninstalled', 'tokens_revoked']);
  await slack.as('U1').say('hello?');
  expect(await slack.as('U1').command('/try')).toEqual({ ok: false, error: 'unknown_command' });
  expect(heard).toHaveLength(2);
});

describe('a manifest', () => {
  const started = (events: string[], scopes: string[] = []) =>
    startLocalSlack({
      people: [],
      channels: [],
      manifest: {
        display_information: { name: 'X' },
        oauth_config: { scopes: { bot: scopes } },
        settings: { event_subscriptions: { bot_events: events } },
      },
    });
  test.each([
    [['pin_added'], 'pin_added without the scope pins:read'],
    [['subteam_created'], 'without the scope usergroups:read'],
    [['message'], 'which Slack does not know'],
  ])('that subscribes to %s is refused', async (events, words) => {
    await expect(started(events)).rejects.toThrow(words);
  });
  test('without interactivity gets no presses, and people are told', async () => {
    const { interactivity: _off, ...settings } = manifest.settings;
    const quiet = await workspace({ manifest: { ...manifest, settings } });
    onTestFinished(() => quiet.close());
    expect(await quiet.as('U1').shortcut('Start')).toEqual({ ok: false, error: 'not_configured' });
  });
});
