import { and, asc, eq, gt, inArray, isNull, lte, or } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { type Delegation, delegations } from './schema.ts';

/** What others handed to these people for this model and lasts now; locked until a decision is written. */
export function lentTo(ctx: Context, toIds: readonly string[], modelId: string): Promise<Delegation[]> {
  return inForce(ctx, inArray(delegations.toId, [...toIds]), modelId);
}

/** Who stands in for these people for this model now. */
export function lentBy(ctx: Context, fromIds: readonly string[], modelId: string): Promise<Delegation[]> {
  return inForce(ctx, inArray(delegations.fromId, [...fromIds]), modelId);
}

function inForce(ctx: Context, whose: ReturnType<typeof inArray>, modelId: string): Promise<Delegation[]> {
  const now = ctx.now();
  return ctx.db
    .select()
    .from(delegations)
    .where(
      and(
        eq(delegations.workspace, ctx.workspace),
        whose,
        isNull(delegations.endedAt),
        lte(delegations.startsAt, now),
        gt(delegations.endsAt, now),
        or(isNull(delegations.modelId), eq(delegations.modelId, modelId)),
      ),
    )
    .orderBy(asc(delegations.madeAt), asc(delegations.id))
    .for('share');
}
