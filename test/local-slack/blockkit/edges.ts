import { elementSample, optionSample, plain, samples } from './samples.ts';
import { type Kind, type Spec, table } from './table.ts';
import { single } from './untried.ts';

/** Values of one field that just fit, and that just do not. */
export interface Edges {
  readonly fits: readonly unknown[];
  readonly breaks: readonly unknown[];
}

const none: Edges = { fits: [], breaks: [] };
const both = (...all: readonly Edges[]): Edges => ({
  fits: all.flatMap(({ fits }) => fits),
  breaks: all.flatMap(({ breaks }) => breaks),
});
const many = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));
const letters = (count: number) => 'x'.repeat(count);

const wellFormed: Record<string, Edges> = {
  'YYYY-MM-DD': { fits: ['2026-11-23'], breaks: ['23.11.2026', '2026-13-41', 20_261_123] },
  'HH:mm': { fits: ['09:30', '23:59'], breaks: ['9.30', '25:00'] },
  IANA: { fits: ['Europe/Berlin', 'UTC'], breaks: ['Mars/Base', '+01:00', '', 5] },
};
const typed: Record<string, Edges> = {
  boolean: { fits: [true, false], breaks: ['true', 1] },
  string: { fits: ['x'], breaks: [1, { text: 'x' }] },
  integer: { fits: [], breaks: ['1', 1.5] },
  number: { fits: [1.5], breaks: ['1.5'] },
  'numeric string': { fits: ['1', '-2.5'], breaks: [1, 'one'] },
  'string[]': { fits: [['x'], ['x', 'y']], breaks: ['x', [1]] },
  'user id': { fits: ['U0ADA', 'W0ADA'], breaks: [1, 'ada', 'C0ML'] },
  'conversation id': { fits: ['C0ML', 'G0ML', 'D0ML'], breaks: [1, 'ml', 'U0ADA'] },
  'public channel id': { fits: ['C0ML'], breaks: [1, 'ml', 'D0ML'] },
};

export function edgesOf(spec: Spec, field = ''): Edges {
  if (typeof spec['$common'] === 'string') return edgesOf(table.common[spec['$common']] ?? {});
  const inner = Object.entries(spec).filter(
    ([key]) => key === 'text' || key === 'value' || key === 'accessibility_label',
  );
  if (inner.length > 0) return innerEdges(field, inner);
  return both(texts(spec), scalars(spec), links(spec), cells(spec), items(spec, field));
}

/** An object that is spelled out in place: the two buttons of feedback_buttons. */
function innerEdges(field: string, inner: readonly [string, unknown][]): Edges {
  const sample = { text: plain('x'), value: 'x' };
  return both(
    { fits: [sample], breaks: ['x', { ...sample, text: undefined }, { ...sample, value: undefined }] },
    ...inner.map(([name, spec]) => {
      const { required: _required, ...limits } = spec as Spec;
      const { fits, breaks } = edgesOf(limits, field);
      const put = (value: unknown) => ({ ...sample, [name]: value });
      return { fits: fits.map(put), breaks: breaks.map(put) };
    }),
  );
}

function texts(spec: Spec): Edges {
  const types = typeof spec['textTypes'] === 'string' ? ['plain_text'] : (spec['textTypes'] as string[] | undefined);
  const [min, max] = [Number(spec['minLength'] ?? 0), Number(spec['maxLength'] ?? Number.NaN)];
  const of = types ? (text: string) => ({ type: types[0], text }) : (text: string) => text;
  const isText = types !== undefined || !Number.isNaN(max) || min > 0;
  if (!isText) return none;
  const longest: Edges = Number.isNaN(max) ? none : { fits: [of(letters(max))], breaks: [of(letters(max + 1))] };
  const shortest: Edges = min > 0 ? { fits: [of(letters(min))], breaks: [of(letters(min - 1))] } : none;
  const others = ['plain_text', 'mrkdwn', 'raw_text'].filter((type) => types && !types.includes(type));
  const wrong: Edges = types
    ? {
        fits: types.map((type) => ({ type, text: 'x' })),
        breaks: ['x', ...others.map((type) => ({ type, text: 'x' }))],
      }
    : { fits: ['x'], breaks: [{ type: 'plain_text', text: 'x' }, 1] };
  return both(longest, shortest, wrong);
}

