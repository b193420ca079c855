import { and, eq } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import type { Incident } from '../../incidents/schema.ts';
import { everybody } from '../../incidents/visibility/queries.ts';
import { type Postmortem, similarIncidents } from '../schema.ts';
import { similarTo } from './queries.ts';

/** Until a person chooses, the document names the nearest that everybody may see. */
export async function nameNearest(ctx: Context, postmortem: Postmortem, incident: Incident): Promise<void> {
  if (postmortem.similarBy !== null) return;
  await keepNamed(
    ctx,
    postmortem,
    (await similarTo(ctx, incident, everybody)).map(({ id }) => id),
  );
}

export async function keepNamed(ctx: Context, { id }: Postmortem, ids: readonly string[]): Promise<void> {
  await ctx.db
    .delete(similarIncidents)
    .where(and(eq(similarIncidents.workspace, ctx.workspace), eq(similarIncidents.postmortemId, id)));
  if (ids.length === 0) return;
  await ctx.db
    .insert(similarIncidents)
    .values(ids.map((incidentId, place) => ({ workspace: ctx.workspace, postmortemId: id, incidentId, place })));
}
