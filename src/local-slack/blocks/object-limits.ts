import { anyText, choice, flag, list, object, plain, type Shape, string } from './rules.ts';

const option = { text: plain(75), value: string(150), description: plain(75) };
const icons =
  'archive book bookmark bot bug calendar call caret-left caret-right check clipboard code comment compass copy cube ' +
  'download edit email eye-closed eye-open file flag folder gear globe heart help image info key lightbulb link map ' +
  'mobile new-window pin plus refine refresh rocket save screen share sparkle star star-filled tag thumbs-down ' +
  'thumbs-up trash upload user warning';
const feedback = { text: plain(75), value: string(2000), accessibility_label: string(75) };

/** Objects that carry no type of their own; `chart` is checked by hand. */
export const objectShapes: Record<string, Shape> = {
  option: { fields: option, required: ['text', 'value'] },
  rich_option: { fields: { ...option, text: anyText(75), description: anyText(75) }, required: ['text', 'value'] },
  overflow_option: { fields: { ...option, url: string(3000) }, required: ['text', 'value'] },
  option_group: {
    fields: { label: plain(75), options: list(object('option'), 100, 1) },
    required: ['label', 'options'],
  },
  confirm: {
    fields: {
      title: plain(100),
      text: anyText(300),
      confirm: plain(30),
      deny: plain(30),
      style: choice('primary', 'danger'),
    },
    required: ['title', 'text', 'confirm', 'deny'],
  },
  conversation_filter: {
    fields: {
      include: list(choice('im', 'mpim', 'private', 'public'), Infinity, 1),
      exclude_external_shared_channels: flag,
      exclude_bot_users: flag,
    },
    anyOf: ['include', 'exclude_external_shared_channels', 'exclude_bot_users'],
  },
  dispatch_action_config: {
    fields: { trigger_actions_on: list(choice('on_enter_pressed', 'on_character_entered'), 2, 1) },
  },
  slack_file: { fields: { id: string(), url: string() }, exactlyOne: ['id', 'url'] },
  slack_icon: { fields: { type: choice('icon'), name: choice(...icons.split(' ')) }, required: ['type', 'name'] },
  feedback_button: { fields: feedback, required: ['text', 'value'] },
  column_setting: { fields: { align: choice('left', 'center', 'right'), is_wrapped: flag } },
  style: { fields: { bold: flag, italic: flag, strike: flag, code: flag, underline: flag } },
  workflow: { fields: { trigger: object('trigger') }, required: ['trigger'] },
  trigger: { fields: { url: string(), customizable_input_parameters: list(object('parameter')) }, required: ['url'] },
  parameter: { fields: { name: string(), value: string() }, required: ['name', 'value'] },
  plain_text: { fields: { text: string(3000, 1), emoji: flag }, required: ['text'] },
  mrkdwn: { fields: { text: string(3000, 1), verbatim: flag }, required: ['text'] },
  chart_point: {
    fields: { label: string(20), value: { is: 'number', min: -Infinity, max: Infinity, integer: false } },
    required: ['label', 'value'],
  },
  chart_series: { fields: { name: string(20), data: list(object('chart_point'), 20, 1) }, required: ['name', 'data'] },
  chart_axes: {
    fields: { categories: list(string(20)), x_label: string(50), y_label: string(50) },
  },
  pie: {
    fields: { type: choice('pie'), segments: list(object('chart_point'), 12, 1) },
    required: ['segments'],
  },
  xy: {
    fields: {
      type: choice('bar', 'area', 'line'),
      series: list(object('chart_series'), 12, 1),
      axis_config: object('chart_axes'),
    },
    required: ['series', 'axis_config'],
  },
};
