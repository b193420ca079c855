import { describe, expect } from 'vitest';
import { takeReadings } from '../../../src/features/drift/intake.ts';
import { setGoal } from '../../../src/features/goals/store.ts';
import { connections } from '../../../src/features/connections/schema.ts';
import { evaluations } from '../../../src/features/gates/schema.ts';
import { type Training, trainings } from '../../../src/features/retraining/schema.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { aliasMoved } from '../../../src/features/releases/store.ts';
import { releaseReported } from '../../../src/features/releases/changes.ts';
import { requests } from '../../../src/features/approvals/schema.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';
import { look, owned, silence } from '../datasets/orders.ts';
import { factsOf, wordsOf } from './support.ts';
import { takeTrouble } from '../../../src/features/datasets/changes.ts';

describe('approvals', () => {
  it('wait for whoever may decide and did not yet, with until when', async ({ house }) => {
    const { model } = await house.team();
    house.later(1);
    const { id } = await askFor(house.ctx, { modelId: model.id }, 'ENGI');
    const [fact, ...others] = await factsOf(house, 'OLGA', house.now());
    expect(others).toEqual([]);
    expect(fact).toMatchObject({
      kind: 'approval',
      words: 'Rollback 1 of churn-model to version 13 waits for your decision until 3 Mar 09:01.',
      becomes: 'waits',
      suggestion: 'Decide on rollback 1 of churn-model',
    });
    expect(await factsOf(house, 'ENGI', house.now())).toEqual([]);
    await press(house.ctx, id, 'OLGA');
    expect(await wordsOf(house, 'approval', 'OLGA', house.now())).toEqual([]);
    expect(await wordsOf(house, 'approval', 'DEPU', house.now())).toHaveLength(1);
  });
});

describe('releases', () => {
  it('are said as seen by the system; what a person did is done only for them', async ({ house }) => {
    const { model } = await house.team();
    house.later(60);
    const since = house.now();
    house.later(60);
    await aliasMoved(house.ctx, {
      modelId: model.id,
      environment: 'production',
      version: '15',
      who: 'ci',
      why: 'release',
    });
    expect(await factsOf(house, 'OLGA', since)).toMatchObject([
      {
        kind: 'release',
        words: 'Seen by the system: version 15 of churn-model went live at 11:00 today, in place of version 14.',
        becomes: 'done',
        suggestion: 'Released version 15 of churn-model',
      },
    ]);
    house.later(60);
    await aliasMoved(house.ctx, {
      modelId: model.id,
      environment: 'staging',
      version: '16',
      who: 'DEPU',
      why: 'by hand',
    });
    const [, ofOlga] = await factsOf(house, 'OLGA', since);
    const [, ofDewi] = await factsOf(house, 'DEPU', since);
    expect(ofOlga?.words).toBe('Seen by the system: version 16 of churn-model in staging went live at 12:00 today.');
    expect([ofOlga?.becomes, ofDewi?.becomes]).toEqual(['know', 'done']);
    expect(await factsOf(house, 'ENGI', since)).toEqual([]);
    expect(await factsOf(house, 'OLGA', house.now())).toEqual([]);
  });

  it('a rollback is said once, with what became of it, though it moved the alias', async ({ house }) => {
    const { model } = await house.team();
    house.later(1);
    const since = house.now();
    const { id } = await askFor(house.ctx, { modelId: model.id }, 'ENGI');
    await press(house.ctx, id, 'OLGA');
    await press(house.ctx, id, 'LEAD');
    expect(await wordsOf(house, 'release', 'OLGA', since)).toEqual([
      'Seen by the system: rollback 1 of churn-model to version 13 is under way since 09:01 today.',
    ]);
    await aliasMoved(house.ctx, {
      modelId: model.id,
      environment: 'production',
      version: '13',
      who: 'ENGI',
      why: 'rollback 1: the scores fell',
    });
    for (const state of ['executing', 'moved'] as const)
      await house.ctx.db.update(requests).set({ state, endedAt: state === 'moved' ? house.now() : null, fence: 1 });
    expect(await wordsOf(house, 'release', 'OLGA', new Date(since.getTime() - 1))).toEqual([
      'Seen by the system: rollback 1 took churn-model from version 14 back to 13 at 09:01 today; it was not seen served yet.',
    ]);
  });

  it('a deployment of CI is said while it is on its way, and is in the way when it failed', async ({ house }) => {
    const { model } = await house.team();
    house.later(1);
    const since = house.now();
    const said = {
      model,
      environment: 'production',
      key: 'run-1',
      version: '15',
      by: 'ada',
      source: 'GitHub',
    } as const;
    await releaseReported(house.ctx, { ...said, state: 'running', at: house.now(), strategy: 'canary', percent: 10 });
    expect(await wordsOf(house, 'release', 'OLGA', house.now())).toEqual([
      'Seen by the system: version 15 of churn-model is being deployed as a canary since 09:01 today, with 10 % of the traffic (GitHub).',
    ]);
    house.later(10);
    await releaseReported(house.ctx, { ...said, state: 'failed', at: house.now() });
    expect(await factsOf(house, 'OLGA', since)).toMatchObject([
      {
        words: 'Seen by the system: the deployment of version 15 of churn-model failed at 09:11 today (GitHub).',
        becomes: 'obstacle',
        need: 'deploy.release',
      },
    ]);
  });
});

