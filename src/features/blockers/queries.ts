import { and, arrayOverlaps, asc, desc, eq, inArray, isNotNull, isNull, or } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Standing } from '../../ports.ts';
import { datasets } from '../datasets/schema.ts';
import { members, people, type Role, teams } from '../teams/schema.ts';
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
export const isOpen = inArray(blockers.state, ['open', 'taken']);

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

export async function datasetName(ctx: Context, id: string): Promise<{ name: string; teamId: string | null }> {
  const [found] = await ctx.db
    .select({ name: datasets.name, teamId: datasets.teamId })
    .from(datasets)
    .where(and(eq(datasets.workspace, ctx.workspace), eq(datasets.id, id)));
  if (!found) throw new Refusal('That data set is gone.', { field: 'dataset' });
  return found;
}
