import { and, asc, desc, eq, gte, inArray } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { dateOf, dayOf } from '../../../time/dates.ts';
import { localAt } from '../../../time/wall-clock.ts';
import { closingDaysOf } from '../../calendars/queries.ts';
import { alerts } from '../../drift/schema.ts';
import { aliasMoves } from '../../releases/schema.ts';
import { type AwayInTeam, awayInTeams } from '../../teams/away/queries.ts';
import { type Team, teams } from '../../teams/schema.ts';
import type { MyTeam } from '../queries.ts';

/** A day on which a team is closed. */
interface Closed {
  readonly date: string;
  readonly name: string;
}

/** What is different today for one team. */
export interface Today {
  readonly team: Team;
  readonly away: readonly AwayInTeam[];
  /** Days of the coming week on which the team is closed. */
  readonly closed: readonly Closed[];
  readonly warnings: number;
  /** Versions that the alias was moved to in the last 24 hours. */
  readonly moves: readonly { readonly model: string; readonly version: string; readonly at: Date }[];
}

const dayMs = 86_400_000;

export async function todayOf(ctx: Context, mine: readonly MyTeam[]): Promise<Today[]> {
  if (mine.length === 0) return [];
  const ids = mine.map(({ id }) => id);
  const modelIds = mine.flatMap(({ models: own }) => own.map(({ id }) => id));
  const now = ctx.now();
  const dayAt = (ahead: number) => new Date(now.getTime() + ahead).toISOString().slice(0, 10);
  const [found, away, closed, warnings, moves] = await Promise.all([
    ctx.db
      .select()
      .from(teams)
      .where(and(eq(teams.workspace, ctx.workspace), inArray(teams.id, ids)))
      .orderBy(asc(teams.name)),
    awayInTeams(ctx, ids),
    closingDaysOf(ctx, ids, dayAt(-dayMs), dayAt(8 * dayMs)),
    ctx.db
      .select({ modelId: alerts.modelId })
      .from(alerts)
      .where(
        and(
          eq(alerts.workspace, ctx.workspace),
          inArray(alerts.modelId, modelIds.length > 0 ? modelIds : [ids[0] ?? '']),
          eq(alerts.severity, 'warning'),
          eq(alerts.state, 'open'),
        ),
      )
      .limit(500),
    ctx.db
      .select({ modelId: aliasMoves.modelId, version: aliasMoves.toVersion, at: aliasMoves.at })
      .from(aliasMoves)
      .where(
        and(
          eq(aliasMoves.workspace, ctx.workspace),
          inArray(aliasMoves.modelId, modelIds.length > 0 ? modelIds : [ids[0] ?? '']),
          gte(aliasMoves.at, new Date(now.getTime() - dayMs)),
        ),
      )
      .orderBy(desc(aliasMoves.at))
      .limit(50),
  ]);
  return found.map((team) => {
    const own = new Map(mine.find(({ id }) => id === team.id)?.models.map(({ id, name }) => [id, name]));
    return {
      team,
      away: away.filter(({ teamId }) => teamId === team.id),
      closed: comingWeek(closed.get(team.id) ?? [], localAt(now, team.zone).date),
      warnings: warnings.filter(({ modelId }) => own.has(modelId)).length,
      moves: moves.flatMap(({ modelId, version, at }) => {
        const model = own.get(modelId);
        return model === undefined ? [] : [{ model, version, at }];
      }),
    };
  });
}

/** Today, and the six days after it. */
function comingWeek(days: readonly Closed[], today: string): Closed[] {
  const last = dateOf(dayOf(today) + 6);
  return days.filter(({ date }) => today <= date && date <= last);
}
