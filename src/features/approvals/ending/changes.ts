import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { modelById } from '../../models/queries.ts';
import { liveVersion } from '../../releases/store.ts';
import { requests } from '../schema.ts';
import { end, ours } from '../store.ts';

/** Ends one request whose time is over; false when none is. */
export function expireNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const [late] = await ctx.db
      .select()
      .from(requests)
      .where(
        and(ours(ctx), inArray(requests.state, ['requested', 'approved']), sql`${requests.expiresAt} <= ${ctx.clock}`),
      )
      .limit(1)
      .for('update', { skipLocked: true });
    if (!late) return false;
    const outcome = late.state === 'requested' ? 'nobody decided in time' : 'it was approved, but not begun in time';
    await end(ctx, late, await modelById(ctx, late.modelId), 'expired', 'clock', outcome);
    return true;
  });
}

/** Turns "moved" into "done" once serving was seen with the version, after the change. */
export function verifyNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const waiting = await ctx.db
      .select()
      .from(requests)
      .where(and(ours(ctx), eq(requests.state, 'moved')))
      .for('update', { skipLocked: true });
    for (const request of waiting) {
      const live = await liveVersion(ctx, request.modelId, request.environment);
      const model = await modelById(ctx, request.modelId);
      if (live && live.version !== request.toVersion) {
        const why = `the alias moved on to version ${live.version} before serving was seen`;
        await end(ctx, request, model, 'failed', 'monitor', why);
        return true;
      }
      const since = request.endedAt ?? request.requestedAt;
      if (live?.servedVersion === request.toVersion && live.servedAt && live.servedAt >= since) {
        await end(ctx, request, model, 'done', 'serving', `serving was seen to serve version ${request.toVersion}`);
        return true;
      }
    }
    return false;
  });
}
