import { and, arrayOverlaps, asc, desc, eq, gte, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Standing } from '../../ports.ts';
import { datasets } from '../datasets/schema.ts';
import { models } from '../models/schema.ts';
import { peopleAway } from '../teams/queries.ts';
import { members, people, type Role, teams } from '../teams/schema.ts';
import { needOf, needWords } from './needs.ts';
import {
  type Ask,
  type Blocker,
  blockerAsks,
  blockerHops,
  blockerQuestions,
  blockers,
  type Hop,
  type Question,
} from './schema.ts';

const ofBlocker = (ctx: Context, id: string) => and(eq(blockers.workspace, ctx.workspace), eq(blockers.id, id));
const isOpen = inArray(blockers.state, ['open', 'taken']);

export async function blockerById(ctx: Context, id: string): Promise<Blocker> {
  const [found] = await ctx.db.select().from(blockers).where(ofBlocker(ctx, id));
  if (!found) throw new Refusal('That blocker is gone.');
  return found;
}

/** The first lock of every verb: what is done to one blocker is done one after the other. */
export async function lockBlocker(ctx: Context, id: string): Promise<Blocker> {
  const [found] = await ctx.db.select().from(blockers).where(ofBlocker(ctx, id)).for('update');
  if (!found) throw new Refusal('That blocker is gone.');
  return found;
}

export async function blockerFrom(ctx: Context, origin: string): Promise<Blocker | undefined> {
  const [found] = await ctx.db
    .select()
    .from(blockers)
    .where(and(eq(blockers.workspace, ctx.workspace), eq(blockers.origin, origin)));
  return found;
}

/** In the order in which they were asked first. */
export function asksOf(ctx: Context, blockerId: string): Promise<Ask[]> {
  return ctx.db
    .select()
    .from(blockerAsks)
    .where(and(eq(blockerAsks.workspace, ctx.workspace), eq(blockerAsks.blockerId, blockerId)))
    .orderBy(asc(blockerAsks.number));
}

const mostTold = 3;

/** The newest few, oldest first. */
export async function questionsOf(ctx: Context, blockerId: string): Promise<Question[]> {
  const newest = await ctx.db
    .select()
    .from(blockerQuestions)
    .where(and(eq(blockerQuestions.workspace, ctx.workspace), eq(blockerQuestions.blockerId, blockerId)))
    .orderBy(desc(blockerQuestions.number))
    .limit(mostTold);
  return newest.toReversed();
}

export async function hopsOf(ctx: Context, blockerId: string): Promise<Hop[]> {
  const newest = await ctx.db
    .select()
    .from(blockerHops)
    .where(and(eq(blockerHops.workspace, ctx.workspace), eq(blockerHops.blockerId, blockerId)))
    .orderBy(desc(blockerHops.number))
    .limit(mostTold);
  return newest.toReversed();
}

export async function standingsOf(ctx: Context, ids: readonly string[]): Promise<Map<string, Standing>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .select({ id: people.id, standing: people.standing })
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), inArray(people.id, [...ids])));
  return new Map(rows.map(({ id, standing }) => [id, standing]));
}

/** The only other team in which somebody has such a role; undefined where this one has it, or several others do. */
export async function teamWithRole(ctx: Context, teamId: string, wanted: readonly Role[]): Promise<string | undefined> {
  if (wanted.length === 0) return undefined;
  const rows = await ctx.db
    .select({ teamId: members.teamId })
    .from(members)
    .innerJoin(people, and(eq(people.workspace, members.workspace), eq(people.id, members.personId)))
    .where(
      and(
        eq(members.workspace, ctx.workspace),
        isNull(members.leftAt),
        eq(people.standing, 'member'),
        arrayOverlaps(members.roles, [...wanted]),
      ),
    )
    .groupBy(members.teamId)
    .orderBy(desc(eq(members.teamId, teamId)))
    .limit(2);
  const [first, second] = rows;
  return first && first.teamId !== teamId && !second ? first.teamId : undefined;
}

