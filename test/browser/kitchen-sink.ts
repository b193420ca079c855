import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { type LocalSlack, startLocalSlack } from '../../src/local-slack/local-slack.ts';
import { elementSample, optionSample, plain, samples } from '../local-slack/blockkit/samples.ts';

const manifest = {
  display_information: { name: 'Kitchen' },
  features: {
    bot_user: { display_name: 'kitchen' },
    slash_commands: [
      { command: '/sink', description: 'Show everything', usage_hint: '[blocks | inputs | stack | home]' },
      { command: '/silent', description: 'Never answers' },
    ],
    shortcuts: [
      { name: 'Wave', callback_id: 'wave', description: 'Wave', type: 'global' },
      { name: 'Repeat', callback_id: 'repeat', description: 'Repeat it', type: 'message' },
    ],
    app_home: { home_tab_enabled: true, messages_tab_enabled: true },
  },
  oauth_config: {
    scopes: { bot: 'chat:write commands channels:history reactions:read im:history users:read files:write'.split(' ') },
  },
  settings: { event_subscriptions: { bot_events: ['app_home_opened', 'message.channels'] } },
};

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const rich = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
const cell = (text: string) => ({ type: 'raw_text', text });
const number = (value: number) => ({ type: 'raw_number', value, text: String(value) });

/** One of every kind of block that a message may hold. */
const everyBlock = [
  { type: 'header', text: plain('Everything') },
  {
    ...samples['section'],
    text: mrkdwn('A *section* with `code`'),
    fields: [mrkdwn('*Owner*\nAna'), mrkdwn('*Tier*\n1')],
  },
  { type: 'section', text: mrkdwn('With a button'), accessory: { ...elementSample('button'), action_id: 'press' } },
  { type: 'context', elements: [mrkdwn('A quiet *footnote*')] },
  samples['divider'],
  { type: 'markdown', text: '# Markdown\n- one\n- two' },
  rich('Rich text'),
  {
    type: 'table',
    rows: [
      [cell('Model'), cell('PSI')],
      [cell('churn'), cell('0.31')],
    ],
  },
  {
    type: 'data_table',
    caption: 'Scores',
    page_size: 2,
    rows: [[cell('Model'), cell('Score')], ...[3, 1, 2].map((score) => [cell(`model-${score}`), number(score)])],
  },
  {
    type: 'data_visualization',
    title: 'Drift by week',
    chart: {
      type: 'bar',
      series: [
        {
          name: 'PSI',
          data: [
            { label: 'W1', value: 1 },
            { label: 'W2', value: 3 },
          ],
        },
      ],
      axis_config: { categories: ['W1', 'W2'] },
    },
  },
  {
    type: 'data_visualization',
    title: 'Traffic',
    chart: {
      type: 'pie',
      segments: [
        { label: 'A', value: 3 },
        { label: 'B', value: 1 },
      ],
    },
  },
  {
    type: 'card',
    title: plain('A card'),
    body: plain('With a body'),
    actions: [{ ...elementSample('button'), text: plain('Open card'), action_id: 'card' }],
  },
  {
    type: 'carousel',
    elements: [
      { type: 'card', title: plain('First card') },
      { type: 'card', title: plain('Second card') },
    ],
  },
  {
    type: 'container',
    title: plain('A container'),
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: [{ type: 'section', text: plain('Hidden inside') }],
  },
  {
    type: 'plan',
    title: 'A plan',
    tasks: [
      { type: 'task_card', task_id: '1', title: 'Look', status: 'complete', output: rich('Found it') },
      { type: 'task_card', task_id: '2', title: 'Repair', status: 'pending' },
    ],
  },
  { type: 'task_card', task_id: '3', title: 'Broken', status: 'error' },
  {
    ...samples['video'],
    title: plain('A video'),
    alt_text: 'somebody waves',
    thumbnail_url: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=',
  },
  {
    type: 'context_actions',
    elements: [
      { ...elementSample('feedback_buttons'), action_id: 'feedback' },
      { ...elementSample('icon_button'), action_id: 'icon' },
    ],
  },
  {
    type: 'actions',
    elements: [
      {
        ...elementSample('button'),
        text: plain('Sure?'),
        action_id: 'sure',
        confirm: {
          title: plain('Really?'),
          text: plain('It is for ever.'),
          confirm: plain('Do it'),
          deny: plain('No'),
        },
      },
      { type: 'overflow', action_id: 'more', options: [optionSample(1), optionSample(2)] },
      {
        type: 'static_select',
        action_id: 'one',
        placeholder: plain('Choose one'),
        options: [optionSample(1), optionSample(2)],
      },
      { type: 'datepicker', action_id: 'day', placeholder: plain('A day') },
    ],
  },
] as unknown as KnownBlock[];

const input = (label: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id: label,
  label: plain(label),
  element: { action_id: 'value', ...element },
  ...more,
});
const options = [1, 2, 3].map(optionSample);
const optional = { optional: true };

