import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { ledger } from '../../../ledger/schema.ts';
import { requests } from '../../approvals/schema.ts';
import { incidentRoles, incidents, incidentStates, incidentUpdates } from '../../incidents/schema.ts';
import { everybody, visibleTo } from '../../incidents/visibility/queries.ts';
import { models } from '../../models/schema.ts';
import type { Asked, Found } from '../rules.ts';
import { incidentSaid } from '../sentences/incident.ts';
import { newestOfEach, type Of } from './queries.ts';

const Row = z.object({
  person_id: z.string(),
  zone: z.string(),
  id: z.string(),
  model_id: z.string(),
  model: z.string(),
  at: z.coerce.date(),
  number: z.number(),
  kind: z.enum(['incident', 'drill']),
  title: z.string(),
  state: z.enum(incidentStates),
  declared_at: z.coerce.date(),
  alert_id: z.string().nullable(),
  leads: z.boolean(),
  is_led: z.boolean(),
  rollbacks: z.array(z.object({ id: z.string(), number: z.number(), to: z.string() })),
});

/**
 * Those in which they had a role, said news or which they declared: open, or ended since. What is told may end in a
 * digest, so private ones are left out for everybody, also for their own people.
 */
export async function incidentFacts(ctx: Context, asked: readonly Asked[], of: Of = 'person'): Promise<Found[]> {
  const rows = await newestOfEach(ctx, asked, Row, { of, withs: [recent(ctx)], found: partsIn(ctx, of) });
  return rows.map((row) => ({
    personId: row.person_id,
    fact: {
      key: `incident:${row.id}`,
      kind: 'incident',
      ...incidentSaid(row, { zone: row.zone, now: ctx.now() }),
      at: row.at,
      modelId: row.model_id,
    },
    covers: [
      ...row.rollbacks.map(({ id }) => `request:${id}`),
      ...(row.alert_id !== null && isUnderWay(row.state) ? [`alert:${row.alert_id}`] : []),
    ],
  }));
}

const isUnderWay = (state: (typeof incidentStates)[number]) =>
  state === 'triage' || state === 'active' || state === 'mitigated';

/** When one was called off stands only in the ledger. */
function recent(ctx: Context) {
  const { workspace } = ctx;
  const calledOff = sql`(select max(l.at) from ${ledger} l where l.workspace = ${workspace}
    and l.subject = 'incident:' || ${incidents.id} and l.what = 'incident.cancelled')`;
  const isOpen = sql`state in ('triage', 'active', 'mitigated')`;
  return sql`recent as (
    select * from (
      select id, number, kind, title, state, model_id, alert_id, declared_at, declared_by, ${isOpen} as is_open,
        case when ${isOpen} then null when state = 'merged' then merged_at when state = 'cancelled' then ${calledOff}
          else resolved_at end as ended_at
      from ${incidents}
      where ${incidents.workspace} = ${workspace} and ${visibleTo(ctx, everybody)} and kind in ('incident', 'drill')) all_of_them
    where is_open or ended_at > (select min(since) from asked))`;
}

function partsIn(ctx: Context, of: Of) {
  const { workspace } = ctx;
  const rollbacks = sql`(
    select coalesce(json_agg(json_build_object('id', r.id, 'number', r.number, 'to', r.to_version) order by r.number), '[]')
    from ${requests} r
    where r.workspace = ${workspace} and r.model_id = i.model_id and r.kind = 'rollback'
      and r.state in ('approved', 'executing', 'unclear', 'moved', 'done')
      and r.requested_at between i.declared_at and coalesce(i.ended_at, ${ctx.now().toISOString()}::timestamptz))`;
  const ofPeople = sql`
      select i.id, r.holder as person_id from recent i
        join ${incidentRoles} r on r.workspace = ${workspace} and r.incident_id = i.id
      union
      select i.id, u.by from recent i
        join ${incidentUpdates} u on u.workspace = ${workspace} and u.incident_id = i.id
      union
      select i.id, i.declared_by from recent i`;
  const ofTeams = sql`select i.id, t.team_id::text as person_id from recent i
    join ${models} t on t.workspace = ${workspace} and t.id = i.model_id`;
  return sql`
    select a.person_id, i.id, i.model_id, m.name as model, coalesce(i.ended_at, i.declared_at) as at, i.number, i.kind,
      i.title, i.state, i.declared_at, i.alert_id, coalesce(c.holder = a.person_id, false) as leads,
      c.holder is not null as is_led, ${rollbacks} as rollbacks
    from (${of === 'team' ? ofTeams : ofPeople}) part
    join asked a using (person_id)
    join recent i on i.id = part.id and (i.is_open or i.ended_at > a.since)
    join ${models} m on m.workspace = ${workspace} and m.id = i.model_id and m.retired_at is null
    left join ${incidentRoles} c on c.workspace = ${workspace} and c.incident_id = i.id and c.role = 'commander'`;
}
