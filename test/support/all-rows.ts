import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../src/db/client.ts';
import { rowsOf } from '../../src/db/rows.ts';

const Named = z.array(z.object({ name: z.string() }));
const Written = z.array(z.object({ row: z.string() }));

/** Every row of every table, as text with the name of its table: for tests of what is written nowhere. */
export async function allRows(db: Db): Promise<string[]> {
  const tables = Named.parse(
    rowsOf(
      await db.execute(sql`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind = 'r' order by 1`),
    ),
  );
  const all: string[] = [];
  for (const { name } of tables) {
    const rows = Written.parse(rowsOf(await db.execute(sql`select t::text as row from ${sql.identifier(name)} t`)));
    all.push(...rows.map(({ row }) => `${name} ${row}`));
  }
  return all;
}
