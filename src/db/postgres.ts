import { sql } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { migratePostgres } from './migrate.ts';
import { prepared } from './prepared.ts';
import { alignShapes, bigint } from './shapes.ts';

const unpatched =
  'postgres.js lacks the patch in ./patches, without which a lost connection ends the process: run `npm install`.';

export interface PostgresOptions {
  readonly url: string;
  readonly log?: (message: string, error?: unknown) => void;
  readonly deadlineMs?: number;
  readonly connections?: number;
}

export function openPostgres(options: PostgresOptions) {
  const { url, log, deadlineMs = 10_000, connections = 10 } = options;
  const { client, db } = connect(url, log, { connections, deadlineMs });
  return {
    db,
    kind: 'postgres' as const,
    migrate: () => migrateAlone(url, log),
    ping: async () => void (await db.execute(sql`select 1`)),
    close: () => client.end({ timeout: 5 }),
  };
}

/** Migrations may take long, so they get a connection of their own without deadlines. */
async function migrateAlone(url: string, log: PostgresOptions['log']): Promise<void> {
  const { client, db } = connect(url, log, { connections: 1, deadlineMs: 0 });
  try {
    await migratePostgres(db);
  } finally {
    await client.end({ timeout: 5 });
  }
}

function connect(url: string, log: PostgresOptions['log'], limits: { connections: number; deadlineMs: number }) {
  const { connections, deadlineMs } = limits;
  const settings = {
    max: connections,
    idle_timeout: 60,
    connect_timeout: 5,
    keep_alive: 30,
    backoff: (tries: number) => Math.min(2 ** tries / 40, 1),
    query_timeout: deadlineMs / 1000,
    types: { bigint },
    onnotice: (notice: postgres.Notice) => log?.(`postgres: ${notice['message']}`),
    connection: {
      application_name: 'pitcrew',
      TimeZone: 'UTC',
      // Compiling one of our statements takes longer than running it.
      jit: 'off',
      // The server gives up first, with a better error; our own deadline is for when it cannot say so any more.
      statement_timeout: Math.round(deadlineMs * 0.8),
      idle_in_transaction_session_timeout: deadlineMs,
      lock_timeout: deadlineMs && 1_000,
    },
  };
  const client = postgres(url, settings);
  if (!('query_timeout' in client.options)) throw new Error(unpatched);
  const db: PostgresJsDatabase = drizzle(prepared(client));
  alignShapes(client.options.serializers);
  return { client, db };
}
