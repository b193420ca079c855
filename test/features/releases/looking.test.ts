import { sql } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import type { Context } from '../../../src/context.ts';
import { registerModel } from '../../../src/features/models/store.ts';
import { lookNext } from '../../../src/features/releases/registry/looking.ts';
import { silentSince } from '../../../src/features/releases/registry/queries.ts';
import { claimLook, lookDone, wantLook } from '../../../src/features/releases/registry/store.ts';
import {
  aliasMoved,
  expectMove,
  liveVersion,
  movesOf,
  servedVersionSeen,
} from '../../../src/features/releases/store.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import type { Registry } from '../../../src/ports.ts';
import { type House, it } from '../../support/house.ts';

/** What a registry lists, in pages of 500; `during` happens after it has answered and before we hear it. */
interface World {
  readonly aliases: Map<string, Record<string, string>>;
  readonly deleted: Set<string>;
  during: () => Promise<void>;
  problem: string | undefined;
  calls: number;
}

function worldOf(listed: Record<string, Record<string, string>> = { 'churn-model': { champion: '14' } }): World {
  return {
    aliases: new Map(Object.entries(listed)),
    deleted: new Set(),
    during: () => Promise.resolve(),
    problem: undefined,
    calls: 0,
  };
}

function at(house: House, world: World): Context {
  const asked = async <T>(answer: () => T): Promise<T> => {
    world.calls += 1;
    if (world.problem !== undefined) throw new Refusal(world.problem);
    const said = answer();
    await world.during();
    return said;
  };
  const registry: Registry = {
    ...house.registry,
    aliasPage: (page) =>
      asked(() => {
        const from = Number(page ?? 0);
        const all = [...world.aliases].map(([name, aliases]) => ({ name, aliases: { ...aliases } }));
        const next = from + 500 < all.length ? { next: `${from + 500}` } : {};
        return { models: all.slice(from, from + 500), ...next };
      }),
    aliasVersion: ({ model, alias }) => asked(() => world.aliases.get(model)?.[alias]),
    versionExists: ({ version }) => asked(() => !world.deleted.has(version)),
  };
  return { ...house.ctx, registry };
}

async function look(house: House, world: World): Promise<void> {
  await wantLook(house.ctx);
  expect(await lookNext(at(house, world))).toBe(true);
  expect(await lookNext(at(house, world))).toBe(false);
}

const here = (modelId: string) => ({ modelId, environment: 'production' });
const live = (house: House, modelId: string) => liveVersion(house.ctx, modelId, 'production');
const moves = async (house: House, modelId: string) =>
  (await movesOf(house.ctx, modelId, 'production')).map(
    (move) => `${move.fromVersion ?? '-'} > ${move.toVersion} ${move.who}: ${move.why}`,
  );
const told = async (house: House, start: string) =>
  (await linesOf(house.ctx.db, 'T1')).flatMap(({ what, summary }) => (what.startsWith(start) ? [summary] : []));

