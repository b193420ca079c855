import { describe, expect, it } from 'vitest';
import { blockProblems } from '../../src/local-slack/blocks/validate.ts';
import { startingValues } from '../../src/local-slack/inputs.ts';
import { alternatives, edgesOf, objectEdges, objectSamples } from './blockkit/edges.ts';
import { elementSample, optionSample, plain, samples } from './blockkit/samples.ts';
import { elementKind, num, table } from './blockkit/table.ts';
import { untried, wrongKinds } from './blockkit/untried.ts';

const surfaces = ['message', 'modal', 'home'] as const;
type Surface = (typeof surfaces)[number];

/** Every pointer leads somewhere. */
function problems(blocks: unknown[], surface: Surface) {
  const found = blockProblems(blocks, surface, (id) => id === 'F1');
  for (const { pointer, message } of found) {
    let at: unknown = { blocks };
    for (const key of pointer.split('/').slice(1)) at = Object(at)[key];
    expect({ pointer, message, at }).not.toEqual({ pointer, message, at: undefined });
  }
  return found;
}
const accepted = (block: unknown, on: readonly Surface[]) =>
  on.filter((surface) => problems([block], surface).length === 0);

/** Read-only, legacy and disputed surfaces count as refused: the stricter reading. */
const allowedOn = (of: { surfaces?: Partial<Record<Surface, unknown>> | undefined }) =>
  surfaces.filter((surface) => of.surfaces?.[surface] === true);

const blockKinds = Object.entries(table.blocks);

describe('the table', () => {
  const kinds = { ...table.blocks, ...table.elements, ...table.objects };
  const fields = Object.entries(kinds).flatMap(([type, kind]) =>
    Object.entries({ ...kind.fields, ...kind.extra }).map(([field, spec]) => [`${type}.${field}`, spec] as const),
  );
  it('says nothing that nobody tries', () => {
    expect(fields.length).toBeGreaterThan(150);
    expect(fields.flatMap(([place, spec]) => untried(spec, place))).toEqual([]);
  });
  it('would be told of what it does not try', () => {
    expect(untried({ maxLength: 5, maxVowels: 2, item: { maxWords: 3 } }, 'header.text')).toEqual([
      'header.text.maxVowels',
      'header.text.item.maxWords',
    ]);
  });
});
/** What an app cannot post at all: it only comes back in messages. */
const neverPosted = new Set(['file', 'call']);

describe('every block of the table', () => {
  it.each(blockKinds)('%s may stand exactly where the table says', (type, kind) => {
    const sample = samples[type] ?? { type, ...Object.fromEntries(kind.required.map((field) => [field, 'x'])) };
    expect(accepted(sample, surfaces)).toEqual(neverPosted.has(type) ? [] : allowedOn(kind));
  });

  const posted = blockKinds.filter(([type]) => !neverPosted.has(type));

  it.each(posted)('%s needs what the table says it needs', (type, kind) => {
    const on = allowedOn(kind);
    for (const field of kind.required) {
      const refused = problems([{ ...samples[type], [field]: undefined }], on[0] ?? 'message');
      expect(refused).toContainEqual(
        expect.objectContaining({
          code: 'missing_field',
          message: `missing required field: ${field}`,
          pointer: '/blocks/0',
        }),
      );
    }
    for (const group of [kind.anyOf, kind.oneOf]) {
      if (!group) continue;
      const bare = Object.fromEntries(group.map((field) => [field, undefined]));
      expect(accepted({ ...samples[type], ...bare }, on)).toEqual([]);
    }
  });

  const tried = posted.flatMap(([type, kind]) =>
    Object.entries(kind.fields)
      // Charts are tried by hand below.
      .filter(([field]) => !(type === 'data_visualization' && field === 'chart'))
      .map(([field, spec]) => ({ type, kind, field, spec })),
  );

  it.each(tried)('$type $field holds its limits', ({ type, kind, field, spec }) => {
    const on = allowedOn(kind);
    const without = Object.fromEntries(alternatives(kind, field).map((other) => [other, undefined]));
    const needs = Object.keys((spec['requires'] as object | undefined) ?? {}).map((other) => [other, true]);
    const put = (value: unknown) => ({ ...samples[type], ...without, ...Object.fromEntries(needs), [field]: value });
    const { fits, breaks } = edgesOf(spec, field);
    expect(fits.length + breaks.length).toBeGreaterThan(0);
    for (const value of fits) expect({ value, on: accepted(put(value), on).length > 0 }).toEqual({ value, on: true });
    for (const value of breaks) expect({ value, on: accepted(put(value), on) }).toEqual({ value, on: [] });
    for (const value of wrongKinds(spec, field)) {
      expect({ value, on: accepted(put(value), on) }).toEqual({ value, on: [] });
    }
  });
});

