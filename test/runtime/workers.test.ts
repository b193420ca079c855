import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { Context } from '../../src/context.ts';
import type { Worker } from '../../src/doors.ts';
import { startWorkers, type WorkersOptions } from '../../src/runtime/workers.ts';
import { it, type Site } from './support.ts';

function start({ ctx, log }: Site, work: Worker['work'], options: Partial<WorkersOptions> = {}) {
  const workers = startWorkers({
    workers: [{ name: 'test', work }],
    workspaces: () => Promise.resolve(['T1']),
    contextFor: (workspace) => ({ ...ctx, workspace }),
    log,
    everyMs: 10_000,
    ...options,
  });
  onTestFinished(() => workers.stop());
  return workers;
}

it('works in every workspace until nothing is left, one step each in turn', async ({ site }) => {
  const left = new Map([
    ['T1', 3],
    ['T2', 1],
  ]);
  const steps: string[] = [];
  const work = ({ workspace }: Context) => {
    const rest = left.get(workspace) ?? 0;
    left.set(workspace, rest - 1);
    if (rest > 0) steps.push(workspace);
    return Promise.resolve(rest > 0);
  };
  await start(site, work, { workspaces: () => Promise.resolve(['T1', 'T2']) }).drain();
  expect(steps).toEqual(['T1', 'T2', 'T1', 'T1']);
});

it('never runs twice at once, and looks again after a call during a run', async ({ site }) => {
  let inside = 0;
  let most = 0;
  let runs = 0;
  const workers = start(site, async () => {
    inside += 1;
    runs += 1;
    most = Math.max(most, inside);
    await wait(20);
    inside -= 1;
    return false;
  });
  for (let i = 0; i < 10; i += 1) workers.wake();
  await wait(5);
  for (let i = 0; i < 10; i += 1) workers.wake();
  await workers.drain();
  expect(most).toBe(1);
  expect(runs).toBeLessThanOrEqual(3);
  expect(runs).toBeGreaterThanOrEqual(2);
});

it('drains what one worker causes for another', async ({ site }) => {
  let first = 1;
  let second = 0;
  const workers = startWorkers({
    workers: [
      { name: 'second', work: () => Promise.resolve(second-- > 0) },
      {
        name: 'first',
        work: async () => {
          if (first-- <= 0) return false;
          await wait(5);
          second = 1;
          return true;
        },
      },
    ],
    workspaces: () => Promise.resolve(['T1']),
    contextFor: () => site.ctx,
    log: site.log,
  });
  onTestFinished(() => workers.stop());
  await workers.drain();
  expect(second).toBeLessThanOrEqual(0);
});

it('survives errors, also of the list of workspaces, and goes on by itself', async ({ site }) => {
  let calls = 0;
  start(site, () => Promise.reject(new Error(`failure ${(calls += 1)}`)), { everyMs: 5 });
  let asked = 0;
  start(site, () => Promise.resolve(false), {
    everyMs: 5,
    workspaces: () => Promise.reject(new Error(`gone ${(asked += 1)}`)),
  });
  await expect.poll(() => calls).toBeGreaterThan(3);
  await expect.poll(() => asked).toBeGreaterThan(3);
});

it('does not let one failing workspace stop the others', async ({ site }) => {
  const seen: string[] = [];
  const work = async ({ workspace }: Context) => {
    if (workspace === 'T1') throw new Error('T1 is broken');
    seen.push(workspace);
    return false;
  };
  await start(site, work, { workspaces: () => Promise.resolve(['T1', 'T2']) }).drain();
  expect(seen).toEqual(['T2']);
});

it('finishes the running step and then stays still', async ({ site }) => {
  let runs = 0;
  const workers = start(site, async () => {
    runs += 1;
    await wait(20);
    return true;
  });
  workers.wake();
  await wait(5);
  await workers.stop();
  const then = runs;
  workers.wake();
  await wait(60);
  expect(runs).toBe(then);
});