describe('an alias', () => {
  it('that stands where we think changes nothing, and writes nothing', async ({ house }) => {
    const { model } = await house.team();
    const lines = (await linesOf(house.ctx.db, 'T1')).length;
    for (let i = 0; i < 3; i += 1) await look(house, worldOf());
    expect(await live(house, model.id)).toMatchObject({ version: '14', truth: 'registry', revision: 1 });
    expect(await linesOf(house.ctx.db, 'T1')).toHaveLength(lines);
  });

  it('that moved behind our back is a move of the registry, once', async ({ house }) => {
    const { model } = await house.team();
    const world = worldOf({ 'churn-model': { champion: '15' } });
    for (let i = 0; i < 2; i += 1) await look(house, world);
    expect(await moves(house, model.id)).toEqual(['14 > 15 MLflow: moved in MLflow', '- > 14 ci: release']);
    expect(await live(house, model.id)).toMatchObject({ version: '15', revision: 2 });
  });

  it('of a model that nothing was known of is what is live', async ({ house }) => {
    const { teamId } = await house.team();
    const model = await registered(house, teamId, 'fraud-model');
    await look(house, worldOf({ 'churn-model': { champion: '14' }, 'fraud-model': { champion: '3' } }));
    expect(await moves(house, model.id)).toEqual(['- > 3 MLflow: live in MLflow when I first looked']);
  });

  it('that was deleted is seen, and seen again when it is back', async ({ house }) => {
    const { model } = await house.team();
    const world = worldOf();
    await look(house, world);
    world.aliases.set('churn-model', {});
    for (let i = 0; i < 2; i += 1) await look(house, world);
    expect(await live(house, model.id)).toMatchObject({ version: '14', missing: 'alias', missingSince: house.now() });
    world.aliases.set('churn-model', { champion: '14' });
    await look(house, world);
    expect(await live(house, model.id)).toMatchObject({ version: '14', missing: null, missingSince: null });
    expect(await told(house, 'release.alias_missing')).toEqual([
      'has no alias champion any more',
      'has the alias champion on version 14 again',
    ]);
  });

  it('that came back on another version has moved', async ({ house }) => {
    const { model } = await house.team();
    const world = worldOf();
    for (const aliases of [{ champion: '14' }, {}, { champion: '13' }]) {
      world.aliases.set('churn-model', aliases);
      await look(house, world);
    }
    expect(await live(house, model.id)).toMatchObject({ version: '13', missing: null });
  });

  it.for([
    ['version', { 'churn-model': {} }, 'has no version 14 any more, so the alias champion is gone with it'],
    ['model', {}, 'no longer lists the model churn-model'],
  ] as const)('whose %s was deleted says so, once', async ([missing, listed, words], { house }) => {
    const { model } = await house.team();
    const world = worldOf();
    await look(house, world);
    world.aliases.clear();
    for (const [name, aliases] of Object.entries(listed)) world.aliases.set(name, aliases);
    if (missing === 'version') world.deleted.add('14');
    for (let i = 0; i < 2; i += 1) await look(house, world);
    expect(await live(house, model.id)).toMatchObject({ version: '14', missing });
    expect(await told(house, 'release.alias_missing')).toEqual([words]);
  });

  it('that never stood in the registry is not missed there', async ({ house }) => {
    const { model } = await house.team();
    await look(house, worldOf({}));
    expect(await live(house, model.id)).toMatchObject({ missing: null });
    expect(await told(house, 'release.alias_missing')).toEqual([]);
  });

  it('says nothing of a model that another deployer brings to its place', async ({ house }) => {
    const { model } = await house.team();
    const move = { ...here(model.id), version: '16', who: 'executor', why: 'promotion 1', truth: 'deployer' } as const;
    await aliasMoved(house.ctx, move);
    for (const aliases of [{ champion: '14' }, {}]) await look(house, worldOf({ 'churn-model': aliases }));
    expect(await live(house, model.id)).toMatchObject({ version: '16', missing: null });
  });

  it('of a retired model is not looked at', async ({ house }) => {
    const { model } = await house.team();
    await house.ctx.db.execute(sql`update models set retired_at = now()`);
    await look(house, worldOf({ 'churn-model': { champion: '99' } }));
    expect(await live(house, model.id)).toMatchObject({ version: '14' });
  });
});

describe('our own moves', () => {
  const ours = (modelId: string) => ({ ...here(modelId), version: '15', who: 'executor', why: 'promotion 1' });

  it('are not taken for those of a stranger while they are carried out', async ({ house }) => {
    const { model } = await house.team();
    await expectMove(house.ctx, here(model.id), '15');
    await look(house, worldOf({ 'churn-model': { champion: '15' } }));
    expect(await live(house, model.id)).toMatchObject({ version: '14' });
    await aliasMoved(house.ctx, ours(model.id));
    await expectMove(house.ctx, here(model.id), null);
    await look(house, worldOf({ 'churn-model': { champion: '15' } }));
    expect(await moves(house, model.id)).toEqual(['14 > 15 executor: promotion 1', '- > 14 ci: release']);
  });

  it('are not undone by a look that began before them', async ({ house }) => {
    const { model } = await house.team();
    await look(house, worldOf());
    const world = worldOf({ 'churn-model': { champion: '14' } });
    world.during = async () => {
      world.during = () => Promise.resolve();
      world.aliases.set('churn-model', { champion: '15' });
      await aliasMoved(house.ctx, ours(model.id));
    };
    await look(house, world);
    expect(await moves(house, model.id)).toEqual(['14 > 15 executor: promotion 1', '- > 14 ci: release']);
  });

  it('are not done again by a look that saw only the first of two', async ({ house }) => {
    const { model } = await house.team();
    const world = worldOf({ 'churn-model': { champion: '15' } });
    world.during = async () => {
      await aliasMoved(house.ctx, ours(model.id));
      await aliasMoved(house.ctx, { ...ours(model.id), version: '14', why: 'rollback 1' });
    };
    await look(house, world);
    expect(await moves(house, model.id)).toHaveLength(3);
    expect(await live(house, model.id)).toMatchObject({ version: '14' });
  });

  it('of a first version are ours as well', async ({ house }) => {
    const { teamId } = await house.team();
    const model = await registered(house, teamId, 'fraud-model');
    await expectMove(house.ctx, here(model.id), '15');
    await look(house, worldOf({ 'churn-model': { champion: '14' }, 'fraud-model': { champion: '15' } }));
    await aliasMoved(house.ctx, ours(model.id));
    expect(await moves(house, model.id)).toEqual(['- > 15 executor: promotion 1']);
  });

  it('do not hide that a stranger moved it elsewhere meanwhile', async ({ house }) => {
    const { model } = await house.team();
    await expectMove(house.ctx, here(model.id), '15');
    await look(house, worldOf({ 'churn-model': { champion: '12' } }));
    await look(house, worldOf({ 'churn-model': { champion: '15' } }));
    expect(await moves(house, model.id)).toEqual(['14 > 12 MLflow: moved in MLflow', '- > 14 ci: release']);
  });
});

