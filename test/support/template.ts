import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import type { TestProject } from 'vitest/node';
import { hasMigrations, migrateEmbedded } from '../../src/db/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    template: string;
  }
}

/** Once per run: a migrated, empty database, kept as a file that every test file starts from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const client = new PGlite();
  if (hasMigrations()) await migrateEmbedded(drizzle(client));
  const dump = await client.dumpDataDir('none');
  const folder = await mkdtemp(join(tmpdir(), 'template-'));
  const file = join(folder, 'template.tar');
  await writeFile(file, Buffer.from(await dump.arrayBuffer()));
  await client.close();
  project.provide('template', file);
  return () => rm(folder, { recursive: true, force: true });
}
