import { describe, expect, test } from 'vitest';
import { elementShapes } from '../../src/local-slack/blocks/element-limits.ts';
import { blockShapes } from '../../src/local-slack/blocks/limits.ts';
import type { Rule, Shape } from '../../src/local-slack/blocks/rules.ts';
import { blockProblems, problemLine, viewProblems } from '../../src/local-slack/blocks/validate.ts';
import { samples } from './blockkit/samples.ts';

const surfaces = ['message', 'modal', 'home'] as const;
const isPicture = (id: string) => id === 'F1';

function lines(blocks: unknown, surface: (typeof surfaces)[number] = 'message'): string[] {
  return blockProblems(blocks, surface, isPicture).map(problemLine);
}

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const button = { type: 'button', text: plain('Go'), action_id: 'a' };
const option = (value: string) => ({ text: plain(value), value });
const many = (count: number, of: (index: number) => unknown) => Array.from({ length: count }, (_, index) => of(index));
const divider = { type: 'divider' };
const section = (more: object) => ({ type: 'section', ...more });

describe('every kind of block', () => {
  test.each(Object.keys(blockShapes))('%s has a sample here', (type) => {
    expect(samples[type]).toBeDefined();
  });

  test.each(Object.entries(samples))('%s is accepted where Slack shows it and refused elsewhere', (type, sample) => {
    for (const surface of surfaces) {
      const allowed = blockShapes[type]?.surfaces?.includes(surface) ?? true;
      expect(lines([sample], surface)).toEqual(
        allowed ? [] : [`unsupported type: ${type} [json-pointer:/blocks/0/type]`],
      );
    }
  });

  test.each(Object.entries(samples))('%s is refused with a field Slack does not know', (type, sample) => {
    const surface = blockShapes[type]?.surfaces?.[0] ?? 'message';
    expect(lines([{ ...sample, sparkle: 1 }], surface)).toEqual([
      'invalid additional property: sparkle [json-pointer:/blocks/0]',
    ]);
  });

  const required = Object.entries(blockShapes).flatMap(([type, shape]) =>
    (shape.required ?? []).map((field) => [type, field] as const),
  );
  test.each(required)('%s is refused without %s', (type, field) => {
    const surface = blockShapes[type]?.surfaces?.[0] ?? 'message';
    expect(lines([{ ...samples[type], [field]: undefined }], surface)).toContain(
      `missing required field: ${field} [json-pointer:/blocks/0]`,
    );
  });
});

/** Values that just fit a rule, and that just do not. */
function edges(rule: Rule): { fits: unknown; breaks: unknown } | undefined {
  if (rule.is === 'text' && rule.max < 3000)
    return { fits: plain('x'.repeat(rule.max)), breaks: plain('x'.repeat(rule.max + 1)) };
  if (rule.is === 'string' && Number.isFinite(rule.max))
    return { fits: 'x'.repeat(rule.max), breaks: 'x'.repeat(rule.max + 1) };
  if (rule.is === 'boolean') return { fits: true, breaks: 'true' };
  if (rule.is === 'choice') return { fits: rule.of.at(-1), breaks: 'nonsense' };
  return undefined;
}

function cases(shapes: Record<string, Shape>): [string, string, unknown, unknown][] {
  return Object.entries(shapes).flatMap(([type, shape]) =>
    Object.entries(shape.fields).flatMap(([field, rule]): [string, string, unknown, unknown][] => {
      const edge = edges(rule);
      return edge ? [[type, field, edge.fits, edge.breaks]] : [];
    }),
  );
}

describe('the edges of every field', () => {
  test.each(cases(blockShapes).filter(([, field]) => !['default_collapsed', 'image_url'].includes(field)))(
    '%s.%s',
    (type, field, fits, breaks) => {
      const surface = blockShapes[type]?.surfaces?.[0] ?? 'message';
      expect(lines([{ ...samples[type], [field]: fits }], surface)).toEqual([]);
      expect(lines([{ ...samples[type], [field]: breaks }], surface).join()).toContain(`/blocks/0/${field}`);
    },
  );

  const bare: Record<string, object> = {
    button: { text: plain('Go') },
    checkboxes: { options: [option('a')] },
    radio_buttons: { options: [option('a')] },
    static_select: { options: [option('a')] },
    multi_static_select: { options: [option('a')] },
    number_input: { is_decimal_allowed: false },
    rich_text_input: { action_id: 'a' },
  };
  const inputs = cases(elementShapes).filter(
    ([type]) =>
      !/^(overflow|feedback|icon|workflow|image|url$|rich_text_(?!input)|raw|text$|link|emoji|broadcast|color|user|channel|date$|team)/.test(
        type,
      ) || type.endsWith('_select'),
  );
  test.each(inputs)('%s.%s', (type, field, fits, breaks) => {
    const block = (value: unknown) => {
      const element = { type, ...bare[type], [field]: value };
      return type === 'button'
        ? section({ text: mrkdwn('x'), accessory: element })
        : { type: 'input', label: plain('x'), element };
    };
    expect(lines([block(fits)], 'modal')).toEqual([]);
    expect(lines([block(breaks)], 'modal').join()).toContain(`/${field}`);
  });
});

