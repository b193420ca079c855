import { and, asc, desc, eq, gte, inArray, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { rowsOf } from '../../db/rows.ts';
import { requests } from '../approvals/schema.ts';
import { timesOf } from '../incidents/milestones.ts';
import { type Incident, incidents, milestones, type MilestoneSource } from '../incidents/schema.ts';
import { type Viewer, visibleTo } from '../incidents/visibility/queries.ts';
import { models } from '../models/schema.ts';
import { postmortems } from '../postmortems/schema.ts';
import { teams } from '../teams/schema.ts';
import { learntFrom } from './learning/queries.ts';
import type { Facts } from './rules.ts';
import { workTimesOf } from './shifts/queries.ts';

const most = 2000;
const over = alias(milestones, 'over');

/**
 * Of the incidents that ended since then, by the time that people may put right, and that the viewer may see; of more than
 * 2,000 the newest. Always the same few statements, however many there are.
 */
export async function factsSince(ctx: Context, since: Date, viewer: Viewer): Promise<Facts[]> {
  const rows = (await endedSince(ctx, since, viewer)).toReversed();
  if (rows.length === 0) return [];
  const ids = rows.map(({ incident }) => incident.id);
  const known = await ctx.db
    .select()
    .from(milestones)
    .where(and(eq(milestones.workspace, ctx.workspace), inArray(milestones.incidentId, ids)));
  const ofIncident = Map.groupBy(known, ({ incidentId }) => incidentId);
  const family = await familiesOf(ctx, ids);
  const back = await rollbacksOn(ctx, [...new Set([...family.values()].flat().map(({ modelId }) => modelId))]);
  const learnt = await learntFrom(
    ctx,
    rows.flatMap(({ postmortem }) => postmortem?.id ?? []),
  );
  const began = rows.map(({ incident }) => incident.onset.getTime());
  const earliest = Math.min(...began, ...known.map(({ at }) => at.getTime()));
  const workOf = await workTimesOf(
    ctx,
    rows.map(({ team }) => team),
    new Date(earliest),
  );
  return rows.map(({ incident, model, team, postmortem }) => {
    const own = ofIncident.get(incident.id) ?? [];
    const times = timesOf(own);
    const relatives = family.get(incident.id) ?? [];
    const called = relatives.flatMap(({ calledAt }) => calledAt?.getTime() ?? []);
    const from = times.onset ?? incident.onset;
    const until = times.resolved ?? incident.resolvedAt ?? incident.declaredAt;
    const isLearnt = incident.state === 'closed' && postmortem?.state === 'closed';
    return {
      incident,
      model: model.name,
      times,
      work: workOf(team),
      isByAlert: own.some(({ name, source }) => name === 'detected' && isOfAlert(source, incident)),
      calledAt: called.length > 0 ? new Date(Math.min(...called)) : undefined,
      // Those that were asked for while it went on.
      rollbacks: back
        .filter(
          ({ modelId, environment, requestedAt }) =>
            relatives.some((each) => each.modelId === modelId && each.environment === environment) &&
            requestedAt >= from &&
            requestedAt <= until,
        )
        .map(({ requestedAt, approvedAt, state, endedAt }) => ({
          asked: requestedAt,
          approved: approvedAt ?? undefined,
          seen: state === 'done' ? (endedAt ?? undefined) : undefined,
        })),
      learnedAt: isLearnt ? (postmortem.closedAt ?? undefined) : undefined,
      ...(postmortem && learnt(postmortem.id)),
    };
  });
}

/** Who puts the time right does not say by that who noticed. */
const isOfAlert = (source: MilestoneSource, { alertId }: Incident) =>
  source === 'alert' || (source === 'human' && alertId !== null);

/** The newest first. */
function endedSince(ctx: Context, since: Date, viewer: Viewer) {
  return ctx.db
    .select({ incident: incidents, model: models, team: teams, postmortem: postmortems })
    .from(incidents)
    .innerJoin(models, and(eq(models.workspace, incidents.workspace), eq(models.id, incidents.modelId)))
    .innerJoin(teams, and(eq(teams.workspace, models.workspace), eq(teams.id, models.teamId)))
    .leftJoin(
      postmortems,
      and(eq(postmortems.workspace, incidents.workspace), eq(postmortems.incidentId, incidents.id)),
    )
    .leftJoin(
      over,
      and(eq(over.workspace, incidents.workspace), eq(over.incidentId, incidents.id), eq(over.name, 'resolved')),
    )
    .where(
      and(
        eq(incidents.workspace, ctx.workspace),
        visibleTo(ctx, viewer),
        or(
          gte(sql`coalesce(${over.at}, ${incidents.resolvedAt})`, sql`${since.toISOString()}::timestamptz`),
          and(eq(incidents.state, 'cancelled'), gte(incidents.declaredAt, since)),
        ),
      ),
    )
    .orderBy(desc(incidents.number))
    .limit(most);
}

const Relative = z.object({
  root: z.string(),
  model: z.string(),
  environment: z.string(),
  called: z.coerce.date().nullable(),
});

interface Relatives {
  readonly modelId: string;
  readonly environment: string;
  /** The first that was sent about it, or about the alert that it was declared from. */
  readonly calledAt: Date | null;
}

/** Of each its own and all that was merged into it, at any remove: the survivor speaks for them. */
async function familiesOf(ctx: Context, ids: readonly string[]): Promise<ReadonlyMap<string, readonly Relatives[]>> {
  const found = await ctx.db.execute(sql`
    with recursive family as (
      select i.id as root, i.id from incidents i
        where i.workspace = ${ctx.workspace} and ${inArray(sql`i.id`, [...ids])}
      union select f.root, i.id from incidents i join family f on i.merged_into = f.id
        where i.workspace = ${ctx.workspace})
    select f.root, i.model_id as model, m.environment, 
      (select min(c.at) from sent_calls c where c.workspace = ${ctx.workspace}
        and c.about in ('incident:' || i.id, 'alert:' || i.alert_id)) as called
    from family f
    join incidents i on i.workspace = ${ctx.workspace} and i.id = f.id
    join models m on m.workspace = i.workspace and m.id = i.model_id`);
  const relatives = z.array(Relative).parse(rowsOf(found));
  const byRoot = Map.groupBy(relatives, ({ root }) => root);
  return new Map(
    [...byRoot].map(([root, all]) => [
      root,
      all.map(({ model, environment, called }) => ({
        modelId: model,
        environment,
        calledAt: called,
      })),
    ]),
  );
}

/** The first that was asked for first. */
function rollbacksOn(ctx: Context, modelIds: readonly string[]) {
  return ctx.db
    .select()
    .from(requests)
    .where(
      and(
        eq(requests.workspace, ctx.workspace),
        eq(requests.kind, 'rollback'),
        inArray(requests.modelId, [...modelIds]),
      ),
    )
    .orderBy(asc(requests.requestedAt));
}
