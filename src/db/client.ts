import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { openEmbedded } from './embedded.ts';
import { openPostgres } from './postgres.ts';

/** A client or a transaction of either driver. Inside a transaction only the transaction may be used, never the client. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>;

export interface Database {
  readonly db: Db;
  readonly kind: 'postgres' | 'embedded';
  migrate(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url?: string | undefined;
  /** Where the embedded database lives when there is no url. */
  readonly directory?: string;
  readonly log?: (message: string, error?: unknown) => void;
  /** No query waits longer, whatever happens to the server or the network. */
  readonly deadlineMs?: number;
  /** How many the pool may open on a server. */
  readonly connections?: number;
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, directory = './.pitcrew/db', ...rest } = options;
  return url ? openPostgres({ url, ...rest }) : await openEmbedded({ directory });
}
