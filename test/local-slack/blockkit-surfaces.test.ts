import { describe, expect, it } from 'vitest';
import { blockProblems, isTooLarge, viewProblems } from '../../src/local-slack/blocks/validate.ts';
import { elementSample, plain, samples } from './blockkit/samples.ts';
import { table } from './blockkit/table.ts';

const many = <T>(count: number, of: (index: number) => T) => Array.from({ length: count }, (_, index) => of(index));
const isPicture = () => true;
const inMessage = (blocks: unknown[]) => blockProblems(blocks, 'message', isPicture).length === 0;
const fits = (view: object) => viewProblems(view, ['modal', 'home'], isPicture).length === 0 && !isTooLarge(view);

const divider = { type: 'divider' };
const modal = { type: 'modal', title: plain('x'), blocks: [divider] };
const home = { type: 'home', blocks: [divider] };
const input = (more: object = {}) => ({
  type: 'input',
  label: plain('x'),
  element: { type: 'plain_text_input', ...more },
});
const raw = (size: number) => ({ type: 'raw_text', text: 'x'.repeat(size) });
const section = (text: string) => ({ type: 'section', text: plain(text) });

/** For each limit of a surface: what just fits, and what just does not. */
type Pair = readonly [fits: () => boolean, breaks: () => boolean];
const pair = <T>(check: (value: T) => boolean, good: T, bad: T): Pair => [() => check(good), () => !check(bad)];
const words = (view: object, field: string, max: number) =>
  pair((text: unknown) => fits({ ...view, [field]: text }), plain('x'.repeat(max)), plain('x'.repeat(max + 1)));
const bare = (view: object, field: string, max: number) =>
  pair((text: string) => fits({ ...view, [field]: text }), 'x'.repeat(max), 'x'.repeat(max + 1));
const flag = (field: string) => pair((value: unknown) => fits({ ...modal, [field]: value }), true, 'true');
const count = (view: object) => ({
  maxBlocks: pair((blocks: number) => fits({ ...view, blocks: many(blocks, () => divider) }), 100, 101),
  minBlocks: pair((blocks: number) => fits({ ...view, blocks: many(blocks, () => divider) }), 1, 0),
  maxViewBytes: pair(
    (blocks: number) => fits({ ...view, blocks: many(blocks, () => section('x'.repeat(2900))) }),
    80,
    90,
  ),
  private_metadata: bare(view, 'private_metadata', 3000),
  callback_id: bare(view, 'callback_id', 255),
  external_id: bare(view, 'external_id', 255),
});

const limits: Record<string, Record<string, Pair>> = {
  message: {
    maxBlocks: pair((blocks: number) => inMessage(many(blocks, () => divider)), 50, 51),
    maxDataVisualizations: pair((charts: number) => inMessage(many(charts, () => samples['data_visualization'])), 2, 3),
    tableCellCharsAggregate: pair(
      (size: number) => inMessage([5000, size].map((each) => ({ type: 'table', rows: [[raw(each)]] }))),
      5000,
      5001,
    ),
    dataTableCellCharsAggregate: pair(
      (size: number) => inMessage([{ type: 'data_table', caption: 'x', rows: [[raw(10_000)], [raw(size)]] }]),
      10_000,
      10_001,
    ),
    markdownBlockCharsAggregate: pair(
      (size: number) => inMessage([6000, size].map((each) => ({ type: 'markdown', text: 'x'.repeat(each) }))),
      6000,
      6001,
    ),
  },
  modal: {
    ...count(modal),
    title: words(modal, 'title', 24),
    submit: pair((submit: unknown) => fits({ ...modal, blocks: [input()], submit }), plain('x'.repeat(24)), undefined),
    close: words(modal, 'close', 24),
    clear_on_close: flag('clear_on_close'),
    notify_on_close: flag('notify_on_close'),
    submit_disabled: flag('submit_disabled'),
    focus_on_load: pair(
      (second: boolean) =>
        fits({
          ...modal,
          submit: plain('x'),
          blocks: [input({ focus_on_load: true, action_id: 'a' }), input({ focus_on_load: second, action_id: 'b' })],
        }),
      false,
      true,
    ),
  },
  home: {
    ...count(home),
    forbidden: pair((more: object) => fits({ ...home, ...more }), {}, { title: plain('x') }),
  },
};

