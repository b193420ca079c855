import { and, asc, eq, inArray, type SQL } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { incidents } from '../../incidents/schema.ts';
import { type Viewer, visibleTo } from '../../incidents/visibility/queries.ts';
import { type Commitment, commitments, postmortems } from '../schema.ts';

export async function lockCommitment(ctx: Context, id: string, viewer: Viewer): Promise<Commitment> {
  const [found] = await shown(ctx, viewer, eq(commitments.id, id)).for('update', { of: commitments });
  if (!found) throw new Refusal('That commitment is gone.');
  return found.commitment;
}

/** Only those out of incidents that the viewer may see. */
function shown(ctx: Context, viewer: Viewer, which: SQL | undefined) {
  return ctx.db
    .select({ commitment: commitments })
    .from(commitments)
    .innerJoin(
      postmortems,
      and(eq(postmortems.workspace, commitments.workspace), eq(postmortems.id, commitments.postmortemId)),
    )
    .innerJoin(incidents, and(eq(incidents.workspace, postmortems.workspace), eq(incidents.id, postmortems.incidentId)))
    .where(and(eq(commitments.workspace, ctx.workspace), which, visibleTo(ctx, viewer)))
    .$dynamic();
}

const pending = ['offered', 'open', 'said_done'] as const;

/** Those that are not kept yet, those that are due first. */
export async function pendingOf(ctx: Context, viewer: Viewer, ownerId?: string): Promise<Commitment[]> {
  const which = and(
    inArray(commitments.state, [...pending]),
    ownerId === undefined ? undefined : eq(commitments.ownerId, ownerId),
  );
  const rows = await shown(ctx, viewer, which)
    .orderBy(asc(commitments.due), asc(commitments.number))
    .limit(ownerId === undefined ? 50 : 200);
  return rows.map(({ commitment }) => commitment);
}

export async function ownersWithPending(ctx: Context): Promise<string[]> {
  const rows = await ctx.db
    .selectDistinct({ ownerId: commitments.ownerId })
    .from(commitments)
    .where(and(eq(commitments.workspace, ctx.workspace), inArray(commitments.state, ['offered', 'open'])));
  return rows.map(({ ownerId }) => ownerId);
}
