import { type SQL, sql } from 'drizzle-orm';
import type { Db } from './db/client.ts';
import type { Sealing } from './lib/sealing.ts';
import type { Log, Registry, SlackApi, Tools } from './ports.ts';

/** What every verb may touch, for one workspace. Built in app.ts; tests build their own. */
export interface Context {
  readonly workspace: string;
  readonly db: Db;
  readonly now: () => Date;
  /** The instant as the database sees it while it judges: use it in every WHERE that asks about expiry or leases. */
  readonly clock: SQL;
  readonly slack: SlackApi;
  /** That of the whole install, where the operator named one; `registryFor` knows those of the workspace, too. */
  readonly registry: Registry | undefined;
  readonly tools: Tools;
  /** Hosts and networks (10.0.0.0/8) that the operator allows to be private or called by http. */
  readonly allowedHosts: readonly string[];
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