/** Said of messages, and tried where messages are sent (messages.test.ts, views.test.ts). */
const elsewhere: Record<string, readonly string[]> = {
  message: [
    'textRecommendedMax',
    'textTruncatedAt',
    'chatUpdateTextMax',
    'markdownTextMax',
    'maxAttachments',
    'attachmentsRecommendedMax',
    'maxTables',
    'errors',
  ],
  modal: ['maxStackDepth'],
  home: [],
};

describe.each(['message', 'modal', 'home'] as const)('a %s', (surface) => {
  const tried = limits[surface] ?? {};
  it('has every limit of the table tried, here or where it is sent', () => {
    expect([...Object.keys(tried), ...(elsewhere[surface] ?? [])].toSorted()).toEqual(
      Object.keys(table.surfaces[surface]).toSorted(),
    );
  });
  it.each(Object.entries(tried))('holds %s', (_, [good, bad]) => {
    expect([good(), bad()]).toEqual([true, true]);
  });
  it.each(surface === 'home' ? ['title', 'submit', 'close'] : [])('has no %s', (field) => {
    expect(fits({ ...home, [field]: plain('x') })).toBe(false);
  });
});

describe('ids', () => {
  const button = (id: string) => ({ type: 'actions', elements: [{ ...elementSample('button'), action_id: id }] });
  it('are at most 255 long', () => {
    const [ok, long] = ['x'.repeat(255), 'x'.repeat(256)];
    expect([inMessage([{ ...divider, block_id: ok }]), inMessage([{ ...divider, block_id: long }])]).toEqual([
      true,
      false,
    ]);
    expect([inMessage([button(ok)]), inMessage([button(long)])]).toEqual([true, false]);
  });
  it('of blocks differ within a message, of actions within a block', () => {
    expect(inMessage(many(2, () => ({ ...divider, block_id: 'same' })))).toBe(false);
    expect(inMessage([button('same'), button('same')])).toBe(true);
    expect(inMessage([{ type: 'actions', elements: many(2, () => elementSample('button')) }])).toBe(false);
  });
});

describe('fields that look at each other', () => {
  const groups = Object.entries(table.blocks).flatMap(([type, kind]) =>
    [...(kind.mutuallyExclusive ?? []), ...(kind.oneOf ? [kind.oneOf] : [])].map((group) => [type, group] as const),
  );
  const filled: Record<string, unknown> = {
    icon: elementSample('image'),
    slack_icon: { type: 'icon', name: 'rocket' },
    image_url: 'https://example.com/a.png',
    slack_file: { id: 'F1' },
  };
  it.each(groups)('%s takes only one of %s', (type, group) => {
    const all = Object.fromEntries(group.map((field) => [field, filled[field] ?? expect.unreachable(field)]));
    expect(inMessage([{ ...samples[type], ...all }])).toBe(false);
  });
  it('a select takes options or groups of them, not both', () => {
    const groups = [{ label: plain('x'), options: [{ text: plain('x'), value: 'x' }] }];
    expect(
      inMessage([{ type: 'actions', elements: [{ ...elementSample('static_select'), option_groups: groups }] }]),
    ).toBe(false);
  });
  it('only what can be collapsed starts collapsed', () => {
    expect(inMessage([{ ...samples['container'], default_collapsed: true }])).toBe(false);
    expect(inMessage([{ ...samples['container'], default_collapsed: true, is_collapsible: true }])).toBe(true);
  });
  it('a file input tells nothing while it is filled', () => {
    const upload = { type: 'input', label: plain('x'), element: { type: 'file_input' } };
    expect(fits({ ...modal, submit: plain('x'), blocks: [upload] })).toBe(true);
    expect(fits({ ...modal, submit: plain('x'), blocks: [{ ...upload, dispatch_action: true }] })).toBe(false);
  });
  it('a response URL is for inputs of modals only', () => {
    const select = { ...elementSample('conversations_select'), response_url_enabled: true };
    expect(
      fits({ ...modal, submit: plain('x'), blocks: [{ type: 'input', label: plain('x'), element: select }] }),
    ).toBe(true);
    expect(inMessage([{ type: 'input', label: plain('x'), element: select }])).toBe(false);
    expect(fits({ ...modal, blocks: [{ type: 'actions', elements: [select] }] })).toBe(false);
  });
  it('a task waits only within a plan', () => {
    const task = { ...samples['task_card'], status: 'pending' };
    expect([inMessage([task]), inMessage([{ type: 'plan', title: 'x', tasks: [task] }])]).toEqual([false, true]);
  });
  it('rows of a data table are equally long, and its head holds no rich text', () => {
    const of = (rows: unknown[][]) => inMessage([{ type: 'data_table', caption: 'x', rows }]);
    expect([of([[raw(1)], [raw(1)]]), of([[raw(1)], [raw(1), raw(1)]])]).toEqual([true, false]);
    expect(of([[elementSample('rich_text')], [raw(1)]])).toBe(false);
  });
  it('a table may leave a column as it is', () => {
    expect(inMessage([{ ...samples['table'], column_settings: [null, { align: 'right' }] }])).toBe(true);
  });
});

