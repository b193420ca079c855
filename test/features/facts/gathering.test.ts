import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { Context } from '../../../src/context.ts';
import type { Db } from '../../../src/db/client.ts';
import { acknowledge } from '../../../src/features/drift/changes.ts';
import { gathered, type Provider } from '../../../src/features/facts/gathering.ts';
import { factsFor, teamFactsFor } from '../../../src/features/facts/queries.ts';
import type { Fact } from '../../../src/features/facts/rules.ts';
import { update } from '../../../src/features/incidents/news/changes.ts';
import { openIncidents } from '../../../src/features/incidents/queries.ts';
import { modelNamed } from '../../../src/features/models/queries.ts';
import { setGoal } from '../../../src/features/goals/store.ts';
import { takeReadings } from '../../../src/features/drift/intake.ts';
import { aliasMoved } from '../../../src/features/releases/store.ts';
import { askFor } from '../../support/asking.ts';
import { House, it } from '../../support/house.ts';
import { declared } from '../incidents/support.ts';
import { another, windows } from './support.ts';

const known = (key: string): Fact => ({
  key,
  kind: 'alert',
  words: 'Something is.',
  becomes: 'know',
  suggestion: 'Something',
  at: new Date(0),
});
const quick: Provider = {
  kind: 'alert',
  read: (_, asked) => Promise.resolve(asked.map(({ personId }) => ({ personId, fact: known('alert:1') }))),
};
const broken: Provider = {
  kind: 'run',
  read: async (ctx) => {
    await ctx.db.execute(sql`select 1 / 0`);
    return [];
  },
};
const asked = [{ personId: 'OLGA', since: new Date(0) }];

/** Where nobody's transaction is open. */
const outside = (database: Db) => new House(database).ctx;

describe('a source that does not answer', () => {
  it('is named, and the rest is told', async ({ database }) => {
    const { promise, resolve } = Promise.withResolvers<[]>();
    const late: Provider = { kind: 'goal', read: () => promise };
    const warned: unknown[] = [];
    const ctx = outside(database);
    Object.assign(ctx, { log: { ...ctx.log, warn: (about: object) => void warned.push(about) } });
    const { facts, missing } = await gathered(ctx, asked, [quick, broken], 5_000);
    expect(missing).toEqual(['run']);
    expect(facts.get('OLGA')).toEqual([known('alert:1')]);
    expect(warned).toMatchObject([{ facts: 'run' }]);
    const abandoned = await gathered(ctx, asked, [quick, late], 500);
    expect(abandoned.missing).toEqual(['goal']);
    expect(abandoned.facts.get('OLGA')).toEqual([known('alert:1')]);
    resolve([]);
  });

  it('does not harm the transaction that it is asked in', async ({ house }) => {
    await house.team();
    const { facts, missing } = await gathered(house.ctx, asked, [broken, quick]);
    expect(missing).toEqual(['run']);
    expect(facts.get('OLGA')).toHaveLength(1);
    await windows(house, await modelOf(house), true);
    expect((await factsFor(house.ctx, asked)).missing).toEqual([]);
  });

  it('cannot write', async ({ house }) => {
    await house.team();
    const writes: Provider = {
      kind: 'data',
      read: async (ctx) => {
        await ctx.db.execute(sql`update models set name = 'mine'`);
        return [];
      },
    };
    expect((await gathered(house.ctx, asked, [writes])).missing).toEqual(['data']);
    expect((await modelOf(house)).name).toBe('churn-model');
  });
});

describe('many people at once', () => {
  it('are told what each alone would be told, each since their own instant', async ({ house }) => {
    const ids = await lively(house);
    const start = new Date('2026-03-02T09:00:00Z').getTime();
    const one = fc.record({ personId: fc.constantFrom(...ids), minutes: fc.integer({ min: 0, max: 60 * 60 }) });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(one, { selector: ({ personId }) => personId, minLength: 2 }), async (drawn) => {
        const all = drawn.map(({ personId, minutes }) => ({ personId, since: new Date(start + minutes * 60_000) }));
        const together = await factsFor(house.ctx, all);
        for (const each of all) {
          const alone = await factsFor(house.ctx, [each]);
          expect(together.facts.get(each.personId)).toEqual(alone.facts.get(each.personId));
        }
      }),
      { numRuns: 5 },
    );
  });

  it('hear nothing from before their instant but what is still open', async ({ house }) => {
    const ids = await lively(house);
    const since = new Date(house.now().getTime() - 60_000);
    const { facts } = await factsFor(
      house.ctx,
      ids.map((personId) => ({ personId, since })),
    );
    const old = [...facts.values()].flat().filter(({ at }) => at <= since);
    expect(old.length).toBeGreaterThan(0);
    expect(old.filter(({ words }) => !/is open|waits|is in trouble|is under way/.test(words))).toEqual([]);
  });

  it('cost as many statements as one, and 200 of them are told in one go', async ({ house }) => {
    await lively(house);
    const counted = counting(house.ctx);
    await factsFor(counted.ctx, asked);
    const forOne = counted.statements();
    const people = Array.from({ length: 200 }, (_, i) => ({
      personId: i === 0 ? 'OLGA' : `U${i}`,
      since: new Date(0),
    }));
    const { facts, missing } = await factsFor(counted.ctx, people);
    expect(missing).toEqual([]);
    expect(facts.size).toBe(200);
    expect(counted.statements() - forOne).toBe(forOne);
    // Eight kinds with two reads at most, and the limits of each.
    expect(forOne).toBeLessThanOrEqual(8 * 3);
  });

  it('never hear of another workspace', async ({ house }) => {
    const ids = await lively(house);
    const there = house.elsewhere('T2');
    const { facts } = await factsFor(
      there,
      ids.map((personId) => ({ personId, since: new Date(0) })),
    );
    expect([...facts.values()].flat()).toEqual([]);
  });

  it('are told what waits first, then what is in the way, alerts, incidents and the rest', async ({ house }) => {
    await lively(house);
    const { facts } = await factsFor(house.ctx, [{ personId: 'OLGA', since: new Date(0) }]);
    const told = facts.get('OLGA') ?? [];
    expect(told.map(({ kind }) => kind)).toEqual([
      'approval',
      'alert',
      'alert',
      'incident',
      'release',
      'release',
      'goal',
    ]);
    expect(told.filter(({ kind }) => kind === 'release').map(({ at }) => at.getTime())).toEqual(
      told
        .filter(({ kind }) => kind === 'release')
        .map(({ at }) => at.getTime())
        .toSorted((a, b) => a - b),
    );
  });
});

