import { describe, expect } from 'vitest';
import { factsFor, teamFactsFor } from '../../../src/features/facts/queries.ts';
import { cancel, mitigate, resolve } from '../../../src/features/incidents/changes.ts';
import { update } from '../../../src/features/incidents/news/changes.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { keepPerson } from '../../../src/features/teams/store.ts';
import { addCommitment, answer, sayDone, verify } from '../../../src/features/postmortems/commitments/changes.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { alerts } from '../../../src/features/drift/schema.ts';
import { askFor, press } from '../../support/asking.ts';
import { it } from '../../support/house.ts';
import { another, declared } from '../incidents/support.ts';
import { factsOf, windows, wordsOf } from './support.ts';

const open = 'Incident 1 of churn-model (Scores @channel are off) is open since 09:00 today';
const news = { conditions: 'We look into it.', actions: '', needs: '' };

describe('incidents', () => {
  it('are said to who declared them, has a role or said news, and to nobody else', async ({ house }) => {
    const { id, model } = await declared(house);
    const said = (who: string) => wordsOf(house, 'incident', who, house.now());
    expect(await factsOf(house, 'ENGI', house.now())).toMatchObject([
      {
        words: `${open}; nobody leads it.`,
        becomes: 'plan',
        suggestion: 'Work on incident 1 of churn-model',
        modelId: model.id,
      },
    ]);
    expect(await said('DEPU')).toEqual([]);
    await takeCommand(house.ctx, id, 'OLGA');
    await update(house.ctx, id, news, 'DEPU');
    expect(await said('OLGA')).toEqual([`${open}; you lead it.`]);
    expect(await said('DEPU')).toEqual([`${open}.`]);
    expect(await said('PROD')).toEqual([]);
  });

  it('that are over are said once, as done', async ({ house }) => {
    const { id } = await declared(house);
    await takeCommand(house.ctx, id, 'OLGA');
    house.later(60);
    await mitigate(house.ctx, id, 'The feed is back.', '', 'OLGA');
    expect(await wordsOf(house, 'incident', 'OLGA', house.now())).toEqual([
      `${open}, and its impact has stopped; you lead it.`,
    ]);
    const since = house.now();
    house.later(60);
    await resolve(house.ctx, id, 'The feed was put right.', '', 'OLGA');
    expect(await factsOf(house, 'ENGI', since)).toMatchObject([
      { words: 'Incident 1 of churn-model (Scores @channel are off) was resolved at 11:00 today.', becomes: 'done' },
    ]);
    expect(await factsOf(house, 'ENGI', house.now())).toEqual([]);
  });

  it('that were called off are said once, too', async ({ house }) => {
    const { id } = await declared(house);
    const since = house.now();
    house.later(60);
    await cancel(house.ctx, id, 'false_positive', 'A test did it.', 'ENGI');
    expect(await wordsOf(house, 'incident', 'ENGI', since)).toEqual([
      'Incident 1 of churn-model (Scores @channel are off) was called off at 10:00 today.',
    ]);
    expect(await wordsOf(house, 'incident', 'ENGI', house.now())).toEqual([]);
  });

  it('say what belongs to them, which then is not said a second time', async ({ house }) => {
    const { model } = await house.team();
    await windows(house, model, true);
    const [alert] = await house.ctx.db.select().from(alerts);
    const since = house.now();
    const { id } = await another(house, model.id, { title: 'Off', ...(alert && { alertId: alert.id }) });
    const request = await askFor(house.ctx, { modelId: model.id }, 'ENGI');
    await press(house.ctx, request.id, 'OLGA');
    await press(house.ctx, request.id, 'LEAD');
    expect((await factsOf(house, 'DEPU', since)).map(({ kind }) => kind)).toEqual(['alert', 'release']);
    await update(house.ctx, id, news, 'DEPU');
    expect((await factsOf(house, 'DEPU', since)).map(({ words }) => words)).toEqual([
      'Incident 1 of churn-model (Off) is open since 11:00 today; nobody leads it. Rollback 1 to version 13 is part of it.',
    ]);
  });
});

