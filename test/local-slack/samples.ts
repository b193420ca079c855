const plain = (text: string) => ({ type: 'plain_text', text });
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
