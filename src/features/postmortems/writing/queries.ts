import { and, desc, eq, or, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { alsoOn } from '../../incidents/models/queries.ts';
import { incidents } from '../../incidents/schema.ts';
import { everybody, visibleTo } from '../../incidents/visibility/queries.ts';
import type { SectionName } from '../draft.ts';
import { standingIn } from '../queries.ts';
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
  const ids = rows.map(({ id }) => id);
  const said = await standingIn(ctx, ids, ['retrain_from', 'retrain_until']);
  return rows.flatMap(({ number, id }) => {
    const day = (name: SectionName) => said.get(id)?.find(({ section }) => section === name)?.text;
    const [from, until] = [day('retrain_from'), day('retrain_until')];
    return from && until ? [{ number, from, until }] : [];
  });
}
