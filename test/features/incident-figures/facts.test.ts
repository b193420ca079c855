import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { closeAsNotUseful } from '../../../src/features/drift/changes.ts';
import { factsSince } from '../../../src/features/incident-figures/queries.ts';
import { durationsOf } from '../../../src/features/incident-figures/rules.ts';
import { alertsEnded } from '../../../src/features/incident-figures/shares/queries.ts';
import { sharesOf } from '../../../src/features/incident-figures/shares/rules.ts';
import { callsSince } from '../../../src/features/incident-figures/shifts/queries.ts';
import { cancel, mitigate, reopen, resolve } from '../../../src/features/incidents/changes.ts';
import { correctTimes } from '../../../src/features/incidents/times/changes.ts';
import { takeIncidents } from '../../../src/features/incidents/intake.ts';
import { merge } from '../../../src/features/incidents/merging/changes.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { openIncidents } from '../../../src/features/incidents/queries.ts';
import { closeTeam } from '../../../src/features/calendars/store.ts';
import { beginNext } from '../../../src/features/postmortems/changes.ts';
import { writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { postmortems } from '../../../src/features/postmortems/schema.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { incidents } from '../../../src/features/incidents/schema.ts';
import { type House, it } from '../../support/house.ts';
import { another, declared } from '../incidents/support.ts';
import { alerted, deliver, min } from './support.ts';

const because = 'the team looked at it together';
const ever = new Date(0);
const known = (house: House, since = ever, viewer = 'PROD') => factsSince(house.ctx, since, viewer);
const over = (house: House, id: string) => resolve(house.ctx, id, 'It is over.', because, 'OLGA');
const daysAgo = (house: House, days: number) => new Date(house.now().getTime() - days * 24 * 60 * min);

describe('rules of the figures', () => {
  it('an onset that nobody knows is not taken from when it was declared', async ({ house }) => {
    const one = await declared(house, { onset: undefined });
    expect(await one.times()).not.toHaveProperty('onset');
    expect(await one.card()).toContain('*Began*\nnot known yet');
    const seen = { detected_at: new Date(house.now().getTime() - 60_000).toISOString() };
    await takeIncidents(house.ctx, [{ model: 'churn-model', title: 'Late', dedupe_key: 'late', ...seen }]);
    for (const { id } of await openIncidents(house.ctx, 'OLGA')) await over(house, id);
    expect((await known(house)).map((each) => durationsOf(each).TTD)).toEqual([null, null]);
  });

  it('mitigated and resolved take the last value, onset, detected and acknowledged the first', async ({ house }) => {
    const { id } = await declared(house);
    house.later(10);
    await takeCommand(house.ctx, id, 'OLGA');
    await mitigate(house.ctx, id, 'The old version is back.', '', 'OLGA');
    await over(house, id);
    house.later(60);
    await reopen(house.ctx, id, 'the scores are off again', 'OLGA');
    house.later(20);
    await mitigate(house.ctx, id, 'The old version is back.', '', 'OLGA');
    house.later(5);
    await over(house, id);
    const [one] = await known(house);
    expect(one?.incident.reopenCount).toBe(1);
    expect(one && durationsOf(one)).toMatchObject({ TTD: 60 * min, TTA: 10 * min, TTM: 150 * min, TTR: 155 * min });
  });

  it('what was merged counts for nothing itself; the survivor has the earliest times', async ({ house }) => {
    const from = await declared(house, { onset: new Date('2026-03-02T07:00:00Z') });
    house.later(10);
    await takeCommand(house.ctx, from.id, 'OLGA');
    const into = await another(house, from.model.id);
    house.later(10);
    await takeCommand(house.ctx, into.id, 'DEPU');
    await merge(house.ctx, from.id, into.id, 'OLGA');
    await over(house, into.id);
    const all = await known(house);
    expect(all.map(({ incident }) => incident.number)).toEqual([2]);
    expect(all.map(durationsOf)).toMatchObject([{ TTD: 120 * min, TTA: 10 * min, TTR: 140 * min }]);
  });

  it('the window goes by when it was over, as people put it right', async ({ house }) => {
    const one = await declared(house, { kind: 'backfill' });
    await over(house, one.id);
    expect(await known(house, daysAgo(house, 90))).toHaveLength(1);
    const long = (days: number) => daysAgo(house, days);
    const right = { onset: long(202), detected: long(201), resolved: long(200) };
    await correctTimes(house.ctx, one.id, ['onset', 'detected', 'resolved'], right, 'OLGA');
    expect(await known(house, daysAgo(house, 90))).toEqual([]);
    expect(await known(house, daysAgo(house, 210))).toHaveLength(1);
  });

  it('what was called off counts in the share of false alarms only', async ({ house }) => {
    const one = await declared(house);
    await cancel(house.ctx, one.id, 'false_positive', 'the dashboard was wrong', 'OLGA');
    expect(sharesOf(await known(house))).toMatchObject({ falseAlarms: { part: 1, of: 1 }, reopened: { of: 0 } });
  });

  it('who puts the time of detection right does not make it noticed by nobody', async ({ house }) => {
    const { model } = await house.team();
    const alert = await alerted(house, model);
    const one = await another(house, model.id, { alertId: alert.id });
    await correctTimes(house.ctx, one.id, ['detected'], { detected: daysAgo(house, 0.01) }, 'OLGA');
    await over(house, one.id);
    expect(sharesOf(await known(house)).byAlert).toEqual({ part: 1, of: 1 });
    const postmortem = await start(house.ctx, one.id, 'OLGA');
    await writePage(house.ctx, postmortem.id, [{ section: 'detected_how', revision: 0, text: 'user' }], 'OLGA');
    expect(sharesOf(await known(house)).byUs).toEqual({ part: 0, of: 1 });
  });

  it('TTL ends with a post-mortem that was closed, not with one that is not needed or was before', async ({
    house,
  }) => {
    const { id } = await declared(house);
    await over(house, id);
    await start(house.ctx, id, 'OLGA');
    house.later(60);
    const closed = (state: 'closed' | 'not_required') =>
      house.ctx.db.update(postmortems).set({ state, closedAt: house.now() });
    await house.ctx.db.update(incidents).set({ state: 'closed' });
    const learnt = async () => (await known(house)).map((each) => durationsOf(each).TTL);
    await closed('not_required');
    expect(await learnt()).toEqual([null]);
    await closed('closed');
    expect(await learnt()).toEqual([60 * min]);
    await reopen(house.ctx, id, 'the scores are off again', 'OLGA');
    await over(house, id);
    expect(await learnt()).toEqual([null]);
  });

  it('working hours are those of the team of the model, without its closing days', async ({ house }) => {
    const { id, teamId } = await declared(house, { onset: new Date('2026-03-02T09:00:00Z') });
    await house.visit((ctx) =>
      closeTeam(ctx, teamId, { from: '2026-03-03', until: '2026-03-03', name: 'Offsite' }, 'LEAD'),
    );
    house.later(3 * 24 * 60);
    await over(house, id);
    expect((await known(house)).map(durationsOf)).toMatchObject([{ TTR: 72 * 60 * min, 'TTR-bh': 16 * 60 * min }]);
  });

  it('drift alerts that were not useful are counted by reason', async ({ house }) => {
    const { model } = await house.team();
    const { id } = await alerted(house, model);
    expect(await alertsEnded(house.ctx, ever)).toEqual({ ended: 0, notUseful: {} });
    await closeAsNotUseful(house.ctx, { alertId: id }, { kind: 'noise', reason: 'It is noise' }, 'OLGA');
    expect(await alertsEnded(house.ctx, ever)).toEqual({ ended: 1, notUseful: { noise: 1 } });
    expect(await alertsEnded(house.ctx, new Date(house.now().getTime() + 1))).toEqual({ ended: 0, notUseful: {} });
    expect(await alertsEnded(house.elsewhere('T2'), ever)).toEqual({ ended: 0, notUseful: {} });
  });
});

describe('what teams were called', () => {
  const called = async (house: House, viewer: string) =>
    (await callsSince(house.ctx, ever, viewer)).map(({ team, calls }) => `${team}: ${calls.length}`);

  it('is told without the calls of private incidents, but to their own people', async ({ house }) => {
    const one = await declared(house, { onlyFor: ['OLGA'] });
    await deliver(house);
    expect(await called(house, 'PROD')).toEqual([]);
    expect(await called(house, 'OLGA')).toEqual(['Retention: 1']);
    await another(house, one.model.id);
    await deliver(house);
    expect(await called(house, 'PROD')).toEqual(['Retention: 1']);
    expect(await called(house, 'ENGI')).toEqual(['Retention: 2']);
    await over(house, one.id);
    expect(await known(house, ever, 'PROD')).toEqual([]);
    expect(await known(house, ever, 'OLGA')).toHaveLength(1);
  });

  it('has no drill and no test in it', async ({ house }) => {
    const one = await declared(house, { kind: 'drill' });
    await another(house, one.model.id, { kind: 'test' });
    await deliver(house);
    expect(await called(house, 'PROD')).toEqual([]);
    await another(house, one.model.id);
    await deliver(house);
    expect(await called(house, 'PROD')).toEqual(['Retention: 1']);
  });
});

/** How many statements the work needs. */
async function statements(house: House, work: (ctx: House['ctx']) => Promise<unknown>): Promise<number> {
  let n = 0;
  const counting = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name, receiver) {
        if (['select', 'selectDistinct', 'selectDistinctOn', 'execute'].includes(String(name))) n += 1;
        return Reflect.get(of, name, receiver);
      },
    });
  await work({ ...house.ctx, db: counting(house.ctx.db) });
  return n;
}

