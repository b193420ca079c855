import { describe, expect } from 'vitest';
import { openAlerts } from '../../../src/features/drift/queries.ts';
import { findVerdict } from '../../../src/features/drift/store.ts';
import { takeVerdicts } from '../../../src/features/drift/verdicts.ts';
import { watchesOf } from '../../../src/features/watches/queries.ts';
import { type House, it } from '../../support/house.ts';

const finding = { column: 'amount', method: 'psi', base: 'natural logarithm', score: 0.3, limit: 0.2 };

async function post(house: House, ...items: object[]) {
  house.later(60);
  const at = house.now().toISOString();
  return await takeVerdicts(
    house.ctx,
    items.map((item) => ({ model: 'churn-model', at, ...item })),
  );
}

describe('verdicts through the API', () => {
  it('count like the report of any tool, and are kept with method, base, limit and rows', async ({ house }) => {
    const { model } = await house.team();
    for (let i = 0; i < 2; i += 1) {
      expect(await post(house, { findings: [finding], rows: 900 })).toEqual({ accepted: 1, rejected: [] });
    }
    expect((await house.said('alert'))[0]).toContain('*amount*: psi is 0.3, limit 0.2');
    const [watch] = await watchesOf(house.ctx, model.id);
    const kept = await findVerdict(house.ctx, watch?.id ?? '', house.now());
    expect(kept).toMatchObject({ source: 'API', rows: 900, drifted: true, findings: [finding] });
  });

  it('without a word on drift a score inside its limit is well', async ({ house }) => {
    await house.team();
    const below = { ...finding, score: 0.06, limit: 0.05, direction: 'below' };
    for (let i = 0; i < 3; i += 1) await post(house, { findings: [{ ...finding, score: 0.2 }, below] });
    expect(await openAlerts(house.ctx)).toEqual([]);
  });

  it.for([
    [{ model: 'chrun' }, 'model: no model is registered under the name "chrun"'],
    [{ model: undefined }, 'model: is missing'],
    [{ at: '2031-01-01T00:00:00Z' }, 'at: lies in the future'],
    [{ findings: [{ ...finding, score: 'high' }] }, expect.stringMatching(/^findings\.0\.score: /)],
    [{ rows: -1 }, expect.stringMatching(/^rows: /)],
  ] as const)('%j is refused with its reason, and the others are taken', async ([bad, reason], { house }) => {
    await house.team();
    const { accepted, rejected } = await post(house, { findings: [finding] }, { findings: [finding], ...bad });
    expect(accepted).toBe(1);
    expect(rejected).toEqual([{ index: 1, reason }]);
  });
});
