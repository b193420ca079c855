import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { z } from 'zod';
import { rowsOf } from '../src/db/rows.ts';
import { it } from './support/house.ts';

const Found = z.array(z.object({ table: z.string(), name: z.string(), columns: z.string() }));

it('every table has a workspace, and every key, unique index and foreign key begins with it', async ({ house }) => {
  const tables = z.array(z.object({ table: z.string(), has: z.boolean() })).parse(
    rowsOf(
      await house.ctx.db.execute(sql`
      select c.relname as table, exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace' and a.attnotnull) as has
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p')`),
    ),
  );
  expect(tables.length).toBeGreaterThan(20);
  expect(tables.filter((each) => !each.has).map((each) => each.table)).toEqual([]);

  const keys = Found.parse(
    rowsOf(
      await house.ctx.db.execute(sql`
      select c.relname as table, i.relname as name, (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = x.indkey[0]) as columns
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
      join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public'
      union all
      select c.relname, k.conname, (select a.attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = k.conkey[1])
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and k.contype = 'f'`),
    ),
  );
  expect(keys.length).toBeGreaterThan(40);
  expect(keys.filter((key) => key.columns !== 'workspace')).toEqual([]);
});
