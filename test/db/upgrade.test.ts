import { readdirSync, readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { expect, it } from 'vitest';

const files = readdirSync('migrations')
  .filter((name) => name.endsWith('.sql'))
  .toSorted();
const sql = (name: string) => readFileSync(`migrations/${name}`, 'utf8').replaceAll('--> statement-breakpoint', '');

it('tools that were connected before keep their token, and get a name', async () => {
  const db = new PGlite();
  const upTo = files.findIndex((name) => name.startsWith('0009'));
  for (const name of files.slice(0, upTo)) await db.exec(sql(name));
  const old = (id: string, day: number) =>
    `insert into sources (workspace, id, kind, token_hash, made_by, made_at)
     values ('T1', '00000000-0000-4000-8000-00000000000${id}', 'evidently', 'hash${id}', 'U1', '2026-03-0${day}');`;
  await db.exec(old('2', 2) + old('1', 1));
  for (const name of files.slice(upTo)) await db.exec(sql(name));
  const { rows } = await db.query('select name, secret from sources order by name');
  expect(rows).toEqual([
    { name: 'evidently-1', secret: 'hash1' },
    { name: 'evidently-2', secret: 'hash2' },
  ]);
  await db.close();
});
