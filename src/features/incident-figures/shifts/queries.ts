import { and, asc, desc, eq, gte, inArray, isNull, min, or, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { sentCalls } from '../../../messages/schema.ts';
import { closingDaysOf } from '../../calendars/queries.ts';
import { incidents } from '../../incidents/schema.ts';
import { type Viewer, visibleTo } from '../../incidents/visibility/queries.ts';
import { members, type Team, teams } from '../../teams/schema.ts';
import type { WorkTime } from '../../blockers/clock.ts';
import type { TeamCalls } from './rules.ts';

const most = 20_000;

/** What teams were called since then, without what the viewer may not see; drills and tests are no calls. */
export async function callsSince(ctx: Context, since: Date, viewer: Viewer): Promise<TeamCalls[]> {
  const [begun] = await ctx.db
    .select({ at: min(sentCalls.at) })
    .from(sentCalls)
    .where(eq(sentCalls.workspace, ctx.workspace));
  if (!begun?.at) return [];
  const found = await ctx.db
    .select({ teamId: sentCalls.teamId, at: sentCalls.at })
    .from(sentCalls)
    .leftJoin(
      incidents,
      and(eq(incidents.workspace, sentCalls.workspace), eq(sentCalls.about, sql`'incident:' || ${incidents.id}`)),
    )
    .where(
      and(
        eq(sentCalls.workspace, ctx.workspace),
        gte(sentCalls.at, since),
        or(isNull(incidents.id), and(eq(incidents.kind, 'incident'), visibleTo(ctx, viewer))),
      ),
    )
    .orderBy(desc(sentCalls.at))
    .limit(most);
  const calls = Map.groupBy(found, ({ teamId }) => teamId);
  if (calls.size === 0) return [];
  const known = await ctx.db
    .select({ team: teams, joinedAt: min(members.joinedAt) })
    .from(teams)
    .leftJoin(members, and(eq(members.workspace, teams.workspace), eq(members.teamId, teams.id)))
    .where(and(eq(teams.workspace, ctx.workspace), inArray(teams.id, [...calls.keys()])))
    .groupBy(teams.workspace, teams.id)
    .orderBy(asc(teams.name));
  const times = await workTimesOf(
    ctx,
    known.map(({ team }) => team),
    since,
  );
  const from = found.length < most ? since : (found.at(-1)?.at ?? since);
  return known.map(({ team, joinedAt }) => ({
    team: team.name,
    work: times(team),
    since: new Date(Math.max(from.getTime(), begun.at?.getTime() ?? 0, joinedAt?.getTime() ?? 0)),
    calls: (calls.get(team.id) ?? []).map(({ at }) => at),
  }));
}

/** When teams work, as they say today, without the days on which they are closed. */
export async function workTimesOf(
  ctx: Context,
  list: readonly Pick<Team, 'id'>[],
  since: Date,
): Promise<(team: Team) => WorkTime> {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const dayMs = 86_400_000;
  const ids = [...new Set(list.map(({ id }) => id))];
  const closed = await closingDaysOf(ctx, ids, day(since.getTime() - 2 * dayMs), day(ctx.now().getTime() + 2 * dayMs));
  return ({ id, zone, hoursFrom, hoursTo, workdays }) => ({
    zone,
    hoursFrom,
    hoursTo,
    workdays,
    away: (closed.get(id) ?? []).map(({ date }) => ({ from: date, until: date })),
  });
}