describe('a registry in trouble', () => {
  it('is told to the operator once after three misses, and once when it is back', async ({ house }) => {
    await house.team();
    const world = worldOf();
    world.problem = 'MLflow could not be asked: it is down.';
    const began = house.now();
    for (let i = 0; i < 5; i += 1) {
      await look(house, world);
      if (i === 1) expect(await silentSince(house.ctx)).toBeUndefined();
      house.later(1);
    }
    expect(await silentSince(house.ctx)).toEqual(began);
    world.problem = undefined;
    for (let i = 0; i < 2; i += 1) await look(house, world);
    expect(await silentSince(house.ctx)).toBeUndefined();
    expect(await told(house, 'registry.')).toEqual([
      'the registry could not be looked at: MLflow could not be asked: it is down.',
      'the registry can be looked at again',
    ]);
  });

  it('that fails on its second page has said nothing of what it did not list', async ({ house }) => {
    const { model } = await house.team();
    await look(house, worldOf());
    const many = Array.from({ length: 600 }, (_, i) => [`m${i}`, {}] as const);
    const world = worldOf(Object.fromEntries(many));
    world.during = () => {
      world.problem = 'MLflow says: database is locked.';
      return Promise.resolve();
    };
    await look(house, world);
    expect(await live(house, model.id)).toMatchObject({ missing: null });
  });

  it('that breaks in a way nobody foresaw is a miss as well, and logged', async ({ house }) => {
    await house.team();
    const world = worldOf();
    const logged: string[] = [];
    world.during = () => Promise.reject(new TypeError('cannot read'));
    await wantLook(house.ctx);
    const log = { ...house.ctx.log, error: (_: object, text: string) => void logged.push(text) };
    expect(await lookNext({ ...at(house, world), log })).toBe(true);
    expect(logged).toEqual(['a look at the registry broke']);
  });

  it('whose pages never end is left after a thousand', async ({ house }) => {
    await house.team();
    const world = worldOf();
    const ctx = at(house, world);
    const registry = ctx.registry && { ...ctx.registry, aliasPage: () => Promise.resolve({ models: [], next: 'x' }) };
    await wantLook(house.ctx);
    expect(await lookNext({ ...ctx, registry })).toBe(true);
    expect(await lookNext({ ...ctx, registry })).toBe(false);
  });

  it('is nobody’s trouble any more when none is connected', async ({ house }) => {
    await house.team();
    const world = worldOf();
    world.problem = 'down';
    for (let i = 0; i < 3; i += 1) await look(house, world);
    await wantLook(house.ctx);
    await lookNext({ ...house.ctx, registry: undefined });
    expect(await silentSince(house.ctx)).toBeUndefined();
  });
});

