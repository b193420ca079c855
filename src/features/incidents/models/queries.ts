import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { models, type Model } from '../../models/schema.ts';
import { incidents } from '../schema.ts';
import { incidentModels } from './schema.ts';

/** For a WHERE over `incidents`: this model was affected, too. */
export const alsoOn = (ctx: Context, modelId: string): SQL => sql`exists (select 1 from ${incidentModels} im
  where im.workspace = ${ctx.workspace} and im.incident_id = ${incidents.id} and im.model_id = ${modelId})`;

/** For a SELECT over `incidents` with `m` as its model: the names of all that were affected, its own first. */
export const modelNames = (
  ctx: Context,
): SQL => sql`m.name || coalesce((select string_agg(', ' || x.name, '' order by x.name)
  from ${incidentModels} im join ${models} x on x.workspace = im.workspace and x.id = im.model_id
  where im.workspace = ${ctx.workspace} and im.incident_id = ${incidents.id}), '')`;

/** Models that were affected beside its own, by name. Who asks has read the incident. */
export async function furtherModels(ctx: Context, incidentId: string): Promise<Model[]> {
  const rows = await ctx.db
    .select({ model: models })
    .from(incidentModels)
    .innerJoin(models, and(eq(models.workspace, incidentModels.workspace), eq(models.id, incidentModels.modelId)))
    .where(and(eq(incidentModels.workspace, ctx.workspace), eq(incidentModels.incidentId, incidentId)))
    .orderBy(asc(models.name));
  return rows.map(({ model }) => model);
}
