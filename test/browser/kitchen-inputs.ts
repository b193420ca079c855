import type { View } from '@slack/types';
import { elementSample, optionSample, plain } from '../local-slack/blockkit/samples.ts';
import type { Blocks } from './kitchen-blocks.ts';

const input = (label: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id: label,
  label: plain(label),
  optional: true,
  element: { action_id: 'value', ...element },
  ...more,
});
const options = [1, 2, 3].map(optionSample);
const groups = [
  { label: plain('Low'), options: [optionSample(1), optionSample(2)] },
  { label: plain('High'), options: [optionSample(3)] },
];

/** One of every input; only the first is required. */
const inputs: Blocks = [
  { type: 'alert', text: plain('Please mind the step'), level: 'warning' },
  input(
    'Name',
    { type: 'plain_text_input', min_length: 3, max_length: 20, placeholder: plain('Yours') },
    { optional: false },
  ),
  input('Story', { type: 'plain_text_input', multiline: true }, { hint: plain('As long as you like') }),
  input('Number', { type: 'number_input', is_decimal_allowed: true, min_value: '1', max_value: '9' }),
  input('Mail', { type: 'email_text_input' }),
  input('Link', { type: 'url_text_input' }),
  input('Day', { type: 'datepicker' }),
  input('Time', { type: 'timepicker' }),
  input('Moment', { type: 'datetimepicker' }),
  input('Choice', { type: 'static_select', option_groups: groups }),
  input('Choices', { type: 'multi_static_select', options, max_selected_items: 2 }),
  input('Found', { type: 'external_select', min_query_length: 1 }),
  input('Finds', { type: 'multi_external_select', min_query_length: 1 }),
  input('Person', { type: 'users_select' }),
  input('People', { type: 'multi_users_select' }),
  input('Place', { type: 'conversations_select', filter: { include: ['public'] } }),
  input('Places', { type: 'multi_conversations_select', filter: { include: ['public', 'im'] } }),
  input('Room', { type: 'channels_select' }),
  input('Rooms', { type: 'multi_channels_select' }),
  input('Boxes', { type: 'checkboxes', options }),
  input('Radio', { type: 'radio_buttons', options }),
  input('Rich', { type: 'rich_text_input' }),
  input('Files', { type: 'file_input', max_files: 2 }),
  input(
    'Told',
    { type: 'plain_text_input', dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] } },
    { dispatch_action: true },
  ),
  input(
    'Overheard',
    { type: 'plain_text_input', dispatch_action_config: { trigger_actions_on: ['on_character_entered'] } },
    { dispatch_action: true },
  ),
];

interface Page {
  submit?: string;
  blocks?: Blocks;
}

/** A modal; its title is also its callback id. */
function modal(title: string, { submit, blocks }: Page): View {
  const view = {
    type: 'modal',
    callback_id: title,
    title: plain(title),
    notify_on_close: true,
    ...(submit && { submit: plain(submit) }),
    blocks: blocks ?? [{ type: 'section', text: plain(`This is ${title}.`) }],
  };
  return view as unknown as View;
}

export const everyInput = modal('Every input', { submit: 'Send', blocks: inputs });
export const pages = {
  first: modal('First', {
    submit: 'Submit first',
    blocks: [
      { type: 'actions', elements: [{ ...elementSample('button'), text: plain('Next page'), action_id: 'push' }] },
    ],
  }),
  second: modal('Second', { submit: 'Submit second' }),
  changed: modal('Changed', { submit: 'Submit changed' }),
  third: modal('Third', { submit: 'Submit third' }),
  slow: modal('Slow', {
    submit: 'Wait',
    blocks: [input('Thing', { type: 'plain_text_input', focus_on_load: true })] as Blocks,
  }),
};

export const home = {
  type: 'home',
  blocks: [
    { type: 'header', text: plain('Your kitchen') },
    {
      type: 'section',
      text: plain('Only you see this.'),
      accessory: { ...elementSample('button'), action_id: 'home' },
    },
    {
      type: 'input',
      label: plain('A wish'),
      dispatch_action: true,
      element: { type: 'plain_text_input', action_id: 'wish' },
    },
    {
      type: 'actions',
      elements: [{ type: 'static_select', action_id: 'dish', placeholder: plain('A dish'), options }],
    },
  ],
} as View;
