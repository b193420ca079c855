import { describe, expect } from 'vitest';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { requestById } from '../../../src/features/approvals/queries.ts';
import { leaseMs, mostTries } from '../../../src/features/approvals/rules.ts';
import { expireNext } from '../../../src/features/approvals/ending/changes.ts';
import { settle } from '../../../src/features/approvals/steps/store.ts';
import { liveVersion } from '../../../src/features/releases/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';

const alias = 'churn-model/champion';
const leaseMinutes = leaseMs / 60_000 + 1;

async function approved(house: House) {
  const { model } = await house.team();
  const { id } = await askFor(house.ctx, { modelId: model.id }, 'ENGI');
  await press(house.ctx, id, 'OLGA');
  await press(house.ctx, id, 'LEAD');
  return { model, id };
}
const now = (house: House, id: string) => requestById(house.ctx, id);
const card = async (house: House) => (await house.said('rollback:')).join('\n');
const movedLines = async (house: House) =>
  (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what === 'release.alias_moved').length;

const calls = ['aliasVersion', 'versionExists', 'setAlias', 'tagVersion'] as const;

/** The n-th call of the registry never comes back until it is let go; with `done` the work is done before that. */
function hangAt(house: House, n: number, done: boolean) {
  const healthy = { ...house.registry };
  const reached = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  let count = 0;
  const hang = async <T>(work: () => Promise<T>): Promise<T> => {
    count += 1;
    if (count !== n) return await work();
    const result = done ? await work() : undefined;
    reached.resolve();
    await letGo.promise;
    return result ?? (await work());
  };
  const { aliasVersion, versionExists, setAlias, tagVersion } = healthy;
  house.registry.aliasVersion = (target) => hang(() => aliasVersion(target));
  house.registry.versionExists = (target) => hang(() => versionExists(target));
  house.registry.setAlias = (target) => hang(() => setAlias(target));
  house.registry.tagVersion = (target) => hang(() => tagVersion(target));
  return {
    reached: reached.promise,
    letGo: () => letGo.resolve(),
    heal: () => {
      for (const call of calls) Object.assign(house.registry, { [call]: healthy[call] });
    },
  };
}

/** The n-th call of the registry is refused; with `done` its work is done all the same. */
function refuseAt(house: House, n: number, done: boolean) {
  const healthy = { ...house.registry };
  let count = 0;
  const refuse = async <T>(work: () => Promise<T>): Promise<T> => {
    count += 1;
    if (count !== n) return await work();
    if (done) await work();
    throw new Refusal('MLflow does not answer.');
  };
  house.registry.aliasVersion = (target) => refuse(() => healthy.aliasVersion(target));
  house.registry.versionExists = (target) => refuse(() => healthy.versionExists(target));
  house.registry.setAlias = (target) => refuse(() => healthy.setAlias(target));
  house.registry.tagVersion = (target) => refuse(() => healthy.tagVersion(target));
  return () => {
    for (const call of calls) Object.assign(house.registry, { [call]: healthy[call] });
  };
}