/** The teams somebody is in, by name. */
export async function teamsOfPerson(ctx: Context, personId: string): Promise<{ id: string; name: string }[]> {
  return await ctx.db
    .selectDistinct({ id: teams.id, name: teams.name })
    .from(teams)
    .leftJoin(
      members,
      and(
        eq(members.workspace, teams.workspace),
        eq(members.teamId, teams.id),
        isNull(members.leftAt),
        eq(members.personId, personId),
      ),
    )
    .where(and(eq(teams.workspace, ctx.workspace), or(isNotNull(members.personId), eq(teams.leadId, personId))))
    .orderBy(asc(teams.name))
    .limit(20);
}

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

/** The next one of which something comes due; locked, and left to whoever has it already. */
export async function nextDue(ctx: Context): Promise<Blocker | undefined> {
  const [due] = await ctx.db
    .select()
    .from(blockers)
    .where(and(eq(blockers.workspace, ctx.workspace), isOpen, sql`${blockers.dueAt} <= ${ctx.clock}`))
    .orderBy(asc(blockers.dueAt))
    .limit(1)
    .for('update', { skipLocked: true });
  return due;
}

const mostAsked = 2000;

/**
 * One whose recipient or taker cannot see to it any more: no member here, or no longer of the team through which they
 * were found. Whoever is only asked must be there today, too.
 */
export async function nextForsaken(ctx: Context): Promise<Blocker | undefined> {
  const asked = await ctx.db
    .selectDistinct({ id: blockers.askedId })
    .from(blockers)
    .where(and(eq(blockers.workspace, ctx.workspace), eq(blockers.state, 'open'), isNotNull(blockers.askedId)))
    .limit(mostAsked);
  const away = await peopleAway(
    ctx,
    asked.flatMap(({ id }) => id ?? []),
  );
  const who = sql`coalesce(${blockers.takenBy}, ${blockers.askedId})`;
  const isGone = sql`exists (select 1 from people p where p.workspace = ${blockers.workspace} and p.id = ${who} and (
    p.standing <> 'member'
    or (${blockers.heldIn} is not null
      and not exists (select 1 from members m where m.workspace = p.workspace and m.person_id = p.id
        and m.team_id = ${blockers.heldIn} and m.left_at is null)
      and not exists (select 1 from teams t where t.workspace = p.workspace and t.id = ${blockers.heldIn}
        and t.lead_id = p.id))))`;
  const isAway = away.length > 0 ? and(eq(blockers.state, 'open'), inArray(blockers.askedId, away)) : undefined;
  const [found] = await ctx.db
    .select()
    .from(blockers)
    .where(and(eq(blockers.workspace, ctx.workspace), isOpen, or(isAway, isGone)))
    .orderBy(asc(blockers.askedAt))
    .limit(1)
    .for('update', { skipLocked: true });
  return found;
}

export async function datasetName(ctx: Context, id: string): Promise<{ name: string; teamId: string | null }> {
  const [found] = await ctx.db
    .select({ name: datasets.name, teamId: datasets.teamId })
    .from(datasets)
    .where(and(eq(datasets.workspace, ctx.workspace), eq(datasets.id, id)));
  if (!found) throw new Refusal('That data set is gone.', { field: 'dataset' });
  return found;
}

export interface Stretch {
  readonly fromRole: string;
  readonly toRole: string;
  readonly severity: Blocker['severity'];
  readonly state: Blocker['state'];
  readonly since: Date;
  readonly endedAt: Date | null;
  readonly reopened: number;
  readonly blockedMs: number;
}

const mostCounted = 5000;

/** What ended since then or is open still; nothing of it names anybody. */
export function stretchesSince(ctx: Context, since: Date): Promise<Stretch[]> {
  const { fromRole, toRole, severity, state, endedAt, reopened, blockedMs } = blockers;
  return ctx.db
    .select({ fromRole, toRole, severity, state, since: blockers.since, endedAt, reopened, blockedMs })
    .from(blockers)
    .where(
      and(
        eq(blockers.workspace, ctx.workspace),
        or(isOpen, and(eq(blockers.state, 'closed'), gte(blockers.endedAt, since))),
      ),
    )
    .orderBy(desc(blockers.since))
    .limit(mostCounted);
}
