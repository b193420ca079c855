import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalSlack, startLocalSlack } from '../../src/local-slack/local-slack.ts';
import { client, manifest, modal, plain, socketApp, textInput, workspace } from './workspace.ts';

let slack: LocalSlack;
let app: App;
let web: WebClient;

beforeAll(async () => {
  slack = await workspace({ rateLimits: false });
  app = await socketApp(slack);
  web = client(slack);
});
afterAll(async () => {
  await app.stop();
  await slack.close();
});

const section = (text: string, accessory?: object) => ({
  type: 'section',
  text: { type: 'mrkdwn', text },
  ...(accessory ? { accessory } : {}),
});
const button = (text: string, action_id: string) => ({
  type: 'button',
  text: plain(text),
  action_id,
  value: action_id,
});

async function post(blocks: object[], channel = 'C1'): Promise<string> {
  return (await web.chat.postMessage({ channel, text: 'fallback', blocks: blocks as never })).ts ?? '';
}

async function read(blocks: object[], as = 'U1'): Promise<string | undefined> {
  await post(blocks);
  return slack.as(as).channel('general').at(-1);
}

const readings: [string, object[], string][] = [
  [
    'names for ids, labels for links',
    [section('*<@U1>* in <#C2> saw <https://x.io|the board> &amp; `v2`')],
    '@ana in #elsewhere saw the board & v2',
  ],
  ['calls to everyone', [section('<!here> and <!subteam^S1|@ops>')], '@here and @ops'],
  [
    'buttons and pictures',
    [
      section('Drift', button('Look', 'look')),
      { type: 'image', image_url: 'https://x.io/a.png', alt_text: 'PSI by day' },
    ],
    'Drift\n[Look]\n(picture: PSI by day)',
  ],
  [
    'fields and context',
    [
      { type: 'section', fields: [plain('A'), plain('1')] },
      { type: 'context', elements: [plain('by'), plain('me')] },
    ],
    'A\n1\nby me',
  ],
  [
    'tables row by row',
    [
      {
        type: 'table',
        rows: [
          [
            { type: 'raw_text', text: 'Model' },
            { type: 'raw_text', text: 'PSI' },
          ],
          [
            { type: 'raw_text', text: 'churn' },
            { type: 'raw_number', value: 0.2, text: '0.2' },
          ],
        ],
      },
    ],
    'Model | PSI\nchurn | 0.2',
  ],
  [
    'rich text',
    [
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'user', user_id: 'U2' },
              { type: 'text', text: ' did:' },
            ],
          },
          {
            type: 'rich_text_list',
            style: 'ordered',
            elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'this' }] }],
          },
        ],
      },
    ],
    '@bo did:\n1. this',
  ],
  [
    'menus by what they hold',
    [
      {
        type: 'actions',
        elements: [
          { type: 'static_select', placeholder: plain('Pick'), options: [{ text: plain('One'), value: '1' }] },
          { type: 'overflow', options: [{ text: plain('More'), value: 'm' }] },
        ],
      },
    ],
    '{Pick} [⋯ More]',
  ],
  [
    'cards',
    [
      {
        type: 'card',
        title: plain('Churn'),
        body: { type: 'mrkdwn', text: '*bad*' },
        actions: [button('Open', 'open')],
      },
    ],
    'Churn\nbad\n[Open]',
  ],
];

test.each(readings)('a message reads as a person sees it: %s', async (_name, blocks, text) => {
  expect(await read(blocks)).toBe(text);
});

test('a time is read in the zone of the reader', async () => {
  const blocks = [section('<!date^1795424400^{date_short} at {time}|later>')];
  expect(await read(blocks, 'U1')).toBe('Nov 23, 2026 at 10:00 AM');
  expect(slack.as('U2').channel('general').at(-1)).toBe('Nov 23, 2026 at 9:00 AM');
});

test('a coloured attachment shows its blocks beside the text', async () => {
  await web.chat.postMessage({
    channel: 'C1',
    text: 'Drift!',
    attachments: [{ color: '#D92D20', blocks: [section('Inside', button('Inner', 'inner')) as never] }],
  });
  expect(slack.as('U1').channel('general').at(-1)).toBe('Drift!\nInside\n[Inner]');
  app.action('inner', async ({ ack, respond }) => {
    await ack();
    await respond({ text: 'pressed inside', replace_original: false });
  });
  await slack.as('U1').press('Inner');
  expect(slack.as('U1').ephemerals().at(-1)).toBe('pressed inside');
});

test('the newest button of a name is pressed, or the one asked for', async () => {
  const pressed: unknown[] = [];
  app.action('take', async ({ ack, body }) => {
    await ack();
    pressed.push(body.type === 'block_actions' ? body.message?.ts : undefined);
  });
  const first = await post([section('first'), { type: 'actions', elements: [button('Take', 'take')] }]);
  const second = await post([section('second'), { type: 'actions', elements: [button('Take', 'take')] }]);
  const ana = slack.as('U1');
  await ana.press('Take');
  await ana.press('Take', { containing: 'first' });
  await ana.press('Take', { ts: second });
  expect(pressed).toEqual([second, first, second]);
});

