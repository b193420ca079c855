import { type SQL, sql } from 'drizzle-orm';
import { bigint, boolean, customType, doublePrecision, jsonb, numeric, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { instant } from '../../src/db/columns.ts';
import { openEmbedded } from '../../src/db/embedded.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { rowsOf } from '../../src/db/rows.ts';
import { createDatabase } from '../support/postgres.ts';

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
const things = pgTable('things', {
  id: uuid().notNull(),
  at: instant('at').notNull(),
  many: bigint({ mode: 'number' }).notNull(),
  share: doublePrecision().notNull(),
  price: numeric().notNull(),
  good: boolean().notNull(),
  tags: text().array().notNull(),
  facts: jsonb().notNull(),
  bytes: bytea().notNull(),
});

const moment = new Date('2026-03-02T09:00:00.123Z');
const thing = {
  id: '7b1c9a50-0000-4000-8000-000000000001',
  at: moment,
  many: 2 ** 50,
  share: 0.1,
  price: '12.50',
  good: true,
  tags: ['a', 'with "quotes"', 'with, comma'],
  facts: { list: [1, 'two', null], text: 'ü' },
  bytes: new Uint8Array([0, 255]),
};

const raw: Record<string, SQL> = {
  counts: sql`select count(*) as n, sum(many) as total, max(many) as most from things`,
  'too large for a number': sql`select 9223372036854775807 as n`,
  instants: sql`select at, ${moment}::timestamptz as given from things where at <= ${moment}`,
  'instants of a list': sql`select t from unnest(${sql.param([moment, moment])}::timestamptz[]) as t`,
  'texts of a list': sql`select t from unnest(${sql.param(['x', 'a "b", c', ''])}::text[]) as t`,
  'numbers of a list': sql`select t from unnest(${sql.param([1.5, 2])}::float8[]) as t`,
  'booleans of a list': sql`select t from unnest(${sql.param([true, false, null])}::boolean[]) as t`,
  'bigints of a list': sql`select t from unnest(${sql.param([2n ** 60n, 5n])}::bigint[]) as t`,
  'a list as JSON': sql`select ${sql.param([true, 'x', { y: 1 }])}::jsonb as t`,
  'empty list': sql`select t from unnest(${sql.param([])}::text[]) as t`,
  objects: sql`select ${{ a: [1, { b: null }] }}::jsonb as given, facts, facts->'list' as list from things`,
  arrays: sql`select tags, array[1, 2] as numbers from things`,
  'true and nothing': sql`select good, null::int as nothing, ${true}::boolean as given, ${null}::text as none from things`,
};

let both: Database[];

beforeAll(async () => {
  both = [openPostgres({ url: await createDatabase(inject('postgresUrl')) }), await openEmbedded()];
  for (const { db } of both) {
    await db.execute(sql`create table things (id uuid, at timestamptz, many bigint, share float8, price numeric,
      good boolean, tags text[], facts jsonb, bytes bytea)`);
    await db.insert(things).values(thing);
  }
});

afterAll(async () => {
  for (const database of both) await database.close();
});

describe('both drivers give the same', () => {
  it('typed rows', async () => {
    for (const { db } of both) {
      const [found] = await db.select().from(things);
      expect({ ...found, bytes: new Uint8Array(found?.bytes ?? []) }).toEqual(thing);
    }
  });

  it.for(Object.entries(raw))('raw rows: %s', async ([, query]) => {
    const [server, embedded] = await Promise.all(both.map(async ({ db }) => [...rowsOf(await db.execute(query))]));
    expect(server).toEqual(embedded);
  });

  it('values of a query built with sql', async () => {
    for (const { db } of both) expect(await db.select({ n: sql<number>`count(*)` }).from(things)).toEqual([{ n: 1 }]);
  });

  it('a savepoint that is rolled back inside a transaction that stands', async () => {
    for (const { db } of both) {
      await db.transaction(async (tx) => {
        await tx.update(things).set({ price: '1' });
        const inner = tx.transaction(async (nested) => {
          await nested.update(things).set({ price: '2' });
          throw new Error('no');
        });
        await expect(inner).rejects.toThrow('no');
      });
      expect(await db.select({ price: things.price }).from(things)).toEqual([{ price: '1' }]);
    }
  });
});
