import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { rowsOf } from '../../../db/rows.ts';
import { type Incident, incidents } from '../../incidents/schema.ts';
import { alsoOn, modelNames } from '../../incidents/models/queries.ts';
import { everybody, type Viewer, visibleTo } from '../../incidents/visibility/queries.ts';
import { factorCategories } from '../schema.ts';

/** One that is over, with what is worth knowing of it while another burns. */
const Past = z.object({
  id: z.uuid(),
  number: z.number(),
  title: z.string(),
  model: z.string(),
  severity: z.string(),
  state: z.string(),
  channel: z.string().nullable(),
  declaredAt: z.coerce.date(),
  /** What ended it. */
  worked: z.string().nullable(),
  category: z.enum(factorCategories).nullable(),
  factor: z.string().nullable(),
});
export type Past = z.infer<typeof Past>;

export interface Asked {
  readonly modelId: string;
  /** Of its own it is told apart, and its factors count. */
  readonly id?: string;
  readonly words: string;
  readonly onlyThisModel?: boolean;
  readonly most: number;
}

/** Of more it looks at the newest, those of the same model first. */
const mostLookedAt = 500;

/** Past ones on the same model, with the same kind of factors or in like words; none that is unlike in all three. */
export async function nearest(ctx: Context, asked: Asked, viewer: Viewer): Promise<Past[]> {
  const { modelId, id, words, onlyThisModel = false, most } = asked;
  const isSame = sql`(${incidents.modelId} = ${modelId} or ${alsoOn(ctx, modelId)})`;
  const rows = await ctx.db.execute(sql`
    with asked as (select replace(plainto_tsquery('english', ${words})::text, '&', '|')::tsquery as q),
    past as (
      select ${incidents.id}, case when ${isSame} then 1 else 0 end as same, ${incidents.title} || ' ' || ${incidents.summary} as said
      from ${incidents}
      where ${isOver(ctx, viewer)} and ${id === undefined ? sql`true` : sql`${incidents.id} <> ${id}`}
        and ${onlyThisModel ? isSame : sql`true`}
      order by ${isSame} desc, ${incidents.declaredAt} desc limit ${mostLookedAt}),
    written as (
      select distinct on (s.postmortem_id, s.section) p.incident_id, s.words
      from past join postmortems p on p.workspace = ${ctx.workspace} and p.incident_id = past.id
      join postmortem_versions s on s.workspace = p.workspace and s.postmortem_id = p.id
      order by s.postmortem_id, s.section, s.revision desc),
    ranked as (select incident_id, max(ts_rank(words, q)) as rank from written, asked group by incident_id),
    mine as (select distinct f.category from factors f join postmortems p on p.workspace = f.workspace and p.id = f.postmortem_id
      where f.workspace = ${ctx.workspace} and p.incident_id = ${id ?? null}::uuid and f.removed_at is null),
    shared as (
      select p.incident_id, count(distinct f.category) as n from past
      join postmortems p on p.workspace = ${ctx.workspace} and p.incident_id = past.id
      join factors f on f.workspace = p.workspace and f.postmortem_id = p.id and f.removed_at is null
      where f.category in (select category from mine) group by p.incident_id),
    scored as (
      select past.id, past.same + 0.5 * coalesce(shared.n, 0)
        + 4 * greatest(coalesce(ranked.rank, 0), ts_rank(to_tsvector('english', past.said), q)) as score
      from past cross join asked left join ranked on ranked.incident_id = past.id left join shared on shared.incident_id = past.id)
    select ${shown(ctx)} from scored c
    join ${incidents} on ${incidents.workspace} = ${ctx.workspace} and ${incidents.id} = c.id ${withModel(ctx)}
    where c.score > 0 order by c.score desc, ${incidents.number} desc limit ${most}`);
  return z.array(Past).parse(rowsOf(rows));
}

export const similarTo = (ctx: Context, { id, modelId, title, summary }: Incident, viewer: Viewer, most = 5) =>
  nearest(ctx, { id, modelId, words: `${title} ${summary}`, most }, viewer);

/** Over, and no drill; only what this person may see. */
function isOver(ctx: Context, viewer: Viewer): SQL | undefined {
  return and(
    eq(incidents.workspace, ctx.workspace),
    inArray(incidents.kind, ['incident', 'backfill']),
    inArray(incidents.state, ['resolved', 'reviewing', 'closed']),
    visibleTo(ctx, viewer),
  );
}

/** With the factor that was named first. */
const shown = (
  ctx: Context,
) => sql`${incidents.id}, ${incidents.number}, ${incidents.title}, ${modelNames(ctx)} as model,
  ${incidents.severity}, ${incidents.state}, ${incidents.channel}, ${incidents.declaredAt} as "declaredAt",
  ${incidents.resolution} as worked,
  (select f.category from factors f join postmortems p on p.workspace = f.workspace and p.id = f.postmortem_id
    where f.workspace = ${ctx.workspace} and p.incident_id = ${incidents.id} and f.removed_at is null order by f.at limit 1) as category,
  (select f.statement from factors f join postmortems p on p.workspace = f.workspace and p.id = f.postmortem_id
    where f.workspace = ${ctx.workspace} and p.incident_id = ${incidents.id} and f.removed_at is null order by f.at limit 1) as factor`;
const withModel = (ctx: Context) =>
  sql`join models m on m.workspace = ${ctx.workspace} and m.id = ${incidents.modelId}`;

/** Those that the document names: whoever reads it may see all of them. */
export async function namedIn(ctx: Context, postmortemId: string): Promise<Past[]> {
  const rows = await ctx.db.execute(sql`
    select ${shown(ctx)} from postmortem_similar s
    join ${incidents} on ${incidents.workspace} = s.workspace and ${incidents.id} = s.incident_id ${withModel(ctx)}
    where s.workspace = ${ctx.workspace} and s.postmortem_id = ${postmortemId} and ${isOver(ctx, everybody)}
    order by s.place, ${incidents.number} desc`);
  return z.array(Past).parse(rowsOf(rows));
}

/** Of these only the ones that everybody may see. */
export async function openToAll(ctx: Context, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const found = await ctx.db
    .select({ id: incidents.id })
    .from(incidents)
    .where(and(isOver(ctx, everybody), inArray(incidents.id, [...ids])));
  return found.map(({ id }) => id);
}

/** By a number or a part of the title, the newest first. */
export async function findPast(ctx: Context, typed: string): Promise<Past[]> {
  const like = `%${typed.trim().replaceAll(/[%_\\]/g, String.raw`\$&`)}%`;
  const rows = await ctx.db.execute(sql`
    select ${shown(ctx)} from ${incidents} ${withModel(ctx)}
    where ${isOver(ctx, everybody)} and (${incidents.title} ilike ${like} or ${incidents.number}::text = ${typed.trim()})
    order by ${incidents.number} desc limit 20`);
  return z.array(Past).parse(rowsOf(rows));
}
