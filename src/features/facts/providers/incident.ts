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
  const rows = await newestOfEach(ctx, asked, Row, { of, withs: [parts(ctx, of)], found: told(ctx) });
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

/** `part`: who has to do with which; of a team, all of its models. */
function parts(ctx: Context, of: Of) {
  const { workspace } = ctx;
  if (of === 'team')
    return sql`part as (
      select a.person_id, a.since, i.id from asked a
        join ${models} m on m.workspace = ${workspace} and m.team_id = a.person_id::uuid
        join ${incidents} i on i.workspace = ${workspace} and i.model_id = m.id)`;
  return sql`part as materialized (
    select a.person_id, a.since, r.incident_id as id from asked a
      join ${incidentRoles} r on r.workspace = ${workspace} and r.holder = a.person_id
    union
    select a.person_id, a.since, u.incident_id from asked a
      join ${incidentUpdates} u on u.workspace = ${workspace} and u.by = a.person_id
    union
    select a.person_id, a.since, i.id from asked a
      join ${incidents} i on i.workspace = ${workspace} and i.declared_by = a.person_id)`;
}

/** When one was called off stands only in the ledger. */
function told(ctx: Context) {
  const { workspace } = ctx;
  const isOpen = sql`${incidents.state} in ('triage', 'active', 'mitigated')`;
  const endedAt = sql`
    case when ${isOpen} then null when ${incidents.state} = 'merged' then ${incidents.mergedAt}
      when ${incidents.state} = 'cancelled' then (select max(l.at) from ${ledger} l where l.workspace = ${workspace}
        and l.subject = 'incident:' || ${incidents.id} and l.what = 'incident.cancelled')
      else ${incidents.resolvedAt} end`;
  const rollbacks = sql`(
    select coalesce(json_agg(json_build_object('id', r.id, 'number', r.number, 'to', r.to_version) order by r.number), '[]')
    from ${requests} r
    where r.workspace = ${workspace} and r.model_id = m.id and r.kind = 'rollback'
      and r.state in ('approved', 'executing', 'unclear', 'moved', 'done')
      and r.requested_at between ${incidents.declaredAt} and coalesce(e.ended_at, ${ctx.now().toISOString()}::timestamptz))`;
  return sql`
    select part.person_id, part.id, m.id as model_id, m.name as model, coalesce(e.ended_at, ${incidents.declaredAt}) as at,
      ${incidents.number}, ${incidents.kind}, ${incidents.title}, ${incidents.state}, ${incidents.declaredAt},
      ${incidents.alertId}, coalesce(c.holder = part.person_id, false) as leads, c.holder is not null as is_led,
      ${rollbacks} as rollbacks
    from part
    join ${incidents} on ${incidents.workspace} = ${workspace} and ${incidents.id} = part.id
      and ${visibleTo(ctx, everybody)} and ${incidents.kind} in ('incident', 'drill')
    cross join lateral (select ${endedAt} as ended_at) e
    join ${models} m on m.workspace = ${workspace} and m.id = ${incidents.modelId} and m.retired_at is null
    left join ${incidentRoles} c on c.workspace = ${workspace} and c.incident_id = part.id and c.role = 'commander'
    where ${isOpen} or e.ended_at > part.since`;
}
