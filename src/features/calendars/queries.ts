import { and, asc, between, desc, eq, gte, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Context } from '../../context.ts';
import { holidays, members, people, teams } from '../teams/schema.ts';
import { datesWithin, type NamedDate, sourceOf, type ZoneUse } from './rules.ts';
import { type ClosingDay, closingDays, type HolidayChoice, holidayChoices } from './schema.ts';

/** The days on which these teams are closed, both ends included, by date: one entry a date. A team without any is left out. */
export async function closingDaysOf(
  ctx: Context,
  teamIds: readonly string[],
  from: string,
  until: string,
): Promise<ReadonlyMap<string, readonly NamedDate[]>> {
  if (teamIds.length === 0) return new Map();
  const found = await ctx.db
    .select()
    .from(closingDays)
    .where(
      and(
        eq(closingDays.workspace, ctx.workspace),
        inArray(closingDays.teamId, [...teamIds]),
        lte(closingDays.from, until),
        gte(closingDays.until, from),
      ),
    )
    .orderBy(asc(closingDays.from), asc(closingDays.name));
  const byTeam = Map.groupBy(found, ({ teamId }) => teamId);
  return new Map([...byTeam].map(([teamId, days]) => [teamId, datesWithin(days, from, until)]));
}

/** The holidays that these people confirmed, both ends included, by date. Who has none is left out. */
export async function holidaysOf(
  ctx: Context,
  personIds: readonly string[],
  from: string,
  until: string,
): Promise<ReadonlyMap<string, readonly NamedDate[]>> {
  if (personIds.length === 0) return new Map();
  const found = await ctx.db
    .select({ personId: holidays.personId, date: holidays.date, name: holidays.name })
    .from(holidays)
    .where(
      and(
        eq(holidays.workspace, ctx.workspace),
        inArray(holidays.personId, [...personIds]),
        between(holidays.date, from, until),
      ),
    )
    .orderBy(asc(holidays.date));
  const byPerson = Map.groupBy(found, ({ personId }) => personId);
  return new Map([...byPerson].map(([id, days]) => [id, days.map(({ date, name }) => ({ date, name }))]));
}

/** Closing days that are not over, the next first, and how many there are beyond `most`. */
export async function daysToCome(
  ctx: Context,
  teamId: string,
  today: string,
  most: number,
): Promise<{ days: ClosingDay[]; more: number }> {
  const toCome = and(
    eq(closingDays.workspace, ctx.workspace),
    eq(closingDays.teamId, teamId),
    gte(closingDays.until, today),
  );
  const days = await ctx.db
    .select()
    .from(closingDays)
    .where(toCome)
    .orderBy(asc(closingDays.from), asc(closingDays.name))
    .limit(most);
  return { days, more: days.length < most ? 0 : (await ctx.db.$count(closingDays, toCome)) - most };
}

/** Whose holidays: a team's by its id, or a person's by theirs. */
export interface Subject {
  readonly kind: HolidayChoice['kind'];
  readonly subject: string;
}

function isOf(ctx: Context, { kind, subject }: Subject) {
  return and(
    eq(holidayChoices.workspace, ctx.workspace),
    eq(holidayChoices.kind, kind),
    eq(holidayChoices.subject, subject),
  );
}

/** The place whose holidays were looked through last. */
export async function lastChoice(ctx: Context, of: Subject): Promise<HolidayChoice | undefined> {
  const [last] = await ctx.db
    .select()
    .from(holidayChoices)
    .where(isOf(ctx, of))
    .orderBy(desc(holidayChoices.confirmedAt), desc(holidayChoices.year))
    .limit(1);
  return last;
}

/** The dates confirmed of a place and year; undefined where nobody looked through them yet. */
export async function confirmedDates(
  ctx: Context,
  of: Subject,
  place: { readonly code: string; readonly year: number },
): Promise<ReadonlySet<string> | undefined> {
  const [choice] = await ctx.db
    .select({ year: holidayChoices.year })
    .from(holidayChoices)
    .where(and(isOf(ctx, of), eq(holidayChoices.place, place.code), eq(holidayChoices.year, place.year)));
  if (!choice) return undefined;
  const source = sourceOf(place);
  const rows =
    of.kind === 'team'
      ? await ctx.db
          .select({ date: closingDays.from })
          .from(closingDays)
          .where(
            and(
              eq(closingDays.workspace, ctx.workspace),
              eq(closingDays.teamId, of.subject),
              eq(closingDays.source, source),
            ),
          )
      : await ctx.db
          .select({ date: holidays.date })
          .from(holidays)
          .where(
            and(eq(holidays.workspace, ctx.workspace), eq(holidays.personId, of.subject), eq(holidays.source, source)),
          );
  return new Set(rows.map(({ date }) => date));
}

