import { and, eq, max, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { rowsOf } from '../db/rows.ts';
import { ticks } from './schema.ts';

/** One slot in our hands; `attempt` tells our claim from a later one. */
export interface Tick {
  readonly job: string;
  readonly slot: Date;
  readonly attempt: number;
}

/** After this many failures a slot is left alone; its row keeps the reason. */
export const mostAttempts = 6;

/** The same slot from many processes, or many times: one row. True when any of them is new. */
export async function writeSlots(ctx: Context, job: string, slots: readonly Date[]): Promise<boolean> {
  if (slots.length === 0) return false;
  const rows = slots.map((slot) => ({ workspace: ctx.workspace, job, slot }));
  const added = await ctx.db.insert(ticks).values(rows).onConflictDoNothing().returning({ slot: ticks.slot });
  return added.length > 0;
}

/** Where the record begins when there is none yet: nothing before this instant was ever missed. */
export async function beginAt(ctx: Context, job: string, slot: Date): Promise<void> {
  const row = { workspace: ctx.workspace, job, slot, doneAt: ctx.now() };
  await ctx.db.insert(ticks).values(row).onConflictDoNothing();
}

export async function lastSlot(ctx: Context, job: string): Promise<Date | undefined> {
  const [last] = await ctx.db
    .select({ slot: max(ticks.slot) })
    .from(ticks)
    .where(and(eq(ticks.workspace, ctx.workspace), eq(ticks.job, job)));
  return last?.slot ?? undefined;
}

const Claim = z.object({ job: z.string(), slot: z.coerce.date(), attempts: z.number() });

/** The oldest slot that is due and in nobody's hands, of the jobs this process knows. */
export async function claimTick(
  ctx: Context,
  jobs: readonly string[],
  leaseSeconds: number,
): Promise<Tick | undefined> {
  const claimed = await ctx.db.execute(sql`
    with due as materialized (
      select job, slot from ticks
      where workspace = ${ctx.workspace} and job = any(${sql.param(jobs)}::text[]) and done_at is null
        and attempts < ${mostAttempts} and (lease_until is null or lease_until < ${ctx.clock})
      order by slot, job limit 1
      for update skip locked)
    update ticks t set attempts = t.attempts + 1,
      lease_until = ${ctx.clock} + make_interval(secs => ${leaseSeconds})
    from due where t.workspace = ${ctx.workspace} and t.job = due.job and t.slot = due.slot
    returning t.job, t.slot, t.attempts`);
  const [claim] = z.array(Claim).parse(rowsOf(claimed));
  return claim && { job: claim.job, slot: claim.slot, attempt: claim.attempts };
}

const mine = (ctx: Context, tick: Tick) =>
  and(
    eq(ticks.workspace, ctx.workspace),
    eq(ticks.job, tick.job),
    eq(ticks.slot, tick.slot),
    eq(ticks.attempts, tick.attempt),
  );

/** Still at it: nobody else may take it yet. */
export async function keepTick(ctx: Context, tick: Tick, leaseSeconds: number): Promise<void> {
  await ctx.db
    .update(ticks)
    .set({ leaseUntil: sql`${ctx.clock} + make_interval(secs => ${leaseSeconds})` })
    .where(mine(ctx, tick));
}

export async function finishTick(ctx: Context, tick: Tick): Promise<void> {
  await ctx.db.update(ticks).set({ doneAt: ctx.now(), leaseUntil: null, lastError: null }).where(mine(ctx, tick));
}

/** It failed: the lease becomes the time of the next try. */
export async function retryTick(ctx: Context, tick: Tick, seconds: number, why: string): Promise<void> {
  await ctx.db
    .update(ticks)
    .set({ leaseUntil: sql`${ctx.clock} + make_interval(secs => ${seconds})`, lastError: why })
    .where(mine(ctx, tick));
}
