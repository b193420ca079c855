import { and, asc, desc, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { rowsOf } from '../../db/rows.ts';
import { Refusal } from '../../lib/refusal.ts';
import { dateOf, dayOf } from '../../time/dates.ts';
import { closingDaysOf } from '../calendars/queries.ts';
import { teamById } from '../teams/queries.ts';
import { absencesOf } from '../teams/away/queries.ts';
import { members, people, type Team, teams, works } from '../teams/schema.ts';
import type { Rule } from './dates.ts';
import { followers, type Preference, preferences, type Ritual, type RitualRun, ritualRuns, rituals } from './schema.ts';

/** Closing days are looked at so far back and ahead of a date. */
const backDays = 40;
const aheadDays = 400;

/** With the team it belongs to: its zone and working days count. */
export interface Whole {
  readonly ritual: Ritual;
  readonly team: Team;
  readonly rule: Rule;
}

/** A run with the rule in force. */
export interface Due extends Whole {
  readonly run: RitualRun;
}

export async function ritualById(ctx: Context, id: string): Promise<Ritual> {
  const [ritual] = await ctx.db.select().from(rituals).where(ofRitual(ctx, id));
  if (!ritual) throw new Refusal('That ritual is gone.');
  return ritual;
}

export const ofRitual = (ctx: Context, id: string) => and(eq(rituals.workspace, ctx.workspace), eq(rituals.id, id));

export async function wholeRitual(ctx: Context, id: string): Promise<Whole> {
  const ritual = await ritualById(ctx, id);
  const team = await teamById(ctx, ritual.teamId);
  return { ritual, team, rule: await ruleOf(ctx, ritual, team) };
}

export async function ruleOf(
  ctx: Context,
  ritual: Omit<Ritual, 'id' | 'revision' | 'workspace'>,
  team: Team,
): Promise<Rule> {
  const closed = await closedDays(ctx, [team.id]);
  return ruleWith(ritual, team, closed.get(team.id) ?? new Set());
}

function ruleWith(
  ritual: Omit<Ritual, 'id' | 'revision' | 'workspace'>,
  team: Team,
  closed: ReadonlySet<string>,
): Rule {
  return { ...ritual, zone: ritual.zone ?? team.zone, workdays: team.workdays, closed };
}

/** Of each team, the days on which it is closed, around today. */
async function closedDays(ctx: Context, teamIds: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const today = dayOf(ctx.now().toISOString().slice(0, 10));
  const found = await closingDaysOf(ctx, teamIds, dateOf(today - backDays), dateOf(today + aheadDays));
  return new Map([...found].map(([team, days]) => [team, new Set(days.map(({ date }) => date))]));
}

/** Of these teams, those that still take place or only rest, by name. */
export function ritualsOf(ctx: Context, teamIds: readonly string[]): Promise<Ritual[]> {
  if (teamIds.length === 0) return Promise.resolve([]);
  return ctx.db
    .select()
    .from(rituals)
    .where(and(eq(rituals.workspace, ctx.workspace), inArray(rituals.teamId, [...teamIds]), ne(rituals.state, 'ended')))
    .orderBy(asc(rituals.name))
    .limit(200);
}

/** The newest run that is not only planned: none of its date or before comes again. */
export async function lastDate(ctx: Context, ritualId: string): Promise<string | undefined> {
  const [last] = await ctx.db
    .select({ date: ritualRuns.date })
    .from(ritualRuns)
    .where(and(ofRuns(ctx, ritualId), ne(ritualRuns.state, 'planned')))
    .orderBy(desc(ritualRuns.date))
    .limit(1);
  return last?.date;
}

export async function plannedRun(ctx: Context, ritualId: string): Promise<RitualRun | undefined> {
  const [planned] = await ctx.db
    .select()
    .from(ritualRuns)
    .where(and(ofRuns(ctx, ritualId), eq(ritualRuns.state, 'planned')));
  return planned;
}

export function ofRuns(ctx: Context, ritualId: string) {
  return and(eq(ritualRuns.workspace, ctx.workspace), eq(ritualRuns.ritualId, ritualId));
}

export async function runOn(ctx: Context, ritualId: string, date: string): Promise<RitualRun | undefined> {
  const [run] = await ctx.db
    .select()
    .from(ritualRuns)
    .where(and(ofRuns(ctx, ritualId), eq(ritualRuns.date, date)));
  return run;
}

/** Who is asked: active members who do not only look on. */
export interface Asked {
  readonly teamId: string;
  readonly personId: string;
  readonly name: string;
  readonly zone: string;
}

export async function askedOf(ctx: Context, teamIds: readonly string[]): Promise<Asked[]> {
  if (teamIds.length === 0) return [];
  const rows = await ctx.db
    .select({ teamId: members.teamId, personId: people.id, name: people.name, zone: people.zone, roles: members.roles })
    .from(members)
    .innerJoin(people, and(eq(people.workspace, members.workspace), eq(people.id, members.personId)))
    .where(
      and(
        eq(members.workspace, ctx.workspace),
        inArray(members.teamId, [...teamIds]),
        isNull(members.leftAt),
        eq(people.standing, 'member'),
      ),
    )
    .orderBy(asc(people.name));
  return rows.filter(({ roles }) => works(roles));
}

export async function preferencesOf(
  ctx: Context,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, Preference>> {
  if (personIds.length === 0) return new Map();
  const rows = await ctx.db
    .select()
    .from(preferences)
    .where(and(eq(preferences.workspace, ctx.workspace), inArray(preferences.personId, [...new Set(personIds)])));
  return new Map(rows.map((row) => [row.personId, row]));
}

export async function followersOf(ctx: Context, ritualId: string): Promise<string[]> {
  const rows = await ctx.db
    .select({ personId: followers.personId })
    .from(followers)
    .innerJoin(people, and(eq(people.workspace, followers.workspace), eq(people.id, followers.personId)))
    .where(and(eq(followers.workspace, ctx.workspace), eq(followers.ritualId, ritualId), eq(people.standing, 'member')))
    .orderBy(asc(followers.personId))
    .limit(200);
  return rows.map(({ personId }) => personId);
}

/** Teams this person is active in, or leads. */
export async function teamsOf(ctx: Context, personId: string): Promise<Team[]> {
  return await ctx.db
    .select()
    .from(teams)
    .where(
      and(
        eq(teams.workspace, ctx.workspace),
        sql`(${teams.leadId} = ${personId} or exists (select 1 from ${members} m where m.workspace = ${teams.workspace}
          and m.team_id = ${teams.id} and m.person_id = ${personId} and m.left_at is null))`,
      ),
    )
    .orderBy(asc(teams.name))
    .limit(50);
}

/** Who of these people is away when, between two dates. */
export async function awayOn(
  ctx: Context,
  ids: readonly string[],
  from: string,
  until: string,
): Promise<ReadonlyMap<string, readonly { readonly from: string; readonly until: string }[]>> {
  return Map.groupBy(await absencesOf(ctx, ids, from, until), ({ personId }) => personId);
}

/** Each run with its ritual, its team and the rule in force, in three reads. */
export async function withRules(ctx: Context, runs: readonly RitualRun[]): Promise<Due[]> {
  if (runs.length === 0) return [];
  const ids = runs.map(({ ritualId }) => ritualId);
  const rows = await ctx.db
    .select({ ritual: rituals, team: teams })
    .from(rituals)
    .innerJoin(teams, and(eq(teams.workspace, rituals.workspace), eq(teams.id, rituals.teamId)))
    .where(and(eq(rituals.workspace, ctx.workspace), inArray(rituals.id, ids)));
  const closed = await closedDays(ctx, [...new Set(rows.map(({ team }) => team.id))]);
  const known = new Map(rows.map((row) => [row.ritual.id, row]));
  return runs.flatMap((run) => {
    const row = known.get(run.ritualId);
    return row ? [{ ...row, run, rule: ruleWith(row.ritual, row.team, closed.get(row.team.id) ?? new Set()) }] : [];
  });
}

const LastAsked = z.object({ key: z.string(), due: z.coerce.date() });

/** When each of these people was asked by the ritual before this date; a run they never saw does not count. */
export async function lastAsked(
  ctx: Context,
  asked: readonly { readonly ritualId: string; readonly date: string; readonly personId: string }[],
): Promise<ReadonlyMap<string, Date>> {
  if (asked.length === 0) return new Map();
  const keys = asked.map(({ ritualId, date, personId }) => ({ r: ritualId, d: date, p: personId }));
  const found = await ctx.db.execute(sql`select k.r || ' ' || k.p as key, last.due_at as due
    from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k(r uuid, d date, p text) join lateral (
      select x.due_at from ritual_prompts x where x.workspace = ${ctx.workspace} and x.person_id = k.p and x.ritual_id = k.r
        and x.date < k.d and x.state not in ('away', 'left', 'unasked')
      order by x.date desc limit 1) last on true`);
  return new Map(
    z
      .array(LastAsked)
      .parse(rowsOf(found))
      .map(({ key, due }) => [key, due]),
  );
}
