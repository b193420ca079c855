import { describe, expect } from 'vitest';
import { confirm, mitigate, reopen, resolve } from '../../../src/features/incidents/changes.ts';
import { takeIncidents } from '../../../src/features/incidents/intake.ts';
import { openIncidents } from '../../../src/features/incidents/queries.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { registerModel } from '../../../src/features/models/store.ts';
import { it } from '../../support/house.ts';
import { another, declared } from './support.ts';

const because = 'the team looked at it together';

describe('a drill while it really burns', () => {
  it('ends at once, with its reason, and its people hear where to go', async ({ house }) => {
    const drill = await declared(house, { kind: 'drill' });
    await takeCommand(house.ctx, drill.id, 'DEPU');
    const real = await another(house, drill.model.id, { title: 'Calls fail' });
    expect(await drill.now()).toMatchObject({ state: 'cancelled', cancelReason: 'superseded', askAt: null });
    expect(await drill.card()).toContain(
      '*Called off* by Pitcrew: Another incident covers it. Incident 2 on the same model is real.',
    );
    expect(await house.said(`incident:${drill.id}:real`)).toEqual([
      expect.stringContaining('This drill is over: churn-model has a real incident, 2, “Calls fail”.'),
    ]);
    expect(await real.now()).toMatchObject({ state: 'active' });
  });

  it('ends also when it is being watched, or when what was suspected is confirmed or opened again', async ({
    house,
  }) => {
    const suspected = await declared(house, { isSuspected: true });
    const drill = await another(house, suspected.model.id, { kind: 'drill' });
    await mitigate(house.ctx, drill.id, 'rehearsed', '', 'OLGA');
    expect((await drill.now()).state).toBe('mitigated');
    await confirm(house.ctx, suspected.id, 'OLGA');
    expect((await drill.now()).state).toBe('cancelled');
    await resolve(house.ctx, suspected.id, 'It is over.', because, 'OLGA');
    const next = await another(house, suspected.model.id, { kind: 'drill' });
    await reopen(house.ctx, suspected.id, 'it burns again', 'OLGA');
    expect((await next.now()).state).toBe('cancelled');
  });

  it('goes on beside one of another model, and beside a test or what is told of the past', async ({ house }) => {
    const drill = await declared(house, { kind: 'drill' });
    const of = { teamId: drill.teamId, channel: 'C1', ownerId: 'DEPU', deputyId: 'OLGA', tier: 1 } as const;
    const fraud = await registerModel(house.ctx, { ...of, name: 'fraud-model', registryName: 'fraud-model' }, 'OLGA');
    await another(house, fraud.id);
    for (const kind of ['test', 'backfill'] as const) await another(house, drill.model.id, { kind });
    expect((await drill.now()).state).toBe('active');
  });

  it('is not ended by a private one, as that would tell of it: its people are told of the drill', async ({ house }) => {
    const drill = await declared(house, { kind: 'drill' });
    const hidden = await another(house, drill.model.id, { onlyFor: ['OLGA'] });
    expect((await drill.now()).state).toBe('active');
    const told = await house.said(`incident:${hidden.id}:drill`);
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('A drill goes on on this model: incident 1.');
    expect(await house.said(`incident:${drill.id}:real`)).toEqual([]);
  });

  it('of a tool is not begun then, and the tool hears why', async ({ house }) => {
    const { model } = await declared(house);
    const rehearsed = { model: model.name, title: 'Rehearsed', dedupe_key: 'game day', kind: 'drill' };
    const { accepted, rejected } = await takeIncidents(house.ctx, [rehearsed]);
    expect([accepted, rejected]).toEqual([
      0,
      [{ index: 0, reason: 'kind: incident 1 on this model is real and goes on; rehearse when it is over' }],
    ]);
    expect(await openIncidents(house.ctx, 'OLGA')).toHaveLength(1);
  });
});
