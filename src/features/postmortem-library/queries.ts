import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { rowsOf } from '../../db/rows.ts';
import { Refusal } from '../../lib/refusal.ts';
import { incidentById, milestonesOf, rolesOf } from '../incidents/queries.ts';
import { incidents } from '../incidents/schema.ts';
import { furtherModels, modelNames } from '../incidents/models/queries.ts';
import { frozenOf } from '../incidents/frozen/queries.ts';
import { noticesOf } from '../incidents/notices/queries.ts';
import { timelineOf } from '../incidents/timeline/queries.ts';
import { type Viewer, visibleTo } from '../incidents/visibility/queries.ts';
import { modelById } from '../models/queries.ts';
import { hearersOf } from '../postmortems/hearing/queries.ts';
import { rollbacksIn } from '../postmortems/mitigation/queries.ts';
import { pollOf } from '../postmortems/poll/queries.ts';
import { wholeOf } from '../postmortems/queries.ts';
import { postmortems } from '../postmortems/schema.ts';
import { namedIn } from '../postmortems/similar/queries.ts';
import { people } from '../teams/schema.ts';

/** Everything that an export is made of, for somebody who may see it. */
export async function sourceOf(ctx: Context, incidentId: string, viewer: Viewer) {
  const incident = await incidentById(ctx, incidentId, viewer);
  const [postmortem] = await ctx.db
    .select()
    .from(postmortems)
    .where(and(eq(postmortems.workspace, ctx.workspace), eq(postmortems.incidentId, incident.id)));
  if (!postmortem)
    throw new Refusal(`Incident ${incident.number} has no post-mortem yet. Press *Start post-mortem* on its card.`);
  const known = await ctx.db.select().from(people).where(eq(people.workspace, ctx.workspace));
  return {
    incident,
    postmortem,
    model: await modelById(ctx, incident.modelId),
    further: await furtherModels(ctx, incident.id),
    whole: await wholeOf(ctx, postmortem),
    roles: await rolesOf(ctx, incident.id),
    milestones: await milestonesOf(ctx, incident.id),
    timeline: await timelineOf(ctx, incident, postmortem.startedAt),
    frozen: await frozenOf(ctx, incident.id),
    poll: await pollOf(ctx, postmortem.id),
    similar: await namedIn(ctx, postmortem.id),
    rollbacks: await rollbacksIn(ctx, incident),
    notices: await noticesOf(ctx, incident.id),
    hearers: await hearersOf(ctx, postmortem.id),
    names: new Map(known.map(({ id, name }) => [id, name])),
  };
}
export type Source = Awaited<ReturnType<typeof sourceOf>>;

const Found = z.object({
  number: z.number(),
  title: z.string(),
  model: z.string(),
  severity: z.string(),
  state: z.string(),
  channel: z.string().nullable(),
  snippet: z.string().default(''),
});
export type Found = z.infer<typeof Found>;

/** Of every section only what stands now. */
const standing = (ctx: Context) => sql`select distinct on (postmortem_id, section) postmortem_id, text, words
  from postmortem_versions where workspace = ${ctx.workspace} order by postmortem_id, section, revision desc`;

const shown = (ctx: Context) =>
  sql`${incidents.number}, ${incidents.title}, ${modelNames(ctx)} as model, ${incidents.severity}, ${incidents.state}, ${incidents.channel}`;

/** Over all post-mortems that the viewer may see, the best first. Words as in a web search: "in quotes", or, -not. */
export async function search(ctx: Context, typed: string, viewer: Viewer): Promise<Found[]> {
  const isVisible = visibleTo(ctx, viewer) ?? sql`true`;
  const rows = await ctx.db.execute(sql`
    with asked as (select websearch_to_tsquery('english', ${typed}) as q),
    said as (
      select postmortem_id, text, words from (${standing(ctx)}) s
      union all select postmortem_id, statement, to_tsvector('english', statement) from factors
        where workspace = ${ctx.workspace} and removed_at is null
      union all select postmortem_id, text, to_tsvector('english', text) from commitments where workspace = ${ctx.workspace}
      union all select p.id, i.title, to_tsvector('english', i.title) from postmortems p
        join incidents i on i.workspace = p.workspace and i.id = p.incident_id where p.workspace = ${ctx.workspace}
      union all select p.id, x.name, to_tsvector('english', x.name) from postmortems p
        join incident_models im on im.workspace = p.workspace and im.incident_id = p.incident_id
        join models x on x.workspace = im.workspace and x.id = im.model_id where p.workspace = ${ctx.workspace}),
    hits as (
      select postmortem_id, sum(ts_rank(words, q)) as rank, (array_agg(text order by ts_rank(words, q) desc))[1] as text
      from said, asked where words @@ q group by postmortem_id)
    select ${shown(ctx)}, ts_headline('english', h.text, (select q from asked), 'MaxWords=24, MinWords=8, StartSel="", StopSel=""') as snippet
    from hits h
    join postmortems p on p.workspace = ${ctx.workspace} and p.id = h.postmortem_id
    join ${incidents} on ${incidents.workspace} = p.workspace and ${incidents.id} = p.incident_id
    join models m on m.workspace = ${incidents.workspace} and m.id = ${incidents.modelId}
    where ${isVisible}
    order by h.rank desc, ${incidents.number} desc limit 10`);
  return z.array(Found).parse(rowsOf(rows));
}
