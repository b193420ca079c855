import { and, desc, eq, inArray, or, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { alsoOn } from '../../incidents/models/queries.ts';
import { incidents } from '../../incidents/schema.ts';
import { everybody, visibleTo } from '../../incidents/visibility/queries.ts';
import { postmortems, sectionVersions } from '../schema.ts';

/** Days of which a post-mortem says that the data was bad, both included. */
export interface LeftOut {
  /** Of the incident. */
  readonly number: number;
  readonly from: string;
  readonly until: string;
}

const most = 10;

/** For whoever trains this model, so of no private incident; the newest first. */
export async function leftOutOn(ctx: Context, modelId: string): Promise<LeftOut[]> {
  const rows = await ctx.db
    .select({ number: incidents.number, id: postmortems.id })
    .from(postmortems)
    .innerJoin(incidents, and(eq(incidents.workspace, postmortems.workspace), eq(incidents.id, postmortems.incidentId)))
    .where(
      and(
        eq(postmortems.workspace, ctx.workspace),
        visibleTo(ctx, everybody),
        or(eq(incidents.modelId, modelId), alsoOn(ctx, modelId)),
        sql`exists (select 1 from ${sectionVersions} v where v.workspace = ${ctx.workspace}
          and v.postmortem_id = ${postmortems.id} and v.section = 'retrain_from')`,
      ),
    )
    .orderBy(desc(incidents.number))
    .limit(most);
  if (rows.length === 0) return [];
  const said = await ctx.db
    .selectDistinctOn([sectionVersions.postmortemId, sectionVersions.section])
    .from(sectionVersions)
    .where(
      and(
        eq(sectionVersions.workspace, ctx.workspace),
        inArray(
          sectionVersions.postmortemId,
          rows.map(({ id }) => id),
        ),
        inArray(sectionVersions.section, ['retrain_from', 'retrain_until']),
      ),
    )
    .orderBy(sectionVersions.postmortemId, sectionVersions.section, desc(sectionVersions.revision));
  const text = new Map(said.map((each) => [`${each.postmortemId} ${each.section}`, each.text]));
  return rows.flatMap(({ number, id }) => {
    const [from, until] = [text.get(`${id} retrain_from`), text.get(`${id} retrain_until`)];
    return from && until ? [{ number, from, until }] : [];
  });
}
