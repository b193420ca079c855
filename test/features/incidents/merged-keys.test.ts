import { describe, expect } from 'vitest';
import { reopen, resolve } from '../../../src/features/incidents/changes.ts';
import { takeIncidents } from '../../../src/features/incidents/intake.ts';
import { merge, unmerge } from '../../../src/features/incidents/merging/changes.ts';
import { openIncidents } from '../../../src/features/incidents/queries.ts';
import { takeReport } from '../../../src/features/drift/intake.ts';
import { openAlerts } from '../../../src/features/drift/queries.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { registerModel } from '../../../src/features/models/store.ts';
import { type House, it } from '../../support/house.ts';
import { another, declared } from './support.ts';

const because = 'the team looked at it together';

/** Two windows that have drifted, and the alert that they raise. */
async function drifting(house: House, model: Model) {
  for (let i = 0; i < 2; i += 1) {
    house.later(5);
    const how = { column: 'amount', method: 'psi', label: 'PSI', score: 0.5, limit: 0.1, direction: 'above' } as const;
    const findings = [{ ...how, drifted: true }];
    await takeReport(house.ctx, { model, environment: 'production', at: house.now(), source: 'Evidently', findings });
  }
  const alert = (await openAlerts(house.ctx)).find(({ modelId }) => modelId === model.id);
  return alert ?? expect.unreachable('it raises an alert');
}

/** Another model of the same team. */
async function fraudModel(house: House, { teamId, channel }: Model): Promise<Model> {
  const of = { teamId, channel, ownerId: 'DEPU', deputyId: 'OLGA', tier: 1, registryName: 'fraud-model' } as const;
  return await registerModel(house.ctx, { ...of, name: 'fraud-model' }, 'OLGA');
}

describe('keys of what was merged', () => {
  it('each finds the survivor, over two merges as well, and goes back with its incident', async ({ house }) => {
    const one = await declared(house, { dedupeKey: 'late' });
    const other = await another(house, one.model.id, { dedupeKey: 'wrong' });
    const last = await another(house, one.model.id, { dedupeKey: 'slow' });
    await merge(house.ctx, one.id, other.id, 'OLGA');
    await merge(house.ctx, other.id, last.id, 'OLGA');
    for (const dedupeKey of ['late', 'wrong', 'slow'])
      expect((await another(house, one.model.id, { dedupeKey })).id).toBe(last.id);
    expect(await openIncidents(house.ctx, 'OLGA')).toHaveLength(1);
    await unmerge(house.ctx, other.id, 'OLGA');
    expect((await another(house, one.model.id, { dedupeKey: 'late' })).id).toBe(other.id);
    await unmerge(house.ctx, one.id, 'OLGA');
    expect((await another(house, one.model.id, { dedupeKey: 'late' })).id).toBe(one.id);
    expect((await another(house, one.model.id, { dedupeKey: 'wrong' })).id).toBe(other.id);
    expect((await another(house, one.model.id, { dedupeKey: 'slow' })).id).toBe(last.id);
  });

  it('what is reported soon after the end of the survivor opens that again; later it is new', async ({ house }) => {
    const one = await declared(house, { dedupeKey: 'late' });
    const last = await another(house, one.model.id, { dedupeKey: 'slow' });
    await merge(house.ctx, one.id, last.id, 'OLGA');
    await resolve(house.ctx, last.id, 'It is over.', '', 'OLGA');
    house.later(30);
    expect((await another(house, one.model.id, { dedupeKey: 'late' })).id).toBe(last.id);
    expect(await last.now()).toMatchObject({ state: 'active', reopenCount: 1 });
    await resolve(house.ctx, last.id, 'It is over.', '', 'OLGA');
    house.later(61);
    const fresh = await another(house, one.model.id, { dedupeKey: 'late' });
    expect(fresh.number).toBe(3);
    // Meanwhile the key is held by another: the one that is taken out goes on without.
    await unmerge(house.ctx, one.id, 'OLGA');
    expect(await one.now()).toMatchObject({ state: 'active', dedupeKey: null });
    expect((await another(house, one.model.id, { dedupeKey: 'late' })).id).toBe(fresh.id);
  });

  it('an earlier one is not opened again beside the survivor', async ({ house }) => {
    const first = await declared(house, { dedupeKey: 'late' });
    await resolve(house.ctx, first.id, 'It is over.', '', 'OLGA');
    house.later(90);
    const second = await another(house, first.model.id, { dedupeKey: 'late' });
    const last = await another(house, first.model.id);
    await merge(house.ctx, second.id, last.id, 'OLGA');
    await expect(reopen(house.ctx, first.id, 'scores are late again', 'OLGA')).rejects.toThrow(
      'Incident 3 is open for the same alert.',
    );
  });

  it('a machine never hears the number of a private survivor', async ({ house }) => {
    const one = await declared(house, { dedupeKey: 'late' });
    const hidden = await another(house, one.model.id, { onlyFor: ['OLGA'] });
    await merge(house.ctx, one.id, hidden.id, 'OLGA');
    const report = { model: 'churn-model', title: 'Scores are late', dedupe_key: 'late' };
    expect((await takeIncidents(house.ctx, [report])).incidents).toEqual([{ number: 3, new: true }]);
  });
});

describe('alerts of what was merged', () => {
  it('stand against the end of the survivor, by model and number, until it is taken out again', async ({ house }) => {
    const last = await declared(house);
    const fraud = await fraudModel(house, last.model);
    const alert = await drifting(house, fraud);
    const one = await another(house, fraud.id, { alertId: alert.id });
    await merge(house.ctx, one.id, last.id, 'OLGA');
    await expect(resolve(house.ctx, last.id, 'It is over.', '', 'OLGA')).rejects.toThrow(
      'Drift alert 1 of fraud-model is still open. If it is over all the same, say here why.',
    );
    await unmerge(house.ctx, one.id, 'OLGA');
    await resolve(house.ctx, last.id, 'It is over.', '', 'OLGA');
    await expect(resolve(house.ctx, one.id, 'It is over.', '', 'OLGA')).rejects.toThrow(
      'Drift alert 1 of this model is still open.',
    );
    await resolve(house.ctx, one.id, 'It is over.', because, 'OLGA');
  });
});
