import { expect, it } from 'vitest';
import { limits } from '../../src/slack/limits.ts';
import { table } from '../local-slack/blockkit/table.ts';

const { blocks, elements, objects, surfaces, common } = table;
const of = (field: unknown, key: string) => (field as Record<string, unknown> | undefined)?.[key];

/** What our own numbers are called in the table. */
const inTable: Record<string, unknown> = {
  blocksInMessage: surfaces.message['maxBlocks'],
  blocksInView: surfaces.modal['maxBlocks'],
  messageText: surfaces.message['textRecommendedMax'],
  sectionText: of(blocks['section']?.fields['text'], 'maxLength'),
  fieldText: of(of(blocks['section']?.fields['fields'], 'item'), 'maxLength'),
  fields: of(blocks['section']?.fields['fields'], 'maxItems'),
  headerText: of(blocks['header']?.fields['text'], 'maxLength'),
  contextElements: of(blocks['context']?.fields['elements'], 'maxItems'),
  actionElements: of(blocks['actions']?.fields['elements'], 'maxItems'),
  buttonText: of(elements['button']?.fields['text'], 'maxLength'),
  buttonValue: of(elements['button']?.fields['value'], 'maxLength'),
  options: of(elements['static_select']?.fields['options'], 'maxItems'),
  optionText: of(objects['option']?.fields['text'], 'maxLength'),
  optionValue: of(objects['option']?.fields['value'], 'maxLength'),
  placeholder: of(common['placeholder'], 'maxLength'),
  viewTitle: of(surfaces.modal['title'], 'maxLength'),
  viewButton: of(surfaces.modal['submit'], 'maxLength'),
  privateMetadata: of(surfaces.modal['private_metadata'], 'maxLength'),
  inputLabel: of(blocks['input']?.fields['label'], 'maxLength'),
  confirmTitle: of(objects['confirm']?.fields['title'], 'maxLength'),
  confirmText: of(objects['confirm']?.fields['text'], 'maxLength'),
  confirmButton: of(objects['confirm']?.fields['confirm'], 'maxLength'),
  imageAlt: of(blocks['image']?.fields['alt_text'], 'maxLength'),
  imageTitle: of(blocks['image']?.fields['title'], 'maxLength'),
  plainTextInput: of(elements['plain_text_input']?.fields['max_length'], 'max'),
};
/** Of channels, not of blocks. */
const elsewhere = ['channelName', 'topic'];

it('our numbers are those of the table', () => {
  const ours = Object.fromEntries(Object.entries(limits).filter(([name]) => !elsewhere.includes(name)));
  expect(ours).toEqual(inTable);
});
