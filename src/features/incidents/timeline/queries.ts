import { and, asc, eq, isNull, ne } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { type IncidentNote, incidentNotes } from './schema.ts';

/** What was chosen and read, by when it was said. */
export function notesOf(ctx: Context, incidentId: string): Promise<IncidentNote[]> {
  return ctx.db
    .select()
    .from(incidentNotes)
    .where(
      and(
        eq(incidentNotes.workspace, ctx.workspace),
        eq(incidentNotes.incidentId, incidentId),
        isNull(incidentNotes.removedAt),
        ne(incidentNotes.text, ''),
      ),
    )
    .orderBy(asc(incidentNotes.at));
}
