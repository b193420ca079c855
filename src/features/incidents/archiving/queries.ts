import { and, asc, eq, inArray, or, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { type Archival, archivals, type ArchiveRule, archiveRules, everywhere } from './schema.ts';

export function archiveRulesFor(ctx: Context, teamId: string): Promise<ArchiveRule[]> {
  return ctx.db
    .select()
    .from(archiveRules)
    .where(and(eq(archiveRules.workspace, ctx.workspace), inArray(archiveRules.scope, [everywhere, teamId])));
}

export const ofArchival = (ctx: Context, incidentId: string) =>
  and(eq(archivals.workspace, ctx.workspace), eq(archivals.incidentId, incidentId));

export async function lockArchival(ctx: Context, incidentId: string): Promise<Archival | undefined> {
  const [found] = await ctx.db.select().from(archivals).where(ofArchival(ctx, incidentId)).for('update');
  return found;
}

/** One whose warning or archiving is due, for this transaction alone. */
export async function nextArchival(ctx: Context): Promise<Archival | undefined> {
  const now = sql`${ctx.now().toISOString()}::timestamptz`;
  const [due] = await ctx.db
    .select()
    .from(archivals)
    .where(
      and(
        eq(archivals.workspace, ctx.workspace),
        or(
          and(eq(archivals.step, 'planned'), sql`${archivals.warnAt} <= ${now}`),
          and(eq(archivals.step, 'warned'), sql`${archivals.archiveAt} <= ${now}`),
        ),
        sql`(${archivals.leaseUntil} is null or ${archivals.leaseUntil} < ${ctx.clock})`,
      ),
    )
    .orderBy(asc(archivals.warnAt))
    .limit(1)
    .for('update', { skipLocked: true });
  return due;
}
