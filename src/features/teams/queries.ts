import { and, asc, eq, inArray, isNull, like, or, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { namedIn } from '../../slack/mrkdwn.ts';
import { Refusal } from '../../lib/refusal.ts';
import { momentOn } from '../../time/wall-clock.ts';
import type { Standing } from '../../ports.ts';
import { afterWorkdays, dayIn, isAtWork, workFrom } from './rules.ts';
import { type Member, members, people, type Person, type Team, teams } from './schema.ts';

export async function personById(ctx: Context, id: string): Promise<Person> {
  const [person] = await ctx.db
    .select()
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), eq(people.id, id)));
  if (!person) throw new Refusal('I do not know this person yet. Please try again in a minute.', { field: 'person' });
  return person;
}

/** Of the people whom a text of Slack's mentions, as far as we know them. */
export async function namesIn(ctx: Context, text: string): Promise<Map<string, string>> {
  const ids = namedIn(text);
  if (ids.length === 0) return new Map();
  const known = await ctx.db
    .select({ id: people.id, name: people.name })
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), inArray(people.id, ids)));
  return new Map(known.map(({ id, name }) => [id, name]));
}

/** The zones that those of them whom we know read the time in. */
export async function zonesOf(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  const known = await ctx.db
    .select({ id: people.id, zone: people.zone })
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), inArray(people.id, [...ids])));
  return new Map(known.map(({ id, zone }) => [id, zone]));
}

/** Whether we ever had to do with them. */
export async function isKnown(ctx: Context, id: string): Promise<boolean> {
  const [found] = await ctx.db
    .select({ id: people.id })
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), eq(people.id, id)));
  return found !== undefined;
}

export async function teamById(ctx: Context, id: string): Promise<Team> {
  const [team] = await ctx.db
    .select()
    .from(teams)
    .where(and(eq(teams.workspace, ctx.workspace), eq(teams.id, id)));
  if (!team) throw new Refusal('That team is gone.');
  return team;
}

