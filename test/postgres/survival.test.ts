import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { openPostgres } from '../../src/db/postgres.ts';
import { rowsOf } from '../../src/db/rows.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type Load, startLoad } from './load.ts';

const deadlineMs = 3_000;

/** Each of these would have ended the process. */
const uncaught: unknown[] = [];
const note = (error: unknown) => void uncaught.push(error);

let server: PostgresServer;
let url: string;

beforeAll(async () => {
  server = await startPostgres();
  process.on('uncaughtException', note).on('unhandledRejection', note);
});

afterAll(async () => {
  process.off('uncaughtException', note).off('unhandledRejection', note);
  await server.stop();
});

beforeEach(async () => {
  uncaught.length = 0;
  url = await server.createDatabase();
});

it('60 terminated backends', async () => {
  const load = await startLoad(url, deadlineMs);
  let terminated = 0;
  while (terminated < 60) {
    await sleep(100);
    for (const pid of await backends(2)) terminated += await terminate(pid);
  }
  expect(await losses(load)).toEqual(none);
});

it('6 killed backends, each of which makes the server drop everybody and recover', async () => {
  const load = await startLoad(url, deadlineMs);
  for (let round = 0; round < 6; round++) {
    await sleep(1_000);
    for (const pid of await backends(1)) process.kill(pid, 'SIGKILL');
  }
  expect(await losses(load)).toEqual(none);
});

it('a server that is gone for 10 s', async () => {
  const load = await startLoad(url, deadlineMs);
  await sleep(1_000);
  await server.restart(10_000);
  expect(await losses(load)).toEqual(none);
});

const none = { uncaught: [], stalled: false, late: false, unscathed: false, half: [], lost: [], doubtful: false };

/** What a good driver has none of, after a disturbance that must have been felt. */
async function losses(load: Load) {
  await sleep(500);
  const before = load.done.length;
  await sleep(2_000);
  const regained = load.done.length - before;
  await load.stop();
  const stored = await load.stored();
  await load.close();
  if (process.env['FIGURES']) report(load, regained, stored.size);
  return {
    uncaught: [...uncaught],
    stalled: regained < 100,
    late: load.slowest() > deadlineMs + 500,
    unscathed: load.failures.length === 0,
    half: [...stored.values()].filter((rows) => rows.map((row) => row.step).join() !== '1,2,3'),
    lost: load.done.filter((run) => !stored.has(run)),
    // A commit whose answer was lost may stand although its worker was told of an error.
    doubtful: stored.size - load.done.length > load.failures.length,
  };
}

function report(load: Load, regained: number, stored: number): void {
  const causes = load.failures.map((error) => String((error instanceof Error && error.cause) || error).slice(0, 70));
  const counts = Object.entries(Object.groupBy(causes, (cause) => cause)).map(
    ([cause, all]) => `${all?.length} ${cause}`,
  );
  const { done, failures, slowest } = load;
  console.log({ done: done.length, stored, failed: failures.length, regained, slowestMs: slowest(), uncaught, counts });
}

async function backends(most: number): Promise<number[]> {
  return await asAdmin(async (db) => {
    const found = await db.execute(sql`
      select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      and backend_type = 'client backend' order by random() limit ${most}`);
    return rowsOf(found).map((row) => z.object({ pid: z.number() }).parse(row).pid);
  });
}

async function terminate(pid: number): Promise<number> {
  return await asAdmin(async (db) => rowsOf(await db.execute(sql`select pg_terminate_backend(${pid})`)).length);
}

async function asAdmin<T>(work: (db: ReturnType<typeof openPostgres>['db']) => Promise<T>): Promise<T> {
  const admin = openPostgres({ url, connections: 1 });
  try {
    return await work(admin.db);
  } finally {
    await admin.close();
  }
}
