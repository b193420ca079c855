import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { serviceLevel } from '../../work/rules.ts';
import { outcomes, states, types, workEvents, workItems } from '../../work/schema.ts';
import type { Asked, Found } from '../rules.ts';
import { workSaid } from '../sentences/work.ts';
import { newestOfEach } from './queries.ts';

const Row = z.object({
  person_id: z.string(),
  zone: z.string(),
  id: z.string(),
  model_id: z.string().nullable(),
  number: z.number(),
  type: z.enum(types),
  title: z.string(),
  state: z.enum(states),
  owner_id: z.string().nullable(),
  moved_by: z.string(),
  started_at: z.coerce.date().nullable(),
  outcome: z.enum(outcomes).nullable(),
  at: z.coerce.date(),
  has_moved: z.boolean(),
  /** So many days at most took 85 of 100 of their kind in their team; null where too few are finished. */
  usual_days: z.coerce.number().nullable(),
});

/** What I moved, what I have and somebody moved; and what I have that is older than most of its kind ever got. */
export async function workFacts(ctx: Context, asked: readonly Asked[]): Promise<Found[]> {
  const { workspace } = ctx;
  const here = (alias: string) => sql`${sql.raw(alias)}.workspace = ${workspace}`;
  const age = sql`greatest(1, ceil(extract(epoch from ${ctx.now().toISOString()}::timestamptz - i.started_at) / 86400))`;
  const touched = sql`touched as (
    select a.person_id, i.id, true as has_moved from asked a
      join ${workItems} i on ${here('i')} and i.owner_id = a.person_id and i.moved_at > a.since
    union
    select a.person_id, e.item_id, true from asked a
      join ${workEvents} e on ${here('e')} and e.by = a.person_id and e.at > a.since and e.kind = 'moved'
    union
    select a.person_id, i.id, false from asked a
      join ${workItems} i on ${here('i')} and i.owner_id = a.person_id and i.state in ('doing', 'review')
        and i.moved_at <= a.since)`;
  const going = sql`going as (
    select distinct i.team_id, i.type from touched t
      join ${workItems} i on ${here('i')} and i.id = t.id and i.state in ('doing', 'review'))`;
  const usual = sql`usual as (
    select g.team_id, g.type, u.days from going g cross join lateral (
      select percentile_disc(${serviceLevel.quantile}) within group (order by f.days) as days, count(*) as n from (
        select greatest(1, ceil(extract(epoch from d.finished_at - d.started_at) / 86400)) as days from ${workItems} d
        where ${here('d')} and d.team_id = g.team_id and d.type = g.type and d.state = 'done'
        order by d.finished_at desc limit ${serviceLevel.newest}) f) u
    where u.n >= ${serviceLevel.fewest})`;
  const found = sql`
    select t.person_id, i.id, i.model_id, i.number, i.type, i.title, i.state, i.owner_id, i.moved_by, i.started_at,
      i.outcome, i.moved_at as at, bool_or(t.has_moved) as has_moved,
      case when i.state in ('doing', 'review') and i.owner_id = t.person_id and ${age} > u.days then u.days end
        as usual_days
    from touched t
    join ${workItems} i on ${here('i')} and i.id = t.id
    left join usual u on u.team_id = i.team_id and u.type = i.type
    group by t.person_id, i.workspace, i.id, u.days
    having bool_or(t.has_moved) or ${age} > u.days`;
  const rows = await newestOfEach(ctx, asked, Row, { withs: [touched, going, usual], found });
  return rows.map((row) => ({
    personId: row.person_id,
    fact: {
      key: `work:${row.id}`,
      kind: 'work',
      ...workSaid(row, { zone: row.zone, now: ctx.now() }),
      at: row.at,
      ...(row.model_id !== null && { modelId: row.model_id }),
    },
  }));
}