describe('commitments', () => {
  const promised = { text: 'Check <@OLGA> units', type: 'detect', verification: 'a drill', ownerId: 'ENGI' } as const;

  it('wait for an answer, then are due, then done', async ({ house }) => {
    const { id } = await declared(house);
    await resolve(house.ctx, id, 'The feed was put right.', '', 'ENGI');
    const { id: postmortemId } = await start(house.ctx, id, 'OLGA');
    const since = house.now();
    house.later(60);
    const said = async () => (await factsOf(house, 'ENGI', since)).filter(({ kind }) => kind === 'commitment');
    const { id: made } = await addCommitment(house.ctx, postmortemId, { ...promised, due: '2026-03-20' }, 'OLGA');
    expect(await said()).toMatchObject([
      {
        words: 'Commitment 1 (Check somebody units) waits for your yes or no; it is due on 20 Mar.',
        becomes: 'waits',
        suggestion: 'Answer commitment 1',
      },
    ]);
    await answer(house.ctx, made, true, '', 'ENGI');
    expect(await said()).toEqual([]);
    house.later(12 * 24 * 60);
    expect(await said()).toMatchObject([
      { words: 'Commitment 1 (Check somebody units) is due on 20 Mar.', becomes: 'plan' },
    ]);
    house.later(6 * 24 * 60);
    expect((await said())[0]?.words).toBe('Commitment 1 (Check somebody units) is due today.');
    house.later(24 * 60);
    expect((await said())[0]?.words).toBe('Commitment 1 (Check somebody units) was due on 20 Mar.');
    await sayDone(house.ctx, made, 'It runs every night.', 'ENGI');
    expect(await said()).toEqual([]);
    await verify(house.ctx, made, true, '', 'DEPU');
    expect(await said()).toMatchObject([{ becomes: 'done', suggestion: 'Kept commitment 1: Check somebody units' }]);
    expect(await wordsOf(house, 'commitment', 'ENGI', house.now())).toEqual([]);
  });

  it('are near by the day it is where their owner is', async ({ house }) => {
    const { id } = await declared(house);
    await resolve(house.ctx, id, 'The feed was put right.', '', 'ENGI');
    const { id: postmortemId } = await start(house.ctx, id, 'OLGA');
    const { id: made } = await addCommitment(house.ctx, postmortemId, { ...promised, due: '2026-03-10' }, 'OLGA');
    await answer(house.ctx, made, true, '', 'ENGI');
    house.later(5 * 60);
    expect(await wordsOf(house, 'commitment', 'ENGI', house.now())).toEqual([]);
    await keepPerson(house.ctx, { id: 'ENGI', name: 'Enzo Gil', zone: 'Pacific/Auckland', standing: 'member' });
    expect(await wordsOf(house, 'commitment', 'ENGI', house.now())).toHaveLength(1);
  });
});

describe('a private incident', () => {
  it('is told to nobody, not even to its own people: no title, no number, no count, no commitment', async ({
    house,
  }) => {
    const { id, teamId } = await declared(house, { title: 'Scores differ by gender', onlyFor: ['OLGA'] });
    await takeCommand(house.ctx, id, 'OLGA');
    await update(house.ctx, id, news, 'ENGI');
    const everybody = ['OLGA', 'ENGI', 'DEPU', 'LEAD', 'PROD'];
    const all = async () => {
      const since = new Date('2026-03-02T09:00:00Z');
      const people = await factsFor(
        house.ctx,
        everybody.map((personId) => ({ personId, since })),
      );
      const teams = await teamFactsFor(house.ctx, [teamId], new Map([[teamId, since]]));
      expect([...people.missing, ...teams.missing]).toEqual([]);
      return JSON.stringify([[...people.facts], [...teams.teams]]);
    };
    const nothing = JSON.stringify([
      everybody.map((who) => [who, []]),
      [[teamId, { releases: [], data: [], alerts: [], incidents: [], offGoal: [] }]],
    ]);
    expect(await all()).toBe(nothing);
    house.later(60);
    await resolve(house.ctx, id, 'The threshold is the same for all.', '', 'OLGA');
    const { id: postmortemId } = await start(house.ctx, id, 'OLGA');
    await addCommitment(
      house.ctx,
      postmortemId,
      { text: 'Test by gender', type: 'detect', due: '2026-03-03', verification: 'a test', ownerId: 'ENGI' },
      'ENGI',
    );
    expect(await all()).toBe(nothing);
  });
});