const next = alias(holidayChoices, 'next');
/** The same calendar, a year later. */
const isNext = and(
  eq(next.workspace, holidayChoices.workspace),
  eq(next.kind, holidayChoices.kind),
  eq(next.subject, holidayChoices.subject),
  eq(next.place, holidayChoices.place),
  eq(next.year, sql`${holidayChoices.year} + 1`),
);

/** Full members who confirmed holidays of this year, where nobody did of the next and they were not asked to. */
export function toAskFor(ctx: Context, year: number): Promise<{ id: string; zone: string }[]> {
  return ctx.db
    .selectDistinct({ id: people.id, zone: people.zone })
    .from(holidayChoices)
    .innerJoin(people, and(eq(people.workspace, holidayChoices.workspace), eq(people.id, holidayChoices.confirmedBy)))
    .leftJoin(next, isNext)
    .where(
      and(
        eq(holidayChoices.workspace, ctx.workspace),
        eq(holidayChoices.year, year),
        isNull(holidayChoices.nextAskedAt),
        isNull(next.year),
        eq(people.standing, 'member'),
      ),
    )
    .orderBy(asc(people.id));
}

/** One calendar of this year that somebody was asked to look through for the next. */
export interface NextYear {
  readonly teamId: string | undefined;
  readonly team: string | undefined;
  readonly code: string;
  readonly name: string;
  readonly isDone: boolean;
}

export async function askedOf(ctx: Context, personId: string, year: number): Promise<NextYear[]> {
  const rows = await ctx.db
    .select({ choice: holidayChoices, team: teams.name, done: next.year })
    .from(holidayChoices)
    .leftJoin(next, isNext)
    .leftJoin(
      teams,
      and(eq(teams.workspace, holidayChoices.workspace), eq(sql`${teams.id}::text`, holidayChoices.subject)),
    )
    .where(
      and(
        eq(holidayChoices.workspace, ctx.workspace),
        eq(holidayChoices.year, year),
        eq(holidayChoices.confirmedBy, personId),
        isNotNull(holidayChoices.nextAskedAt),
      ),
    )
    .orderBy(asc(teams.name), asc(holidayChoices.placeName));
  return rows.map(({ choice, team, done }) => ({
    ...(choice.kind === 'team'
      ? { teamId: choice.subject, team: team ?? 'a team' }
      : { teamId: undefined, team: undefined }),
    code: choice.place,
    name: choice.placeName,
    isDone: done !== null,
  }));
}

/** Where active people of teams live. */
export async function zonesInUse(ctx: Context): Promise<string[]> {
  const rows = await ctx.db
    .selectDistinct({ zone: people.zone })
    .from(members)
    .innerJoin(people, isMember)
    .where(isActive(ctx));
  return rows.map(({ zone }) => zone);
}

const isMember = and(eq(people.workspace, members.workspace), eq(people.id, members.personId));
const isActive = (ctx: Context) =>
  and(eq(members.workspace, ctx.workspace), isNull(members.leftAt), eq(people.standing, 'member'));

/** How many people of which team live in these zones; teams whose lead is gone are left out. */
export function usesOf(ctx: Context, zones: readonly string[]): Promise<ZoneUse[]> {
  const leads = alias(people, 'leads');
  return ctx.db
    .select({ leadId: teams.leadId, team: teams.name, zone: people.zone, people: sql<number>`count(*)::int` })
    .from(members)
    .innerJoin(people, isMember)
    .innerJoin(teams, and(eq(teams.workspace, members.workspace), eq(teams.id, members.teamId)))
    .innerJoin(leads, and(eq(leads.workspace, teams.workspace), eq(leads.id, teams.leadId)))
    .where(and(isActive(ctx), inArray(people.zone, [...zones]), eq(leads.standing, 'member')))
    .groupBy(teams.leadId, teams.id, teams.name, people.zone)
    .orderBy(asc(teams.leadId), asc(people.zone), asc(teams.name));
}
