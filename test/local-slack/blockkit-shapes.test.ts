import { describe, expect, it } from 'vitest';
import { elementShapes } from '../../src/local-slack/blocks/element-limits.ts';
import { blockShapes } from '../../src/local-slack/blocks/limits.ts';
import { objectShapes } from '../../src/local-slack/blocks/object-limits.ts';
import type { Rule, Shape } from '../../src/local-slack/blocks/rules.ts';
import { elementKind, type Kind, type Spec, table } from './blockkit/table.ts';

/** The words a rule lets through, wherever it holds them; a list of lists is a table. */
function choices(rule: Rule | undefined): readonly (string | number)[] {
  if (rule?.is === 'list') return choices(rule.of);
  if (rule?.is === 'text') return rule.types;
  return rule?.is === 'choice' || rule?.is === 'element' || rule?.is === 'block' ? rule.of : [];
}

const lists = ['enum', 'enumInPlan', 'textTypes', 'elementTypes', 'blockTypes', 'cellTypes', 'items'];
/** What the table lists and nobody may post. */
const neverPosted = new Set<unknown>(['file']);

function listed(spec: Spec): unknown[][] {
  const item =
    typeof spec['item'] === 'object' && spec['item'] !== null && 'textTypes' in spec['item'] ? spec['item'] : {};
  return [spec, item as Spec].flatMap((each) => lists.map((name) => each[name]).filter((list) => Array.isArray(list)));
}

const sorted = (list: readonly unknown[] = []) => list.map(String).toSorted();

/** Fields that the reference knows and the table leaves out, as they have no limits. */
const unlimited: Record<string, readonly string[]> = {
  video: ['alt_text', 'thumbnail_url', 'provider_name', 'provider_icon_url'],
  workflow_button: ['workflow'],
  // Of these the table lists the rest elsewhere: `type` is in `type`, ids and urls in `exactlyOneOf`.
  slack_file: ['id', 'url'],
  slack_icon: ['type', 'name'],
  workflow: ['trigger'],
  trigger: ['url'],
  conversation_filter: ['exclude_external_shared_channels', 'exclude_bot_users'],
};

function same(type: string, kind: Kind, shape: Shape | undefined): void {
  expect(sorted(shape?.required)).toEqual(sorted(kind.required));
  expect(sorted(shape?.anyOf)).toEqual(sorted(kind.anyOf));
  expect(sorted(shape?.exactlyOne)).toEqual(sorted(kind.oneOf ?? kind.exactlyOneOf));
  expect(sorted(shape?.atMostOne)).toEqual(sorted(kind.mutuallyExclusive?.flat()));
  const fields = [...Object.keys(kind.fields), ...(unlimited[type] ?? [])];
  expect(sorted(Object.keys(shape?.fields ?? {}))).toEqual(sorted(fields.filter((name) => name !== 'action_id')));
  for (const [field, spec] of Object.entries(kind.fields)) {
    for (const list of listed(spec)) {
      const allowed = list.filter((each) => !neverPosted.has(each));
      expect({ field, of: sorted(choices(shape?.fields[field])) }).toEqual({ field, of: sorted(allowed) });
    }
  }
}

describe('the tables of the validator say what the table says, no less and no more', () => {
  const blocks = Object.keys(table.blocks).filter((type) => !['file', 'call'].includes(type));
  it('of the same blocks', () => expect(sorted(Object.keys(blockShapes))).toEqual(sorted(blocks)));
  it.each(blocks)('of %s', (type) => same(type, table.blocks[type] ?? expect.unreachable(), blockShapes[type]));

  const { style: _style, newDocsOnly: _new, ...inline } = table.richTextInline;
  const cells = ['raw_text', 'raw_number'];
  it('of the same elements', () => {
    const known = [...Object.keys(table.elements), ...Object.keys(inline), ...cells];
    expect(sorted(Object.keys(elementShapes))).toEqual(sorted(known));
  });
  it.each(Object.keys(table.elements))('of %s', (type) => {
    same(type, elementKind(type), elementShapes[type]);
    expect.hasAssertions();
  });
  it.each(Object.entries(inline))('of the inline %s', (type, required) => {
    expect(sorted(elementShapes[type]?.required)).toEqual(sorted(required.map((name) => name.split(':')[0])));
  });
  it('of whom a broadcast reaches', () => {
    const [, range = ''] = inline['broadcast']?.[0]?.split(': ') ?? [];
    expect(sorted(choices(elementShapes['broadcast']?.fields['range']))).toEqual(sorted(range.split('|')));
  });

  const objects = Object.keys(table.objects).filter((name) => name !== 'message_metadata');
  it.each(objects)('of the object %s', (name) => {
    const { url: _url, ...fields } = table.objects[name]?.fields ?? {};
    const kind = table.objects[name] ?? expect.unreachable();
    same(name, name === 'option' ? { ...kind, fields } : kind, objectShapes[name] ?? elementShapes[name]);
  });
  it('of what has no name in the table', () => {
    const { align } = Object(table.blocks['table']?.fields['column_settings']?.['item']);
    expect(sorted(choices(objectShapes['column_setting']?.fields['align']))).toEqual(sorted(align.enum));
    const { item } = Object(table.objects['trigger']?.fields['customizable_input_parameters']);
    expect(sorted(objectShapes['parameter']?.required)).toEqual(sorted(item));
    for (const name of ['positive_button', 'negative_button']) {
      const button = table.elements['feedback_buttons']?.fields[name] ?? {};
      expect(sorted(Object.keys(objectShapes['feedback_button']?.fields ?? {}))).toEqual(sorted(Object.keys(button)));
      // A button without words is none, though the table does not say so.
      expect({ required: Object(button['value']).required, of: objectShapes['feedback_button']?.required }).toEqual({
        required: true,
        of: ['text', 'value'],
      });
    }
  });
  it('of every icon', () => {
    expect(sorted(choices(objectShapes['slack_icon']?.fields['name']))).toEqual(
      sorted(table.objects['slack_icon']?.names),
    );
  });
  it('of every style of rich text', () => {
    expect(sorted(Object.keys(objectShapes['style']?.fields ?? {}))).toEqual(sorted(table.richTextInline['style']));
  });
});
