import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { migratePostgres } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { prepared } from '../../src/db/prepared.ts';
import { rowsOf } from '../../src/db/rows.ts';
import { createDatabase } from '../support/postgres.ts';

let url: string;
let folder: string;

beforeEach(async () => {
  url = await createDatabase(inject('postgresUrl'));
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
});

afterEach(() => rm(folder, { recursive: true }));

const slow = ['create table a (id integer primary key);', 'select pg_sleep(0.3);', 'create table b (id integer);'];

it('six that migrate an empty database at once make one schema', async () => {
  await writeMigrations(slow, ['insert into b values (1);']);
  await Promise.all(Array.from({ length: 6 }, migrate));
  expect(await ask('select count(*) as n from drizzle.__drizzle_migrations')).toEqual([{ n: 2 }]);
  expect(await ask('select id from b')).toEqual([{ id: 1 }]);
});

it('six processes that start at once on an empty database agree on our own schema', async () => {
  const processes = Array.from({ length: 6 }, () => openPostgres({ url }));
  await Promise.all(processes.map((each) => each.migrate()));
  await Promise.all(processes.map((each) => each.close()));
  expect(
    await ask('select count(*) = count(distinct hash) as once, count(*) > 0 as some from drizzle.__drizzle_migrations'),
  ).toEqual([{ once: true, some: true }]);
});

it('a migration that fails leaves nothing behind, and the next start goes on from there', async () => {
  await writeMigrations(slow, ['select 1 / 0;']);
  await expect(migrate()).rejects.toThrow('select 1 / 0');
  expect(await ask("select to_regclass('a') as a, to_regnamespace('drizzle') as d")).toEqual([{ a: null, d: null }]);
  await writeMigrations(slow, ['insert into b values (1);']);
  await migrate();
  expect(await ask('select id from b')).toEqual([{ id: 1 }]);
});

/** As a process would: a client of its own. */
async function migrate(): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await migratePostgres(drizzle(prepared(client)), folder);
  } finally {
    await client.end();
  }
}

async function ask(query: string): Promise<unknown[]> {
  const { db, close } = openPostgres({ url });
  const rows = rowsOf(await db.execute(sql.raw(query)));
  await close();
  return [...rows];
}

async function writeMigrations(...migrations: string[][]): Promise<void> {
  const entries = migrations.map((_, idx) => ({
    idx,
    version: '7',
    when: 1_000 + idx,
    tag: `000${idx}`,
    breakpoints: true,
  }));
  await mkdir(join(folder, 'meta'), { recursive: true });
  await writeFile(
    join(folder, 'meta', '_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  );
  for (const [idx, statements] of migrations.entries())
    await writeFile(join(folder, `000${idx}.sql`), statements.join('\n--> statement-breakpoint\n'));
}
