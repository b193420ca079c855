import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { type Commitment, commitments } from '../schema.ts';

export async function lockCommitment(ctx: Context, id: string): Promise<Commitment> {
  const [found] = await ctx.db
    .select()
    .from(commitments)
    .where(and(eq(commitments.workspace, ctx.workspace), eq(commitments.id, id)))
    .for('update');
  if (!found) throw new Refusal('That commitment is gone.');
  return found;
}

const pending = ['offered', 'open', 'said_done'] as const;

/** Those that are not kept yet, those that are due first. */
export function pendingOf(ctx: Context, ownerId?: string): Promise<Commitment[]> {
  return ctx.db
    .select()
    .from(commitments)
    .where(
      and(
        eq(commitments.workspace, ctx.workspace),
        inArray(commitments.state, [...pending]),
        ...(ownerId === undefined ? [] : [eq(commitments.ownerId, ownerId)]),
      ),
    )
    .orderBy(asc(commitments.due), asc(commitments.number))
    .limit(ownerId === undefined ? 50 : 200);
}

export async function ownersWithPending(ctx: Context): Promise<string[]> {
  const rows = await ctx.db
    .selectDistinct({ ownerId: commitments.ownerId })
    .from(commitments)
    .where(and(eq(commitments.workspace, ctx.workspace), inArray(commitments.state, ['offered', 'open'])));
  return rows.map(({ ownerId }) => ownerId);
}