type Holder = (element: unknown) => Record<string, unknown>;
const holders: Record<string, Holder> = {
  section: (accessory) => ({ type: 'section', text: plain('x'), accessory }),
  actions: (element) => ({ type: 'actions', elements: [element] }),
  input: (element) => ({ type: 'input', label: plain('x'), element }),
  context: (element) => ({ type: 'context', elements: [element] }),
  context_actions: (element) => ({ type: 'context_actions', elements: [element] }),
  card: (element) =>
    (element as { type?: string }).type === 'image'
      ? { type: 'card', hero_image: element }
      : { type: 'card', actions: [element] },
  container: (icon) => ({ ...samples['container'], icon }),
  task_card: (source) => ({ ...samples['task_card'], sources: [source] }),
  rich_text: (element) => ({ type: 'rich_text', elements: [element] }),
  carousel: (element) => ({ type: 'carousel', elements: [element] }),
  table: (cell) => ({ type: 'table', rows: [[cell]] }),
  data_table: (cell) => ({ ...samples['data_table'], rows: [[elementSample('raw_text')], [cell]] }),
};

const isEmpty = (held: unknown) => held === null || (Array.isArray(held) && held.length === 0);
const elementKinds = Object.keys(table.elements).map((type) => ({ type, kind: elementKind(type) }));

describe('every element of the table', () => {
  it.each(elementKinds)('$type may stand exactly where the table says', ({ type, kind }) => {
    for (const [block, holder] of Object.entries(holders)) {
      const where = allowedOn(table.blocks[block] ?? {});
      const own = kind.surfaces ? allowedOn(kind) : surfaces;
      const expected = kind.blocks?.includes(block) ? where.filter((surface) => own.includes(surface)) : [];
      expect({ block, on: accepted(holder(elementSample(type)), surfaces) }).toEqual({ block, on: expected });
    }
  });

  const home = (blocks: readonly string[] = []) => holders[blocks.includes('input') ? 'input' : (blocks[0] ?? '')];

  it.each(elementKinds)('$type needs what the table says it needs', ({ type, kind }) => {
    const hold = home(kind.blocks) ?? expect.unreachable(`nobody holds ${type}`);
    for (const field of kind.required) {
      expect(accepted(hold({ ...elementSample(type), [field]: undefined }), surfaces)).toEqual([]);
    }
    if (!kind.oneOf) return;
    const bare = Object.fromEntries(kind.oneOf.map((field) => [field, undefined]));
    expect(accepted(hold({ ...elementSample(type), ...bare }), surfaces)).toEqual([]);
  });

  const tried = elementKinds.flatMap(({ type, kind }) =>
    Object.entries(kind.fields).map(([field, spec]) => ({ type, kind, field, spec })),
  );
  it.each(tried)('$type $field holds its limits', ({ type, kind, field, spec }) => {
    const hold = home(kind.blocks) ?? expect.unreachable(`nobody holds ${type}`);
    const without = Object.fromEntries(alternatives(kind, field).map((other) => [other, undefined]));
    const put = (value: unknown) => hold({ ...elementSample(type), ...without, [field]: value });
    const { fits, breaks } = edgesOf(spec, field);
    expect(fits.length + breaks.length).toBeGreaterThan(0);
    for (const value of fits) {
      expect({ value, on: accepted(put(value), surfaces).length > 0 }).toEqual({ value, on: true });
    }
    for (const value of [...breaks, ...wrongKinds(spec, field)]) {
      expect({ value, on: accepted(put(value), surfaces) }).toEqual({ value, on: [] });
    }
  });

  it.each(elementKinds)('$type has an action id if it acts or holds something', ({ type, kind }) => {
    const hold = home(kind.blocks) ?? expect.unreachable(`nobody holds ${type}`);
    const named = (action_id: unknown) => accepted(hold({ ...elementSample(type), action_id }), surfaces).length > 0;
    const max = num('common', 'action_id', 'maxLength');
    const acts = kind.interactive || kind.stateful !== undefined;
    expect(['x'.repeat(max), 'x'.repeat(max + 1), 5].map(named)).toEqual([acts, false, false]);
  });

  it.each(elementKinds)('$type holds in views what the table says', ({ type, kind }) => {
    const hold = home(kind.blocks) ?? expect.unreachable(`nobody holds ${type}`);
    const values = startingValues([{ ...hold({ ...elementSample(type), action_id: 'a' }), block_id: 'b' }]);
    const expected = kind.stateful ? { b: { a: { type, [kind.stateful]: expect.toSatisfy(isEmpty) } } } : {};
    expect(values).toEqual(expected);
  });
});

