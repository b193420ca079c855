import { and, asc, eq } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { type Hearer, hearers } from './schema.ts';

/** In the order in which they were chosen. */
export function hearersOf(ctx: Context, postmortemId: string): Promise<Hearer[]> {
  return ctx.db
    .select()
    .from(hearers)
    .where(and(eq(hearers.workspace, ctx.workspace), eq(hearers.postmortemId, postmortemId)))
    .orderBy(asc(hearers.chosenAt), asc(hearers.audience));
}