async function trained(house: House, model: Model, more: Partial<Training>): Promise<void> {
  const { workspace } = house.ctx;
  const number = 1 + (await house.ctx.db.select().from(trainings)).length;
  const [connection] = await house.ctx.db
    .insert(connections)
    .values({
      workspace,
      name: `Airflow ${number}`,
      kind: 'airflow',
      url: 'https://a.example',
      signIn: 'none',
      madeBy: 'OLGA',
      madeAt: house.now(),
    })
    .returning();
  await house.ctx.db.insert(trainings).values({
    workspace,
    number,
    modelId: model.id,
    environment: 'production',
    connectionId: connection?.id ?? '',
    pipeline: 'train',
    params: {},
    excluded: [],
    reason: 'weekly',
    askedBy: 'policy',
    askedAt: house.now(),
    state: 'running',
    ...more,
  });
}

describe('training runs', () => {
  it('say the number that the gate looked at, beside that of the live version', async ({ house }) => {
    const { model } = await house.team();
    house.later(1);
    const since = house.now();
    house.later(60);
    await trained(house, model, { state: 'succeeded', askedBy: 'ENGI', candidate: '15', endedAt: house.now() });
    const metric = { key: 'auc', check: { kind: 'metric', name: 'auc', direction: 'higher', required: true } } as const;
    await house.ctx.db.insert(evaluations).values({
      workspace: 'T1',
      number: 1,
      modelId: model.id,
      environment: 'production',
      version: '15',
      baseline: '14',
      gateRevision: 1,
      specHash: '',
      evidenceHash: '',
      hash: '',
      result: 'pass',
      by: 'ci',
      startedAt: house.now(),
      at: house.now(),
      said: { registry: null, trouble: null, isBaselineKnown: true, candidate: null, baseline: null },
      results: [
        {
          ...metric,
          line: '',
          required: true,
          outcome: 'pass',
          failed: [],
          because: '',
          used: { candidate: { value: 0.913 }, baseline: { value: 0.92 } },
        },
      ],
    });
    const words =
      'Training 1 of churn-model finished at 10:01 today and made version 15: auc is 0.913, and 0.92 in the live version. It passed its gate.';
    // Enzo asked for it; Olga owns the model.
    expect(await factsOf(house, 'ENGI', since)).toMatchObject([
      { words, becomes: 'done', suggestion: 'Retrained churn-model: version 15' },
    ]);
    expect(await factsOf(house, 'OLGA', since)).toMatchObject([{ words, becomes: 'know' }]);
    expect(await factsOf(house, 'OLGA', house.now())).toEqual([]);
  });

  it('that failed are in the way, with the reason of the tool; those that run are still running', async ({ house }) => {
    const { model } = await house.team();
    house.later(1);
    const since = house.now();
    house.later(60);
    await trained(house, model, { state: 'failed', detail: 'train: out of memory', endedAt: house.now() });
    await trained(house, model, { startedAt: house.now() });
    house.later(24 * 60);
    expect(await factsOf(house, 'OLGA', since)).toMatchObject([
      {
        words: 'Training 1 of churn-model failed on 2 Mar (train: out of memory).',
        becomes: 'obstacle',
        need: 'validate.pipeline',
      },
      { words: 'Training 2 of churn-model is still running since 2 Mar.', becomes: 'know' },
    ]);
    expect(await wordsOf(house, 'run', 'OLGA', house.now())).toEqual([
      'Training 2 of churn-model is still running since 2 Mar.',
    ]);
  });
});