describe('a team', () => {
  it('is told which of its models are off goal, with who owns them and what is done', async ({ house }) => {
    await lively(house);
    const model = await modelOf(house);
    const { teams, missing } = await teamFactsFor(house.ctx, [model.teamId], new Map([[model.teamId, new Date(0)]]));
    expect(missing).toEqual([]);
    const told = teams.get(model.teamId);
    expect(told?.offGoal).toEqual([
      {
        modelId: model.id,
        model: 'churn-model',
        ownerId: 'OLGA',
        words:
          'AUC is off goal since 2 Mar: it is 0.85, and the goal is at least 0.9 (0.05 short). Incident 1 is open; drift alert 1 is being looked into; rollback 1 is asked for.',
      },
    ]);
    expect(told?.alerts.map(({ words }) => words)).toEqual([
      'Drift alert 1 of churn-model (PSI of tenure_days) is open since 2 Mar; somebody is on it.',
      'Drift alert 2 of fraud-model (PSI of tenure_days) is open since 2 Mar; nobody is on it.',
    ]);
    expect(told?.incidents.map(({ words }) => words)).toEqual([
      'Incident 1 of churn-model (Scores @channel are off) is open since 2 Mar; nobody leads it.',
    ]);
    expect(told?.releases.map(({ words }) => words)).toEqual([
      'Seen by the system: version 14 of churn-model went live on 2 Mar.',
      'Seen by the system: version 15 of fraud-model went live on 2 Mar.',
    ]);
  });

  it('that has nothing to be told is in the answer all the same', async ({ house }) => {
    const { teamId } = await house.team();
    house.later(60);
    const { teams } = await teamFactsFor(house.ctx, [teamId, teamId], new Map([[teamId, house.now()]]));
    expect([...teams]).toEqual([[teamId, { releases: [], data: [], alerts: [], incidents: [], offGoal: [] }]]);
    expect([...(await teamFactsFor(house.elsewhere('T2'), [teamId], new Map())).teams.values()]).toMatchObject([
      { offGoal: [], releases: [] },
    ]);
  });
});

/** Something of most kinds, over a day, for two models of one team. */
async function lively(house: House): Promise<string[]> {
  await declared(house);
  const model = await modelOf(house);
  const goal = { name: 'AUC', kind: 'performance', measure: 'value', metric: 'auc', column: '', unit: '' } as const;
  const target = { direction: 'at_least', target: 0.9, limit: null, periodDays: 30 } as const;
  await setGoal(house.ctx, model.id, { ...goal, ...target }, 'OLGA');
  const read = (value: number) => [{ model: model.name, metric: 'auc', value, at: house.now().toISOString() }];
  await takeReadings(house.ctx, read(0.95));
  await windows(house, model, true);
  await acknowledge(house.ctx, { number: 1 }, 'DEPU');
  await takeReadings(house.ctx, read(0.85));
  const fraud = await another(house, model, 'fraud-model', { deputyId: 'ENGI' });
  await windows(house, fraud, true);
  await aliasMoved(house.ctx, { modelId: fraud.id, environment: 'production', version: '15', who: 'ci', why: 'CI' });
  house.later(23 * 60);
  await askFor(house.ctx, { modelId: model.id }, 'ENGI');
  const [incident] = await openIncidents(house.ctx, 'OLGA');
  await update(house.ctx, incident?.id ?? '', { conditions: 'Looking.', actions: '', needs: '' }, 'OLGA');
  return ['OLGA', 'DEPU', 'LEAD', 'ENGI', 'PROD'];
}

const modelOf = (house: House) => modelNamed(house.ctx, 'churn-model');

/** Every statement that is sent, in whatever transaction; what begins and ends one is not counted. */
function counting(ctx: Context): { ctx: Context; statements: () => number } {
  let sent = 0;
  const watch = (db: Db): Db =>
    new Proxy(db, {
      get(target, name) {
        if (name === 'execute' || name === 'select') sent += 1;
        const value: unknown = Reflect.get(target, name);
        if (name === 'transaction')
          return (work: (inner: Db) => Promise<unknown>) => target.transaction((inner) => work(watch(inner)));
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  return { ctx: { ...ctx, db: watch(ctx.db) }, statements: () => sent };
}
