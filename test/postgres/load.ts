import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { integer, pgTable } from 'drizzle-orm/pg-core';
import { openPostgres } from '../../src/db/postgres.ts';

const steps = pgTable('steps', { run: integer().notNull(), step: integer().notNull() });

export type Load = Awaited<ReturnType<typeof startLoad>>;

/** Ten workers on a pool of 5, each in transactions of 3 statements, until told to stop. */
export async function startLoad(url: string, deadlineMs: number) {
  const database = openPostgres({ url, deadlineMs, connections: 5 });
  await database.db.execute(sql`create table steps (run integer not null, step integer not null)`);
  const done: number[] = [];
  const failures: unknown[] = [];
  let runs = 0;
  let slowestMs = 0;
  let stopped = false;

  /** Begin and commit count as the way to the first statement and from the last. */
  const transact = async (run: number) => {
    let since = performance.now();
    const lap = () => {
      slowestMs = Math.max(slowestMs, performance.now() - since);
      since = performance.now();
    };
    const work = database.db.transaction(async (tx) => {
      lap();
      for (const step of [1, 2, 3]) await tx.insert(steps).values({ run, step }).finally(lap);
    });
    await work.finally(lap);
  };
  const worker = async () => {
    while (!stopped) {
      const run = runs++;
      try {
        await transact(run);
        done.push(run);
      } catch (error) {
        failures.push(error);
        await sleep(20);
      }
    }
  };
  const workers = Array.from({ length: 10 }, worker);

  return {
    done,
    failures,
    slowest: () => slowestMs,
    stop: async () => {
      stopped = true;
      await Promise.all(workers);
    },
    /** Every run that left anything behind, with its steps. */
    stored: async () => {
      const rows = await database.db.select().from(steps).orderBy(steps.run, steps.step);
      return Map.groupBy(rows, (row) => row.run);
    },
    close: database.close,
  };
}
