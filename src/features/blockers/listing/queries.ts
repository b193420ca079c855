import { and, asc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { models } from '../../models/schema.ts';
import { teams } from '../../teams/schema.ts';
import { needOf, needWords } from '../needs.ts';
import { isOpen } from '../queries.ts';
import { type Blocker, blockers } from '../schema.ts';

export interface OpenBlocker {
  readonly id: string;
  readonly number: number;
  readonly teamId: string;
  readonly team: string;
  readonly what: string;
  /** In words that end a sentence, naming nobody. */
  readonly needs: string;
  /** Around which team that is looked for. */
  readonly needTeam: string;
  readonly severity: Blocker['severity'];
  readonly state: Blocker['state'];
  readonly step: Blocker['step'];
  readonly raisedBy: string;
  readonly askedId: string | null;
  readonly takenBy: string | null;
  readonly since: Date;
  readonly dueAt: Date | null;
  /** The question that waits for an answer of who raised it. */
  readonly asking: number | null;
  readonly modelId: string | null;
  readonly model: string | null;
}

const mostListed = 500;

/** Of these teams, the oldest first. */
export function openBlockersOf(ctx: Context, teamIds: readonly string[]): Promise<OpenBlocker[]> {
  return teamIds.length === 0
    ? Promise.resolve([])
    : list(ctx, inArray(blockers.teamId, [...teamIds]), { most: mostListed });
}

/** What each of these people raised and still is open, the oldest first. */
export function openBlockersBy(ctx: Context, personIds: readonly string[]): Promise<OpenBlocker[]> {
  return personIds.length === 0
    ? Promise.resolve([])
    : list(ctx, inArray(blockers.raisedBy, [...personIds]), { most: mostListed });
}

/** What asks this person for something: to take it, or to answer a question about what they raised. */
export function blockersWaitingFor(ctx: Context, who: string, most = 6): Promise<OpenBlocker[]> {
  const isAsked = and(eq(blockers.askedId, who), isNull(blockers.asking));
  const isQuestioned = and(eq(blockers.raisedBy, who), isNotNull(blockers.asking));
  return list(ctx, or(isAsked, isQuestioned), { most });
}

/** What this person took. */
export function blockersTakenBy(ctx: Context, who: string, most: number): Promise<OpenBlocker[]> {
  return list(ctx, eq(blockers.takenBy, who), { most });
}

export const blockersOnPage = 10;

/** Those that block these teams or wait for them. */
export async function blockersAround(
  ctx: Context,
  teamIds: readonly string[],
  page: number,
): Promise<{ rows: OpenBlocker[]; total: number; page: number }> {
  if (teamIds.length === 0) return { rows: [], total: 0, page: 0 };
  const ids = [...teamIds];
  const around = or(inArray(blockers.teamId, ids), inArray(blockers.needTeamId, ids));
  const [counted] = await ctx.db
    .select({ total: sql<number>`count(*)::int` })
    .from(blockers)
    .where(and(eq(blockers.workspace, ctx.workspace), isOpen, around));
  const total = counted?.total ?? 0;
  const shown = Math.min(Math.max(0, page), Math.max(0, Math.ceil(total / blockersOnPage) - 1));
  return { rows: await list(ctx, around, { most: blockersOnPage, skip: shown * blockersOnPage }), total, page: shown };
}

async function list(
  ctx: Context,
  where: ReturnType<typeof and>,
  { most, skip = 0 }: { readonly most: number; readonly skip?: number },
): Promise<OpenBlocker[]> {
  const needTeams = sql`${teams} need_team`;
  const rows = await ctx.db
    .select({
      blocker: blockers,
      team: teams.name,
      needTeam: sql<string>`need_team.name`,
      model: models.name,
    })
    .from(blockers)
    .innerJoin(teams, and(eq(teams.workspace, blockers.workspace), eq(teams.id, blockers.teamId)))
    .innerJoin(needTeams, sql`need_team.workspace = ${blockers.workspace} and need_team.id = ${blockers.needTeamId}`)
    .leftJoin(models, and(eq(models.workspace, blockers.workspace), eq(models.id, blockers.modelId)))
    .where(and(eq(blockers.workspace, ctx.workspace), isOpen, where))
    .orderBy(asc(blockers.since), asc(blockers.number))
    .limit(most)
    .offset(skip);
  return rows.map(({ blocker, team, needTeam, model }) => ({
    id: blocker.id,
    number: blocker.number,
    teamId: blocker.teamId,
    team,
    what: blocker.what,
    needs: needWords(needOf(blocker.need)),
    needTeam,
    severity: blocker.severity,
    state: blocker.state,
    step: blocker.step,
    raisedBy: blocker.raisedBy,
    askedId: blocker.askedId,
    takenBy: blocker.takenBy,
    since: blocker.since,
    dueAt: blocker.dueAt,
    asking: blocker.asking,
    modelId: blocker.modelId,
    model,
  }));
}
