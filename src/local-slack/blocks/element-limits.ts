import {
  block,
  choice,
  element,
  flag,
  format,
  integer,
  list,
  object,
  plain,
  type Rule,
  type Shape,
  string,
} from './rules.ts';

const focus = { focus_on_load: flag };
const common = { placeholder: plain(150), confirm: object('confirm'), ...focus };
const typed = { placeholder: plain(150), dispatch_action_config: object('dispatch_action_config'), ...focus };
const decimal = format(/^-?\d+(\.\d+)?$/);
const label = string(75);
const realDate = {
  test: (text: string) => {
    const date = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${text}T`);
  },
};
const zones = new Set<string>();
const realZone = {
  test: (text: string) => {
    if (zones.has(text)) return true;
    if (!/^[A-Z]/i.test(text) || !isZone(text)) return false;
    zones.add(text);
    return true;
  },
};

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const selectFields: Record<string, Record<string, Rule>> = {
  static: { options: list(object('option'), 100, 1), option_groups: list(object('option_group'), 100, 1) },
  external: { min_query_length: integer(0) },
  users: {},
  conversations: { default_to_current_conversation: flag, filter: object('conversation_filter') },
  channels: {},
};
const initials: Record<string, [string, Rule]> = {
  static: ['option', object('option')],
  external: ['option', object('option')],
  users: ['user', format(/^[UW][A-Z0-9]+$/)],
  conversations: ['conversation', format(/^[CDG][A-Z0-9]+$/)],
  channels: ['channel', format(/^C[A-Z0-9]+$/)],
};

function selectShape(kind: string, many: boolean): Shape {
  const [name, rule] = initials[kind] ?? ['option', object('option')];
  const initial = many ? { [`initial_${name}s`]: list(rule) } : { [`initial_${name}`]: rule };
  const responds = !many && (kind === 'conversations' || kind === 'channels') ? { response_url_enabled: flag } : {};
  return {
    fields: {
      ...common,
      ...selectFields[kind],
      ...initial,
      ...responds,
      ...(many ? { max_selected_items: integer(1) } : {}),
    },
    interactive: true,
    ...(kind === 'static' ? { exactlyOne: ['options', 'option_groups'] } : {}),
  };
}

const selects = Object.fromEntries(
  Object.keys(selectFields).flatMap((kind) => [
    [`${kind}_select`, selectShape(kind, false)],
    [`multi_${kind}_select`, selectShape(kind, true)],
  ]),
);

const inline = ['text', 'link', 'emoji', 'user', 'usergroup', 'channel', 'broadcast', 'team', 'date', 'color'];
const style = { style: object('style') };
const border = choice(0, 1);

export const elementShapes: Record<string, Shape> = {
  ...selects,
  button: {
    fields: {
      text: plain(75),
      value: string(2000),
      url: string(3000),
      style: choice('primary', 'danger'),
      accessibility_label: label,
      confirm: object('confirm'),
    },
    required: ['text'],
    interactive: true,
  },
  checkboxes: {
    fields: {
      options: list(object('rich_option'), 10, 1),
      initial_options: list(object('rich_option'), 10, 1),
      confirm: object('confirm'),
      ...focus,
    },
    required: ['options'],
    interactive: true,
  },
  radio_buttons: {
    fields: {
      options: list(object('rich_option'), 10, 1),
      initial_option: object('rich_option'),
      confirm: object('confirm'),
      ...focus,
    },
    required: ['options'],
    interactive: true,
  },
  overflow: {
    fields: { options: list(object('overflow_option'), 5, 1), confirm: object('confirm') },
    required: ['options'],
    interactive: true,
  },
  datepicker: { fields: { initial_date: format(realDate), ...common }, interactive: true },
  timepicker: {
    fields: { initial_time: format(/^([01]\d|2[0-3]):[0-5]\d$/), timezone: format(realZone), ...common },
    interactive: true,
  },
  datetimepicker: {
    fields: { initial_date_time: integer(1e9, 9_999_999_999), confirm: object('confirm'), ...focus },
    surfaces: ['message', 'modal'],
    interactive: true,
  },
  plain_text_input: {
    fields: {
      initial_value: string(),
      multiline: flag,
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
      ...typed,
    },
    interactive: true,
  },
  email_text_input: { fields: { initial_value: string(), ...typed }, surfaces: ['modal'], interactive: true },
  url_text_input: { fields: { initial_value: string(), ...typed }, surfaces: ['modal'], interactive: true },
  number_input: {
    fields: { is_decimal_allowed: flag, initial_value: decimal, min_value: decimal, max_value: decimal, ...typed },
    required: ['is_decimal_allowed'],
    surfaces: ['modal'],
    interactive: true,
  },
  rich_text_input: {
    fields: { initial_value: block('rich_text'), min_lines: integer(1, 100), max_lines: integer(1, 100), ...typed },
    required: ['action_id'],
    surfaces: ['modal', 'home'],
    interactive: true,
  },
  file_input: {
    fields: { filetypes: list(string()), max_files: integer(1, 10) },
    surfaces: ['modal'],
    interactive: true,
  },
  feedback_buttons: {
    fields: { positive_button: object('feedback_button'), negative_button: object('feedback_button') },
    required: ['positive_button', 'negative_button'],
    interactive: true,
  },
  icon_button: {
    fields: {
      icon: choice('trash'),
      text: plain(3000),
      value: string(2000),
      accessibility_label: label,
      visible_to_user_ids: list(string()),
      confirm: object('confirm'),
    },
    required: ['icon', 'text'],
    interactive: true,
  },
  workflow_button: {
    fields: {
      text: plain(75),
      workflow: object('workflow'),
      style: choice('primary', 'danger'),
      accessibility_label: label,
    },
    required: ['text', 'workflow', 'action_id'],
    surfaces: ['message'],
    interactive: true,
  },
  image: {
    fields: { image_url: string(3000), slack_file: object('slack_file'), alt_text: string(2000) },
    required: ['alt_text'],
    exactlyOne: ['image_url', 'slack_file'],
  },
  url: { fields: { url: string(), text: string() }, required: ['url', 'text'] },
  raw_text: { fields: { text: string(Infinity, 1) }, required: ['text'] },
  raw_number: {
    fields: { value: { is: 'number', min: -Infinity, max: Infinity, integer: false }, text: string(Infinity, 1) },
    required: ['value', 'text'],
  },
  rich_text_section: { fields: { elements: list(element(...inline)) }, required: ['elements'] },
  rich_text_list: {
    fields: {
      style: choice('bullet', 'ordered'),
      elements: list(element('rich_text_section')),
      indent: integer(0, 8),
      offset: integer(),
      border,
    },
    required: ['style', 'elements'],
  },
  rich_text_preformatted: {
    fields: { elements: list(element('text', 'link')), border, language: string() },
    required: ['elements'],
  },
  rich_text_quote: { fields: { elements: list(element(...inline)), border }, required: ['elements'] },
  text: { fields: { text: string(), ...style }, required: ['text'] },
  link: { fields: { url: string(), text: string(), unsafe: flag, ...style }, required: ['url'] },
  emoji: { fields: { name: string(), unicode: string(), url: string(), ...style }, required: ['name'] },
  user: { fields: { user_id: string(), ...style }, required: ['user_id'] },
  usergroup: { fields: { usergroup_id: string(), ...style }, required: ['usergroup_id'] },
  channel: { fields: { channel_id: string(), ...style }, required: ['channel_id'] },
  broadcast: { fields: { range: choice('here', 'channel', 'everyone'), ...style }, required: ['range'] },
  team: { fields: { team_id: string(), ...style }, required: ['team_id'] },
  date: {
    fields: { timestamp: integer(), format: string(), url: string(), fallback: string(), ...style },
    required: ['timestamp', 'format'],
  },
  color: { fields: { value: string(), ...style }, required: ['value'] },
};
