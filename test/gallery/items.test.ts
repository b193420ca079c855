import { expect, it } from 'vitest';
import { featureOf, itemsOf } from './items.ts';
import { writeOf } from './write-of.ts';

it('the same words at another hour, by somebody else, are one look; other words are another', () => {
  const said = (who: string, at: number, words = 'took it') =>
    writeOf({ given: { text: `<@${who}> ${words} <!date^${at}^{time}|then>` }, test: who });
  const items = itemsOf([said('U1ADA', 1), said('U2BEN', 2), said('U2BEN', 2, 'left it')]);
  expect(items.map(({ times, tests }) => [times, tests.length])).toEqual([
    [2, 2],
    [1, 1],
  ]);
});

it('what Slack refused is no item', () => {
  expect(itemsOf([{ ...writeOf({}), kept: undefined, refused: { error: 'invalid_blocks' } }])).toEqual([]);
});

it.each([
  [{ given: { text: 'x', metadata: { event_payload: { key: 'alert:1' } } } }, 'drift'],
  [{ given: { text: 'x', metadata: '{"event_payload":{"key":"rollback:1"}}' } }, 'rollbacks'],
  [{ kind: 'modal' as const, given: { callback_id: 'incident.resolve.form', blocks: ['post-mortem'] } }, 'incidents'],
  [{ given: { text: 'What you can say: 14 commands.' } }, 'home'],
  [{ given: { text: 'Alert 1 is yours now.' } }, 'drift'],
  [{ given: { text: 'Hello.' } }, 'everywhere'],
])('%j belongs to %s', (about, feature) => {
  expect(featureOf(writeOf(about))).toBe(feature);
});