describe('charts', () => {
  const pie = (segments: unknown[]) =>
    inMessage([{ type: 'data_visualization', title: 'x', chart: { type: 'pie', segments } }]);
  const segment = (value: unknown, label = 'x') => ({ label, value });
  const xy = (type: string, series: unknown[], axis: object = { categories: ['a'] }) =>
    inMessage([{ type: 'data_visualization', title: 'x', chart: { type, series, axis_config: axis } }]);
  const line = (name: string, labels: readonly string[] = ['a']) => ({
    name,
    data: labels.map((label) => ({ label, value: 1 })),
  });

  it('a pie has 1 to 12 segments, each more than nothing', () => {
    expect([1, 12, 0, 13].map((size) => pie(many(size, () => segment(1))))).toEqual([true, true, false, false]);
    expect([segment(0), segment(-1), segment('1'), segment(1, 'x'.repeat(21))].map((each) => pie([each]))).toEqual(
      many(4, () => false),
    );
    expect(pie([segment(0.001, 'x'.repeat(20))])).toBe(true);
  });
  it.each(['bar', 'area', 'line'])('a %s chart has 1 to 12 series with a name each', (type) => {
    expect(
      [1, 12, 0, 13].map((size) =>
        xy(
          type,
          many(size, (n) => line(`s${n}`)),
        ),
      ),
    ).toEqual([true, true, false, false]);
    expect(xy(type, [line('same'), line('same')])).toBe(false);
    expect([xy(type, [line('x'.repeat(20))]), xy(type, [line('x'.repeat(21))])]).toEqual([true, false]);
  });
  it('every series has one point for every category', () => {
    const names = many(20, (n) => `c${n}`);
    expect(xy('line', [line('s', names)], { categories: names })).toBe(true);
    expect(xy('line', [line('s', ['a', 'b'])])).toBe(false);
    expect(xy('line', [line('s', ['b'])])).toBe(false);
    expect(xy('line', [line('s', [])], { categories: [] })).toBe(false);
    const more = many(21, (n) => `c${n}`);
    expect(xy('line', [line('s', more)], { categories: more })).toBe(false);
  });
  it('the axes have short names', () => {
    const axis = (label: string) => ({ categories: ['a'], x_label: label, y_label: label });
    expect([xy('bar', [line('s')], axis('x'.repeat(50))), xy('bar', [line('s')], axis('x'.repeat(51)))]).toEqual([
      true,
      false,
    ]);
    expect(xy('bar', [line('s', ['x'.repeat(21)])], { categories: ['x'.repeat(21)] })).toBe(false);
    expect(inMessage([{ type: 'data_visualization', title: 'x', chart: { type: 'bar', series: [line('s')] } }])).toBe(
      false,
    );
  });
  it('there is no other kind', () => expect(xy('radar', [line('s')])).toBe(false));
});
