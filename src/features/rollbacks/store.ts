import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { modelById } from '../models/queries.ts';
import { liveVersion } from '../releases/store.ts';
import { end, still, tell } from './changes.ts';
import { voter, votesFor } from './queries.ts';
import { mayAct } from './rules.ts';
import { type Rollback, rollbacks } from './schema.ts';

/** Ends one request whose time is over; false when none is. */
export function expireNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const [late] = await ctx.db
      .select()
      .from(rollbacks)
      .where(
        and(
          eq(rollbacks.workspace, ctx.workspace),
          inArray(rollbacks.state, ['requested', 'approved']),
          sql`${rollbacks.expiresAt} <= ${ctx.clock}`,
        ),
      )
      .limit(1)
      .for('update', { skipLocked: true });
    if (!late) return false;
    await end(ctx, late, await modelById(ctx, late.modelId), 'expired', 'clock', 'nobody decided in time');
    return true;
  });
}

/** Turns "alias moved" into "rolled back" once serving was seen with the version, after the move. */
export function verifyNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const waiting = await ctx.db
      .select()
      .from(rollbacks)
      .where(and(eq(rollbacks.workspace, ctx.workspace), eq(rollbacks.state, 'alias_moved')))
      .for('update', { skipLocked: true });
    for (const rollback of waiting) {
      const live = await liveVersion(ctx, rollback.modelId, rollback.environment);
      const model = await modelById(ctx, rollback.modelId);
      if (live && live.version !== rollback.toVersion) {
        await end(
          ctx,
          rollback,
          model,
          'failed',
          'monitor',
          `the alias moved on to version ${live.version} before serving was seen`,
        );
        return true;
      }
      const seen =
        live?.servedVersion === rollback.toVersion &&
        live.servedAt &&
        live.servedAt >= (rollback.endedAt ?? rollback.requestedAt);
      if (seen) {
        await end(
          ctx,
          rollback,
          model,
          'rolled_back',
          'serving',
          `serving was seen to serve version ${rollback.toVersion}`,
        );
        return true;
      }
    }
    return false;
  });
}

/** Approved → executing, or a lease that ran out taken over; the registry is called outside this transaction. */
export function claimNext(ctx: Context, forMs: number): Promise<Rollback | undefined> {
  return within(ctx, async (ctx) => {
    const [due] = await ctx.db
      .select()
      .from(rollbacks)
      .where(
        and(
          eq(rollbacks.workspace, ctx.workspace),
          sql`(${rollbacks.state} = 'approved' and ${rollbacks.expiresAt} > ${ctx.clock}
            or ${rollbacks.state} = 'executing' and ${rollbacks.leaseUntil} < ${ctx.clock})`,
        ),
      )
      .orderBy(asc(rollbacks.approvedAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!due) return undefined;
    const model = await modelById(ctx, due.modelId);
    if (due.state === 'approved') {
      for (const id of await votesFor(ctx, due.id)) {
        const now = await voter(ctx, model, id);
        try {
          mayAct(now);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          await end(ctx, due, model, 'failed', 'executor', 'An approver may no longer approve. Ask again.');
          return undefined;
        }
      }
    }
    const [claimed] = await ctx.db
      .update(rollbacks)
      .set({
        state: 'executing',
        fence: sql`${rollbacks.fence} + 1`,
        leaseUntil: sql`${ctx.clock} + make_interval(secs => ${forMs / 1000})`,
      })
      .where(still(ctx, due))
      .returning();
    if (claimed) await tell(ctx, claimed, model);
    return claimed;
  });
}
