import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { within } from '../../src/context.ts';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { gathered, type Provider } from '../../src/features/facts/gathering.ts';
import { factsFor, teamFactsFor } from '../../src/features/facts/queries.ts';
import { houseIn } from '../support/house-on-postgres.ts';
import { createDatabase } from '../support/postgres.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ url: await createDatabase(inject('postgresUrl')), connections: 2 });
  await database.migrate();
});
afterAll(() => database.close());

const asked = [{ personId: 'OLGA', since: new Date(0) }];
const asleep: Provider = {
  kind: 'goal',
  read: async (ctx) => {
    await ctx.db.execute(sql`select pg_sleep(60)`);
    return [];
  },
};
const awake: Provider = { kind: 'alert', read: () => Promise.resolve([]) };
const sleepers = sql`select count(*)::int as n from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%'
  and pid <> pg_backend_pid()`;

it('a source that is late is ended by the server, so that it keeps no connection', async () => {
  const { ctx } = houseIn(database.db);
  const { missing } = await gathered(ctx, asked, [asleep, awake], 300);
  expect(missing).toEqual(['goal']);
  await expect.poll(async () => await ctx.db.execute(sleepers)).toMatchObject([{ n: 0 }]);
});

it('inside a transaction it is ended, too, and the transaction goes on with its own limits', async () => {
  const house = houseIn(database.db);
  const limit = sql`select current_setting('statement_timeout') as ms, current_setting('transaction_read_only') as only`;
  const before = await house.ctx.db.execute(limit);
  await within(house.ctx, async (ctx) => {
    expect((await gathered(ctx, asked, [asleep, awake], 300)).missing).toEqual(['goal']);
    expect(await ctx.db.execute(limit)).toEqual(before);
    await ctx.db.execute(sql`create temporary table written (n int) on commit drop`);
  });
});

it('every kind is read by this driver, inside a transaction and outside of one', async () => {
  const house = houseIn(database.db);
  const { teamId } = await house.team();
  const told = (words: string) => ({ words });
  const live = expect.stringMatching(/^Seen by the system: version 14 of churn-model went live at \d\d:\d\d today\.$/);
  const since = new Map([[teamId, new Date(0)]]);
  for (const inTurn of [false, true]) {
    const { facts, missing } = inTurn
      ? await within(house.ctx, (ctx) => factsFor(ctx, asked))
      : await factsFor(house.ctx, asked);
    expect(missing).toEqual([]);
    expect(facts.get('OLGA')).toMatchObject([told(live)]);
    const teams = await teamFactsFor(house.ctx, [teamId], since);
    expect(teams.missing).toEqual([]);
    expect(teams.teams.get(teamId)?.releases).toMatchObject([told(live)]);
  }
});