describe('every part of rich text', () => {
  const { style, newDocsOnly, ...inline } = table.richTextInline;
  const say = (element: unknown) => ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [element] }],
  });

  it.each(Object.entries(inline))('%s needs its fields', (type, fields) => {
    const sample = elementSample(type);
    expect(accepted(say(sample), surfaces)).toEqual(surfaces);
    for (const name of fields) {
      const [field = ''] = name.split(':');
      expect(accepted(say({ ...sample, [field]: undefined }), surfaces)).toEqual([]);
    }
  });

  it('knows the styles of the table and no others', () => {
    for (const name of style ?? [])
      expect(accepted(say({ type: 'text', text: 'x', style: { [name]: true } }), surfaces)).toEqual(surfaces);
    expect(accepted(say({ type: 'text', text: 'x', style: { blink: true } }), surfaces)).toEqual([]);
  });

  it('refuses a broadcast to nobody, and what only the newest pages of the reference know', () => {
    expect(accepted(say({ type: 'broadcast', range: 'world' }), surfaces)).toEqual([]);
    for (const type of newDocsOnly ?? []) expect(accepted(say({ type }), surfaces)).toEqual([]);
  });
});

describe('every object of the table', () => {
  const held: Record<string, Holder> = {
    confirm: (confirm) => holders['actions']?.({ ...elementSample('button'), confirm }) ?? {},
    conversation_filter: (filter) => holders['actions']?.({ ...elementSample('conversations_select'), filter }) ?? {},
    dispatch_action_config: (config) =>
      holders['input']?.({ ...elementSample('plain_text_input'), dispatch_action_config: config }) ?? {},
    slack_file: (file) => ({ type: 'image', alt_text: 'x', slack_file: file }),
    slack_icon: (icon) => ({ type: 'card', title: plain('x'), slack_icon: icon }),
    workflow: (workflow) => holders['actions']?.({ ...elementSample('workflow_button'), workflow }) ?? {},
    option_group: (group) =>
      holders['actions']?.({ ...elementSample('static_select'), options: undefined, option_groups: [group] }) ?? {},
    plain_text: (text) => ({ type: 'header', text }),
    mrkdwn: (text) => ({ type: 'section', text }),
    raw_text: (cell) => ({ type: 'table', rows: [[cell]] }),
    raw_number: (cell) => ({ type: 'table', rows: [[cell]] }),
  };
  /** Tried inside of others: options with the selects, triggers with workflows, metadata with messages. */
  const elsewhere = new Set(['option', 'trigger', 'message_metadata']);

  it.each(Object.keys(table.objects).filter((name) => !elsewhere.has(name)))('%s', (name) => {
    const hold = held[name] ?? expect.unreachable(`nobody holds ${name}`);
    const kind = table.objects[name] ?? expect.unreachable();
    if (objectSamples[name]) {
      const { fits, breaks } = objectEdges(name);
      for (const value of fits)
        expect({ value, on: accepted(hold(value), surfaces).length > 0 }).toEqual({ value, on: true });
      for (const value of breaks) expect({ value, on: accepted(hold(value), surfaces) }).toEqual({ value, on: [] });
      return;
    }
    const sample = elementSample(name);
    expect(accepted(hold(sample), surfaces).length).toBeGreaterThan(0);
    for (const field of kind.required) expect(accepted(hold({ ...sample, [field]: undefined }), surfaces)).toEqual([]);
    for (const field of kind.forbidden ?? [])
      expect(accepted(hold({ ...sample, [field]: true }), surfaces)).toEqual([]);
    const least = num('objects', name, 'fields', 'text', 'minLength');
    const lengths = [least, least - 1].map((size) => accepted(hold({ ...sample, text: 'x'.repeat(size) }), surfaces));
    expect(lengths.map((on) => on.length > 0)).toEqual([true, false]);
  });

  it('a trigger hands over parameters by name and value', () => {
    const run = (parameter: object) =>
      held['workflow']?.({ trigger: { url: 'https://slack.com/x', customizable_input_parameters: [parameter] } });
    expect(accepted(run({ name: 'a', value: 'b' }), ['message'])).toEqual(['message']);
    expect(accepted(run({ name: 'a' }), surfaces)).toEqual([]);
  });

  it('an option has a link in an overflow menu only', () => {
    const option = { ...optionSample(0), url: 'https://example.com' };
    expect(accepted(holders['actions']?.({ ...elementSample('overflow'), options: [option] }), surfaces)).toEqual(
      surfaces,
    );
    expect(accepted(holders['actions']?.({ ...elementSample('static_select'), options: [option] }), surfaces)).toEqual(
      [],
    );
  });
});
