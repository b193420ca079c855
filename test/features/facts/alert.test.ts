import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { acknowledge } from '../../../src/features/drift/changes.ts';
import { assign } from '../../../src/features/duties/changes.ts';
import { models } from '../../../src/features/models/schema.ts';
import { people } from '../../../src/features/teams/schema.ts';
import { joinTeam, keepPerson } from '../../../src/features/teams/store.ts';
import { type House, it } from '../../support/house.ts';
import { another, factsOf, windows, wordsOf } from './support.ts';

const open = 'Drift alert 1 of churn-model (PSI of tenure_days) is open since';

async function drifting(house: House) {
  const { model, teamId } = await house.team();
  house.later(1);
  const since = house.now();
  await windows(house, model, true);
  return { model, teamId, since };
}

describe('drift alerts', () => {
  it('an open one that nobody is on is something to look into', async ({ house }) => {
    const { model, since } = await drifting(house);
    expect(await factsOf(house, 'OLGA', since)).toMatchObject([
      {
        kind: 'alert',
        words: `${open} 11:01 today; nobody is on it.`,
        becomes: 'plan',
        suggestion: 'Look into drift alert 1 of churn-model',
        modelId: model.id,
      },
    ]);
  });

  it('says the day where the reader lives', async ({ house }) => {
    const { since } = await drifting(house);
    await house.ctx.db.update(people).set({ zone: 'Pacific/Auckland' }).where(eq(people.id, 'OLGA'));
    house.later(24 * 60);
    expect(await wordsOf(house, 'alert', 'OLGA', since)).toEqual([`${open} 3 Mar; nobody is on it.`]);
    expect(await wordsOf(house, 'alert', 'DEPU', since)).toEqual([`${open} 2 Mar; nobody is on it.`]);
  });

  it('of whoever took it is theirs, and for others only good to know', async ({ house }) => {
    const { since } = await drifting(house);
    await acknowledge(house.ctx, { number: 1 }, 'DEPU');
    expect(await factsOf(house, 'DEPU', since)).toMatchObject([
      { words: `${open} 11:01 today; you are on it.`, becomes: 'plan' },
    ]);
    expect(await factsOf(house, 'OLGA', since)).toMatchObject([
      { words: `${open} 11:01 today; somebody else is on it.`, becomes: 'know' },
    ]);
  });

  it('that was open before is still said; one that was closed before is not', async ({ house }) => {
    const { model } = await drifting(house);
    await acknowledge(house.ctx, { number: 1 }, 'DEPU');
    house.later(600);
    expect(await wordsOf(house, 'alert', 'OLGA', house.now())).toHaveLength(1);
    const before = house.now();
    await windows(house, model, false);
    expect(await factsOf(house, 'DEPU', before)).toMatchObject([
      {
        words:
          'Drift alert 1 of churn-model (PSI of tenure_days) is back within its limits, and was closed at 23:01 today.',
        becomes: 'done',
        suggestion: 'Looked into drift alert 1 of churn-model',
      },
    ]);
    expect(await wordsOf(house, 'alert', 'DEPU', house.now())).toEqual([]);
  });

  it('is told to who is on call for the model, else for its team, and to the monitoring role where nobody is named', async ({
    house,
  }) => {
    const { model, teamId, since } = await drifting(house);
    const told = async (who: string) => (await wordsOf(house, 'alert', who, since)).length;
    await keepPerson(house.ctx, { id: 'MONA', name: 'Mona', zone: 'UTC', standing: 'member' });
    await joinTeam(house.ctx, teamId, 'MONA', ['mon']);
    expect([await told('ENGI'), await told('PROD'), await told('MONA')]).toEqual([0, 0, 1]);
    await assign(house.ctx, { teamId }, 'oncall', ['ENGI'], 'LEAD');
    await assign(house.ctx, { teamId }, 'monitor.quality', ['PROD'], 'LEAD');
    expect([await told('ENGI'), await told('PROD'), await told('MONA')]).toEqual([1, 1, 0]);
    await assign(house.ctx, { teamId, modelId: model.id }, 'oncall', ['LEAD'], 'OLGA');
    expect([await told('ENGI'), await told('LEAD')]).toEqual([0, 1]);
  });

  it('of a retired model is not said any more', async ({ house }) => {
    const { model, since } = await drifting(house);
    await house.ctx.db.update(models).set({ retiredAt: house.now() }).where(eq(models.id, model.id));
    expect(await factsOf(house, 'OLGA', since)).toEqual([]);
  });

  it('of many only the newest are said, with one more that says there are more', async ({ house }) => {
    const { model, since } = await drifting(house);
    for (let i = 0; i < 25; i += 1) await windows(house, await another(house, model, `model-${i}`), true);
    const words = await wordsOf(house, 'alert', 'OLGA', since);
    expect(words).toHaveLength(21);
    expect(words.at(-1)).toContain('Drift alert 26 of model-24');
  });
});