const facts: [string, unknown[], string | undefined][] = [
  ['50 blocks pass', many(50, () => divider), undefined],
  ['51 blocks do not', many(51, () => divider), 'no more than 50 items allowed [json-pointer:/blocks]'],
  ['a section text of 3000 passes', [section({ text: mrkdwn('x'.repeat(3000)) })], undefined],
  [
    'a section text of 3001 does not',
    [section({ text: mrkdwn('x'.repeat(3001)) })],
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'an empty text does not',
    [section({ text: mrkdwn('') })],
    'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'a bare string for a text does not',
    [section({ text: 'x' })],
    'must provide an object [json-pointer:/blocks/0/text]',
  ],
  [
    'a field of 2001 does not',
    [section({ fields: [mrkdwn('x'.repeat(2001))] })],
    'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    '11 fields do not',
    [section({ fields: many(11, () => mrkdwn('x')) })],
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [
    '25 buttons pass',
    [{ type: 'actions', elements: many(25, (index) => ({ ...button, action_id: `a${index}` })) }],
    undefined,
  ],
  [
    '26 buttons do not',
    [{ type: 'actions', elements: many(26, (index) => ({ ...button, action_id: `a${index}` })) }],
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'an empty actions block does not',
    [{ type: 'actions', elements: [] }],
    'no fewer than 1 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'markdown in a header does not',
    [{ type: 'header', text: mrkdwn('x') }],
    'must be a valid enum value [json-pointer:/blocks/0/text/type]',
  ],
  ['an unknown block does not', [{ type: 'sectoin' }], 'unsupported type: sectoin [json-pointer:/blocks/0/type]'],
  ['a block without type does not', [{}], 'missing required field: type [json-pointer:/blocks/0]'],
  [
    'a plan title must be a bare string',
    [{ type: 'plan', title: plain('x') }],
    'must provide a string [json-pointer:/blocks/0/title]',
  ],
  [
    'a card title must be an object',
    [{ type: 'card', title: 'x' }],
    'must provide an object [json-pointer:/blocks/0/title]',
  ],
  [
    'a task at top level is never pending',
    [{ type: 'task_card', task_id: '1', title: 'x', status: 'pending' }],
    'must be a valid enum value [json-pointer:/blocks/0/status]',
  ],
  [
    'a task in a plan may be pending',
    [{ type: 'plan', title: 'x', tasks: [{ type: 'task_card', task_id: '1', title: 'x', status: 'pending' }] }],
    undefined,
  ],
  [
    'two blocks of one id do not',
    [
      { ...divider, block_id: 'x' },
      { ...divider, block_id: 'x' },
    ],
    '`block_id` already exists: x [json-pointer:/blocks/1/block_id]',
  ],
  [
    'two actions of one id in a block do not',
    [{ type: 'actions', elements: [button, button] }],
    '`action_id` already exists: a [json-pointer:/blocks/0/elements/1]',
  ],
  [
    'one action id in two blocks passes',
    [
      { type: 'actions', elements: [button] },
      { type: 'actions', elements: [button] },
    ],
    undefined,
  ],
  [
    'a text input outside an input block does not',
    [section({ text: mrkdwn('x'), accessory: { type: 'plain_text_input' } })],
    'unsupported type: plain_text_input [json-pointer:/blocks/0/accessory/type]',
  ],
  [
    'an option value of 150 passes',
    [
      {
        type: 'actions',
        elements: [{ type: 'static_select', options: [{ text: plain('x'), value: 'x'.repeat(150) }] }],
      },
    ],
    undefined,
  ],
  [
    'an option value of 151 does not',
    [
      {
        type: 'actions',
        elements: [{ type: 'static_select', options: [{ text: plain('x'), value: 'x'.repeat(151) }] }],
      },
    ],
    'must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]',
  ],
  [
    'an option text of 76 does not',
    [{ type: 'actions', elements: [{ type: 'static_select', options: [option('x'.repeat(76))] }] }],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]',
  ],
  [
    '101 options do not',
    [{ type: 'actions', elements: [{ type: 'static_select', options: many(101, (index) => option(`${index}`)) }] }],
    'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'no options do not',
    [{ type: 'actions', elements: [{ type: 'static_select', options: [] }] }],
    'no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'an initial option from elsewhere does not',
    [{ type: 'actions', elements: [{ type: 'static_select', options: [option('a')], initial_option: option('b') }] }],
    'initial_option must be one of the options [json-pointer:/blocks/0/elements/0/initial_option]',
  ],
  [
    'a table of 10,001 characters does not',
    [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x'.repeat(10_001) }]] }],
    'table blocks must be less than 10001 characters in total [json-pointer:/blocks]',
  ],
  [
    '21 columns do not',
    [{ type: 'table', rows: [many(21, () => ({ type: 'raw_text', text: 'x' }))] }],
    'no more than 20 items allowed [json-pointer:/blocks/0/rows/0]',
  ],
  [
    'an uneven data table does not',
    [
      {
        type: 'data_table',
        caption: 'x',
        rows: [
          [{ type: 'raw_text', text: 'x' }],
          [
            { type: 'raw_text', text: 'x' },
            { type: 'raw_text', text: 'y' },
          ],
        ],
      },
    ],
    'all rows must have the same number of cells [json-pointer:/blocks/0/rows]',
  ],
  [
    'three charts do not',
    many(3, () => samples['data_visualization']),
    'no more than 2 data_visualization blocks allowed [json-pointer:/blocks]',
  ],
  [
    '12,001 characters of markdown over two blocks do not',
    [
      { type: 'markdown', text: 'x'.repeat(12_000) },
      { type: 'markdown', text: 'y' },
    ],
    'markdown blocks must be less than 12001 characters in total [json-pointer:/blocks]',
  ],
  [
    'a picture by an unknown file does not',
    [{ type: 'image', alt_text: 'x', slack_file: { id: 'F9' } }],
    'invalid slack file [json-pointer:/blocks/0/slack_file]',
  ],
  ['a picture by a known file passes', [{ type: 'image', alt_text: 'x', slack_file: { id: 'F1' } }], undefined],
  [
    'a picture by both does not',
    [{ type: 'image', alt_text: 'x', slack_file: { id: 'F1' }, image_url: 'https://x.io/a.png' }],
    'must provide only one of: image_url, slack_file [json-pointer:/blocks/0]',
  ],
  [
    'verbatim on plain text does not',
    [{ type: 'header', text: { ...plain('x'), verbatim: true } }],
    'invalid additional property: verbatim [json-pointer:/blocks/0/text]',
  ],
];

test.each(facts)('%s', (_name, blocks, line) => {
  expect(lines(blocks)).toEqual(line === undefined ? [] : [line]);
});

const input = { type: 'input', label: plain('Why'), element: { type: 'plain_text_input' } };
const modal = { type: 'modal', title: plain('Hi'), blocks: [divider] };
const views: [string, unknown, string | undefined][] = [
  ['a small modal passes', modal, undefined],
  ['100 blocks pass', { ...modal, blocks: many(100, () => divider) }, undefined],
  [
    '101 blocks do not',
    { ...modal, blocks: many(101, () => divider) },
    'no more than 100 items allowed [json-pointer:/view/blocks]',
  ],
  [
    'a modal without title does not',
    { type: 'modal', blocks: [divider] },
    'missing required field: title [json-pointer:/view]',
  ],
  [
    'a title of 25 does not',
    { ...modal, title: plain('x'.repeat(25)) },
    'must be less than 25 characters [json-pointer:/view/title/text]',
  ],
  [
    'inputs without submit do not',
    { ...modal, blocks: [input] },
    'missing required field: submit [json-pointer:/view]',
  ],
  ['inputs with submit pass', { ...modal, blocks: [input], submit: plain('Go') }, undefined],
  [
    'private metadata of 3001 does not',
    { ...modal, private_metadata: 'x'.repeat(3001) },
    'must be less than 3001 characters [json-pointer:/view/private_metadata]',
  ],
  [
    'two fields that want the focus do not',
    {
      ...modal,
      submit: plain('Go'),
      blocks: many(2, () => ({ ...input, element: { type: 'plain_text_input', focus_on_load: true } })),
    },
    'only one element may have focus_on_load [json-pointer:/view/blocks/1/element]',
  ],
  ['a Home passes', { type: 'home', blocks: [divider] }, undefined],
  [
    'a Home with a title does not',
    { type: 'home', title: plain('x'), blocks: [divider] },
    'invalid additional property: title [json-pointer:/view]',
  ],
  [
    'an unknown view does not',
    { type: 'workflow', blocks: [divider] },
    'must be a valid enum value [json-pointer:/view/type]',
  ],
];

test.each(views)('%s', (_name, view, line) => {
  expect(viewProblems(view, ['modal', 'home'], isPicture).map(problemLine)).toEqual(line === undefined ? [] : [line]);
});
