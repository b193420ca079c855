import { expect } from 'vitest';
import { pageOf } from '../../../src/features/incidents/timeline/rules.ts';
import { timelineModal } from '../../../src/features/timelines/views.ts';
import { it } from '../../support/house.ts';
import { declared } from '../incidents/support.ts';

const line = (n: number) => ({
  line: `ledger:${n}`,
  at: new Date(n * 1000),
  who: 'executor',
  what: 'message',
  text: `said ${n}`,
  tag: undefined,
  evidence: null,
  isHidden: false,
  isChanged: false,
  markedAt: null,
});

it('a long timeline is turned in both directions, and every line keeps its number', async ({ house }) => {
  const incident = await (await declared(house)).now();
  const all = Array.from({ length: 40 }, (_each, i) => line(i + 1));
  const page = (n: number) => JSON.stringify(timelineModal(incident, all, n).blocks);
  expect(page(1)).toContain('Page 2 of 3');
  expect(page(1)).toContain('16. <!date');
  expect(page(1)).toContain('Pitcrew: said 16');
  for (const label of ['Earlier', 'Later', 'Edit 16', 'Edit 30']) expect(page(1)).toContain(`"${label}"`);
  expect(page(0)).not.toContain('"Earlier"');
  expect(page(2)).not.toContain('"Later"');
  for (const block of timelineModal(incident, all, 1).blocks) {
    const ids = [...JSON.stringify(block).matchAll(/"action_id":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

it('a page that is not there is the nearest one that is', () => {
  expect(pageOf([1, 2], 7)).toEqual({ shown: [1, 2], page: 0, pages: 1 });
  expect(pageOf([], 0)).toEqual({ shown: [], page: 0, pages: 1 });
  expect(pageOf(Array.from({ length: 16 }), -3)).toMatchObject({ page: 0, pages: 2 });
});
