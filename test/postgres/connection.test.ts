import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { z } from 'zod';
import type { Db } from '../../src/db/client.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { rowsOf } from '../../src/db/rows.ts';
import { createDatabase } from '../support/postgres.ts';

const deadlineMs = 1_000;

let url: string;
let one: ReturnType<typeof openPostgres>;
let admin: ReturnType<typeof openPostgres>;
let frozen: number | undefined;

beforeEach(async () => {
  url = await createDatabase(inject('postgresUrl'));
  one = openPostgres({ url, deadlineMs, connections: 1 });
  admin = openPostgres({ url, connections: 1 });
  await admin.db.execute(sql`create table notes (text text)`);
});

afterEach(async () => {
  if (frozen) process.kill(frozen, 'SIGCONT');
  frozen = undefined;
  await one.close();
  await admin.close();
});

it('a transaction whose backend died writes nothing into the next one on its connection', async () => {
  const { promise: nextHasBegun, resolve: begun } = Promise.withResolvers<void>();
  const { promise: deadHasTried, resolve: tried } = Promise.withResolvers<void>();
  const late: unknown[] = [];

  const dead = one.db.transaction(async (tx) => {
    await terminate(await pidOf(tx));
    await nextHasBegun;
    await write(tx, 'of the dead').catch((error: unknown) => late.push(error));
    tried();
  });
  await expect(dead).rejects.toThrow(/CONNECTION_CLOSED|terminating connection/);
  await one.db.transaction(async (tx) => {
    await write(tx, 'of the next');
    begun();
    await deadHasTried;
  });

  expect(late).toHaveLength(1);
  expect(await written()).toEqual(['of the next']);
});

it('statements still waiting inside a transaction are told when its backend dies', async () => {
  const results = await one.db
    .transaction(async (tx) => {
      const pid = await pidOf(tx);
      const waiting = Promise.allSettled(Array.from({ length: 20 }, () => tx.execute(sql`select pg_sleep(0.2)`)));
      await sleep(50);
      await terminate(pid);
      late.push(...(await waiting));
    })
    .catch(() => late);
  await expect.poll(() => late.length).toBe(20);
  expect(results).toBe(late);
  expect(late.every((each) => each.status === 'rejected')).toBe(true);
});
const late: PromiseSettledResult<unknown>[] = [];

it('a frozen backend costs a query its deadline, and the next query gets another', async () => {
  const pid = await pidOf(one.db);
  freeze(pid);
  const before = performance.now();
  await expect(one.db.execute(sql`select 1`)).rejects.toMatchObject({ cause: { code: 'QUERY_TIMEOUT' } });
  expect(performance.now() - before).toBeLessThan(deadlineMs + 300);
  expect(await pidOf(one.db)).not.toBe(pid);
});

it('a backend frozen between two statements costs the transaction its deadline', async () => {
  const before = performance.now();
  const work = one.db.transaction(async (tx) => {
    await write(tx, 'never');
    freeze(await pidOf(tx));
  });
  await expect(work).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
  expect(performance.now() - before).toBeLessThan(deadlineMs + 300);
  expect(await pidOf(one.db)).not.toBe(frozen);
});

it('a transaction that does nothing for too long is ended, and told why', async () => {
  const idle = one.db.transaction(async (tx) => {
    await write(tx, 'never');
    await sleep(2 * deadlineMs);
  });
  await expect(idle).rejects.toThrow('idle-in-transaction timeout');
  expect(await written()).toEqual([]);
});

it('a query waiting for a busy pool waits no longer than its deadline', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const busy = one.db.transaction(async (tx) => {
    for (let round = 0; round < 4; round++) await tx.execute(sql`select pg_sleep(0.4)`);
    await promise;
  });
  const before = performance.now();
  await expect(one.db.transaction(async (tx) => await write(tx, 'late'))).rejects.toMatchObject({
    code: 'QUERY_TIMEOUT',
  });
  expect(performance.now() - before).toBeLessThan(deadlineMs + 300);
  resolve();
  await busy;
  expect(await written()).toEqual([]);
});

it('a parameter that cannot be sent fails alone', async () => {
  const number = async (value: unknown) =>
    z.object({ n: z.number() }).parse(rowsOf(await one.db.execute(sql`select ${value}::int as n`))[0]).n;
  await number(0);
  const bad = {
    toString: () => {
      throw new Error('unspeakable');
    },
  };
  const results = await Promise.allSettled([number(1), number(2), number(bad), number(3), number(4)]);
  expect(results.map((each) => (each.status === 'fulfilled' ? each.value : 'failed'))).toEqual([1, 2, 'failed', 3, 4]);
});

it('a transaction that fills the pipeline of a shared connection still gets it for itself', async () => {
  for (let ahead = 95; ahead <= 105; ahead++) {
    const queries = Array.from({ length: ahead }, () => one.ping());
    await new Promise((resolve) => process.nextTick(resolve));
    const work = one.db.transaction(async (tx) => {
      await write(tx, 'first');
      await write(tx, 'second');
    });
    await Promise.all([...queries, work]);
  }
  expect(await written()).toHaveLength(22);
});

it('closes although the backend is frozen', async () => {
  const pid = await pidOf(one.db);
  freeze(pid);
  const before = performance.now();
  await one.close();
  expect(performance.now() - before).toBeLessThan(6_000);
});

it('says in one line that nobody listens', async () => {
  const nobody = openPostgres({ url: 'postgres://127.0.0.1:1/none', deadlineMs });
  const failure = await nobody.ping().catch((error: unknown) => error);
  expect(failure).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await nobody.close();
});

async function pidOf(db: Db): Promise<number> {
  const [row] = rowsOf(await db.execute(sql`select pg_backend_pid() as pid`));
  return z.object({ pid: z.number() }).parse(row).pid;
}

function freeze(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  frozen = pid;
}

async function terminate(pid: number): Promise<void> {
  await admin.db.execute(sql`select pg_terminate_backend(${pid})`);
}

async function write(db: Db, text: string): Promise<void> {
  await db.execute(sql`insert into notes values (${text})`);
}

async function written(): Promise<string[]> {
  return z
    .array(z.object({ text: z.string() }))
    .parse(rowsOf(await admin.db.execute(sql`select text from notes`)))
    .map((row) => row.text);
}
