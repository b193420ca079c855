import { describe, expect } from 'vitest';
import { type Said, releaseReported } from '../../../src/features/releases/changes.ts';
import { releasesOf } from '../../../src/features/releases/queries.ts';
import { lookEnded } from '../../../src/features/releases/registry/changes.ts';
import {
  aliasMoved,
  expectMove,
  liveVersion,
  movesOf,
  servedVersionSeen,
} from '../../../src/features/releases/store.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { type House, it } from '../../support/house.ts';

/** A workspace without a registry unless said: then CI says what is live. */
const ctxOf = (house: House, registry = false) => ({ ...house.ctx, ...(!registry && { registry: undefined }) });
const tell = (house: House, model: Model, given: Partial<Said>, registry = false) =>
  releaseReported(ctxOf(house, registry), {
    model,
    environment: 'production',
    key: 'r1',
    version: '15',
    state: 'succeeded',
    at: house.now(),
    by: 'ada',
    source: 'GitHub',
    ...given,
  });
const minutes = (house: House, after: number) => new Date(house.now().getTime() + after * 60_000);
const live = async (house: House, model: Model, environment = 'production') =>
  await liveVersion(house.ctx, model.id, environment);
const told = async (house: House) =>
  (await linesOf(house.ctx.db, 'T1')).flatMap(({ what, summary }) =>
    what.startsWith('release.deploy') ? [summary] : [],
  );

describe('news of one release', () => {
  it('make one row that goes forward, whatever order they come in', async ({ house }) => {
    const { model } = await house.team();
    house.later(60);
    await tell(house, model, { state: 'succeeded', at: minutes(house, -1) });
    await tell(house, model, { state: 'running', at: minutes(house, -2) });
    await tell(house, model, { state: 'pending', at: minutes(house, -3) });
    await tell(house, model, { state: 'pending', at: house.now() });
    const all = await releasesOf(house.ctx, model.id);
    expect(all).toMatchObject([{ state: 'succeeded', startedAt: minutes(house, -3), endedAt: minutes(house, -1) }]);
  });

  it('of how it ended are those of the last end', async ({ house }) => {
    const { model } = await house.team();
    house.later(60);
    await tell(house, model, { state: 'failed', at: minutes(house, -1) });
    await tell(house, model, { state: 'succeeded', at: minutes(house, -5) });
    expect(await releasesOf(house.ctx, model.id)).toMatchObject([{ state: 'failed' }]);
    expect(await live(house, model)).toMatchObject({ version: '14' });
  });

  it('come twice and count once', async ({ house }) => {
    const { model } = await house.team();
    for (let i = 0; i < 3; i += 1) await tell(house, model, { state: 'failed' });
    expect(await releasesOf(house.ctx, model.id)).toHaveLength(1);
    expect(await told(house)).toEqual(['the deployment of version 15 to production by ada failed']);
  });

  it('of another tool under the same key are another release', async ({ house }) => {
    const { model } = await house.team();
    await tell(house, model, { key: 'github:1' });
    await tell(house, model, { key: 'gitlab:1' });
    expect(await releasesOf(house.ctx, model.id)).toHaveLength(2);
  });

  it('follow its share of the traffic, and keep each share', async ({ house }) => {
    const { model } = await house.team();
    const canary = { strategy: 'canary', state: 'running' } as const;
    for (const percent of [10, 50, 50]) {
      await tell(house, model, { ...canary, percent });
      house.later(5);
    }
    expect(await releasesOf(house.ctx, model.id)).toMatchObject([
      { strategy: 'canary', percent: 50, state: 'running' },
    ]);
    expect(await told(house)).toEqual([
      'the deployment of version 15 to production (10 % of the traffic) by ada is under way',
      'the deployment of version 15 to production (50 % of the traffic) by ada is under way',
    ]);
    expect((await live(house, model))?.version).toBe('14');
    await tell(house, model, { percent: 100 });
    expect((await live(house, model))?.version).toBe('15');
  });

  it('from a clock that runs ahead do not make later ones look old', async ({ house }) => {
    const { model } = await house.team();
    await tell(house, model, { state: 'running', at: minutes(house, 30) });
    house.later(1);
    expect(await tell(house, model, { state: 'succeeded' })).toMatchObject({ state: 'succeeded' });
  });
});

