import { sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import type { Db } from '../../db/client.ts';
import { counters, type Installation, installations } from './schema.ts';

export async function installed(ctx: Context, about: { name: string; botUser: string }): Promise<void> {
  await ctx.db
    .insert(installations)
    .values({ workspace: ctx.workspace, at: ctx.now(), ...about })
    .onConflictDoUpdate({ target: [installations.workspace], set: about });
}

/** Every workspace: asked only by the clock and the workers, which then work for one at a time. */
export function allInstallations(db: Db): Promise<Installation[]> {
  return db.select().from(installations);
}

/** The next number under this name, without gaps: a transaction that fails gives it back. */
export async function nextNumber(ctx: Context, name: string): Promise<number> {
  const [counter] = await ctx.db
    .insert(counters)
    .values({ workspace: ctx.workspace, name, last: 1 })
    .onConflictDoUpdate({ target: [counters.workspace, counters.name], set: { last: sql`${counters.last} + 1` } })
    .returning();
  if (!counter) throw new Error(`no counter ${name}`);
  return counter.last;
}
