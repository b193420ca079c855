import { describe, expect } from 'vitest';
import { takeReleases } from '../../../src/features/releases/intake.ts';
import { releasesOf } from '../../../src/features/releases/queries.ts';
import { liveVersion } from '../../../src/features/releases/store.ts';
import { type House, it } from '../../support/house.ts';

const post = (house: House, ...items: readonly unknown[]) => takeReleases({ ...house.ctx, registry: undefined }, items);
const model = 'churn-model';
const live = async (house: House, modelId: string) => (await liveVersion(house.ctx, modelId, 'production'))?.version;

describe('POST /api/v1/releases', () => {
  it('takes what it can and names the rest by its field', async ({ house }) => {
    const { model: ours } = await house.team();
    const future = new Date(house.now().getTime() + 3_600_000).toISOString();
    const answer = await post(
      house,
      { model, version: 15 },
      { model: 'nobody', version: '1' },
      { model },
      { model, version: '1', at: future },
      { model, version: '1', environment: 'moon' },
      { model, version: '1', percent: 101 },
      { model, version: '1', state: 'superseded' },
      { model, version: 'a\0b' },
      { model, version: '1', url: 'javascript:alert(1)' },
      'x',
    );
    expect(answer.accepted).toBe(1);
    expect(answer.rejected.map(({ index, reason }) => `${index} ${reason.split(':')[0]}`)).toEqual([
      '1 model',
      '2 version',
      '3 at',
      '4 environment',
      '5 percent',
      '6 state',
      '7 version',
      '8 url',
      '9 release',
    ]);
    expect(await releasesOf(house.ctx, ours.id)).toMatchObject([{ version: '15', source: 'API', by: 'ci' }]);
  });

  it('without an id, what is said of one version is one release, until another came between', async ({ house }) => {
    const { model: ours } = await house.team();
    const states = async () => (await releasesOf(house.ctx, ours.id)).map((one) => `${one.version} ${one.state}`);
    for (const said of [{ version: '15', state: 'running' }, { version: '15' }, { version: '15' }]) {
      house.later(5);
      await post(house, { model, ...said });
    }
    expect(await states()).toEqual(['15 succeeded']);
    house.later(5);
    await post(house, { model, version: '16' });
    house.later(5);
    await post(house, { model, version: '15' });
    expect(await states()).toEqual(['15 succeeded', '16 succeeded', '15 succeeded']);
    expect(await live(house, ours.id)).toBe('15');
  });

  it('with an id, the id alone says which release it is', async ({ house }) => {
    const { model: ours } = await house.team();
    house.later(5);
    await post(house, { model, version: '15', id: 'a', state: 'running' }, { model, version: '15', id: 'b' });
    await post(house, { model, version: '15', id: 'a', state: 'failed' });
    const all = await releasesOf(house.ctx, ours.id);
    expect(all.map(({ key, state }) => `${key} ${state}`).toSorted()).toEqual([
      'api:id:a failed',
      'api:id:b succeeded',
    ]);
  });

  it('a batch of a thousand ends where its newest one is', async ({ house }) => {
    const { model: ours } = await house.team();
    const start = house.now().getTime() + 60_000;
    house.later(2000);
    const many = Array.from({ length: 1000 }, (_, i) => ({
      model,
      version: `${i + 15}`,
      at: new Date(start + i * 60_000).toISOString(),
    }));
    const shuffled = many.toSorted((a, b) => (Number(a.version) % 7) - (Number(b.version) % 7));
    expect(await post(house, ...shuffled)).toEqual({ accepted: 1000, rejected: [] });
    expect(await live(house, ours.id)).toBe('1014');
  }, 60_000);
});
