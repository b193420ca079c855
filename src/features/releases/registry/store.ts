import { and, asc, eq, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { type Hint, registryHints } from '../schema.ts';

/** Without a name: the whole registry. */
export const everything = '';

/** Somebody should look: right away, and again where a look is under way that began before. */
export async function wantLook(ctx: Context, name = everything): Promise<void> {
  const { workspace, clock: at } = ctx;
  await ctx.db
    .insert(registryHints)
    .values({ workspace, name, at })
    .onConflictDoUpdate({
      target: [registryHints.workspace, registryHints.name],
      set: { at, tries: 0, asked: sql`${registryHints.asked} + 1` },
    });
}

/** Longer than a look takes; whoever is gone is followed by another. */
const leaseSeconds = 120;

/** The one that waits longest; nobody else gets it while the lease lasts. */
export function claimLook(ctx: Context): Promise<Hint | undefined> {
  return within(ctx, async (ctx) => {
    const [waiting] = await ctx.db
      .select()
      .from(registryHints)
      .where(
        and(
          eq(registryHints.workspace, ctx.workspace),
          lte(registryHints.at, ctx.clock),
          or(isNull(registryHints.leaseUntil), lt(registryHints.leaseUntil, ctx.clock)),
        ),
      )
      .orderBy(asc(registryHints.at), asc(registryHints.name))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!waiting) return undefined;
    const [claimed] = await ctx.db
      .update(registryHints)
      .set({ leaseUntil: sql`${ctx.clock} + make_interval(secs => ${leaseSeconds})`, tries: waiting.tries + 1 })
      .where(ofHint(ctx, waiting))
      .returning();
    return claimed;
  });
}

const mostTries = 3;
const pauseSeconds = 5;

/** One that failed is tried again for a while; the next minute looks at everything anyway. */
export function lookDone(ctx: Context, hint: Hint, isSeen: boolean): Promise<void> {
  return within(ctx, async (ctx) => {
    if (isSeen || hint.tries >= mostTries) {
      const gone = await ctx.db
        .delete(registryHints)
        .where(and(ofHint(ctx, hint), eq(registryHints.asked, hint.asked)))
        .returning({ name: registryHints.name });
      if (gone.length > 0) return;
    }
    const later = sql`greatest(${registryHints.at}, ${ctx.clock} + make_interval(secs => ${isSeen ? 0 : pauseSeconds}))`;
    await ctx.db.update(registryHints).set({ leaseUntil: null, at: later }).where(ofHint(ctx, hint));
  });
}

function ofHint(ctx: Context, { name }: Pick<Hint, 'name'>) {
  return and(eq(registryHints.workspace, ctx.workspace), eq(registryHints.name, name));
}