describe('a hint', () => {
  it('is followed at once, for every model that follows the registered one', async ({ house }) => {
    const { model, teamId } = await house.team();
    const eu = await registered(house, teamId, 'churn-eu', { registryName: 'churn-model', alias: 'eu' });
    const world = worldOf({ 'churn-model': { champion: '15', eu: '13' } });
    await wantLook(house.ctx, 'churn-model');
    expect(await lookNext(at(house, world))).toBe(true);
    expect(await live(house, model.id)).toMatchObject({ version: '15', missing: null });
    expect(await live(house, eu.id)).toMatchObject({ version: '13', missing: null });
  });

  it('that comes during a look is looked at again', async ({ house }) => {
    const { model } = await house.team();
    const world = worldOf();
    world.during = async () => {
      world.during = () => Promise.resolve();
      world.aliases.set('churn-model', { champion: '15' });
      await wantLook(house.ctx, 'churn-model');
    };
    await wantLook(house.ctx, 'churn-model');
    while (await lookNext(at(house, world))) continue;
    expect(await live(house, model.id)).toMatchObject({ version: '15' });
  });

  it('is tried three times, a few seconds apart', async ({ house }) => {
    await house.team();
    const world = worldOf();
    world.problem = 'down';
    await wantLook(house.ctx, 'churn-model');
    for (const left of [true, true, true, false]) {
      expect(await lookNext(at(house, world))).toBe(left);
      if (left) expect(await lookNext(at(house, world))).toBe(false);
      house.later(1);
    }
  });

  it('is held by one process at a time, and taken over when that one is gone', async ({ house }) => {
    await wantLook(house.ctx, 'a');
    const first = await claimLook(house.ctx);
    expect(first?.name).toBe('a');
    expect(await claimLook(house.ctx)).toBeUndefined();
    house.later(3);
    const second = await claimLook(house.ctx);
    expect(second?.name).toBe('a');
    if (second) await lookDone(house.ctx, second, true);
    house.later(3);
    expect(await claimLook(house.ctx)).toBeUndefined();
  });
});

describe('a long registry', () => {
  it('of 5,000 models is one read and ten calls while nothing changes', async ({ house }) => {
    const { teamId } = await house.team();
    await house.ctx.db.execute(sql`
      insert into models (workspace, id, name, team_id, owner_id, channel, tier, registry_name, registered_at)
      select 'T1', gen_random_uuid(), 'm' || i, ${teamId}::uuid, 'OLGA', 'C1', 3, 'm' || i, now()
      from generate_series(1, 5000) i`);
    await house.ctx.db.execute(sql`
      insert into live_versions (workspace, model_id, environment, version, since, truth)
      select workspace, id, 'production', '1', now(), 'registry' from models where name like 'm%'`);
    const world = worldOf({ 'churn-model': { champion: '14' } });
    for (let i = 1; i <= 5000; i += 1) world.aliases.set(`m${i}`, { champion: '1' });
    await look(house, world);
    world.calls = 0;
    await wantLook(house.ctx);
    const { ctx, count } = counted(at(house, world));
    await lookNext(ctx);
    expect(world.calls).toBe(11);
    expect(count()).toBeLessThan(8);

    const changed = ['m7', 'm900', 'm4999'];
    for (const name of changed) world.aliases.set(name, { champion: '2' });
    world.aliases.delete('m3000');
    await look(house, world);
    expect((await told(house, 'release.alias_moved')).filter((line) => line.endsWith('moved in MLflow'))).toHaveLength(
      3,
    );
    expect(await told(house, 'release.alias_missing')).toEqual(['no longer lists the model m3000']);
  }, 60_000);
});

it('serving seen before anybody looked is no move', async ({ house }) => {
  const { teamId } = await house.team();
  const model = await registered(house, teamId, 'fraud-model');
  await servedVersionSeen(house.ctx, { ...here(model.id), version: '3', at: house.now() });
  await look(house, worldOf({ 'churn-model': { champion: '14' }, 'fraud-model': { champion: '3' } }));
  expect(await moves(house, model.id)).toEqual([]);
  expect(await live(house, model.id)).toMatchObject({ version: '3', truth: 'registry' });
});

function registered(house: House, teamId: string, name: string, more: { registryName?: string; alias?: string } = {}) {
  const { registryName = name, ...rest } = more;
  return registerModel(
    house.ctx,
    { name, teamId, ownerId: 'OLGA', deputyId: 'DEPU', channel: 'C1', tier: 1, registryName, ...rest },
    'OLGA',
  );
}

/** How often the database is asked, where a transaction counts as one. */
function counted(ctx: Context): { ctx: Context; count: () => number } {
  let count = 0;
  const verbs = new Set<string | symbol>(['select', 'insert', 'update', 'delete', 'execute', 'transaction']);
  const db = new Proxy(ctx.db, {
    get: (target, name, receiver) => {
      if (verbs.has(name)) count += 1;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  return { ctx: { ...ctx, db }, count: () => count };
}
