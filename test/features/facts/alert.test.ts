import { describe, expect } from 'vitest';
import { takeReport } from '../../../src/features/drift/intake.ts';
import { factsFor } from '../../../src/features/facts/queries.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { type House, it } from '../../support/house.ts';

async function report(house: House, model: Model, drifted: boolean, times = 2) {
  for (let i = 0; i < times; i += 1) {
    house.later(60);
    await takeReport(house.ctx, {
      model,
      environment: 'production',
      at: house.now(),
      source: 'Evidently',
      findings: [
        {
          column: 'tenure_days',
          method: 'psi',
          label: 'PSI',
          score: drifted ? 0.5 : 0.01,
          limit: 0.2,
          direction: 'above',
          drifted,
        },
      ],
    });
  }
}

const factsOf = async (house: House, personId: string, since: Date) =>
  (await factsFor(house.ctx, [{ personId, since }])).facts.get(personId) ?? [];

describe('drift alerts', () => {
  it('an open one that nobody is on is something to look into', async ({ house }) => {
    const { model } = await house.team();
    const since = house.now();
    await report(house, model, true);
    const [fact, ...others] = await factsOf(house, 'OLGA', since);
    expect(others).toEqual([]);
    expect(fact).toMatchObject({
      kind: 'alert',
      words: 'Drift alert 1 of churn-model (PSI of tenure_days) is open since 11:00 today; nobody is on it.',
      becomes: 'plan',
      suggestion: 'Look into drift alert 1 of churn-model',
      modelId: model.id,
    });
  });
});
