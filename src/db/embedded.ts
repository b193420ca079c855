import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { lockDirectory } from './lock.ts';
import { migrateEmbedded } from './migrate.ts';

/** Without a directory the database lives in memory. Two openers corrupt a directory silently, hence the lock. */
export async function openEmbedded(options: { directory?: string; loadDataDir?: Blob } = {}) {
  const { directory, loadDataDir } = options;
  if (directory) await mkdir(directory, { recursive: true });
  const unlock = directory ? await lockDirectory(directory) : undefined;
  try {
    const client = await PGlite.create({
      ...(directory && { dataDir: directory }),
      ...(loadDataDir && { loadDataDir }),
    });
    const db = drizzle(client);
    return {
      db,
      kind: 'embedded' as const,
      migrate: () => migrateEmbedded(db),
      ping: async () => void (await client.query('select 1')),
      close: async () => {
        await client.close();
        await unlock?.();
      },
    };
  } catch (error) {
    await unlock?.();
    throw error;
  }
}
