import { and, asc, eq } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { type IncidentNotice, incidentNotices } from './schema.ts';

/** The oldest first. */
export function noticesOf(ctx: Context, incidentId: string): Promise<IncidentNotice[]> {
  return ctx.db
    .select()
    .from(incidentNotices)
    .where(and(eq(incidentNotices.workspace, ctx.workspace), eq(incidentNotices.incidentId, incidentId)))
    .orderBy(asc(incidentNotices.number));
}