/** Teams whose name has these letters in it, in any case; 100 at most. */
export function findTeams(ctx: Context, typed: string): Promise<Team[]> {
  const letters = `%${typed.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return ctx.db
    .select()
    .from(teams)
    .where(and(eq(teams.workspace, ctx.workspace), like(sql`lower(${teams.name})`, letters)))
    .orderBy(asc(teams.name))
    .limit(100);
}

/** By its name in any case. */
export async function teamNamed(ctx: Context, name: string): Promise<Team | undefined> {
  const [team] = await ctx.db
    .select()
    .from(teams)
    .where(and(eq(teams.workspace, ctx.workspace), eq(sql`lower(${teams.name})`, name.trim().toLowerCase())));
  return team;
}

/** The team of this name; without a name that of the channel, else the asker's own. */
export async function teamMeant(
  ctx: Context,
  who: { readonly id: string; readonly channel?: string },
  name: string,
): Promise<Team> {
  if (name.trim() !== '') {
    const team = await teamNamed(ctx, name);
    if (!team) throw new Refusal(`There is no team named "${name}".`, { field: 'name' });
    return team;
  }
  const own = await teamsOf(ctx, who.id);
  const [here] = await ctx.db
    .select()
    .from(teams)
    .where(and(eq(teams.workspace, ctx.workspace), eq(teams.channel, who.channel ?? '')))
    .orderBy(asc(teams.name));
  const team = here ?? own[0];
  if (!team) throw new Refusal('You are in no team yet. Make one with /ml team new.');
  return team;
}

function teamsOf(ctx: Context, personId: string): Promise<Team[]> {
  return ctx.db
    .selectDistinct({ team: teams })
    .from(teams)
    .leftJoin(
      members,
      and(eq(members.workspace, teams.workspace), eq(members.teamId, teams.id), isNull(members.leftAt)),
    )
    .where(and(eq(teams.workspace, ctx.workspace), or(eq(members.personId, personId), eq(teams.leadId, personId))))
    .then((rows) => rows.map(({ team }) => team).toSorted((a, b) => (a.name < b.name ? -1 : 1)));
}

/** Whether they lead any team. */
export async function isLead(ctx: Context, personId: string): Promise<boolean> {
  const [led] = await ctx.db
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.workspace, ctx.workspace), eq(teams.leadId, personId)))
    .limit(1);
  return led !== undefined;
}

/** Teams whose channel this is. */
export function teamsIn(ctx: Context, channel: string): Promise<Team[]> {
  return ctx.db
    .select()
    .from(teams)
    .where(and(eq(teams.workspace, ctx.workspace), eq(teams.channel, channel)));
}

export interface MemberOf extends Member {
  readonly person: Person;
}

/** Who is in it now, by name. */
export async function membersOf(ctx: Context, teamId: string): Promise<MemberOf[]> {
  const rows = await ctx.db
    .select({ member: members, person: people })
    .from(members)
    .innerJoin(people, and(eq(people.workspace, members.workspace), eq(people.id, members.personId)))
    .where(and(eq(members.workspace, ctx.workspace), eq(members.teamId, teamId), isNull(members.leftAt)))
    .orderBy(asc(people.name));
  return rows.map(({ member, person }) => ({ ...member, person }));
}

export interface Membership {
  readonly standing: Standing | undefined;
  readonly member: Member | undefined;
}

/** Where this person stands now, locked so that it cannot change before the decision is written. */
export async function membershipOf(ctx: Context, teamId: string, personId: string): Promise<Membership> {
  const [person] = await ctx.db
    .select()
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), eq(people.id, personId)))
    .for('share');
  const [member] = await ctx.db
    .select()
    .from(members)
    .where(
      and(
        eq(members.workspace, ctx.workspace),
        eq(members.teamId, teamId),
        eq(members.personId, personId),
        isNull(members.leftAt),
      ),
    )
    .for('share');
  return { standing: person?.standing, member };
}

/** Active memberships of somebody whose account no longer counts: their roles end. */
export function goneButIn(ctx: Context, most: number): Promise<{ teamId: string; personId: string }[]> {
  return ctx.db
    .select({ teamId: members.teamId, personId: members.personId })
    .from(members)
    .innerJoin(people, and(eq(people.workspace, members.workspace), eq(people.id, members.personId)))
    .where(
      and(
        eq(members.workspace, ctx.workspace),
        isNull(members.leftAt),
        inArray(people.standing, ['deactivated', 'guest', 'foreign', 'bot']),
      ),
    )
    .orderBy(asc(members.personId))
    .limit(most);
}

/** The same time of day after so many working days of the team. */
export async function workdaysLater(ctx: Context, teamId: string, days: number): Promise<Date> {
  return afterWorkdays(await teamById(ctx, teamId), ctx.now(), days);
}

/** After so many workdays of a team, at an hour at which it works. */
export async function atWorkIn(ctx: Context, teamId: string, days: number): Promise<Date> {
  const team = await teamById(ctx, teamId);
  return workFrom(team, afterWorkdays(team, ctx.now(), days));
}

const usualHours = { hoursFrom: '09:00', hoursTo: '17:00', workdays: [1, 2, 3, 4, 5] };

/** Whether people usually work now where this person lives, and which day it is there. */
export async function workTimeOf(ctx: Context, personId: string): Promise<{ isWorking: boolean; today: string }> {
  const { zone } = await personById(ctx, personId);
  return { isWorking: isAtWork({ zone, ...usualHours }, ctx.now()), today: dayIn(zone, ctx.now()) };
}

/** Now, or from the beginning of this day where the person lives: when they are usually at work from then on. */
export async function atWorkFrom(ctx: Context, personId: string, day?: string): Promise<Date> {
  const { zone } = await personById(ctx, personId);
  return workFrom({ zone, ...usualHours }, day === undefined ? ctx.now() : momentOn(day, '00:00', zone));
}