/** One of every input; only the first is required. */
const everyInput = {
  type: 'modal',
  callback_id: 'inputs',
  title: plain('Every input'),
  submit: plain('Send'),
  close: plain('Cancel'),
  blocks: [
    { type: 'alert', text: plain('Please mind the step'), level: 'warning' },
    input('Name', { type: 'plain_text_input', max_length: 20 }),
    input('Story', { type: 'plain_text_input', multiline: true }, optional),
    input('Number', { type: 'number_input', is_decimal_allowed: true, min_value: '1', max_value: '9' }, optional),
    input('Mail', { type: 'email_text_input' }, optional),
    input('Link', { type: 'url_text_input' }, optional),
    input('Day', { type: 'datepicker' }, optional),
    input('Time', { type: 'timepicker' }, optional),
    input('Moment', { type: 'datetimepicker' }, optional),
    input('Choice', { type: 'static_select', option_groups: [{ label: plain('Group'), options }] }, optional),
    input('Choices', { type: 'multi_static_select', options }, optional),
    input('Found', { type: 'external_select', min_query_length: 1 }, optional),
    input('Person', { type: 'users_select' }, optional),
    input('Channel', { type: 'conversations_select', filter: { include: ['public'] } }, optional),
    input('Rooms', { type: 'multi_channels_select' }, optional),
    input('Boxes', { type: 'checkboxes', options }, optional),
    input('Radio', { type: 'radio_buttons', options }, optional),
    input('Rich', { type: 'rich_text_input' }, optional),
    input('Files', { type: 'file_input', max_files: 2 }, optional),
    input(
      'Told',
      { type: 'plain_text_input', dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] } },
      { ...optional, dispatch_action: true },
    ),
  ],
} as unknown as ModalView;

const page = (title: string, label: string, actionId: string): ModalView =>
  ({
    type: 'modal',
    callback_id: title,
    title: plain(title),
    close: plain('Back'),
    blocks: [{ type: 'actions', elements: [{ ...elementSample('button'), text: plain(label), action_id: actionId }] }],
  }) as unknown as ModalView;

export interface Kitchen {
  readonly slack: LocalSlack;
  /** What the app was told, newest last: "press", "one 2", "inputs {…}". */
  readonly heard: string[];
  close(): Promise<void>;
}

/** A small app that shows every block and every input, and remembers what comes back. */
export async function openKitchen(): Promise<Kitchen> {
  const slack = await startLocalSlack({
    people: [
      { id: 'U1', name: 'ana', realName: 'Ana Lind', title: 'Data scientist' },
      { id: 'U2', name: 'bo', realName: 'Bo Ek', title: 'Engineer' },
    ],
    channels: [
      { id: 'C1', name: 'general', members: ['U1', 'U2', 'U0LOCALBOT'], topic: 'Everything' },
      { id: 'C2', name: 'random', members: ['U1', 'U0LOCALBOT'] },
    ],
    manifest,
    rateLimits: false,
  });
  const heard: string[] = [];
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new SocketModeReceiver({
    appToken: slack.tokens.app,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions },
  });
  const app = new App({ token: slack.tokens.bot, receiver, logLevel: LogLevel.ERROR, clientOptions });
  app.command('/sink', async ({ command, ack, client }) => {
    await ack();
    const { trigger_id } = command;
    switch (command.text) {
      case 'inputs':
        await client.views.open({ trigger_id, view: everyInput });
        return;
      case 'stack':
        await client.views.open({ trigger_id, view: page('First', 'Next page', 'push') });
        return;
      case 'whisper':
        await client.chat.postEphemeral({
          channel: command.channel_id,
          user: command.user_id,
          text: 'Just for you',
        });
        return;
      default:
        return void (await client.chat.postMessage({
          channel: command.channel_id,
          text: 'Everything',
          blocks: everyBlock,
        }));
    }
  });
  app.command('/silent', () => Promise.resolve());
  app.action('push', async ({ ack, body, client }) => {
    await ack();
    if ('trigger_id' in body)
      await client.views.push({ trigger_id: body.trigger_id, view: page('Second', 'Nothing', 'nothing') });
  });
  app.action(/^(?!push$)/, async ({ ack, action }) => {
    await ack();
    const told = { ...action } as Record<string, unknown>;
    const chosen = (told['selected_option'] as { value?: string } | undefined)?.value;
    heard.push([told['action_id'], chosen ?? told['selected_date'] ?? told['value']].filter(Boolean).join(' '));
  });
  app.options(/.*/, async ({ ack, options: asked }) =>
    ack({ options: [{ text: { type: 'plain_text', text: `Found ${asked.value}` }, value: `found-${asked.value}` }] }),
  );
  app.view('inputs', async ({ ack, view }) => {
    const { values } = view.state;
    if (values['Name']?.['value']?.value === 'wrong')
      return await ack({ response_action: 'errors', errors: { Name: 'Another name, please.' } });
    await ack();
    heard.push(
      `inputs ${JSON.stringify(Object.fromEntries(Object.entries(values).map(([label, held]) => [label, held['value']])))}`,
    );
    return undefined;
  });
  app.shortcut('wave', async ({ ack, body, client }) => {
    await ack();
    heard.push('wave');
    await client.chat.postMessage({ channel: 'C1', text: `:wave: <@${body.user.id}> waves` });
  });
  app.shortcut('repeat', async ({ ack, shortcut }) => {
    await ack();
    heard.push(`repeat ${'message' in shortcut ? String(shortcut.message['text']) : ''}`);
  });
  app.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'home') return;
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'Your kitchen' } }] },
    });
  });
  await app.start();
  return {
    slack,
    heard,
    async close() {
      await app.stop();
      await slack.close();
    },
  };
}
