import { describe, expect } from 'vitest';
import { it } from '../../support/house.ts';
import { finishedAfter, give, make, move } from '../work/support.ts';
import { factsOf, wordsOf } from './support.ts';

const day = 24 * 60;

describe('work that moved', () => {
  it('is said with where it is now, once however often it moved', async ({ house }) => {
    const { teamId, model } = await house.team();
    const since = house.now();
    house.later(60);
    const item = await make(house, teamId, { modelId: model.id, ownerId: 'ENGI' });
    expect(await factsOf(house, 'ENGI', since)).toMatchObject([
      {
        kind: 'work',
        words: 'Work item 1 (Backfill the labels) is yours, and ready to be started since 10:00 today.',
        becomes: 'plan',
        suggestion: 'Start work item 1: Backfill the labels',
        modelId: model.id,
      },
    ]);
    expect(await factsOf(house, 'OLGA', since)).toMatchObject([{ kind: 'work', becomes: 'know' }]);
    const started = await move(house, item, 'doing', 'ENGI');
    house.later(60);
    const reviewed = await move(house, started, 'review', 'ENGI');
    expect(await factsOf(house, 'ENGI', since)).toMatchObject([
      {
        words: 'Work item 1 (Backfill the labels) is in review since 11:00 today.',
        becomes: 'plan',
        suggestion: 'Get work item 1: Backfill the labels through its review',
      },
    ]);
    house.later(60);
    await move(house, reviewed, 'done', 'LEAD');
    const done = { words: 'Work item 1 (Backfill the labels) was finished at 12:00 today.', becomes: 'done' };
    expect(await factsOf(house, 'ENGI', since)).toMatchObject([done]);
    expect(await factsOf(house, 'LEAD', since)).toMatchObject([done]);
    expect(await factsOf(house, 'DEPU', since)).toEqual([]);
    expect(await factsOf(house, 'ENGI', house.now())).toEqual([]);
  });

  it('by somebody else says so and names nobody; a spike says what came of it', async ({ house }) => {
    const { teamId } = await house.team();
    const since = house.now();
    house.later(60);
    const item = await make(house, teamId, { type: 'spike', title: 'Do embeddings help?', ownerId: 'ENGI' });
    const started = await move(house, item, 'doing', 'LEAD');
    expect(await wordsOf(house, 'work', 'ENGI', since)).toEqual([
      'Work item 1 (Do embeddings help?) is in progress since 10:00 today; somebody moved it there.',
    ]);
    await move(house, started, 'done', 'ENGI', { outcome: 'not_supported', finding: 'No' });
    expect(await wordsOf(house, 'work', 'ENGI', since)).toEqual([
      'Work item 1 (Do embeddings help?) was finished at 10:00 today: not supported.',
    ]);
  });

  it('given to somebody is theirs to hear of, and not of whoever had it', async ({ house }) => {
    const { teamId } = await house.team();
    const item = await move(house, await make(house, teamId, { ownerId: 'OLGA' }), 'doing', 'OLGA');
    house.later(60);
    const since = house.now();
    await give(house, item, 'ENGI', 'OLGA');
    expect(await wordsOf(house, 'work', 'OLGA', since)).toEqual([]);
    const done = await move(house, item, 'done', 'ENGI');
    expect(done.ownerId).toBe('ENGI');
  });
});

describe('work that is old', () => {
  it('is asked about once it is older than 85 of 100 of its kind ever got', async ({ house }) => {
    const { teamId } = await house.team();
    for (const days of [1, 1, 2, 2, 2, 3, 3, 3, 4, 5, 9]) await finishedAfter(house, teamId, days);
    const item = await move(house, await make(house, teamId, { title: 'Slow one' }), 'doing');
    house.later(5 * day - 60);
    const since = house.now();
    expect(await wordsOf(house, 'work', 'OLGA', since)).toEqual([]);
    house.later(120);
    expect(await factsOf(house, 'OLGA', since)).toMatchObject([
      {
        key: `work:${item.id}`,
        words:
          'Work item 12 (Slow one) is in progress since 6 Apr. It is 6 days old; of its kind, 85 % here are done within 5 days. Still on it?',
        becomes: 'plan',
        suggestion: 'Go on with work item 12: Slow one',
      },
    ]);
    expect(await factsOf(house, 'LEAD', since)).toEqual([]);
  });

  it('is not measured against fewer than eleven, nor against another kind or team', async ({ house }) => {
    const { teamId } = await house.team();
    for (let i = 0; i < 10; i += 1) await finishedAfter(house, teamId, 1);
    await move(house, await make(house, teamId, { title: 'Slow one' }), 'doing');
    await move(house, await make(house, teamId, { title: 'A chore', type: 'chore' }), 'doing');
    house.later(30 * day);
    expect(await wordsOf(house, 'work', 'OLGA', house.now())).toEqual([]);
    await finishedAfter(house, teamId, 1);
    expect(await wordsOf(house, 'work', 'OLGA', house.now())).toHaveLength(1);
  });
});
