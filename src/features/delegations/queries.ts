import { aliasedTable, and, asc, eq, exists, gt, inArray, isNull, lte, not, or } from 'drizzle-orm';
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
  const nearer = aliasedTable(delegations, 'nearer');
  // Where this very model was given to somebody, whoever has all the others has no say.
  const isGivenApart = exists(
    ctx.db
      .select({ id: nearer.id })
      .from(nearer)
      .where(and(lasts(ctx, nearer), eq(nearer.fromId, delegations.fromId), eq(nearer.modelId, modelId))),
  );
  return ctx.db
    .select()
    .from(delegations)
    .where(
      and(
        lasts(ctx, delegations),
        whose,
        or(eq(delegations.modelId, modelId), and(isNull(delegations.modelId), not(isGivenApart))),
      ),
    )
    .orderBy(asc(delegations.madeAt), asc(delegations.id))
    .for('share');
}

function lasts(ctx: Context, table: typeof delegations) {
  const now = ctx.now();
  return and(
    eq(table.workspace, ctx.workspace),
    isNull(table.endedAt),
    lte(table.startsAt, now),
    gt(table.endsAt, now),
  );
}