it('ten times as many incidents need no more statements', async ({ house }) => {
  const one = await declared(house);
  await over(house, one.id);
  await start(house.ctx, one.id, 'OLGA');
  const few = await statements(house, (ctx) => factsSince(ctx, ever, 'OLGA'));
  for (let i = 0; i < 9; i += 1) {
    const next = await another(house, one.model.id);
    await over(house, next.id);
    await start(house.ctx, next.id, 'OLGA');
  }
  expect(await known(house)).toHaveLength(10);
  expect(await statements(house, (ctx) => factsSince(ctx, ever, 'OLGA'))).toBe(few);
  expect(few).toBeGreaterThan(5);
  expect(few).toBeLessThanOrEqual(9);
});

describe('what was over before post-mortems began by themselves', () => {
  const folder = new URL('../../../migrations/', import.meta.url);
  const statementsOf = (word: string) => {
    const file = readdirSync(folder).find((name) => name.endsWith(`_${word}.sql`));
    if (file === undefined) throw new Error(`no migration is called ${word}`);
    return readFileSync(new URL(file, folder), 'utf8').split('--> statement-breakpoint');
  };
  const migrate = async (house: House) => {
    for (const each of statementsOf('what-is-on-record')) await house.ctx.db.execute(sql.raw(each));
  };

  it('begins on the next day on which its team works, when it begins to', async ({ house }) => {
    const one = await declared(house, { severity: 'sev1' });
    const small = await another(house, one.model.id, { severity: 'sev3' });
    const drill = await another(house, one.model.id, { kind: 'drill' });
    for (const { id } of [one, small, drill]) await over(house, id);
    await house.ctx.db.update(incidents).set({ reviewAt: null });
    await migrate(house);
    const { reviewAt } = await one.now();
    if (!reviewAt) expect.unreachable('it begins by itself');
    expect(reviewAt.toISOString().slice(11, 16)).toBe('09:00');
    expect([1, 2, 3, 4, 5]).toContain(reviewAt.getUTCDay());
    expect(await small.now()).toMatchObject({ reviewAt: null });
    expect(await drill.now()).toMatchObject({ reviewAt: null });
    house.later((reviewAt.getTime() - house.now().getTime()) / min);
    expect(await beginNext(house.ctx)).toBe(true);
    expect(await one.now()).toMatchObject({ state: 'reviewing' });
  });

  it('loses an onset that was only the time of declaring, and no other', async ({ house }) => {
    const guessed = await declared(house, { onset: house.now() });
    const said = await another(house, guessed.model.id);
    await migrate(house);
    expect(await guessed.times()).not.toHaveProperty('onset');
    expect(await said.times()).toHaveProperty('onset');
  });
});