describe('an executor that is killed', () => {
  // Read, does the version exist, set, read again, tag the one that left, tag the one that came.
  const steps = [1, 2, 3, 4, 5, 6];
  const kills = steps.flatMap((n) => [
    { n, done: false },
    { n, done: true },
  ]);

  it.for(kills)(
    'at call $n, its work done: $done, is followed by another, and the alias moves once',
    async (kill, { house }) => {
      const { id } = await approved(house);
      const first = hangAt(house, kill.n, kill.done);
      const dead = executeNext(house.ctx);
      await first.reached;
      expect(await executeNext(house.ctx)).toBe(false);
      first.heal();
      house.later(leaseMinutes);
      expect(await executeNext(house.ctx)).toBe(true);
      expect(house.registry.moves).toEqual(['13']);
      expect(house.registry.aliases.get(alias)).toBe('13');
      expect(await now(house, id)).toMatchObject({ state: 'moved', fence: 2 });
      expect(await movedLines(house)).toBe(2);

      // The first wakes up after all: its words come too late to be written.
      const before = await now(house, id);
      first.letGo();
      await dead;
      expect(await now(house, id)).toEqual(before);
      expect(await movedLines(house)).toBe(2);
      expect(house.registry.aliases.get(alias)).toBe('13');
    },
  );

  it('after the alias was moved, where the next finds the registry silent: unclear, never failed', async ({
    house,
  }) => {
    const { id } = await approved(house);
    const first = hangAt(house, 3, true);
    void executeNext(house.ctx);
    await first.reached;
    first.heal();
    const { aliasVersion } = house.registry;
    house.registry.aliasVersion = () => Promise.reject(new Refusal('MLflow does not answer.'));
    house.later(leaseMinutes);
    await executeNext(house.ctx);
    expect(await now(house, id)).toMatchObject({ state: 'unclear' });
    house.registry.aliasVersion = aliasVersion;
    house.later(1);
    await executeNext(house.ctx);
    expect(await now(house, id)).toMatchObject({ state: 'moved' });
    expect(house.registry.moves).toEqual(['13']);
  });

  it('has no seventh call to be killed at', async ({ house }) => {
    const { id } = await approved(house);
    hangAt(house, steps.length + 1, false);
    await executeNext(house.ctx);
    expect(await now(house, id)).toMatchObject({ state: 'moved', fence: 1 });
  });

  it('and whose alias was moved elsewhere meanwhile leaves it there', async ({ house }) => {
    const { id } = await approved(house);
    const first = hangAt(house, 1, false);
    void executeNext(house.ctx);
    await first.reached;
    first.heal();
    house.registry.aliases.set(alias, '15');
    house.later(leaseMinutes);
    await executeNext(house.ctx);
    expect(house.registry.moves).toEqual([]);
    expect(await now(house, id)).toMatchObject({ state: 'stale' });
    expect(await card(house)).toContain('champion points to version 15, the approver saw version 14');
  });
});

describe('a registry that says no', () => {
  // What becomes of it when the n-th call is refused, before its work and after it.
  it.for([
    [1, false, 'failed'],
    [2, false, 'failed'],
    [3, false, 'failed'],
    [3, true, 'moved'],
    [4, false, 'unclear'],
    [5, false, 'moved'],
    [6, false, 'moved'],
  ] as const)('at call %i, its work done: %s: %s, and that is so', async ([n, done, state], { house }) => {
    const { id } = await approved(house);
    const heal = refuseAt(house, n, done);
    await executeNext(house.ctx);
    expect(await now(house, id)).toMatchObject({ state });
    expect(house.registry.aliases.get(alias)).toBe(state === 'failed' ? '14' : '13');
    heal();
    house.later(leaseMinutes);
    expect(await executeNext(house.ctx)).toBe(state === 'unclear');
    expect(await now(house, id)).toMatchObject({ state: state === 'failed' ? 'failed' : 'moved' });
    expect(house.registry.moves).toEqual(state === 'failed' ? [] : ['13']);
  });

  it('to a bug of ours does not make us say that nothing happened', async ({ house }) => {
    const { id } = await approved(house);
    const { aliasVersion } = house.registry;
    house.registry.aliasVersion = () => Promise.reject(new TypeError('x is undefined'));
    await executeNext(house.ctx);
    expect(await now(house, id)).toMatchObject({ state: 'unclear' });
    house.registry.aliasVersion = aliasVersion;
    for (let i = 0; i < 2; i += 1) {
      house.later(1);
      await executeNext(house.ctx);
    }
    expect(await now(house, id)).toMatchObject({ state: 'moved' });
  });
});

