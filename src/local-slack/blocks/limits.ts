import {
  anyText,
  block,
  choice,
  element,
  flag,
  integer,
  list,
  object,
  onlyBlock,
  plain,
  type Shape,
  string,
  format,
} from './rules.ts';

export const surfaceLimits = {
  message: { minBlocks: 0, maxBlocks: 50 },
  modal: { minBlocks: 1, maxBlocks: 100 },
  home: { minBlocks: 1, maxBlocks: 100 },
  viewBytes: 256_000,
  textTruncatedAt: 40_000,
  updateTextMax: 4_000,
  markdownMax: 12_000,
  blockTextMax: 12_000,
  metadataBytes: 16_000,
  attachmentsMax: 100,
  tableChars: 10_000,
  dataTableChars: 20_000,
  chartsPerMessage: 2,
  idMax: 255,
} as const;

function words(text: string): string[] {
  return text.split(' ');
}

const singleSelects = ['static', 'external', 'users', 'conversations', 'channels'].map((kind) => `${kind}_select`);
const selects = [...singleSelects, ...singleSelects.map((select) => `multi_${select}`)];
const choosers = ['checkboxes', 'radio_buttons', 'datepicker', 'timepicker', ...selects];
const https = format(/^https:\/\//);
const picture = { image_url: string(3000), slack_file: object('slack_file'), alt_text: string(2000) };

const containable = words('actions context divider header image input rich_text section table video');

export const blockShapes: Record<string, Shape> = {
  actions: {
    fields: {
      elements: list(
        element('button', 'overflow', 'datetimepicker', 'rich_text_input', 'workflow_button', ...choosers),
        25,
        1,
      ),
    },
    required: ['elements'],
  },
  alert: {
    fields: { text: anyText(200), level: choice('default', 'info', 'warning', 'error', 'success') },
    required: ['text'],
    surfaces: ['modal'],
  },
  card: {
    fields: {
      hero_image: element('image'),
      icon: element('image'),
      slack_icon: object('slack_icon'),
      title: anyText(150),
      subtitle: anyText(150),
      body: anyText(200),
      subtext: anyText(200),
      actions: list(element('button'), 3),
    },
    anyOf: ['hero_image', 'title', 'actions', 'body'],
    atMostOne: ['icon', 'slack_icon'],
  },
  carousel: {
    fields: { elements: list(block('card'), 10, 1) },
    required: ['elements'],
    surfaces: ['message', 'home'],
  },
  container: {
    fields: {
      title: plain(150),
      rich_text_title: block('rich_text'),
      subtitle: anyText(150),
      child_blocks: list(block(...containable), 10),
      width: choice('narrow', 'standard', 'wide', 'full'),
      icon: element('image'),
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
    required: ['child_blocks'],
    anyOf: ['title', 'rich_text_title'],
    surfaces: ['message'],
  },
  context: {
    fields: { elements: list(element('image', 'plain_text', 'mrkdwn'), 10, 1) },
    required: ['elements'],
  },
  context_actions: {
    fields: { elements: list(element('feedback_buttons', 'icon_button'), 5, 1) },
    required: ['elements'],
    surfaces: ['message'],
  },
  data_table: {
    fields: {
      rows: list(list(element('raw_text', 'raw_number', 'rich_text'), 20, 1), 201, 2),
      caption: string(Infinity, 1),
      page_size: integer(1, 100),
      row_header_column_index: integer(0),
    },
    required: ['rows', 'caption'],
    surfaces: ['message', 'home'],
  },
  data_visualization: {
    fields: { title: string(50), chart: object('chart') },
    required: ['title', 'chart'],
    surfaces: ['message'],
  },
  divider: { fields: {} },
  header: { fields: { text: plain(150), level: integer(1, 4) }, required: ['text'] },
  image: {
    fields: { ...picture, title: plain(2000) },
    required: ['alt_text'],
    exactlyOne: ['image_url', 'slack_file'],
  },
  input: {
    fields: {
      label: plain(2000),
      element: element(
        ...words(
          'plain_text_input number_input email_text_input url_text_input rich_text_input datetimepicker file_input',
        ),
        ...choosers,
      ),
      dispatch_action: flag,
      hint: plain(2000),
      optional: flag,
    },
    required: ['label', 'element'],
  },
  markdown: { fields: { text: string(12_000, 1) }, required: ['text'], surfaces: ['message'] },
  plan: {
    fields: { title: string(), tasks: list(onlyBlock('task_card')) },
    required: ['title'],
    surfaces: ['message'],
  },
  rich_text: {
    fields: {
      elements: list(element('rich_text_section', 'rich_text_list', 'rich_text_preformatted', 'rich_text_quote')),
    },
    required: ['elements'],
  },
  section: {
    fields: {
      text: anyText(3000),
      fields: list(anyText(2000), 10, 1),
      accessory: element('button', 'image', 'overflow', 'workflow_button', ...choosers),
      expand: flag,
    },
    anyOf: ['text', 'fields'],
  },
  table: {
    fields: {
      rows: list(list(element('raw_text', 'raw_number', 'rich_text'), 20, 1), 100, 1),
      column_settings: list(object('column_setting'), 20),
    },
    required: ['rows'],
    surfaces: ['message', 'home'],
  },
  task_card: {
    fields: {
      task_id: string(),
      title: string(),
      details: block('rich_text'),
      output: block('rich_text'),
      sources: list(element('url')),
      status: choice('pending', 'in_progress', 'complete', 'error'),
    },
    required: ['task_id', 'title'],
    surfaces: ['message'],
  },
  video: {
    fields: {
      title: plain(199),
      description: plain(199),
      author_name: string(49),
      title_url: https,
      video_url: https,
      thumbnail_url: string(),
      alt_text: string(),
      provider_name: string(),
      provider_icon_url: string(),
    },
    required: ['alt_text', 'video_url', 'thumbnail_url', 'title'],
  },
};
