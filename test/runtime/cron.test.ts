import { expect, onTestFinished } from 'vitest';
import type { Job } from '../../src/doors.ts';
import { type ClockOptions, startClock } from '../../src/runtime/cron.ts';
import { missed, slotsBetween } from '../../src/runtime/slots.ts';
import { ticks } from '../../src/time/schema.ts';
import { claimTick, writeSlots } from '../../src/time/store.ts';
import { it, type Site } from './support.ts';

const at = (text: string) => new Date(`${text}Z`);
const texts = (slots: readonly Date[]) => slots.map((slot) => slot.toISOString().slice(0, 16));

it.for([
  [
    '*/15 * * * *',
    '2026-03-02T09:00',
    '2026-03-02T09:46',
    ['2026-03-02T09:45', '2026-03-02T09:30', '2026-03-02T09:15'],
  ],
  ['0 9 * * 1', '2026-02-20T00:00', '2026-03-02T09:00', ['2026-03-02T09:00', '2026-02-23T09:00']],
  ['30 8,17 1 * *', '2026-02-01T08:30', '2026-03-01T12:00', ['2026-03-01T08:30', '2026-02-01T17:30']],
  ['0 0 29 2 *', '2024-02-29T00:00', '2026-03-01T00:00', []],
  ['0 6 * * *', '2026-03-02T06:00', '2026-03-02T06:00', []],
] as const)('knows the slots of %s', ([cron, from, until, wanted]) => {
  expect(texts(slotsBetween(cron, at(from), at(until), 100))).toEqual(wanted);
});

it('is quick about a long absence and never gives more than asked', () => {
  const start = performance.now();
  expect(slotsBetween('* * * * *', at('2020-01-01T00:00'), at('2026-01-01T00:00'), 100)).toHaveLength(100);
  expect(slotsBetween('0 9 1 1 *', at('2020-01-01T00:00'), at('2026-06-01T00:00'), 100)).toHaveLength(1);
  expect(performance.now() - start).toBeLessThan(200);
});

const hourly = (name: string, catchUp: Job['catchUp'], run: Job['run']): Job => ({
  name,
  cron: '0 * * * *',
  catchUp,
  run,
});

it('catches up none, the last, or all, but not without end', () => {
  const job = (catchUp: Job['catchUp']) => hourly('x', catchUp, () => Promise.resolve());
  const count = (catchUp: Job['catchUp']) =>
    missed(job(catchUp), at('2026-03-01T00:00'), at('2026-03-02T00:30')).length;
  expect([count('none'), count('last'), count('all')]).toEqual([0, 1, 24]);
  expect(missed(job('all'), at('2025-03-01T00:00'), at('2026-03-02T00:30'))).toHaveLength(100);
});

async function clock(site: Site, ...jobs: Job[]) {
  const options: ClockOptions = {
    doors: [{ jobs }],
    workspaces: () => Promise.resolve(['T1']),
    contextFor: () => site.ctx,
    wake: () => undefined,
    log: site.log,
  };
  const running = await startClock(options);
  onTestFinished(() => running.stop());
  await running.runDue();
  return running;
}

it('runs nothing on a first start, and what was missed after a break', async ({ site }) => {
  const ran: string[] = [];
  const job = hourly('digest', 'all', async (_, slot) => void ran.push(slot.toISOString().slice(11, 16)));
  site.setNow(at('2026-03-02T09:10'));
  const first = await clock(site, job);
  expect(ran).toEqual([]);
  await first.stop();
  site.setNow(at('2026-03-02T12:10'));
  await clock(site, job);
  expect(ran).toEqual(['10:00', '11:00', '12:00']);
});

it('does a slot once however many processes there are', async ({ site }) => {
  const ran: string[] = [];
  const job = hourly('digest', 'all', async (_, slot) => {
    ran.push(slot.toISOString());
    await new Promise((done) => setTimeout(done, 2));
  });
  site.setNow(at('2026-03-02T09:10'));
  const both = await Promise.all([clock(site, job), clock(site, job)]);
  site.setNow(at('2026-03-02T20:10'));
  await Promise.all(both.map((each) => each.catchUp()));
  await Promise.all(both.map((each) => each.runDue()));
  expect(ran).toHaveLength(11);
  expect(new Set(ran).size).toBe(11);
});

it('tries a failed slot again later, and gives up after a while', async ({ site }) => {
  let tries = 0;
  const job = hourly('sync', 'last', () => Promise.reject(new Error(`no ${(tries += 1)}`)));
  const running = await clock(site, job);
  await writeSlots(site.ctx, 'sync', [at('2027-03-02T10:00')]);
  await running.runDue();
  await running.runDue();
  expect(tries).toBe(1);
  for (let i = 0; i < 10; i += 1) {
    await site.ctx.db.update(ticks).set({ leaseUntil: at('2020-01-01T00:00') });
    await running.runDue();
  }
  expect(tries).toBe(6);
  const rows = await site.ctx.db.select().from(ticks);
  expect(rows.find((row) => row.doneAt === null)).toMatchObject({ attempts: 6, lastError: 'Error: no 6' });
});

it('takes over what a process that died had claimed, once its lease is over', async ({ site }) => {
  const ran: Date[] = [];
  const job = hourly('digest', 'last', async (_, slot) => void ran.push(slot));
  site.setNow(at('2026-03-02T10:10'));
  await writeSlots(site.ctx, 'digest', [at('2026-03-02T10:00')]);
  expect(await claimTick(site.ctx, ['digest'], 120)).toMatchObject({ attempt: 1 });
  const running = await clock(site, job);
  expect(ran).toEqual([]);
  await site.ctx.db.update(ticks).set({ leaseUntil: at('2020-01-01T00:00') });
  await running.runDue();
  expect(ran).toEqual([at('2026-03-02T10:00')]);
});

it('leaves jobs alone that this version does not know', async ({ site }) => {
  await writeSlots(site.ctx, 'of another version', [at('2026-03-02T10:00')]);
  expect(await claimTick(site.ctx, ['digest'], 120)).toBeUndefined();
});

it('knocks by the real clock with the slot, not with the time it noticed', async ({ site }) => {
  const slots: Date[] = [];
  const everySecond: Job = {
    name: 'beat',
    cron: '* * * * * *',
    catchUp: 'none',
    run: async (_, slot) => void slots.push(slot),
  };
  await clock(site, everySecond);
  await expect.poll(() => slots.length, { timeout: 5000 }).toBeGreaterThanOrEqual(2);
  expect(slots.every((slot) => slot.getMilliseconds() === 0)).toBe(true);
});