describe('what cannot be read', () => {
  const silent = () => Promise.reject(new Error('MLflow could not be asked: it is down.'));

  async function unclear(house: House) {
    const { id, model } = await approved(house);
    const { aliasVersion, setAlias } = house.registry;
    house.registry.setAlias = async (target) => {
      await setAlias(target);
      house.registry.aliasVersion = silent;
      throw new Error('the connection was cut');
    };
    await executeNext(house.ctx);
    const heal = () => Object.assign(house.registry, { aliasVersion, setAlias });
    return { id, model, heal };
  }

  it('is said to be unclear, never done; the next look that can be had decides', async ({ house }) => {
    const { id, heal } = await unclear(house);
    expect(await now(house, id)).toMatchObject({ state: 'unclear' });
    expect(await card(house)).toContain('nobody can read whether the alias was moved');
    house.later(leaseMinutes);
    await executeNext(house.ctx);
    expect(await now(house, id)).toMatchObject({ state: 'unclear', tries: 1 });
    heal();
    house.later(leaseMinutes);
    await executeNext(house.ctx);
    expect(await now(house, id)).toMatchObject({ state: 'moved' });
    expect(house.registry.moves).toEqual(['13']);
  });

  it('that turns out not to have happened is done again, once', async ({ house }) => {
    const { id, heal } = await unclear(house);
    heal();
    house.registry.aliases.set(alias, '14');
    for (let i = 0; i < 3; i += 1) {
      house.later(leaseMinutes);
      await executeNext(house.ctx);
    }
    expect(await now(house, id)).toMatchObject({ state: 'moved' });
    expect(house.registry.moves).toEqual(['13', '13']);
  });

  it('is not looked at for ever: after that a person says what stands, with a reason', async ({ house }) => {
    const { id, model } = await unclear(house);
    for (let i = 0; i < mostTries; i += 1) {
      house.later(leaseMinutes);
      await executeNext(house.ctx);
    }
    house.later(leaseMinutes);
    expect(await executeNext(house.ctx)).toBe(false);
    expect(await card(house)).toContain('press "Say what stands": I have stopped looking.');
    await expect(settle(house.ctx, id, 'moved', 'I looked in MLflow', 'PROD')).rejects.toThrow('did not count');
    await settle(house.ctx, id, 'moved', 'I looked in MLflow', 'OLGA');
    expect(await now(house, id)).toMatchObject({ state: 'moved', endedBy: 'OLGA' });
    expect(await liveVersion(house.ctx, model.id, 'production')).toMatchObject({ version: '13' });
    await expect(settle(house.ctx, id, 'failed', 'no, it did not', 'LEAD')).rejects.toThrow('Rollback 1 was already');
  });

  it('is not tried again for ever either, where each try ends like that', async ({ house }) => {
    const { id } = await approved(house);
    const { aliasVersion } = house.registry;
    let tries = 0;
    house.registry.setAlias = () => {
      tries += 1;
      house.registry.aliasVersion = async (target) => {
        house.registry.aliasVersion = aliasVersion;
        await aliasVersion(target);
        return await silent();
      };
      return Promise.reject(new Error('the connection was cut'));
    };
    let looks = 0;
    do {
      house.later(leaseMinutes);
      looks += 1;
    } while (looks < 100 && (await executeNext(house.ctx)));
    expect(tries).toBe(mostTries + 1);
    expect(await now(house, id)).toMatchObject({ state: 'unclear' });
  });

  it.for([
    ['failed', 'failed', '*Failed*, approved by <@OLGA> and <@LEAD>. Nothing happened: I looked in MLflow'],
    ['again', 'executing', '*Being carried out*'],
  ] as const)('and a person says "%s": it is %s', async ([saw, state, words], { house }) => {
    const { id } = await unclear(house);
    await settle(house.ctx, id, saw, 'I looked in MLflow', 'OLGA');
    expect(await now(house, id)).toMatchObject({ state, tries: 0 });
    expect(await card(house)).toContain(words);
  });

  it('and a person says so while an executor is looking: the person counts', async ({ house }) => {
    const { id, heal } = await unclear(house);
    heal();
    house.later(leaseMinutes);
    const looking = hangAt(house, 1, false);
    const look = executeNext(house.ctx);
    await looking.reached;
    await settle(house.ctx, id, 'failed', 'I looked in MLflow', 'OLGA');
    looking.letGo();
    await look;
    expect(await now(house, id)).toMatchObject({ state: 'failed', endedBy: 'OLGA' });
    expect(await movedLines(house)).toBe(1);
  });
});

describe('before the first step', () => {
  it('a version that is gone from the registry stops it', async ({ house }) => {
    const { id } = await approved(house);
    house.registry.versionExists = () => Promise.resolve(false);
    await executeNext(house.ctx);
    expect(await now(house, id)).toMatchObject({ state: 'failed' });
    expect(await card(house)).toContain('MLflow has no version 13 of churn-model any more, so nothing was moved.');
    expect(house.registry.moves).toEqual([]);
  });

  it('an approval that nobody began within the hour is over', async ({ house }) => {
    const { id } = await approved(house);
    house.later(61);
    expect(await executeNext(house.ctx)).toBe(false);
    expect(house.registry.moves).toEqual([]);
    expect(await expireNext(house.ctx)).toBe(true);
    expect(await now(house, id)).toMatchObject({ state: 'expired' });
    expect(await card(house)).toContain('*Expired* before it was begun, though approved');
  });
});