function scalars(spec: Spec): Edges {
  const list: Edges[] = [];
  if (Array.isArray(spec['enum'])) list.push({ fits: spec['enum'], breaks: ['nonsense', 99] });
  if (typeof spec['type'] === 'string' && spec['maxLength'] === undefined && spec['minLength'] === undefined)
    list.push(typed[spec['type']] ?? unknownWord('type', spec['type']));
  if (typeof spec['format'] === 'string')
    list.push(wellFormed[spec['format']] ?? unknownWord('format', spec['format']));
  if (typeof spec['min'] === 'number') list.push({ fits: [spec['min']], breaks: [spec['min'] - 1] });
  if (typeof spec['max'] === 'number') list.push({ fits: [spec['max']], breaks: [spec['max'] + 1] });
  if (typeof spec['digits'] === 'number') {
    const [least, most] = [10 ** (spec['digits'] - 1), 10 ** spec['digits'] - 1];
    list.push({ fits: [least, most], breaks: [least - 1, most + 1] });
  }
  if (spec['https'] === true) list.push({ fits: ['https://example.com/v'], breaks: ['http://example.com/v', 5] });
  if (Array.isArray(spec['enumTopLevel'])) list.push({ fits: spec['enumTopLevel'], breaks: ['pending', 'nonsense'] });
  return both(...list);
}

function unknownWord(what: string, word: string): never {
  throw new Error(`nobody knows the ${what} ${word}`);
}

/** An object tried by each of its own fields, an element or a block by a sample. */
function links(spec: Spec): Edges {
  if (typeof spec['object'] === 'string') return objectEdges(spec['object']);
  if (typeof spec['element'] === 'string')
    return { fits: [elementSample(spec['element'])], breaks: [elementSample('button'), 'x'] };
  if (typeof spec['block'] === 'string') return { fits: [samples[spec['block']]], breaks: [samples['divider'], 'x'] };
  if (spec['memberOf']) return { fits: [optionSample(0)], breaks: [optionSample(99), 'x'] };
  if (spec['subsetOf']) return { fits: [[optionSample(0)]], breaks: [[optionSample(99)], 'x'] };
  return none;
}

export const objectSamples: Record<string, Record<string, unknown>> = {
  confirm: { title: plain('x'), text: plain('x'), confirm: plain('x'), deny: plain('x') },
  conversation_filter: { include: ['public'] },
  dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
  slack_file: { id: 'F1' },
  slack_icon: { type: 'icon', name: 'rocket' },
  workflow: { trigger: { url: 'https://slack.com/shortcuts/Ft1/x' } },
  trigger: { url: 'https://slack.com/shortcuts/Ft1/x' },
  option_group: { label: plain('x'), options: [optionSample(0)] },
  option: optionSample(0),
};

export function objectEdges(name: string): Edges {
  const kind = table.objects[name];
  const sample = objectSamples[name];
  if (!kind || !sample) return unknownWord('object', name);
  const each = Object.entries(kind.fields).map(([field, spec]) => {
    const { fits, breaks } = edgesOf(spec, field);
    const put = (value: unknown) => ({ ...sample, [field]: value });
    return { fits: fits.map(put), breaks: breaks.map(put) };
  });
  const names = kind['names'];
  const icons: Edges = Array.isArray(names)
    ? { fits: names.map((icon) => ({ ...sample, name: icon })), breaks: [{ ...sample, name: 'unicorn' }] }
    : none;
  const without = [...kind.required, ...(kind.exactlyOneOf ? Object.keys(sample) : [])];
  return both(
    { fits: [sample], breaks: ['x', 1, { ...sample, sparkle: 1 }] },
    { fits: [], breaks: without.map((field) => ({ ...sample, [field]: undefined })) },
    icons,
    ...each,
  );
}

function cells(spec: Spec): Edges {
  const types = spec['cellTypes'];
  if (!Array.isArray(types)) return none;
  const cols = spec['cols'] as { min?: number; max?: number } | undefined;
  const columns = Number(spec['cellsPerRowMax'] ?? cols?.max);
  const rows = Number(spec['minItems']);
  const grid = (across: number, down = rows) => many(down, () => many(across, () => elementSample('raw_text')));
  const [body] = grid(1);
  return {
    fits: [
      grid(columns),
      grid(1, Number(spec['maxItems'])),
      ...(cols?.min === undefined ? [] : [grid(cols.min)]),
      ...types.map((type) => [...grid(1, Math.max(1, rows - 1)), [elementSample(String(type))]]),
    ],
    breaks: [
      grid(columns + 1),
      ...(cols?.min === undefined ? [] : [grid(cols.min - 1)]),
      grid(1, rows - 1),
      grid(1, Number(spec['maxItems']) + 1),
      [body, [plain('x')]],
    ],
  };
}

