import { describe, expect, it } from 'vitest';
import { isReadyPicture, mimetypeOf } from '../../src/local-slack/files.ts';
import { blockProblems, viewProblems } from '../../src/local-slack/blocks/validate.ts';
import { elementSample, plain, samples } from './blockkit/samples.ts';
import { num, table } from './blockkit/table.ts';

const many = <T>(count: number, of: (index: number) => T) => Array.from({ length: count }, (_, index) => of(index));
const isPicture = () => true;
const inMessage = (blocks: unknown[]) => blockProblems(blocks, 'message', isPicture).length === 0;
const fits = (view: object) => viewProblems(view, ['modal', 'home'], isPicture).length === 0;
const modal = { type: 'modal', title: plain('x'), blocks: [{ type: 'divider' }] };
const raw = (size: number) => ({ type: 'raw_text', text: 'x'.repeat(size) });

describe('fields that look at each other', () => {
  it('are those of the table', () => {
    const of = (kinds: typeof table.blocks, type: string, field: string) => kinds[type]?.fields[field] ?? {};
    const { blocks, elements, objects } = table;
    expect({
      collapsed: of(blocks, 'container', 'default_collapsed')['requires'],
      dispatch: of(blocks, 'input', 'dispatch_action')['incompatibleWith'],
      conversations: of(elements, 'conversations_select', 'response_url_enabled')['onlyIn'],
      channels: of(elements, 'channels_select', 'response_url_enabled')['onlyIn'],
      url: of(objects, 'option', 'url')['onlyIn'],
      overflow: of(elements, 'overflow', 'options')['optionMayHaveUrl'],
      head: of(blocks, 'data_table', 'rows')['header'],
      even: of(blocks, 'data_table', 'rows')['sameCellCountPerRow'],
      columns: of(blocks, 'table', 'column_settings')['nullSkipsColumn'],
      statusAlone: of(blocks, 'task_card', 'status')['enumTopLevel'],
    }).toEqual({
      collapsed: { is_collapsible: true },
      dispatch: ['file_input'],
      conversations: 'input blocks in modals',
      channels: 'input blocks in modals',
      url: ['overflow'],
      overflow: true,
      head: 'first row; cells may not be rich_text',
      even: true,
      columns: true,
      statusAlone: ['in_progress', 'complete', 'error'],
    });
  });
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
  it('a plan holds many tasks, which need not name their type', () => {
    const { type: _type, ...task } = samples['task_card'] ?? {};
    const measured = num('blocks', 'plan', 'fields', 'tasks', 'measuredFloor');
    expect(inMessage([{ type: 'plan', title: 'x', tasks: many(measured, () => task) }])).toBe(true);
    expect(inMessage([{ type: 'plan', title: 'x', tasks: [{ ...task, title: plain('x') }] }])).toBe(false);
    expect(inMessage([task])).toBe(false);
  });
  it.each(['table', 'data_table'])('the cells of a %s hold so many letters and no more', (type) => {
    const max = num('blocks', type, 'fields', 'rows', 'totalCharsMax');
    const of = (size: number) => inMessage([{ ...samples[type], rows: [[raw(1)], [raw(size - 1)]] }]);
    expect([of(max), of(max + 1)]).toEqual([true, false]);
  });
  it('what is said of a block over a whole message is said of messages too', () => {
    const { message } = table.surfaces;
    expect({
      maxDataVisualizations: table.blocks['data_visualization']?.maxPerMessage,
      markdownBlockCharsAggregate: table.blocks['markdown']?.cumulativeMaxPerPayload,
      tableCellCharsAggregate: table.blocks['table']?.aggregateCharsPerMessage,
    }).toEqual({
      maxDataVisualizations: message['maxDataVisualizations'],
      markdownBlockCharsAggregate: message['markdownBlockCharsAggregate'],
      tableCellCharsAggregate: message['tableCellCharsAggregate'],
    });
  });
  it('files and calls only come back in messages; nobody posts them', () => {
    const source = table.blocks['file']?.fields['source']?.['const'];
    expect(inMessage([{ type: 'file', external_id: 'x', source }])).toBe(false);
    expect(inMessage([{ type: 'call', call_id: 'R1' }])).toBe(false);
    expect(inMessage([{ ...samples['container'], child_blocks: [{ type: 'file', external_id: 'x', source }] }])).toBe(
      false,
    );
  });
  it('a picture is of a kind that Slack draws', () => {
    const { formats } = table.objects['slack_file'] ?? {};
    expect(table.blocks['image']?.formats).toEqual(formats);
    const file = { id: 'F1', name: 'a', title: 'a', size: 1, complete: true, channels: [], created: 0 };
    const draws = (format: string) => isReadyPicture({ ...file, mimetype: mimetypeOf(`a.${format}`) });
    expect(['png', ...(formats ?? []), 'svg', 'pdf', 'webp'].map(draws)).toEqual([
      true,
      ...(formats ?? []).map(() => true),
      false,
      false,
      false,
    ]);
  });
  it('a field has a name of its own, not one every object has', () => {
    expect(inMessage([{ type: 'divider', constructor: 1 }])).toBe(false);
    expect(inMessage([JSON.parse('{ "type": "divider", "__proto__": {} }')])).toBe(false);
    expect(inMessage([{ type: 'constructor' }])).toBe(false);
  });
});
