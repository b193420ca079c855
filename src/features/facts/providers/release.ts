import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { requestKinds, requests } from '../../approvals/schema.ts';
import { aliasMoves, releases, strategies } from '../../releases/schema.ts';
import type { Asked, Found } from '../rules.ts';
import { releaseSaid, releaseStates, requestStates } from '../sentences/release.ts';
import { mine, newestOfEach, type Of } from './queries.ts';

const Base = z.object({
  person_id: z.string(),
  zone: z.string(),
  id: z.string(),
  model_id: z.string(),
  model: z.string(),
  environment: z.string().nullable(),
  to_version: z.string(),
  from_version: z.string().nullable(),
  who: z.string(),
  at: z.coerce.date(),
});
const Row = z.discriminatedUnion('of', [
  Base.extend({ of: z.literal('move') }),
  Base.extend({
    of: z.literal('request'),
    kind: z.enum(requestKinds),
    number: z.number(),
    state: z.enum(requestStates),
  }),
  Base.extend({
    of: z.literal('release'),
    state: z.enum(releaseStates),
    source: z.string(),
    percent: z.number().nullable(),
    strategy: z.enum(strategies),
  }),
]);

/** A deployment of which nothing was heard for so long is no news any more, even if nobody said how it ended. */
const silentDays = 7;

/** Of my models: what an approved request did, what moved without one, and what CI says of what is on its way. */
export async function releaseFacts(ctx: Context, asked: readonly Asked[], of: Of = 'person'): Promise<Found[]> {
  const rows = await newestOfEach(ctx, asked, Row, {
    of,
    withs: [mine(ctx, of)],
    found: sql`${requested(ctx)} union all ${moved(ctx)} union all ${deployed(ctx)}`,
  });
  return rows.map((row) => ({
    personId: row.person_id,
    fact: {
      key: `${row.of}:${row.id}`,
      kind: 'release',
      ...releaseSaid(row, { zone: row.zone, now: ctx.now() }),
      at: row.at,
      modelId: row.model_id,
    },
  }));
}

const elsewhere = sql.raw(`nullif(x.environment, m.environment) as environment`);

function requested(ctx: Context) {
  const where = (states: SQL) => sql`
    select m.person_id, 'request' as of, x.id, m.model_id, m.model, ${elsewhere}, x.to_version, x.from_version,
      x.requested_by as who, coalesce(x.ended_at, x.approved_at, x.requested_at) as at, x.kind, x.number, x.state,
      null as source, null::int as percent, null as strategy
    from mine m
    join ${requests} x on x.workspace = ${ctx.workspace} and x.model_id = m.model_id and ${states}`;
  // Two reads, each by its own index.
  const underWay = sql`x.state in ('approved', 'executing', 'unclear')`;
  const over = sql`x.ended_at > m.since and x.state in ('moved', 'done', 'failed')`;
  return sql`${where(underWay)} union all ${where(over)}`;
}

/** What a request moved is said with the request. */
function moved(ctx: Context) {
  return sql`
    select m.person_id, 'move', x.id, m.model_id, m.model, ${elsewhere}, x.to_version, x.from_version, x.who, x.at,
      null, null, null, null, null, null
    from mine m
    join ${aliasMoves} x on x.workspace = ${ctx.workspace} and x.model_id = m.model_id and x.at > m.since
    where not exists (
      select 1 from ${requests} r
      where r.workspace = ${ctx.workspace} and r.model_id = x.model_id and r.environment = x.environment
        and r.to_version = x.to_version and starts_with(x.why, r.kind || ' ' || r.number || ': '))`;
}

/** What took over all of the traffic is a move. */
function deployed(ctx: Context) {
  const isWhole = sql`(x.strategy <> 'shadow' and case when x.percent is null then x.strategy <> 'canary' else x.percent = 100 end)`;
  const lately = sql`${ctx.now().toISOString()}::timestamptz - make_interval(days => ${sql.raw(String(silentDays))})`;
  return sql`
    select m.person_id, 'release', x.id, m.model_id, m.model, ${elsewhere}, x.version, null, 'ci',
      coalesce(x.ended_at, x.started_at), null, null, x.state, x.source, x.percent, x.strategy
    from mine m
    join ${releases} x on x.workspace = ${ctx.workspace} and x.model_id = m.model_id and not x.is_ours
      and (x.state in ('pending', 'running') and x.said_at > ${lately}
        or x.state in ('failed', 'canceled') and x.ended_at > m.since
        or x.state = 'succeeded' and x.ended_at > m.since and not ${isWhole})`;
}
