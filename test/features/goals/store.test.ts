import { describe, expect } from 'vitest';
import { takeReadings } from '../../../src/features/drift/intake.ts';
import { goalsNow } from '../../../src/features/goals/queries.ts';
import {
  agree,
  changeGoal,
  enterResult,
  retireGoal,
  setGoal,
  type Wording,
} from '../../../src/features/goals/store.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import { type House, it } from '../../support/house.ts';

const auc: Wording = {
  name: 'AUC',
  kind: 'performance',
  measure: 'value',
  metric: 'auc',
  column: '',
  unit: '',
  direction: 'at_least',
  target: 0.9,
  limit: null,
  periodDays: 30,
};

async function withGoal(house: House, more: Partial<Wording> = {}) {
  const { model } = await house.team();
  return { model, goal: await setGoal(house.ctx, model.id, { ...auc, ...more }, 'OLGA') };
}

const ago = (house: House, minutes: number) => new Date(house.now().getTime() - minutes * 60_000).toISOString();

describe('an agreed goal', () => {
  it('stands in the channel with who set it and who agreed', async ({ house }) => {
    const { goal } = await withGoal(house);
    await agree(house.ctx, goal.id, 1, 'PROD');
    const [card] = await house.said('goal');
    expect(card).toContain(':dart: *AUC* of *churn-model*: at least 0.9');
    expect(card).toContain(':handshake: Agreed by <@OLGA>, <@PROD>');
  });

  it('is agreed once by each, anew after a change, and never as it was worded before', async ({ house }) => {
    const { goal } = await withGoal(house);
    await expect(agree(house.ctx, goal.id, 1, 'OLGA')).rejects.toThrow('You agreed to this goal already');
    await changeGoal(house.ctx, goal.id, 1, { ...auc, target: 0.93 }, 'PROD');
    await expect(agree(house.ctx, goal.id, 1, 'OLGA')).rejects.toThrow('it is now at least 0.93');
    house.later(1);
    await agree(house.ctx, goal.id, 2, 'OLGA');
    expect((await house.said('goal'))[0]).toContain('Agreed by <@PROD>, <@OLGA>');
  });

  it('of two people who change it, the later is told what it is now', async ({ house }) => {
    const { goal } = await withGoal(house);
    await changeGoal(house.ctx, goal.id, 1, { ...auc, target: 0.93 }, 'PROD');
    await expect(changeGoal(house.ctx, goal.id, 1, { ...auc, target: 0.8 }, 'DEPU')).rejects.toThrow('at least 0.93');
  });

  it('is set by people of the team only', async ({ house }) => {
    const { model } = await house.team();
    await house.standing('DEPU', 'deactivated');
    await expect(setGoal(house.ctx, model.id, auc, 'DEPU')).rejects.toThrow(Refusal);
    await expect(setGoal(house.ctx, model.id, auc, 'STRANGER')).rejects.toThrow('Only the team');
  });

  it('there is one for a metric; taken back, it can be set again', async ({ house }) => {
    const { model, goal } = await withGoal(house);
    await expect(setGoal(house.ctx, model.id, auc, 'PROD')).rejects.toThrow('has a goal for "auc" already');
    await retireGoal(house.ctx, goal.id, 'OLGA');
    expect(await goalsNow(house.ctx, [model.id])).toEqual([]);
    await setGoal(house.ctx, model.id, { ...auc, target: 0.7 }, 'PROD');
    expect(await goalsNow(house.ctx, [model.id])).toMatchObject([{ goal: { target: 0.7, revision: 2 } }]);
  });
});

