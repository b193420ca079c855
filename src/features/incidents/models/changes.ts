import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { modelsByIds } from '../../models/queries.ts';
import { lockIncident } from '../queries.ts';
import type { Incident } from '../schema.ts';
import { note, tell } from '../store.ts';
import { checkFurther } from './rules.ts';
import { incidentModels } from './schema.ts';

/** What stands afterwards: those that are not among them are taken away. */
export function setFurtherModels(ctx: Context, id: string, ids: readonly string[], by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, id, by);
    checkFurther(incident);
    await keepFurtherModels(ctx, incident, ids, by);
    return await tell(ctx, incident);
  });
}

export async function keepFurtherModels(ctx: Context, incident: Incident, ids: readonly string[], by: string) {
  const { id, number, modelId } = incident;
  const wanted = [...new Set(ids)].filter((each) => each !== modelId);
  const known = await modelsByIds(ctx, wanted);
  checkFurther(incident, wanted.length);
  if (known.length < wanted.length) throw new Refusal('That model is no longer registered.', { field: 'another' });
  await ctx.db
    .delete(incidentModels)
    .where(and(eq(incidentModels.workspace, ctx.workspace), eq(incidentModels.incidentId, id)));
  const added = { workspace: ctx.workspace, incidentId: id, addedBy: by, addedAt: ctx.now() };
  if (wanted.length > 0)
    await ctx.db.insert(incidentModels).values(wanted.map((each) => ({ ...added, modelId: each })));
  const names = known.map(({ name }) => name).toSorted();
  const said = names.length > 0 ? `also affects ${names.join(', ')}` : 'affects no other model';
  note(ctx, incident, by, 'models_named', `said that incident ${number} ${said}`);
}
