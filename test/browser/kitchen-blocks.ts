import { elementSample, optionSample, plain, samples } from '../local-slack/blockkit/samples.ts';

/** Block Kit as JSON: what is posted need not be in the types of the SDK yet. */
export type Blocks = Record<string, unknown>[];

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const rich = (...elements: object[]) => ({ type: 'rich_text', elements });
const line = (...elements: object[]) => ({ type: 'rich_text_section', elements });
const words = (text: string, style?: object) => ({ type: 'text', text, ...(style && { style }) });
const cell = (text: string) => ({ type: 'raw_text', text });
const number = (value: number) => ({ type: 'raw_number', value, text: String(value) });
const button = (label: string, actionId: string, more: object = {}) => ({
  ...elementSample('button'),
  text: plain(label),
  action_id: actionId,
  ...more,
});
const dot = 'data:image/gif;base64,R0lGODlhAQABAIAAAOiRLf///ywAAAAAAQABAAACAkQBADs=';
const small = (alt: string) => ({ type: 'image', image_url: dot, alt_text: alt });

const sure = {
  title: plain('Really?'),
  text: plain('It is for ever.'),
  confirm: plain('Do it'),
  deny: plain('No'),
};

const texts: Blocks = [
  { type: 'header', text: plain('Everything') },
  {
    ...samples['section'],
    text: mrkdwn('A *section* with `code`, <https://example.com|a link>, <@U2>, <#C2> and <!subteam^S1>'),
    fields: [mrkdwn('*Owner*\nAna'), mrkdwn('*Tier*\n1')],
  },
  { type: 'section', text: mrkdwn('With a button'), accessory: button('Go', 'press') },
  { type: 'section', text: mrkdwn('With a picture'), accessory: small('An orange square') },
  { type: 'context', elements: [small('A dot'), mrkdwn('A quiet *footnote*')] },
  { ...samples['divider'] },
  { type: 'markdown', text: '# Markdown\n- one\n- **two**\n\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |' },
  rich(
    line(words('Rich text', { bold: true }), words(' with '), { type: 'emoji', name: 'wave' }, words(' for '), {
      type: 'user',
      user_id: 'U1',
    }),
    { type: 'rich_text_list', style: 'bullet', elements: [line(words('first')), line(words('second'))] },
    { type: 'rich_text_quote', elements: [words('A quote')] },
    { type: 'rich_text_preformatted', elements: [words('const a = 1;')] },
    line({ type: 'color', value: '#e8912d' }, words(' '), { type: 'usergroup', usergroup_id: 'S1' }),
  ),
];

const data: Blocks = [
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
    rows: [[cell('Model'), cell('Score')], ...[3, 10, 2].map((score) => [cell(`model-${score}`), number(score)])],
  },
  chart('Drift by week', 'bar'),
  chart('Drift as a line', 'line'),
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
];

function chart(title: string, type: string): Record<string, unknown> {
  const series = [
    { name: 'PSI', values: [1, 3] },
    { name: 'KS', values: [2, 1] },
  ].map(({ name, values }) => ({ name, data: values.map((value, at) => ({ label: `W${at + 1}`, value })) }));
  return { type: 'data_visualization', title, chart: { type, series, axis_config: { categories: ['W1', 'W2'] } } };
}

const cards: Blocks = [
  {
    type: 'card',
    icon: small('A square'),
    title: plain('A card'),
    subtitle: plain('Below the title'),
    body: plain('With a body'),
    subtext: plain('And small words'),
    actions: [button('Open card', 'card')],
  },
  {
    type: 'carousel',
    elements: ['First card', 'Second card', 'Third card', 'Fourth card'].map((title) => ({
      type: 'card',
      title: plain(title),
      body: plain('Turn to the next'),
    })),
  },
  {
    type: 'container',
    title: plain('A container'),
    subtitle: plain('Press to open'),
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: [{ type: 'section', text: plain('Hidden inside') }],
  },
  {
    type: 'plan',
    title: 'A plan',
    tasks: [
      {
        type: 'task_card',
        task_id: '1',
        title: 'Look',
        status: 'complete',
        output: rich(line(words('Found it'))),
        sources: [{ type: 'url', url: 'https://example.com/log', text: 'The log' }],
      },
      { type: 'task_card', task_id: '2', title: 'Repair', status: 'in_progress' },
      { type: 'task_card', task_id: '3', title: 'Tell', status: 'pending' },
    ],
  },
  { type: 'task_card', task_id: '4', title: 'Broken', status: 'error' },
  { ...samples['video'], title: plain('A video'), alt_text: 'somebody waves', thumbnail_url: dot },
  {
    type: 'context_actions',
    elements: [
      { ...elementSample('feedback_buttons'), action_id: 'feedback' },
      { ...elementSample('icon_button'), action_id: 'icon' },
    ],
  },
];

/** Text, data and cards: what is only read, and its few buttons. */
export const textBlocks = texts;
export const dataBlocks = data.slice(0, 3);
export const chartBlocks = data.slice(3);
export const cardBlocks = cards;

const two = { options: [optionSample(1), optionSample(2)] };
const hint = (text: string) => ({ placeholder: plain(text) });

/** Every element that acts at once, in a message. */
export const actionBlocks: Blocks = [
  {
    type: 'actions',
    elements: [
      button('Sure?', 'sure', { confirm: sure, style: 'danger' }),
      button('Away', 'away', { url: 'https://example.com' }),
      { ...elementSample('workflow_button'), action_id: 'flow' },
      { type: 'overflow', action_id: 'more', ...two },
    ],
  },
  {
    type: 'actions',
    elements: [
      { type: 'static_select', action_id: 'one', ...hint('Choose one'), ...two },
      { type: 'static_select', action_id: 'careful', ...hint('Choose with care'), ...two, confirm: sure },
      { type: 'external_select', action_id: 'found', ...hint('Find'), min_query_length: 1 },
      { type: 'users_select', action_id: 'who', ...hint('Who') },
      { type: 'conversations_select', action_id: 'where', ...hint('Where') },
      { type: 'channels_select', action_id: 'channel', ...hint('Which channel') },
      { type: 'datepicker', action_id: 'day', ...hint('A day') },
      { type: 'timepicker', action_id: 'hour', ...hint('An hour') },
    ],
  },
  {
    type: 'actions',
    elements: [
      { type: 'checkboxes', action_id: 'boxes', ...two },
      { type: 'radio_buttons', action_id: 'radio', options: [optionSample(3), optionSample(4)] },
    ],
  },
  {
    type: 'section',
    text: mrkdwn('Several of them'),
    accessory: { type: 'multi_static_select', action_id: 'several', ...hint('Choose several'), ...two },
  },
  {
    type: 'input',
    label: plain('Written here'),
    dispatch_action: true,
    element: { type: 'plain_text_input', action_id: 'written' },
  },
];
