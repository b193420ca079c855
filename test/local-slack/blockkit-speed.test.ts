import { expect, it } from 'vitest';
import { blockProblems } from '../../src/local-slack/blocks/validate.ts';
import { elementSample, optionSample, plain } from './blockkit/samples.ts';

const many = <T>(count: number, of: (index: number) => T) => Array.from({ length: count }, (_, index) => of(index));
const text = (letters: number) => ({ type: 'mrkdwn', text: 'x'.repeat(letters) });
const menu = { ...elementSample('static_select'), options: many(10, optionSample) };
const kinds = [
  { type: 'section', text: text(300), accessory: menu },
  { type: 'section', fields: many(10, () => text(60)) },
  {
    type: 'actions',
    elements: [elementSample('button', 1), elementSample('button', 2), elementSample('datepicker', 3)],
  },
  { type: 'actions', elements: [{ ...elementSample('timepicker'), timezone: 'Europe/Berlin' }] },
  { type: 'context', elements: [text(80), plain('x')] },
];

it('a message of 50 full blocks is checked in less than a millisecond', () => {
  const blocks = many(50, (index) => ({ ...kinds[index % kinds.length], block_id: `b${index}` }));
  const took = many(200, () => {
    const start = performance.now();
    expect(blockProblems(blocks, 'message', () => true).length).toBe(0);
    return performance.now() - start;
  }).toSorted((one, other) => one - other);
  expect(took[100]).toBeLessThan(1);
});
