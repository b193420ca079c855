import { describe, expect } from 'vitest';
import { editDataset } from '../../../src/features/datasets/changes.ts';
import { datasetNamed } from '../../../src/features/datasets/queries.ts';
import { datasetSeen } from '../../../src/features/datasets/store.ts';
import { readDbtSources } from '../../../src/integrations/dbt/sources.ts';
import { readOpenLineage } from '../../../src/integrations/openlineage/openlineage.ts';
import { type House, it } from '../../support/house.ts';
import { look, nothing, orders, owned, silence, state } from './orders.ts';

async function runWrote(house: House, rowCount: number): Promise<void> {
  const outputs = [{ namespace: 'warehouse', name: 'orders', outputFacets: { outputStatistics: { rowCount } } }];
  const event = {
    eventTime: house.now(),
    eventType: 'COMPLETE',
    run: { runId: '1' },
    job: { namespace: 'a', name: 'b' },
  };
  for (const one of readOpenLineage(JSON.stringify({ ...event, outputs })))
    if (one.kind === 'dataset') await datasetSeen(house.ctx, one, 'OpenLineage');
}

describe('a data set is late', () => {
  it('when a run ends well, but wrote no rows', async ({ house }) => {
    await owned(house, { maxAgeHours: 24 });
    house.later(25 * 60);
    await runWrote(house, 0);
    expect(await state(house)).toBe('bad: no new rows for 25 h, limit 24 h');
    await runWrote(house, 3);
    expect(await state(house)).toBe('ok');
  });

  it('however far ahead the clock of the tool is', async ({ house }) => {
    await owned(house, { maxAgeHours: 24 });
    await look(house, 1, { updatedAt: new Date('2099-01-01T00:00:00Z') });
    await silence(house, 25);
    expect(await state(house)).toBe('bad: no new rows for 25 h, limit 24 h');
  });

  it('when nobody looks at it any more, where no tool says how old it is', async ({ house }) => {
    const { teamId } = await owned(house);
    await datasetSeen(house.ctx, orders(house, { name: 'clicks', rows: 5 }), 'Great Expectations');
    const { id, revision } = await datasetNamed(house.ctx, 'clicks');
    await editDataset(house.ctx, id, revision, { ...nothing, teamId, maxAgeHours: 24 }, 'OLGA');
    await silence(house, 30);
    expect(await state(house, 'clicks')).toBe('bad: not looked at for 30 h, limit 24 h');
  });

  it('for longer with every hour, and with every day after three', async ({ house }) => {
    await owned(house, { maxAgeHours: 24 });
    await silence(house, 24.1);
    await silence(house, 20);
    expect((await house.said('dataset'))[0]).toContain('no new rows for 44 h, limit 24 h');
    await silence(house, 80);
    expect((await house.said('dataset'))[0]).toContain('no new rows for 5 days, limit 24 h');
    expect(await house.said('dataset')).toHaveLength(1);
  });
});

describe('what is usual', () => {
  it('is learned though the gaps become shorter', async ({ house }) => {
    await owned(house);
    for (const gap of [12, 12, 12, 6, 6, 6, 6]) await look(house, gap);
    for (let hour = 0; hour < 48; hour += 1) await silence(house, 1);
    expect(await state(house)).toContain('no new rows for 48 h, limit 18 h');
  });

  it('holds a weekend, where every week has one', async ({ house }) => {
    await owned(house);
    for (const gap of [24, 24, 24, 24, 72, 24, 24, 24, 24, 72, 24, 24, 24, 24]) await look(house, gap);
    await silence(house, 73);
    expect(await state(house)).toBe('ok');
    await silence(house, 24);
    expect(await state(house)).toContain('no new rows for 4 days');
  });

  it('counts new data, however often a tool looks', async ({ house }) => {
    await owned(house);
    for (let day = 0; day < 8; day += 1) {
      const updatedAt = house.now();
      for (let hour = 0; hour < 24; hour += 1) await look(house, 1, { updatedAt });
    }
    await silence(house, 24 * 4);
    expect(await state(house)).toContain('no new rows');
  });

  it('is that of one tool, where two see the same load minutes apart', async ({ house }) => {
    await owned(house);
    for (let day = 0; day < 8; day += 1) {
      await look(house, 23, {}, 'OpenLineage');
      await look(house, 1, { updatedAt: new Date(house.now().getTime() - 2 * 60_000) });
    }
    await silence(house, 20);
    expect(await state(house)).toBe('ok');
  });
});