function items(spec: Spec, field: string): Edges {
  if (spec['cellTypes']) return none;
  const of = itemOf(spec, field);
  if (of && single.has(field)) return { fits: of.also ?? [], breaks: of.never ?? [] };
  const [min, max] = [Number(spec['minItems'] ?? 0), Number(spec['maxItems'] ?? Number.NaN)];
  if (!of) return min || max ? unknownWord('list', JSON.stringify(spec)) : none;
  const count: Edges = Number.isNaN(max)
    ? { fits: [many(1, of.good)], breaks: ['x'] }
    : { fits: [many(Math.min(max, of.distinct ?? max), of.good)], breaks: [many(max + 1, of.good), 'x'] };
  const few: Edges = min > 0 ? { fits: [many(min, of.good)], breaks: [many(min - 1, of.good)] } : none;
  const kinds: Edges = { fits: of.also?.map((each) => [each]) ?? [], breaks: of.never?.map((each) => [each]) ?? [] };
  return both(count, few, kinds);
}

interface Item {
  readonly good: (index: number) => unknown;
  /** How many different ones there are. */
  readonly distinct?: number;
  readonly also?: readonly unknown[];
  readonly never?: readonly unknown[];
}

function itemOf(spec: Spec, field: string): Item | undefined {
  if (Array.isArray(spec['elementTypes'])) return elementItems(spec['elementTypes'].map(String));
  if (Array.isArray(spec['blockTypes'])) {
    const types = spec['blockTypes'].map(String).filter((type) => samples[type]);
    const never = Object.keys(samples).filter((type) => !types.includes(type));
    return {
      good: () => samples[types[0] ?? ''],
      also: types.map((type) => samples[type]),
      never: never.map((type) => samples[type]),
    };
  }
  if (spec['option']) return optionItems(spec);
  if (Array.isArray(spec['items'])) {
    const words = spec['items'];
    return { good: (index) => words[index % words.length], also: words, never: ['nonsense', 5] };
  }
  if (typeof spec['itemType'] === 'string') return { good: () => samples['task_card'], never: [samples['divider']] };
  if (spec['manyOf']) {
    const { fits, breaks } = edgesOf(spec['manyOf'] as Spec, 'initial_option');
    return { good: () => fits[0], also: fits, never: breaks };
  }
  const item = spec['item'] as Spec | undefined;
  if (!item) {
    if (spec['minItems'] === undefined) return undefined;
    const good = field === 'options' ? optionSample : () => objectSamples['option_group'];
    return { good, never: ['x'] };
  }
  const isOne = 'textTypes' in item;
  if (isOne) {
    const { fits, breaks } = edgesOf(item);
    return { good: () => fits[0], also: fits, never: breaks };
  }
  const fields = Object.entries(item).map(([field, each]) => ({ field, ...edgesOf(each as Spec) }));
  return {
    good: () => ({}),
    also: fields.flatMap(({ field, fits }) => fits.map((value) => ({ [field]: value }))),
    never: fields.flatMap(({ field, breaks }) => breaks.map((value) => ({ [field]: value }))),
  };
}

function optionItems(spec: Spec): Item {
  const any = spec['option'] === 'any_text';
  const kind = table.objects['option'];
  const fields = Object.entries(kind?.fields ?? {}).filter(([name]) => name !== 'url' || spec['optionMayHaveUrl']);
  const each = fields.map(([field, fieldSpec]) => ({ field, ...edgesOf(fieldSpec) }));
  const put = (field: string, value: unknown) => ({
    ...optionSample(0),
    [field]: field === 'description' && typeof value === 'string' ? plain(value) : value,
  });
  const fancy = { ...optionSample(0), text: { type: 'mrkdwn', text: '*x*' } };
  const never = each.flatMap(({ field, breaks }) =>
    breaks.filter((value) => !(any && isMrkdwn(value))).map((value) => put(field, value)),
  );
  return {
    good: optionSample,
    also: [...each.flatMap(({ field, fits }) => fits.map((value) => put(field, value))), ...(any ? [fancy] : [])],
    never: [...never.filter((option) => !isPlainDescription(option)), ...(any ? [] : [fancy])],
  };
}

const isMrkdwn = (value: unknown) => JSON.stringify(value)?.includes('mrkdwn') ?? false;
/** A description is written as a bare limit in the table, but is a text object: only too long ones break it. */
function isPlainDescription({ description }: Record<string, unknown>): boolean {
  const text = (description as { text?: string } | undefined)?.text;
  return description !== undefined && typeof text === 'string' && text.length <= 75;
}

function elementItems(types: readonly string[]): Item {
  const good = types[0] ?? '';
  const never = Object.keys(table.elements).filter((type) => !types.includes(type));
  return {
    good: (index) => elementSample(good, index),
    also: types.map((type) => elementSample(type)),
    never: never.map((type) => elementSample(type)),
  };
}

/** Which other fields have to go when this one is tried. */
export function alternatives(kind: Kind, field: string): readonly string[] {
  const groups = [kind.oneOf, kind.exactlyOneOf, ...(kind.mutuallyExclusive ?? [])];
  return groups.flatMap((group) => (group?.includes(field) ? group.filter((other) => other !== field) : []));
}
