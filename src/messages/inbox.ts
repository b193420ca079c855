import { and, eq, lt } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { inbox } from './schema.ts';

/** True the first time this key comes in. Call it in the transaction of the work it guards. */
export async function firstTime(ctx: Context, key: string, at = ctx.now()): Promise<boolean> {
  const kept = await ctx.db
    .insert(inbox)
    .values({ workspace: ctx.workspace, key, at })
    .onConflictDoNothing()
    .returning({ key: inbox.key });
  return kept.length > 0;
}

/** Senders retry for hours, not for weeks. */
export async function forgetOld(ctx: Context, before: Date): Promise<void> {
  await ctx.db.delete(inbox).where(and(eq(inbox.workspace, ctx.workspace), lt(inbox.at, before)));
}
