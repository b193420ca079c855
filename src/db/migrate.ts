import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { type PgliteDatabase } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import { type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { migrate as migratePostgresJs } from 'drizzle-orm/postgres-js/migrator';

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Any constant will do, as long as nothing else in the database takes it. */
const migrationLock = 7_482_011_936;

export function hasMigrations(folder = migrationsFolder): boolean {
  return existsSync(join(folder, 'meta', '_journal.json'));
}

export async function migrateEmbedded(db: PgliteDatabase, folder = migrationsFolder): Promise<void> {
  await migratePglite(db, { migrationsFolder: folder });
}

/** All or nothing, one process at a time: the lock lives and dies with the transaction. */
export async function migratePostgres(db: PostgresJsDatabase, folder = migrationsFolder): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local statement_timeout = 0; set local lock_timeout = 0`);
    await tx.execute(sql`select pg_advisory_xact_lock(${migrationLock})`);
    // Whoever waits for a table lock makes everybody behind it wait too, so not for long.
    await tx.execute(sql`set local lock_timeout = '10s'`);
    // The migrator's own transaction becomes a savepoint of this one.
    await migratePostgresJs(tx as unknown as PostgresJsDatabase, { migrationsFolder: folder });
  });
}