describe('looks', () => {
  it('of tomorrow are refused', async ({ house }) => {
    await owned(house);
    const ahead = look(house, 0, { at: new Date('2099-01-01T00:00:00Z') });
    await expect(ahead).rejects.toMatchObject({ field: 'at' });
    await look(house, 1, { rows: 777 });
    expect((await datasetNamed(house.ctx, 'orders')).rows).toBe(777);
  });

  it('of one instant make one, as input and as output', async ({ house }) => {
    await owned(house);
    const at = house.now();
    for (const more of [{ columns: [{ name: 'age', nullShare: 0.5 }] }, { rows: 42 }])
      await datasetSeen(house.ctx, orders(house, { at, ...more }), 'OpenLineage');
    expect(await datasetNamed(house.ctx, 'orders')).toMatchObject({ rows: 42, seen: { columns: [{ name: 'age' }] } });
  });

  it('that come again count once', async ({ house }) => {
    await owned(house, { minRows: 1000 });
    await look(house, 1, { rows: 10 });
    await look(house, 0, { rows: 10 });
    expect(await state(house)).toBe('ok');
  });

  it('hold more rows than four bytes, and names longer than an index', async ({ house }) => {
    await house.team();
    const name = Array.from({ length: 1000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000))).join('');
    await look(house, 0, { namespace: name, name, rows: 25_000_000_000 });
    expect((await datasetNamed(house.ctx, name)).rows).toBe(25_000_000_000);
  });
});

describe('what a tool holds against it', () => {
  it('is over when the tool can look again', async ({ house }) => {
    await house.team();
    const dbt = async (more: object) => {
      house.later(60);
      const results = [{ unique_id: 'source.shop.raw.returns', snapshotted_at: house.now(), ...more }];
      const metadata = { dbt_schema_version: 'https://x/dbt/sources/v3.json', generated_at: house.now() };
      for (const one of readDbtSources(JSON.stringify({ metadata, results }))) await datasetSeen(house.ctx, one, 'dbt');
    };
    await dbt({ status: 'runtime error', error: 'no such table', snapshotted_at: undefined });
    expect(await state(house, 'raw.returns')).toBe('bad: 1 of 1 checks failed: no such table');
    await dbt({ status: 'pass', max_loaded_at: house.now() });
    expect(await state(house, 'raw.returns')).toBe('ok');
  });

  it('is not undone by another tool', async ({ house }) => {
    await owned(house);
    const failed = [{ name: 'unique', column: 'id' }];
    await look(house, 1, { checks: { of: 3, failed }, status: 'bad' }, 'Great Expectations');
    await look(house, 1, { status: 'ok' });
    expect(await state(house)).toBe('bad: 1 of 3 checks failed: unique of id');
  });

  it('counts by its word alone, but for its age, for which there are limits', async ({ house }) => {
    await owned(house, { maxAgeHours: 48 });
    const latest = { errorAfterMs: 3_600_000 };
    await look(house, 2, { status: 'bad', latest, updatedAt: house.now() });
    expect(await state(house)).toBe('ok');
    await look(house, 1, { status: 'bad', latest, updatedAt: null });
    expect(await state(house)).toBe('bad: dbt calls it bad');
    await look(house, 1, { status: 'bad', latest, updatedAt: null });
    expect(await state(house)).toBe('bad: dbt calls it bad: no rows at all');
  });
});