describe('readings against goals', () => {
  it('the newest value counts, however late an older one comes in', async ({ house }) => {
    const { model } = await withGoal(house);
    const read = (minutes: number, value: number) => ({
      model: model.name,
      metric: 'auc',
      value,
      at: ago(house, minutes),
    });
    await takeReadings(house.ctx, [read(60, 0.95), read(4000, 0.7)]);
    await takeReadings(house.ctx, [read(2000, 0.8)]);
    const [now] = await goalsNow(house.ctx, [model.id]);
    expect(now?.stand).toMatchObject({ state: 'met', value: 0.95 });
    expect(now?.stand.points.map(([, value]) => value)).toEqual([0.7, 0.8, 0.95]);
  });

  it('uptime is an SLO with its budget and the rate it burns at', async ({ house }) => {
    const { model } = await withGoal(house, { metric: 'requests', name: 'Uptime', measure: 'events', target: 99.9 });
    const minutes = Array.from({ length: 120 }, (_, minute) => ({
      model: model.name,
      metric: 'requests',
      good: minute < 60 ? 980 : 1000,
      total: 1000,
      at: ago(house, minute),
    }));
    expect((await takeReadings(house.ctx, minutes)).rejected).toEqual([]);
    const [now] = await goalsNow(house.ctx, [model.id]);
    expect(now?.stand).toMatchObject({ state: 'missed', value: 99 });
    expect(now?.stand.slo).toMatchObject({ alert: { severity: 'page', long: '1h', short: '5m' } });
    expect(now?.stand.slo?.lastHour).toBeCloseTo(20, 6);
    expect(now?.stand.slo?.left).toBeCloseTo(-9, 6);
  });

  it('a minute without traffic changes nothing', async ({ house }) => {
    const { model } = await withGoal(house, { metric: 'requests', measure: 'events', target: 99.9 });
    const answer = await takeReadings(house.ctx, [
      { model: model.name, metric: 'requests', good: 0, total: 0, at: ago(house, 1) },
    ]);
    expect(answer).toEqual({ accepted: 1, rejected: [] });
    expect((await goalsNow(house.ctx, [model.id]))[0]?.stand.state).toBe('unknown');
  });

  it('a model SLO counts the windows on the good side', async ({ house }) => {
    const { model } = await withGoal(house, { measure: 'windows', target: 60, limit: 0.9 });
    const values = [0.95, 0.91, 0.9, 0.2];
    await takeReadings(
      house.ctx,
      values.map((value, i) => ({ model: model.name, metric: 'auc', value, at: ago(house, i * 60 + 1) })),
    );
    expect((await goalsNow(house.ctx, [model.id]))[0]?.stand).toMatchObject({ state: 'met', value: 75 });
  });

  it('a survey that a person enters counts with its answers', async ({ house }) => {
    const { goal, model } = await withGoal(house, { metric: 'csat', name: 'CSAT', measure: 'csat', target: 80 });
    await enterResult(house.ctx, goal.id, { at: new Date('2026-03-01'), satisfied: 45, answers: 50 }, 'PROD');
    expect((await goalsNow(house.ctx, [model.id]))[0]?.stand).toMatchObject({
      state: 'met',
      value: 90,
      score: { answers: 50 },
    });
  });

  it('NPS adds up promoters and detractors of all surveys in the period', async ({ house }) => {
    const { model } = await withGoal(house, { metric: 'nps', measure: 'nps', target: 10 });
    await takeReadings(house.ctx, [
      { model: model.name, metric: 'nps', promoters: 20, detractors: 5, answers: 40, at: ago(house, 9000) },
      { model: model.name, metric: 'nps', nps: [10, 10, 9, 0, 7, 8, 9, 9, 9, 9], at: ago(house, 10) },
    ]);
    expect((await goalsNow(house.ctx, [model.id]))[0]?.stand).toMatchObject({ state: 'met', value: 42 });
  });
});

describe('bad readings', () => {
  it('a metric that never came before is kept, and the sender is asked whether it is meant', async ({ house }) => {
    await withGoal(house);
    await takeReadings(house.ctx, [reading]);
    const items = ['auc', 'acu', 'latency'].map((metric) => ({ ...reading, metric }));
    const answer = await takeReadings(house.ctx, items);
    expect(answer).toMatchObject({ accepted: 3, rejected: [] });
    expect(answer.firstOfTheirName).toEqual([
      'churn-model never had a metric "acu" before. Did you mean "auc"?',
      'churn-model never had a metric "latency" before.',
    ]);
    expect(await takeReadings(house.ctx, items)).toEqual({ accepted: 3, rejected: [] });
  });

  const reading = { model: 'churn-model', metric: 'auc', value: 0.9, at: '2026-03-02T08:00:00Z' };

  it('the same once more is no harm; another number for the same instant is refused, naming what stands', async ({
    house,
  }) => {
    await house.team();
    await takeReadings(house.ctx, [reading]);
    expect(await takeReadings(house.ctx, [reading])).toEqual({ accepted: 1, rejected: [] });
    expect(await takeReadings(house.ctx, [{ ...reading, value: 0.5 }])).toEqual({
      accepted: 0,
      rejected: [
        { index: 0, reason: 'value: 2026-03-02T08:00:00.000Z has 0.9 already, and 0.5 was not taken instead' },
      ],
    });
    const twice = [
      { ...reading, metric: 'f1' },
      { ...reading, metric: 'f1', value: 0.1 },
    ];
    expect(await takeReadings(house.ctx, twice)).toMatchObject({ accepted: 1, rejected: [{ index: 1 }] });
  });

  it('a result that a person enters for a day that has one is refused', async ({ house }) => {
    const { goal } = await withGoal(house);
    await enterResult(house.ctx, goal.id, { at: new Date('2026-03-01'), value: 0.9 }, 'PROD');
    await expect(
      enterResult(house.ctx, goal.id, { at: new Date('2026-03-01'), value: 0.8 }, 'PROD'),
    ).rejects.toMatchObject({ field: 'day' });
  });

  it('each names the field that does not fit, and the others are kept', async ({ house }) => {
    await house.team();
    const items = [
      { at: '2026-03-02T10:00:00Z' },
      { model: 'chrun-model' },
      { value: Number.NaN },
      { value: 'high' },
      { at: 'yesterday' },
      {},
    ].map((more) => ({ ...reading, ...more }));
    const { accepted, rejected } = await takeReadings(house.ctx, items);
    expect(accepted).toBe(1);
    expect(rejected.map(({ index, reason }) => `${index} ${reason.split(':')[0]}`)).toEqual([
      '0 at',
      '1 model',
      '2 value',
      '3 value',
      '4 at',
    ]);
  });
});
