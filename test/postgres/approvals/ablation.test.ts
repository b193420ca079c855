import { PgSelectBase } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { type Database, openDatabase } from '../../../src/db/client.ts';
import { createDatabase } from '../../support/postgres.ts';
import { chaos } from './chaos.ts';
import { violations } from './checker.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ url: await createDatabase(inject('postgresUrl')) });
  await database.migrate();
});
afterAll(async () => {
  vi.restoreAllMocks();
  await database.close();
});

/** A machine that is busy may let all requests of one run expire before anything is done wrong. */
const seeds = [5, 6, 7, 8, 9];

describe('the checker of the chaos test bites', () => {
  it('when the registry is read from a copy that lags behind: the alias is moved twice', async () => {
    const found: string[] = [];
    for (const seed of seeds) {
      if (found.length > 0) break;
      const run = await chaos(database.db, seed, 60, `TLAG${seed}`, 'laggingRegistry');
      found.push(...(await violations(run)));
    }
    expect(found.join('\n')).toMatch(/moved twice|moved without saying so/);
  });

  it('when the clock that judges runs behind: approved after it expired', async () => {
    const found: string[] = [];
    for (const seed of seeds) {
      if (found.length > 0) break;
      found.push(...(await violations(await chaos(database.db, seed, 60, `TLATE${seed}`, 'lateClock'))));
    }
    expect(found.join('\n')).toMatch(/after it expired/);
  });

  // Last: it takes the row locks away for the rest of this file.
  it('when no row is locked: votes come after the decision, or the database stops what the lock should have', async () => {
    vi.spyOn(PgSelectBase.prototype, 'for').mockImplementation(function unlocked(
      this: PgSelectBase<never, never, never>,
    ) {
      return this;
    });
    let noticed = 0;
    for (const seed of seeds) {
      if (noticed > 0) break;
      const run = await chaos(database.db, seed, 80, `TNOLOCK${seed}`, 'noLock');
      noticed += (await violations(run)).length + (run.counts.get('stopped by the database') ?? 0);
    }
    expect(noticed).toBeGreaterThan(0);
  });
});
