import { type SQL, sql } from 'drizzle-orm';
import type { Db } from './db/client.ts';
import type { Sealing } from './lib/sealing.ts';
import type { Log, Registry, SlackApi } from './ports.ts';

/** What every verb may touch, for one workspace. Built in app.ts; tests build their own. */
export interface Context {
  readonly workspace: string;
  readonly db: Db;
  readonly now: () => Date;
  /** The instant as the database sees it while it judges: use it in every WHERE that asks about expiry or leases. */
  readonly clock: SQL;
  readonly slack: SlackApi;
  readonly registry: Registry | undefined;
  /** Undefined where the operator gave no key. */
  readonly sealing?: Sealing | undefined;
  readonly log: Log;
  /** Where this house is reached from outside, without a slash at the end. */
  readonly publicUrl: string;
  /** Inside a transaction only: what is written last, so that locks are always taken in one order. */
  readonly lastly?: ((ctx: Context) => Promise<void>)[];
}

export const databaseClock = sql`clock_timestamp()`;

/** One transaction; a verb called inside another verb joins it. Name the parameter `ctx` too: it hides the outer one. */
export async function within<T>(outer: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  if (outer.lastly) return await work(outer);
  const lastly: ((ctx: Context) => Promise<void>)[] = [];
  return await outer.db.transaction(async (db) => {
    const ctx = { ...outer, db, lastly };
    const result = await work(ctx);
    for (const each of lastly) await each(ctx);
    return result;
  });
}
