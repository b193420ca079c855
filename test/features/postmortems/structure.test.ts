import { describe, expect, it } from 'vitest';
import {
  type CheckId,
  checkIds,
  found,
  quietHours,
  type Structure,
} from '../../../src/features/postmortems/fairness/structure.ts';
import { askIds, words } from '../../../src/features/postmortems/fairness/words.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 2, hour));
const promise = { ownerId: 'OLGA', due: '2026-03-20', verification: 'a drill', type: 'detect' } as const;

/** Nothing to ask about: several factors, voices and commitments, a decision, a story that begins before the alarm. */
const whole: Structure = {
  factors: [{ category: 'data' }, { category: 'evaluation' }],
  sections: { went_well: 'the rollback' },
  commitments: [promise, { ...promise, ownerId: 'ENGI', type: 'learn' }],
  timeline: [
    { at: at(7), tag: undefined },
    { at: at(10), tag: 'decision' },
  ],
  detectedAt: at(9),
  resolvedAt: at(11),
  writers: ['OLGA', 'DEPU'],
  active: ['OLGA', 'DEPU', 'ENGI'],
  facilitator: 'LEAD',
  isImpactMeasured: true,
  areLabelsIn: true,
  reviewAt: at(11 + 24),
  dueAt: at(11 + 96),
};
/** Each by somebody else, so that nothing else is asked. */
const six = ['A', 'B', 'C', 'D', 'E', 'F'].map((ownerId) => ({ ...promise, ownerId }));
const asks = (change: Partial<Structure>) => found({ ...whole, ...change });

describe('the checks of structure', () => {
  it('ask nothing where there is nothing to ask', () => expect(asks({})).toEqual([]));

  const cases: readonly (readonly [CheckId, string, Partial<Structure>, Partial<Structure>])[] = [
    ['C1', 'one factor', { factors: [{ category: 'data' }] }, {}],
    [
      'C2',
      'all factors in one place',
      { factors: [{ category: 'data' }, { category: 'data' }, { category: 'data' }] },
      { factors: [{ category: 'data' }, { category: 'data' }, { category: 'not_ml' }] },
    ],
    [
      'C3',
      'a story that begins when it was noticed',
      { timeline: [{ at: at(9), tag: 'decision' }] },
      { timeline: [{ at: new Date(at(9).getTime() - 1), tag: 'decision' }] },
    ],
    [
      'C4',
      'no decision',
      {
        timeline: [
          { at: at(7), tag: 'action' },
          { at: at(8), tag: undefined },
        ],
      },
      {},
    ],
    [
      'C5',
      'nothing that went well',
      { sections: { went_well: '', difficult: 'the pager' } },
      { sections: { held: 'the cap on calls' } },
    ],
    ['C6', 'a promise that nobody can check', { commitments: [{ ...promise, verification: ' ' }] }, {}],
    ['C7', 'only finding out more', { commitments: [{ ...promise, type: 'learn' }] }, { commitments: [] }],
    [
      'C8',
      'most work with one person',
      { commitments: [promise, promise, { ...promise, ownerId: 'ENGI' }] },
      { commitments: [promise, promise, promise, { ...promise, ownerId: 'ENGI' }, { ...promise, ownerId: 'DEPU' }] },
    ],
    ['C9', 'run by one who was in it', { facilitator: 'ENGI' }, {}],
    ['C10', 'one voice of three', { writers: ['OLGA', 'OLGA'] }, { writers: ['OLGA'], active: ['OLGA', 'DEPU'] }],
    ['C11', 'measured before the labels', { areLabelsIn: false }, { areLabelsIn: false, isImpactMeasured: false }],
    ['C12', 'no night in between', { reviewAt: at(11 + quietHours - 1) }, { reviewAt: at(11 + quietHours) }],
    ['C13', 'six commitments', { commitments: six }, { commitments: six.slice(1) }],
    ['C12', 'a review after its day', { reviewAt: at(11 + 97) }, { reviewAt: at(11 + 96) }],
  ];
  it.each(cases)('%s asks about %s, and not where it is otherwise', (id, _about, yes, no) => {
    expect(asks(yes)).toEqual([id]);
    expect(asks(no)).toEqual([]);
  });

  it('each has its case', () => expect([...new Set(cases.map(([id]) => id))]).toEqual([...checkIds]));

  it.each<readonly [CheckId, Partial<Structure>]>([
    ['C3', { timeline: [{ at: at(9), tag: 'decision' }], detectedAt: undefined }],
    ['C9', { facilitator: undefined }],
    ['C11', { areLabelsIn: false, isImpactMeasured: undefined }],
    ['C11', { areLabelsIn: undefined }],
    ['C12', { resolvedAt: undefined, reviewAt: at(0) }],
  ])('%s asks nothing where what it needs is not known', (_id, unknown) => expect(asks(unknown)).toEqual([]));

  it('C8 asks nothing where there are too few to be shared', () =>
    expect(asks({ commitments: [promise, promise] })).toEqual([]));

  it('the most valuable question comes first, who and when come last', () => {
    const all = asks({
      factors: [{ category: 'data' }, { category: 'data' }],
      timeline: [],
      sections: {},
      commitments: [
        { ...promise, type: 'learn', verification: '' },
        ...six.map(() => ({ ...promise, type: 'learn' as const })),
      ],
      writers: ['OLGA'],
      facilitator: 'ENGI',
      areLabelsIn: false,
      reviewAt: at(12),
    });
    expect(all).toEqual(['C2', 'C4', 'C7', 'C5', 'C10', 'C3', 'C9', 'C11', 'C6', 'C13', 'C12', 'C8']);
  });

  it('every rule has a question and a reason of one line', () => {
    for (const id of askIds) {
      const { asks, because } = words[id];
      expect(asks).not.toContain('\n');
      expect(because).toMatch(/^[A-Z][^\n]{10,140}\.$/);
    }
    expect(checkIds.map((id) => words[id].asks).filter((asks) => !/\?/.test(asks))).toEqual([]);
  });
});
