import { and, asc, between, eq, gte, inArray, lte } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { holidays } from '../teams/schema.ts';
import { datesWithin, type NamedDate } from './rules.ts';
import { closingDays } from './schema.ts';

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
