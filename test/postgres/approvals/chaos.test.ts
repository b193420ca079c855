import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Database, openDatabase } from '../../../src/db/client.ts';
import { createDatabase } from '../../support/postgres.ts';
import { chaos } from './chaos.ts';
import { violations } from './checker.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ url: await createDatabase(inject('postgresUrl')) });
  await database.migrate();
});
afterAll(() => database.close());

/** At least 200 requests whenever this runs: two known courses of events, and one that nobody has seen yet. */
const seeds = [1, 20_261_123, randomInt(1_000_000)];
const each = 80;
let asked = 0;

describe('approvals while everything misbehaves', () => {
  it.each(seeds)('seed %i: nothing moves twice, unapproved or late', async (seed) => {
    const run = await chaos(database.db, seed, each);
    expect(await violations(run)).toEqual([]);
    const seen = (what: string) => run.counts.get(what) ?? 0;
    expect(seen('asked')).toBeGreaterThanOrEqual(each);
    asked += seen('asked');
    for (const what of ['vote', 'refused vote', 'replayed', 'crashed', 'membership'])
      expect([what, seen(what) > 0]).toEqual([what, true]);
    // How many are done in time depends on the machine.
    expect(run.effects.length).toBeGreaterThan(2);
  });

  it('has played at least 200 requests', () => {
    expect(asked).toBeGreaterThanOrEqual(200);
  });
});
