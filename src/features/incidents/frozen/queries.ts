import { and, asc, eq } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { type Frozen, frozenSeries } from './schema.ts';

/** In the order in which they were taken. */
export function frozenOf(ctx: Context, incidentId: string): Promise<Frozen[]> {
  return ctx.db
    .select()
    .from(frozenSeries)
    .where(and(eq(frozenSeries.workspace, ctx.workspace), eq(frozenSeries.incidentId, incidentId)))
    .orderBy(asc(frozenSeries.takenAt), asc(frozenSeries.place));
}
