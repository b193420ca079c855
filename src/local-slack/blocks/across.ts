import { type Fields, fieldsIn, fieldsOf, legible, listOf, textOf } from '../json.ts';
import { type Check, complain } from './check.ts';
import { surfaceLimits } from './limits.ts';
import { allBlocks, allElements, type Found, optionsOf } from './walk.ts';

function unique(check: Check, values: { value: unknown; pointer: string }[], name: string): void {
  const seen = new Set<unknown>();
  for (const { value, pointer } of values) {
    if (value === undefined) continue;
    if (seen.has(value))
      complain(check, pointer, 'duplicate', `\`${name}\` already exists: ${legible(value)}`, { field: name });
    seen.add(value);
  }
}

function actionIds(check: Check, found: Found[]): void {
  const blocks = new Set(found.map(({ block }) => block));
  for (const block of blocks) {
    const own = found.filter((each) => each.block === block);
    unique(
      check,
      own.map(({ element, pointer }) => ({ value: element['action_id'], pointer })),
      'action_id',
    );
  }
}

function cellChars(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + cellChars(each), 0);
  const cell = fieldsOf(value);
  return textOf(cell['text']).length + (cell['elements'] === undefined ? 0 : cellChars(cell['elements']));
}

function totals(check: Check, blocks: Fields[], at: string): void {
  const of = (type: string) => blocks.filter((block) => block['type'] === type);
  const cells = (type: string) => of(type).reduce((sum, block) => sum + cellChars(block['rows']), 0);
  const sums: [string, number, number][] = [
    ['table', cells('table'), surfaceLimits.tableChars],
    ['data_table', cells('data_table'), surfaceLimits.dataTableChars],
    [
      'markdown',
      of('markdown').reduce((sum, block) => sum + textOf(block['text']).length, 0),
      surfaceLimits.markdownMax,
    ],
  ];
  for (const [type, sum, max] of sums) {
    if (sum > max) complain(check, at, 'too_long', `${type} blocks must be less than ${max + 1} characters in total`);
  }
  if (of('data_visualization').length > surfaceLimits.chartsPerMessage) {
    complain(check, at, 'too_many', `no more than ${surfaceLimits.chartsPerMessage} data_visualization blocks allowed`);
  }
}

function sameValue(one: Fields, other: Fields): boolean {
  return one['value'] === other['value'] && fieldsOf(one['text'])['text'] === fieldsOf(other['text'])['text'];
}

function initialOptions(check: Check, { element, pointer }: Found): void {
  const options = optionsOf(element);
  if (options.length === 0) return;
  const single = element['initial_option'];
  const many = fieldsIn(element['initial_options']);
  for (const initial of [...(single === undefined ? [] : [fieldsOf(single)]), ...many]) {
    if (options.some((option) => sameValue(option, initial))) continue;
    const field = single === undefined ? 'initial_options' : 'initial_option';
    complain(check, `${pointer}/${field}`, 'not_an_option', `${field} must be one of the options`, { field });
  }
}

function tables(check: Check, block: Fields, pointer: string): void {
  if (block['type'] !== 'data_table') return;
  const rows = listOf(block['rows']).map(listOf);
  if (rows.some((row) => row.length !== rows[0]?.length)) {
    complain(check, `${pointer}/rows`, 'uneven_rows', 'all rows must have the same number of cells');
  }
  if (rows[0]?.some((cell) => fieldsOf(cell)['type'] === 'rich_text')) {
    complain(check, `${pointer}/rows/0`, 'unsupported_type', 'unsupported type: rich_text');
  }
}

function charts(check: Check, block: Fields, pointer: string): void {
  if (block['type'] !== 'data_visualization') return;
  const chart = fieldsOf(block['chart']);
  fieldsIn(chart['segments']).forEach((segment, index) => {
    if (Number(segment['value']) <= 0)
      complain(check, `${pointer}/chart/segments/${index}/value`, 'too_small', 'must be more than 0');
  });
  const categories = listOf(fieldsOf(chart['axis_config'])['categories']);
  const names = fieldsIn(chart['series']).map((series, index) => ({
    value: series['name'],
    pointer: `${pointer}/chart/series/${index}`,
  }));
  unique(check, names, 'name');
  fieldsIn(chart['series']).forEach((series, index) => {
    const labels = fieldsIn(series['data']).map((point) => point['label']);
    const complete = labels.length === categories.length && categories.every((category) => labels.includes(category));
    if (!complete)
      complain(check, `${pointer}/chart/series/${index}/data`, 'mismatch', 'must have one point per category');
  });
}

function inputs(check: Check, { block, element, pointer }: Found): void {
  const inInput = block['type'] === 'input';
  if (element['type'] === 'file_input' && block['dispatch_action'] === true) {
    complain(check, pointer, 'conflict', 'file_input does not support dispatch_action');
  }
  if (element['response_url_enabled'] === true && !(inInput && check.surface === 'modal')) {
    complain(
      check,
      `${pointer}/response_url_enabled`,
      'unsupported',
      'response_url_enabled is only for input blocks in modals',
    );
  }
}

/** Some blocks, and where they stand. */
export interface Blocks {
  blocks: Fields[];
  at: string;
}

/** What counts over a whole message or view. Slack drops the ids of markdown blocks. */
export function checkTogether(check: Check, parts: readonly Blocks[]): void {
  const every = parts.flatMap(({ blocks, at }) => allBlocks(blocks, at));
  const ids = every.filter(({ block }) => block['type'] !== 'markdown');
  unique(
    check,
    ids.map(({ block, pointer }) => ({ value: block['block_id'], pointer: `${pointer}/block_id` })),
    'block_id',
  );
  totals(
    check,
    every.map(({ block }) => block),
    parts[0]?.at ?? '',
  );
}

/** Rules that look over more than one field at a time. */
export function checkAcross(check: Check, blocks: Fields[], at: string): void {
  const every = allBlocks(blocks, at);
  const found = allElements(blocks, at);
  actionIds(check, found);
  for (const each of found) {
    initialOptions(check, each);
    inputs(check, each);
  }
  for (const { block, pointer } of every) {
    tables(check, block, pointer);
    charts(check, block, pointer);
    if (block['type'] === 'task_card' && block['status'] === 'pending' && !pointer.includes('/tasks/')) {
      complain(check, `${pointer}/status`, 'invalid_enum', 'must be a valid enum value');
    }
    if (block['default_collapsed'] === true && block['is_collapsible'] !== true) {
      complain(check, `${pointer}/default_collapsed`, 'conflict', 'default_collapsed requires is_collapsible');
    }
  }
  const focused = found.filter(({ element }) => element['focus_on_load'] === true);
  if (focused.length > 1)
    complain(check, focused[1]?.pointer ?? at, 'too_many', 'only one element may have focus_on_load');
}
