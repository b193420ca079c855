import { and, asc, between, eq, gte, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Context } from '../../../context.ts';
import { type Away, dayIn, daysNow, isAway } from '../rules.ts';
import { absences, holidays, members, people } from '../schema.ts';

/** Days away that touch these days, as people said them or as holidays they confirmed. */
function awayBetween(
  ctx: Context,
  from: string,
  until: string,
  whose?: (person: typeof absences.personId | typeof holidays.personId) => SQL,
) {
  return unionAll(
    ctx.db
      .select({
        personId: absences.personId,
        from: absences.from,
        until: absences.until,
        holiday: sql<string | null>`null::text`.as('holiday'),
      })
      .from(absences)
      .where(
        and(
          eq(absences.workspace, ctx.workspace),
          whose?.(absences.personId),
          lte(absences.from, until),
          gte(absences.until, from),
        ),
      ),
    ctx.db
      .select({
        personId: holidays.personId,
        from: holidays.date,
        until: sql<string>`${holidays.date}`.as('until'),
        holiday: sql<string | null>`${holidays.name}`.as('holiday'),
      })
      .from(holidays)
      .where(
        and(eq(holidays.workspace, ctx.workspace), whose?.(holidays.personId), between(holidays.date, from, until)),
      ),
  );
}

/** Days away of these people that touch these days, holidays included; the earliest first. */
export async function absencesOf(
  ctx: Context,
  personIds: readonly string[],
  from: string,
  until: string,
): Promise<Away[]> {
  if (personIds.length === 0) return [];
  const found = await awayBetween(ctx, from, until, (person) => inArray(person, [...personIds]));
  return found.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

/** Of these people, who is away today in their own zone. */
export async function peopleAway(ctx: Context, personIds: readonly string[]): Promise<string[]> {
  if (personIds.length === 0) return [];
  const { earliest, latest } = daysNow(ctx.now());
  const away = awayBetween(ctx, earliest, latest, (person) => inArray(person, [...personIds])).as('away');
  const rows = await ctx.db
    .select({ id: people.id, zone: people.zone, from: away.from, until: away.until })
    .from(people)
    .innerJoin(away, eq(away.personId, people.id))
    .where(and(eq(people.workspace, ctx.workspace), inArray(people.id, [...personIds])));
  const gone = rows.filter((row) => isAway([row], dayIn(row.zone, ctx.now())));
  return [...new Set(gone.map(({ id }) => id))];
}

export interface AwayInTeam extends Away {
  readonly teamId: string;
}

/** Of the people of these teams, who is away today in their own zone; by name, 500 at most. */
export async function awayInTeams(ctx: Context, teamIds: readonly string[]): Promise<AwayInTeam[]> {
  if (teamIds.length === 0) return [];
  const { earliest, latest } = daysNow(ctx.now());
  const away = awayBetween(ctx, earliest, latest).as('away');
  const rows = await ctx.db
    .select({
      teamId: members.teamId,
      zone: people.zone,
      personId: away.personId,
      from: away.from,
      until: away.until,
      holiday: away.holiday,
    })
    .from(members)
    .innerJoin(people, and(eq(people.workspace, members.workspace), eq(people.id, members.personId)))
    .innerJoin(away, eq(away.personId, members.personId))
    .where(and(eq(members.workspace, ctx.workspace), inArray(members.teamId, [...teamIds]), isNull(members.leftAt)))
    .orderBy(asc(people.name))
    .limit(500);
  return rows.filter((row) => isAway([row], dayIn(row.zone, ctx.now())));
}
