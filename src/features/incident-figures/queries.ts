import { and, desc, eq, gte, inArray, isNotNull, isNull, ne, or } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { requests } from '../approvals/schema.ts';
import { timesOf } from '../incidents/milestones.ts';
import { incidents, milestones } from '../incidents/schema.ts';
import { type Viewer, visibleTo } from '../incidents/visibility/queries.ts';
import { models } from '../models/schema.ts';
import { commitments, factors, postmortems, sectionVersions } from '../postmortems/schema.ts';
import type { Facts, Promised } from './rules.ts';

const most = 2000;

/** Of all incidents that ended since then and that the viewer may see. */
export async function factsSince(ctx: Context, since: Date, viewer: Viewer): Promise<Facts[]> {
  const rows = await ctx.db
    .select({ incident: incidents, model: models, learnedAt: postmortems.closedAt, postmortemId: postmortems.id })
    .from(incidents)
    .innerJoin(models, and(eq(models.workspace, incidents.workspace), eq(models.id, incidents.modelId)))
    .leftJoin(
      postmortems,
      and(eq(postmortems.workspace, incidents.workspace), eq(postmortems.incidentId, incidents.id)),
    )
    .where(
      and(
        eq(incidents.workspace, ctx.workspace),
        visibleTo(ctx, viewer),
        or(gte(incidents.resolvedAt, since), and(eq(incidents.state, 'cancelled'), gte(incidents.declaredAt, since))),
      ),
    )
    .orderBy(incidents.number)
    .limit(most);
  if (rows.length === 0) return [];
  const known = await ctx.db
    .select()
    .from(milestones)
    .where(
      and(
        eq(milestones.workspace, ctx.workspace),
        inArray(
          milestones.incidentId,
          rows.map(({ incident }) => incident.id),
        ),
      ),
    );
  const ofIncident = Map.groupBy(known, ({ incidentId }) => incidentId);
  const back = await ctx.db
    .select()
    .from(requests)
    .where(
      and(
        eq(requests.workspace, ctx.workspace),
        eq(requests.kind, 'rollback'),
        inArray(
          requests.modelId,
          rows.map(({ model }) => model.id),
        ),
      ),
    );
  const learnt = await learntFrom(
    ctx,
    rows.flatMap(({ postmortemId }) => postmortemId ?? []),
  );
  return rows.map(({ incident, model, learnedAt, postmortemId }) => {
    const own = ofIncident.get(incident.id) ?? [];
    const until = incident.resolvedAt ?? incident.declaredAt;
    return {
      incident,
      model: model.name,
      times: timesOf(own),
      isByAlert: own.some(({ name, source }) => name === 'detected' && source === 'alert'),
      // Those that were asked for while it went on.
      rollbacks: back
        .filter(
          ({ modelId, requestedAt }) => modelId === model.id && requestedAt >= incident.onset && requestedAt <= until,
        )
        .map(({ requestedAt, approvedAt, state, endedAt }) => ({
          asked: requestedAt,
          approved: approvedAt ?? undefined,
          seen: state === 'done' ? (endedAt ?? undefined) : undefined,
        })),
      learnedAt: learnedAt ?? undefined,
      ...(postmortemId && {
        labelsAt: learnt.labels.get(postmortemId),
        isRepeat: learnt.repeats.has(postmortemId),
        promises: learnt.promises.get(postmortemId) ?? [],
      }),
    };
  });
}

/** What their post-mortems say, all at once. */
async function learntFrom(ctx: Context, ids: readonly string[]) {
  const none = { labels: new Map<string, Date>(), repeats: new Set<string>(), promises: new Map<string, Promised[]>() };
  if (ids.length === 0) return none;
  const basis = await ctx.db
    .selectDistinctOn([sectionVersions.postmortemId])
    .from(sectionVersions)
    .where(
      and(
        eq(sectionVersions.workspace, ctx.workspace),
        inArray(sectionVersions.postmortemId, [...ids]),
        eq(sectionVersions.section, 'impact_basis'),
      ),
    )
    .orderBy(sectionVersions.postmortemId, desc(sectionVersions.revision));
  const repeated = await ctx.db
    .selectDistinct({ postmortemId: factors.postmortemId })
    .from(factors)
    .where(
      and(
        eq(factors.workspace, ctx.workspace),
        inArray(factors.postmortemId, [...ids]),
        isNotNull(factors.sameAs),
        isNull(factors.removedAt),
      ),
    );
  const made = await ctx.db
    .select()
    .from(commitments)
    .where(
      and(
        eq(commitments.workspace, ctx.workspace),
        inArray(commitments.postmortemId, [...ids]),
        ne(commitments.state, 'declined'),
      ),
    );
  const promises = made.map(({ postmortemId, number, text, reason, due, state, endedAt }) => ({
    postmortemId,
    due,
    doneOn: state === 'done' ? (endedAt?.toISOString().slice(0, 10) ?? null) : null,
    waived: state === 'waived' ? { number, text, reason: reason ?? '' } : null,
  }));
  return {
    labels: new Map(basis.filter(({ text }) => text === 'measured').map((each) => [each.postmortemId, each.at])),
    repeats: new Set(repeated.map(({ postmortemId }) => postmortemId)),
    promises: Map.groupBy(promises, ({ postmortemId }) => postmortemId),
  };
}
