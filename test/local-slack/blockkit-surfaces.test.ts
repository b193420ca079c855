import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { blockProblems, isTooLarge, viewProblems } from '../../src/local-slack/blocks/validate.ts';
import { elementSample, plain, samples } from './blockkit/samples.ts';
import { num, table } from './blockkit/table.ts';

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

const on = (surface: string, ...path: readonly string[]) => num('surfaces', surface, ...path);

/** For each limit of a surface: what just fits, and what just does not. */
type Pair = readonly [fits: () => boolean, breaks: () => boolean];
const pair = <T>(check: (value: T) => boolean, good: T, bad: T): Pair => [() => check(good), () => !check(bad)];
const upTo = (max: number, check: (size: number) => boolean) => pair(check, max, max + 1);
const downTo = (min: number, check: (size: number) => boolean) => pair(check, min, min - 1);
const letters = (size: number) => 'x'.repeat(size);
const bare = (view: { type: string }, field: string) =>
  upTo(on(view.type, field, 'maxLength'), (size) => fits({ ...view, [field]: letters(size) }));
const flag = (field: string) => pair((value: unknown) => fits({ ...modal, [field]: value }), true, 'true');
const padded = (view: object, bytes: number) => {
  const blocks = many(90, () => section(letters(2770)));
  const room = bytes - Buffer.byteLength(JSON.stringify({ ...view, blocks: [...blocks, section('')] }));
  return { ...view, blocks: [...blocks, section(letters(room))] };
};
const both = (view: { type: string }) => ({
  maxBlocks: upTo(on(view.type, 'maxBlocks'), (size) => fits({ ...view, blocks: many(size, () => divider) })),
  minBlocks: downTo(on(view.type, 'minBlocks'), (size) => fits({ ...view, blocks: many(size, () => divider) })),
  maxViewBytes: upTo(on(view.type, 'maxViewBytes'), (bytes) => fits(padded(view, bytes))),
  private_metadata: bare(view, 'private_metadata'),
  callback_id: bare(view, 'callback_id'),
  external_id: bare(view, 'external_id'),
});

const half = (size: number) => [Math.floor(size / 2), Math.ceil(size / 2)];
const limits: Record<string, Record<string, Pair>> = {
  message: {
    maxBlocks: upTo(on('message', 'maxBlocks'), (size) => inMessage(many(size, () => divider))),
    maxDataVisualizations: upTo(on('message', 'maxDataVisualizations'), (size) =>
      inMessage(many(size, () => samples['data_visualization'])),
    ),
    tableCellCharsAggregate: upTo(on('message', 'tableCellCharsAggregate'), (size) =>
      inMessage(half(size).map((each) => ({ type: 'table', rows: [[raw(each)]] }))),
    ),
    dataTableCellCharsAggregate: upTo(on('message', 'dataTableCellCharsAggregate'), (size) =>
      inMessage([{ type: 'data_table', caption: 'x', rows: half(size).map((each) => [raw(each)]) }]),
    ),
    markdownBlockCharsAggregate: upTo(on('message', 'markdownBlockCharsAggregate'), (size) =>
      inMessage(half(size).map((each) => ({ type: 'markdown', text: letters(each) }))),
    ),
  },
  modal: {
    ...both(modal),
    ...Object.fromEntries(
      ['title', 'submit', 'close'].map((field) => [
        field,
        upTo(on('modal', field, 'maxLength'), (size) => fits({ ...modal, [field]: plain(letters(size)) })),
      ]),
    ),
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
    ...both(home),
    forbidden: pair((more: object) => fits({ ...home, ...more }), {}, { title: plain('x') }),
  },
};

/** Said of messages and stacks of views, and tried where they are sent: blockkit-writes.test.ts and views.test.ts. */
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

const forbidden = (surface: 'message' | 'modal' | 'home') =>
  z.array(z.string()).parse(table.surfaces[surface]['forbidden'] ?? []);

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
  it.each(forbidden(surface))('has no %s', (field) => {
    expect(fits({ type: surface, blocks: [divider], [field]: plain('x') })).toBe(false);
  });
});

const Button = z.strictObject({ textTypes: z.tuple([z.literal('plain_text')]), maxLength: z.number() });
const id = {
  type: z.literal('string'),
  maxLength: z.number(),
  generatedIfOmitted: z.literal(true),
  note: z.string().optional(),
};

describe('what is tried below', () => {
  it('is what the table says of the frame of a modal', () => {
    const { title, submit, close } = table.surfaces.modal;
    Button.extend({ required: z.literal(true), minLength: z.literal(1) }).parse(title);
    Button.extend({ requiredWhen: z.literal('any input block present') }).parse(submit);
    Button.parse(close);
    expect(table.surfaces.home['forbidden']).toEqual(['title', 'submit', 'close']);
  });
  it('is what the table says of everything', () => {
    const common = z.strictObject({
      block_id: z.strictObject({ ...id, uniquePer: z.literal('message or view') }),
      action_id: z.strictObject({ ...id, uniquePer: z.literal('containing block') }),
      placeholder: Button,
      text: z.strictObject({ minLength: z.number(), maxLength: z.number() }),
    });
    const { text } = common.parse(table.common);
    for (const name of ['plain_text', 'mrkdwn']) expect(table.objects[name]?.fields['text']).toEqual(text);
  });
});

describe('a modal', () => {
  it.each(['title', 'submit', 'close'])('has a %s of plain words, and not of none', (field) => {
    const view = (text: unknown) => fits({ ...modal, [field]: text });
    const wrong = [{ type: 'mrkdwn', text: 'x' }, plain(''), 'x', 1, null, []];
    expect([view(plain('x')), ...wrong.map(view)]).toEqual([true, ...wrong.map(() => false)]);
  });
  it('has a title', () => expect(fits({ ...modal, title: undefined })).toBe(false));
  it('asks for a submit button once it has an input', () => {
    expect([fits({ ...modal, blocks: [input()] }), fits({ ...modal, submit: plain('x'), blocks: [input()] })]).toEqual([
      false,
      true,
    ]);
  });
});

describe('ids', () => {
  const longest = (name: string) => num('common', name, 'maxLength');
  const button = (id: string) => ({ type: 'actions', elements: [{ ...elementSample('button'), action_id: id }] });
  it('are texts of a length', () => {
    const ofBlock = (block_id: unknown) => inMessage([{ ...divider, block_id }]);
    const ofAction = (action_id: unknown) =>
      inMessage([{ type: 'actions', elements: [{ ...elementSample('button'), action_id }] }]);
    for (const [holds, max] of [
      [ofBlock, longest('block_id')],
      [ofAction, longest('action_id')],
    ] as const) {
      expect([letters(max), letters(max + 1), 5, null, {}].map((id) => holds(id))).toEqual([
        true,
        false,
        false,
        false,
        false,
      ]);
    }
  });
  it('of markdown are dropped, so they may repeat', () => {
    expect(inMessage(many(2, () => ({ ...samples['markdown'], block_id: 'same' })))).toBe(true);
  });
  it('of blocks differ within a message, of actions within a block', () => {
    expect(inMessage(many(2, () => ({ ...divider, block_id: 'same' })))).toBe(false);
    expect(inMessage([button('same'), button('same')])).toBe(true);
    expect(inMessage([{ type: 'actions', elements: many(2, () => elementSample('button')) }])).toBe(false);
  });
});