test('no one presses what they cannot see', async () => {
  const { channel } = await web.conversations.create({ name: 'quiet', is_private: true });
  await web.conversations.invite({ channel: channel?.id ?? '', users: 'U1' });
  await post([{ type: 'actions', elements: [button('Hidden', 'hidden')] }], channel?.id);
  await expect(slack.as('U2').press('Hidden')).rejects.toThrow('nobody shows a button [Hidden]');
  expect(() => slack.as('U2').channel('quiet')).toThrow('bo does not see #quiet');
});

test('choosing in a message tells the app the choice and the state of its neighbours', async () => {
  let seen: unknown;
  app.action('level', async ({ ack, body, action }) => {
    await ack();
    seen = [action, body.type === 'block_actions' ? body.state?.values : undefined];
  });
  const options = ['Low', 'High'].map((text) => ({ text: plain(text), value: text }));
  const day = { type: 'datepicker', action_id: 'day', initial_date: '2026-11-23' };
  await post([
    {
      type: 'actions',
      block_id: 'b',
      elements: [{ type: 'static_select', action_id: 'level', placeholder: plain('Level'), options }, day],
    },
  ]);
  await slack.as('U1').choose('Level', 'High');
  expect(seen).toMatchObject([
    { type: 'static_select', action_id: 'level', block_id: 'b', selected_option: { value: 'High' } },
    { b: { level: { selected_option: { value: 'High' } }, day: { selected_date: '2026-11-23' } } },
  ]);
});

test('an overflow menu is pressed by the name of its entry', async () => {
  let chosen: unknown;
  app.action('more', async ({ ack, action }) => {
    await ack();
    chosen = action.type === 'overflow' ? action.selected_option.value : undefined;
  });
  await post([
    section('x', {
      type: 'overflow',
      action_id: 'more',
      options: [
        { text: plain('Mute'), value: 'mute' },
        { text: plain('Close'), value: 'close' },
      ],
    }),
  ]);
  await slack.as('U1').press('Mute');
  expect(chosen).toBe('mute');
});

test('shortcuts work by name, on the whole and on a message', async () => {
  const heard: unknown[] = [];
  app.shortcut('start', async ({ ack, shortcut, client: web2 }) => {
    await ack();
    heard.push(shortcut.type, 'channel' in shortcut);
    await web2.views.open({ trigger_id: shortcut.trigger_id, view: modal('Started', [textInput('Why')]) });
  });
  app.shortcut('look', async ({ ack, shortcut }) => {
    await ack();
    heard.push(shortcut.type, shortcut.type === 'message_action' && shortcut.message.text);
  });
  const ana = slack.as('U1');
  await ana.shortcut('Start');
  expect(ana.modal()).toBe('# Started\nWhy: {}\n[Cancel] [Save]');
  await ana.closeModal();
  const { ts } = await ana.say('look at this');
  await ana.shortcut('Look', { message: { channel: 'general', ts } });
  expect(heard).toEqual(['shortcut', false, 'message_action', 'look at this']);
});

test('people talk with the app in its DM, where it may answer in a thread', async () => {
  app.message('ping', async ({ message, client: web2 }) => {
    await web2.chat.postMessage({ channel: message.channel, thread_ts: message.ts, text: 'pong' });
  });
  const bo = slack.as('U2');
  const { ts } = await bo.say('ping', { channel: 'dm' });
  expect(bo.thread('dm', ts)).toEqual(['ping', 'pong']);
  expect(bo.dm()).toEqual(['ping', 'pong']);
  expect(slack.as('U1').dm()).toEqual([]);
});

test('the app hears of people coming to where it is', async () => {
  const heard: unknown[] = [];
  app.event('member_joined_channel', async ({ event }) => void heard.push([event.user, event.channel]));
  const { channel } = await web.conversations.create({ name: 'open-house' });
  await slack.as('U2').join('open-house');
  expect(await slack.as('U1').invite('@tester', 'secret')).toEqual({ ok: true });
  expect(heard).toEqual([
    ['U2', channel?.id],
    ['U0LOCALBOT', 'C3'],
  ]);
});

test('what was saved is there after a restart, but for what only one person saw', async () => {
  const first = await startLocalSlack({
    people: [{ id: 'U1', name: 'ana', realName: 'Ana' }],
    channels: [{ id: 'C1', name: 'general', members: ['U1', 'U0LOCALBOT'] }],
    manifest,
  });
  await client(first).chat.postMessage({ channel: 'C1', text: 'kept' });
  await client(first).chat.postEphemeral({ channel: 'C1', user: 'U1', text: 'lost' });
  const saved: unknown = JSON.parse(JSON.stringify(first.save()));
  await first.close();
  const second = await startLocalSlack({ people: [], channels: [], manifest, saved });
  expect(second.as('U1').channel('general')).toEqual(['kept']);
  await second.close();
});