describe('data that a model eats', () => {
  it('is in the way of its owner while it is late, and names the duty that can help', async ({ house }) => {
    const { id } = await owned(house, { maxAgeHours: 24 });
    await look(house, 1);
    await silence(house, 26);
    const [fact] = (await factsOf(house, 'OLGA', house.now())).filter(({ kind }) => kind === 'data');
    expect(fact).toMatchObject({
      words:
        'orders, which churn-model eats, is in trouble since 12:00 today (no new rows for 26 h, limit 24 h); nobody is on it.',
      becomes: 'obstacle',
      need: 'data.freshness',
      suggestion: 'orders: no new rows for 26 h, limit 24 h',
    });
    await takeTrouble(house.ctx, { datasetId: id, trouble: 1 }, 'OLGA');
    expect((await factsOf(house, 'OLGA', house.now()))[0]).toMatchObject({
      becomes: 'plan',
      suggestion: 'Get orders back in order',
    });
    await look(house, 1);
    expect(await wordsOf(house, 'data', 'DEPU', new Date(0))).toEqual([]);
  });
});

describe('goals', () => {
  const wording = {
    kind: 'performance',
    column: '',
    unit: '',
    direction: 'at_least',
    limit: null,
    periodDays: 30,
  } as const;

  it('that went off goal since are said once, from the first reading that missed', async ({ house }) => {
    const { model } = await house.team();
    await setGoal(
      house.ctx,
      model.id,
      { ...wording, name: 'AUC', measure: 'value', metric: 'auc', target: 0.9 },
      'OLGA',
    );
    const read = (value: number) =>
      takeReadings(house.ctx, [{ model: model.name, metric: 'auc', value, at: house.now().toISOString() }]);
    await read(0.95);
    house.later(60);
    const since = house.now();
    house.later(60);
    await read(0.86);
    house.later(60);
    await read(0.85);
    expect((await factsOf(house, 'OLGA', since)).find(({ kind }) => kind === 'goal')).toMatchObject({
      words: 'AUC of churn-model is off goal since 11:00 today: it is 0.85, and the goal is at least 0.9 (0.05 short).',
      becomes: 'plan',
      suggestion: 'Look into AUC of churn-model, which is off goal',
      at: new Date(since.getTime() + 3_600_000),
    });
    expect(await wordsOf(house, 'goal', 'OLGA', house.now())).toEqual([]);
    await read(0.95);
    house.later(60);
    await read(0.96);
    expect(await wordsOf(house, 'goal', 'OLGA', since)).toEqual([]);
  });

  it('that are a share of many days are said with the day from which the share was too small', async ({ house }) => {
    const { model } = await house.team();
    await setGoal(
      house.ctx,
      model.id,
      {
        ...wording,
        name: 'Availability',
        kind: 'uptime',
        measure: 'events',
        metric: 'requests',
        target: 99,
        periodDays: 7,
      },
      'OLGA',
    );
    const day = async (good: number) => {
      house.later(24 * 60);
      const at = new Date(house.now().getTime() - 60_000).toISOString();
      const reading = { model: model.name, metric: 'requests', good, total: 1000, at };
      expect((await takeReadings(house.ctx, [reading])).rejected).toEqual([]);
    };
    for (let i = 0; i < 7; i += 1) await day(1000);
    const since = house.now();
    await day(950);
    expect(await wordsOf(house, 'goal', 'OLGA', since)).toEqual([]);
    await day(950);
    const [words] = await wordsOf(house, 'goal', 'OLGA', since);
    expect(words).toBe(
      'Availability of churn-model is off goal since 08:59 today: it is 98.571 %, and the goal is at least 99 % of requests good over 7 days (0.429 % short).',
    );
    const next = house.now();
    await day(1000);
    expect(await wordsOf(house, 'goal', 'OLGA', next)).toEqual([]);
  });
});
