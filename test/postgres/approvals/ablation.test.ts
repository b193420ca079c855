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

describe('the checker of the chaos test bites', () => {
  it('when the registry is read from a copy that lags behind: the alias is moved twice', async () => {
    const run = await chaos(database.db, 5, 60, 'TLAG', 'laggingRegistry');
    expect((await violations(run)).join('\n')).toMatch(/moved twice|moved without saying so/);
  });

  // Last: it takes the row locks away for the rest of this file.
  it('when no row is locked: votes come after the decision, or the database stops what the lock should have', async () => {
    vi.spyOn(PgSelectBase.prototype, 'for').mockImplementation(function unlocked(
      this: PgSelectBase<never, never, never>,
    ) {
      return this;
    });
    const run = await chaos(database.db, 6, 80, 'TNOLOCK', 'noLock');
    const stopped = run.counts.get('stopped by the database') ?? 0;
    expect((await violations(run)).length + stopped).toBeGreaterThan(0);
  });
});
