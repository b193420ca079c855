import { and, asc, eq, inArray, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { rowsOf } from '../../db/rows.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { BurnWindow, Count } from '../metrics/formulas/burn.ts';
import { readings, series } from '../metrics/schema.ts';
import { models } from '../models/schema.ts';
import { members, teams } from '../teams/schema.ts';
import {
  type BurnCounts,
  burnWindows,
  type Day,
  lookBackDays,
  type Missed,
  missedSince,
  type Stand,
  standOf,
} from './rules.ts';
import { type Agreement, agreements, type Goal, goals } from './schema.ts';

export interface GoalNow {
  readonly goal: Goal;
  readonly stand: Stand;
}

export async function goalById(ctx: Context, id: string): Promise<Goal> {
  const [goal] = await ctx.db
    .select()
    .from(goals)
    .where(and(eq(goals.workspace, ctx.workspace), eq(goals.id, id)));
  if (!goal || goal.retiredAt) throw new Refusal('That goal is no longer kept.');
  return goal;
}

/** All goals that count good and bad events. */
export function eventGoals(ctx: Context): Promise<Goal[]> {
  return ctx.db
    .select()
    .from(goals)
    .where(and(eq(goals.workspace, ctx.workspace), eq(goals.measure, 'events'), isNull(goals.retiredAt)));
}

/** The goals of these models with where they stand, in the order people named them. */
export async function goalsNow(ctx: Context, modelIds: readonly string[]): Promise<GoalNow[]> {
  if (modelIds.length === 0) return [];
  const found = await ctx.db
    .select()
    .from(goals)
    .where(and(eq(goals.workspace, ctx.workspace), inArray(goals.modelId, [...modelIds]), isNull(goals.retiredAt)))
    .orderBy(asc(goals.kind), asc(goals.name))
    .limit(500);
  return await withStands(ctx, found);
}

export async function withStands(ctx: Context, wanted: readonly Goal[]): Promise<GoalNow[]> {
  const days = await daysOf(ctx, wanted);
  const counts = await burnCounts(
    ctx,
    wanted.filter(({ measure }) => measure === 'events'),
  );
  return wanted.map((goal) => ({ goal, stand: standOf(goal, days.get(goal.id) ?? [], counts.get(goal.id)) }));
}

const DayRow = z.object({
  id: z.string(),
  day: z.string(),
  last_at: z.coerce.date(),
  last: z.number(),
  readings: z.coerce.number(),
  good_readings: z.coerce.number(),
  rows: z.coerce.number(),
  good: z.coerce.number(),
  bad: z.coerce.number(),
});

const daySums = sql`max(r.at) as last_at,
  (array_agg(r.value order by r.at desc))[1] as last, count(*) as readings,
  count(*) filter (where case g.direction when 'at_least' then r.value >= g.limit else r.value <= g.limit end) as good_readings,
  coalesce(sum(r.rows) filter (where r.good is not null), 0) as rows,
  coalesce(sum(r.good), 0) as good, coalesce(sum(r.bad), 0) as bad`;

/** One row a goal and day of its period, so that a month of minutes does not have to travel. */
async function daysOf(ctx: Context, wanted: readonly Goal[]): Promise<Map<string, Day[]>> {
  if (wanted.length === 0) return new Map();
  const longest = Math.max(...wanted.map(({ periodDays }) => periodDays));
  const found = await ctx.db.execute(sql`
    select g.id, to_char(r.at at time zone 'UTC', 'YYYY-MM-DD') as day, ${daySums}
    ${readingsOfGoals(ctx, wanted, longest)}
      and r.at > ${ctx.now().toISOString()}::timestamptz - make_interval(days => g.period_days)
    group by g.id, day
    order by day`);
  const days = new Map<string, Day[]>();
  for (const row of z.array(DayRow).parse(rowsOf(found))) {
    const { id, last_at: lastAt, good_readings: goodReadings, ...rest } = row;
    const list = days.get(id) ?? [];
    days.set(id, [...list, { ...rest, lastAt, goodReadings }]);
  }
  return days;
}

export interface MissedGoal extends Missed {
  readonly goal: Goal;
}

const CourseRow = DayRow.omit({ day: true }).extend({ back: z.number(), since: z.coerce.date().nullable() });

/** Those of these goals that are missed, and since when; one statement for all. */
export async function missedGoals(ctx: Context, wanted: readonly Goal[]): Promise<MissedGoal[]> {
  if (wanted.length === 0) return [];
  const found = await ctx.db.execute(sql`${newestValues(ctx, wanted)} union all ${daysBack(ctx, wanted)}`);
  const rows = Map.groupBy(z.array(CourseRow).parse(rowsOf(found)), ({ id }) => id);
  return wanted
    .flatMap((goal) => {
      const days = new Map(
        (rows.get(goal.id) ?? []).map(({ last_at: lastAt, good_readings: goodReadings, back, ...rest }) => [
          back,
          { ...rest, day: lastAt.toISOString().slice(0, 10), lastAt, goodReadings },
        ]),
      );
      if (goal.measure !== 'value') return { goal, missed: missedSince(goal, days) };
      const [newest] = days.values();
      const stand = standOf(goal, newest ? [newest] : []);
      const isMissed = stand.state === 'missed' && newest;
      return { goal, missed: isMissed ? { stand, since: newest.since ?? newest.lastAt, isLonger: false } : undefined };
    })
    .flatMap(({ goal, missed }) => (missed ? [{ goal, ...missed }] : []));
}

/** A value is found by the index, however many there are: the newest, and the first bad one after the last good one. */
function newestValues(ctx: Context, wanted: readonly Goal[]) {
  const now = ctx.now().getTime();
  const from = sql`${new Date(now - longestSearchDays * 86_400_000).toISOString()}::timestamptz`;
  const to = sql`${new Date(now + 5 * 60_000).toISOString()}::timestamptz`;
  const good = (value: SQL) =>
    sql`case g.direction when 'at_least' then ${value} >= g.target else ${value} <= g.target end`;
  return sql`
    select g.id, 0 as back, newest.at as last_at, newest.value as last, 1 as readings, 0 as good_readings, 0 as rows,
      0 as good, 0 as bad, bad.at as since
    from ${goals} g
    join ${series} s on s.workspace = g.workspace and s.model_id = g.model_id and s.environment = g.environment
      and s.metric = g.metric and s."column" = g."column"
    cross join lateral (
      select r.at, r.value from ${readings} r
      where r.workspace = s.workspace and r.series_id = s.id and r.at > ${from} and r.at <= ${to}
      order by r.at desc limit 1) newest
    left join lateral (
      select min(r.at) as at from ${readings} r
      where r.workspace = s.workspace and r.series_id = s.id and r.at <= newest.at and r.at > coalesce(
        (select q.at from ${readings} q
         where q.workspace = s.workspace and q.series_id = s.id and q.at > ${from} and q.at <= newest.at
           and ${good(sql`q.value`)}
         order by q.at desc limit 1), ${from})) bad on not ${good(sql`newest.value`)}
    where g.workspace = ${ctx.workspace} and g.measure = 'value' and g.id = any(${idsOf(wanted)}::uuid[])
      and newest.at > ${ctx.now().toISOString()}::timestamptz - make_interval(days => g.period_days)`;
}

const longestSearchDays = 400;

/** One row a goal and day, counted back from now, so that the last period is exactly that of the goal's page. */
function daysBack(ctx: Context, wanted: readonly Goal[]) {
  const longest = Math.max(...wanted.map(({ periodDays }) => periodDays)) + lookBackDays;
  const now = sql`${ctx.now().toISOString()}::timestamptz`;
  return sql`
    select g.id, greatest(0, floor(extract(epoch from ${now} - r.at) / 86400))::int as back, ${daySums}, null::timestamptz
    ${readingsOfGoals(ctx, wanted, longest)}
      and g.measure <> 'value' and r.at > ${now} - make_interval(days => g.period_days + ${sql.raw(String(lookBackDays))})
    group by g.id, back`;
}

const idsOf = (wanted: readonly Goal[]) => sql.param(wanted.map(({ id }) => id));

/** The newest bound stands as a constant, so that old partitions are not opened. */
function readingsOfGoals(ctx: Context, wanted: readonly Goal[], days: number) {
  const now = ctx.now().getTime();
  return sql`
    from ${goals} g
    join ${series} s on s.workspace = g.workspace and s.model_id = g.model_id and s.environment = g.environment
      and s.metric = g.metric and s."column" = g."column"
    join ${readings} r on r.workspace = s.workspace and r.series_id = s.id
      and r.at > ${new Date(now - days * 86_400_000).toISOString()}::timestamptz
      and r.at <= ${new Date(now + 5 * 60_000).toISOString()}::timestamptz
    where g.workspace = ${ctx.workspace} and g.id = any(${idsOf(wanted)}::uuid[])`;
}

/** Good and bad events over each window of the burn table, by goal. */
export async function burnCounts(ctx: Context, wanted: readonly Goal[]): Promise<Map<string, BurnCounts>> {
  if (wanted.length === 0) return new Map();
  const since = (ms: number) => new Date(ctx.now().getTime() - ms).toISOString();
  const sums = burnWindows.map(
    ({ name, ms }) => sql`
      ${sql.raw(`'${name}'`)}, json_build_array(
        coalesce(sum(r.rows - r.good) filter (where r.at > ${since(ms)}::timestamptz), 0),
        coalesce(sum(r.rows) filter (where r.at > ${since(ms)}::timestamptz and r.good is not null), 0))`,
  );
  const found = await ctx.db.execute(sql`
    select g.id, json_build_object(${sql.join(sums, sql`, `)}) as counts
    ${readingsOfGoals(ctx, wanted, 3)}
    group by g.id`);
  return new Map(
    z
      .array(BurnRow)
      .parse(rowsOf(found))
      .map(({ id, counts }) => [id, counts]),
  );
}

const Pair = z.tuple([z.number(), z.number()]).transform(([bad, total]): Count => ({ bad, total }));
const BurnRow = z.object({
  id: z.string(),
  counts: z.object({
    '5m': Pair,
    '30m': Pair,
    '1h': Pair,
    '2h': Pair,
    '6h': Pair,
    '1d': Pair,
    '3d': Pair,
  } satisfies Record<BurnWindow, typeof Pair>),
});

/** Who agreed to the goal as it is worded now, first come first. */
export function agreedTo(ctx: Context, goal: Goal): Promise<Agreement[]> {
  return ctx.db
    .select()
    .from(agreements)
    .where(
      and(
        eq(agreements.workspace, ctx.workspace),
        eq(agreements.goalId, goal.id),
        eq(agreements.revision, goal.revision),
      ),
    )
    .orderBy(asc(agreements.at), asc(agreements.personId));
}

/** Numbers that come in for a model without being held against a goal; columns of a report count once. */
export async function loneMetrics(ctx: Context, modelId: string): Promise<string[]> {
  const found = await ctx.db
    .selectDistinct({ metric: series.metric })
    .from(series)
    .where(
      and(
        eq(series.workspace, ctx.workspace),
        eq(series.modelId, modelId),
        ne(series.metric, 'served_version'),
        sql`not exists (select 1 from ${goals} g where g.workspace = ${series.workspace}
          and g.model_id = ${series.modelId} and g.metric = ${series.metric} and g.retired_at is null)`,
      ),
    )
    .orderBy(asc(series.metric))
    .limit(20);
  return found.map(({ metric }) => metric);
}

/** The team that is meant without being named: that of the channel, else the asker's own. */
export async function teamHere(ctx: Context, who: string, channel: string | undefined) {
  const [team] = await ctx.db
    .selectDistinct({
      id: teams.id,
      name: teams.name,
      here: sql<boolean>`${teams.channel} = ${channel ?? ''}`.as('here'),
    })
    .from(teams)
    .leftJoin(models, and(eq(models.workspace, teams.workspace), eq(models.teamId, teams.id)))
    .leftJoin(
      members,
      and(eq(members.workspace, teams.workspace), eq(members.teamId, teams.id), isNull(members.leftAt)),
    )
    .where(
      and(
        eq(teams.workspace, ctx.workspace),
        or(eq(teams.channel, channel ?? ''), eq(models.channel, channel ?? ''), eq(members.personId, who)),
      ),
    )
    .orderBy(sql`here desc`, asc(teams.name))
    .limit(1);
  return team;
}
