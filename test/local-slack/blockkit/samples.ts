export const plain = (text: string) => ({ type: 'plain_text', text });
const cell = { type: 'raw_text', text: 'x' };
const rich = {
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x', style: { bold: true } }] }],
};

/** The smallest of each kind of block. */
export const samples: Record<string, Record<string, unknown>> = {
  actions: { type: 'actions', elements: [{ type: 'button', text: plain('Go') }] },
  alert: { type: 'alert', text: plain('x') },
  card: { type: 'card', title: plain('x') },
  carousel: { type: 'carousel', elements: [{ type: 'card', title: plain('x') }] },
  container: { type: 'container', title: plain('x'), child_blocks: [{ type: 'divider' }] },
  context: { type: 'context', elements: [plain('x')] },
  context_actions: {
    type: 'context_actions',
    elements: [{ type: 'icon_button', icon: 'trash', text: plain('Remove') }],
  },
  data_table: { type: 'data_table', caption: 'x', rows: [[cell], [cell]] },
  data_visualization: {
    type: 'data_visualization',
    title: 'x',
    chart: {
      type: 'line',
      series: [{ name: 'a', data: [{ label: 'Mon', value: 1 }] }],
      axis_config: { categories: ['Mon'] },
    },
  },
  divider: { type: 'divider' },
  header: { type: 'header', text: plain('x') },
  image: { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'x' },
  input: { type: 'input', label: plain('x'), element: { type: 'plain_text_input' } },
  markdown: { type: 'markdown', text: 'x' },
  plan: { type: 'plan', title: 'x' },
  rich_text: rich,
  section: { type: 'section', text: plain('x') },
  table: { type: 'table', rows: [[cell]] },
  task_card: { type: 'task_card', task_id: '1', title: 'x', status: 'complete' },
  video: {
    type: 'video',
    title: plain('x'),
    alt_text: 'x',
    video_url: 'https://example.com/v',
    thumbnail_url: 'https://example.com/t.png',
  },
};

/** Options that differ, so that a hundred of them may stand together. */
export const optionSample = (index: number): Record<string, unknown> => ({
  text: plain(`Option ${index}`),
  value: `${index}`,
});

const options = { options: [optionSample(0), optionSample(1)] };
const bare: Record<string, Record<string, unknown>> = {
  button: { text: plain('Go') },
  checkboxes: options,
  radio_buttons: options,
  overflow: options,
  static_select: options,
  multi_static_select: options,
  number_input: { is_decimal_allowed: true },
  feedback_buttons: {
    positive_button: { text: plain('Good'), value: 'good' },
    negative_button: { text: plain('Bad'), value: 'bad' },
  },
  icon_button: { icon: 'trash', text: plain('Remove') },
  workflow_button: { text: plain('Run'), workflow: { trigger: { url: 'https://slack.com/shortcuts/Ft1/x' } } },
  image: { image_url: 'https://example.com/a.png', alt_text: 'x' },
  url: { url: 'https://example.com', text: 'x' },
  raw_text: { text: 'x' },
  raw_number: { value: 1.5, text: '1.5' },
  rich_text_section: { elements: [{ type: 'text', text: 'x' }] },
  rich_text_list: {
    style: 'bullet',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
  },
  rich_text_preformatted: { elements: [{ type: 'text', text: 'x' }] },
  rich_text_quote: { elements: [{ type: 'text', text: 'x' }] },
  text: { text: 'x' },
  link: { url: 'https://example.com' },
  emoji: { name: 'wave' },
  user: { user_id: 'U0ADA' },
  usergroup: { usergroup_id: 'S0ML' },
  channel: { channel_id: 'C0ML' },
  broadcast: { range: 'here' },
  team: { team_id: 'T0LOCAL' },
  date: { timestamp: 1_763_900_000, format: '{date}' },
  color: { value: '#aabbcc' },
};
const still =
  /^(image|url|raw_|rich_text_(section|list|pre|quote)|text$|link|emoji|user$|usergroup|channel$|broadcast|team|date$|color)/;

/** The smallest of each kind of element; each has an action id of its own. */
export function elementSample(type: string, index = 0): Record<string, unknown> {
  if (type === 'plain_text' || type === 'mrkdwn') return { type, text: 'x' };
  if (type === 'rich_text') return rich;
  return { type, ...bare[type], ...(!still.test(type) && { action_id: `a${index}` }) };
}