describe('what is live', () => {
  it('is what CI brought there, where no registry says it', async ({ house }) => {
    const { model } = await house.team();
    house.later(10);
    await tell(house, model, { version: 'v2.0.1', who: 'ada on GitHub' });
    expect(await live(house, model)).toMatchObject({ version: 'v2.0.1', servedVersion: 'v2.0.1', truth: 'release' });
    expect((await movesOf(house.ctx, model.id, 'production'))[0]).toMatchObject({
      fromVersion: '14',
      toVersion: 'v2.0.1',
      who: 'ada on GitHub',
      why: 'release of version v2.0.1 (GitHub)',
    });
  });

  it.for([
    { state: 'failed' },
    { state: 'running' },
    { strategy: 'shadow' },
    { strategy: 'canary' },
    { strategy: 'canary', percent: 20 },
    { strategy: 'blue_green', percent: 0 },
  ] as const)('is not changed by %j', async (given, { house }) => {
    const { model } = await house.team();
    house.later(10);
    await tell(house, model, given);
    expect(await live(house, model)).toMatchObject({ version: '14', servedVersion: null });
  });

  it('does not go back to a release whose news come late', async ({ house }) => {
    const { model } = await house.team();
    house.later(60);
    await tell(house, model, { key: 'r2', version: '16', at: minutes(house, -1) });
    await tell(house, model, { key: 'r1', version: '15', at: minutes(house, -10) });
    expect(await live(house, model)).toMatchObject({ version: '16', servedVersion: '16' });
    expect(await movesOf(house.ctx, model.id, 'production')).toHaveLength(2);
  });

  it('does not go back to one that came before the live one was brought there again', async ({ house }) => {
    const { model } = await house.team();
    house.later(60);
    await tell(house, model, { key: 'r1', version: '15', at: minutes(house, -30) });
    await tell(house, model, { key: 'r2', version: '15', at: minutes(house, -5) });
    await tell(house, model, { key: 'r3', version: '16', at: minutes(house, -20) });
    expect(await live(house, model)).toMatchObject({ version: '15' });
    await tell(house, model, { key: 'r4', version: '17', strategy: 'canary', percent: 5, at: house.now() });
    await tell(house, model, { key: 'r5', version: '18', at: minutes(house, -1) });
    expect(await live(house, model)).toMatchObject({ version: '18' });
  });

  it('does not go forward again over a rollback that came after it', async ({ house }) => {
    const { model } = await house.team();
    house.later(60);
    const here = { modelId: model.id, environment: 'production' };
    await aliasMoved(house.ctx, { ...here, version: '13', who: 'executor', why: 'rollback 1' });
    await tell(house, model, { at: minutes(house, -5) });
    expect(await live(house, model)).toMatchObject({ version: '13' });
  });

  it('is left to the registry where there is one; CI then only says what serves', async ({ house }) => {
    const { model } = await house.team();
    house.later(10);
    await tell(house, model, {}, true);
    expect(await live(house, model)).toMatchObject({ version: '14', servedVersion: '15' });
    await tell(house, model, { key: 'r2', version: '7fd1a60b' }, true);
    expect(await live(house, model)).toMatchObject({ version: '14', servedVersion: '15' });
    await tell(house, model, { key: 'r3', version: '7fd1a60b', environment: 'staging' }, true);
    expect(await live(house, model, 'staging')).toMatchObject({ version: '7fd1a60b', truth: 'release' });
  });

  it('is said by CI for a model that a whole look did not find in the registry', async ({ house }) => {
    const { model } = await house.team();
    house.later(10);
    await lookEnded(house.ctx);
    await tell(house, model, { version: 'v2' }, true);
    expect(await live(house, model)).toMatchObject({ version: 'v2', truth: 'release' });
  });

  it('is left to the request that brings it there, even where its pipeline tells us first', async ({ house }) => {
    const { model } = await house.team();
    house.later(10);
    const here = { modelId: model.id, environment: 'production' };
    await expectMove(house.ctx, here, '15');
    await tell(house, model, {});
    await aliasMoved(house.ctx, { ...here, version: '15', who: 'executor', why: 'promotion 1', truth: 'deployer' });
    expect((await movesOf(house.ctx, model.id, 'production')).map(({ who }) => who)).toEqual(['executor', 'ci']);
  });
});

describe('a release that nobody finished', () => {
  it('is overtaken when a later one is live; ours say themselves how they end', async ({ house }) => {
    const { model } = await house.team();
    const old = { state: 'running', version: '15' } as const;
    await tell(house, model, { ...old, key: 'r1' });
    await tell(house, model, { ...old, key: 'p1', isOurs: true });
    house.later(5);
    await tell(house, model, { key: 'r2', version: '16', state: 'pending' });
    const states = async () =>
      Object.fromEntries((await releasesOf(house.ctx, model.id)).map(({ key, state }) => [key, state]));
    expect(await states()).toEqual({ r1: 'running', p1: 'running', r2: 'pending' });
    house.later(5);
    await tell(house, model, { key: 'r2', version: '16' });
    expect(await states()).toEqual({ r1: 'superseded', p1: 'running', r2: 'succeeded' });
  });

  it('waits on when one that began before it is live', async ({ house }) => {
    const { model } = await house.team();
    await tell(house, model, { key: 'r1', state: 'running', version: '15' });
    house.later(5);
    await tell(house, model, { key: 'r2', state: 'pending', version: '16' });
    house.later(5);
    await tell(house, model, { key: 'r1', version: '15' });
    expect(await releasesOf(house.ctx, model.id)).toMatchObject([{ state: 'pending' }, { state: 'succeeded' }]);
  });
});

describe('serving', () => {
  it('marks the releases of its version once, whichever came first', async ({ house }) => {
    const { model } = await house.team();
    const here = { modelId: model.id, environment: 'production' };
    await tell(house, model, { strategy: 'canary', percent: 20 });
    await servedVersionSeen(house.ctx, { ...here, version: '15', at: minutes(house, -1) });
    expect((await releasesOf(house.ctx, model.id))[0]?.servedAt).toBeNull();
    house.later(5);
    await servedVersionSeen(house.ctx, { ...here, version: '15', at: house.now() });
    const first = house.now();
    house.later(5);
    await servedVersionSeen(house.ctx, { ...here, version: '15', at: house.now() });
    await servedVersionSeen(house.ctx, { ...here, version: '14', at: minutes(house, -60) });
    expect((await releasesOf(house.ctx, model.id))[0]?.servedAt).toEqual(first);
  });
});
