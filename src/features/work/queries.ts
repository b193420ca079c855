import { and, asc, count, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { models } from '../models/schema.ts';
import { teams } from '../teams/schema.ts';
import { type State, type WorkItem, workItems } from './schema.ts';
import type { Shown, WorkLists } from './views.ts';

const ofItem = (ctx: Context, id: string) => and(eq(workItems.workspace, ctx.workspace), eq(workItems.id, id));

/** The first lock of every verb: what is done to one item is done one after the other. */
export async function lockItem(ctx: Context, id: string): Promise<WorkItem> {
  const [found] = await ctx.db.select().from(workItems).where(ofItem(ctx, id)).for('update');
  if (!found) throw new Refusal('That work item is gone.');
  return found;
}

export async function itemNumbered(ctx: Context, number: number): Promise<WorkItem> {
  const [found] = await ctx.db
    .select()
    .from(workItems)
    .where(and(eq(workItems.workspace, ctx.workspace), eq(workItems.number, number)));
  if (!found) throw new Refusal(`There is no work item ${number}. \`/ml work\` lists them.`, { field: 'number' });
  return found;
}

export async function itemFrom(ctx: Context, origin: string): Promise<WorkItem | undefined> {
  const [found] = await ctx.db
    .select()
    .from(workItems)
    .where(and(eq(workItems.workspace, ctx.workspace), eq(workItems.origin, origin)));
  return found;
}

export async function itemShown(ctx: Context, id: string): Promise<Shown> {
  const [found] = await ctx.db
    .select({ item: workItems, team: teams.name, model: models.name })
    .from(workItems)
    .innerJoin(teams, and(eq(teams.workspace, workItems.workspace), eq(teams.id, workItems.teamId)))
    .leftJoin(models, and(eq(models.workspace, workItems.workspace), eq(models.id, workItems.modelId)))
    .where(ofItem(ctx, id));
  if (!found) throw new Refusal('That work item is gone.');
  return { ...found, model: found.model ?? undefined };
}

const open = ['doing', 'review', 'ready', 'backlog'] as const;
const nearestFirst = sql`array_position(array['doing', 'review', 'ready', 'backlog'], ${workItems.state})`;
const onPage = 10;
const mostOwn = 5;

/** What somebody has, and a page of what is open in a team: what is furthest first, then the oldest. */
export async function workLists(ctx: Context, team: WorkLists['team'], who: string, page: number): Promise<WorkLists> {
  const isOpen = and(eq(workItems.workspace, ctx.workspace), inArray(workItems.state, open));
  const ofTeam = and(isOpen, eq(workItems.teamId, team.id));
  const counted = await ctx.db
    .select({ state: workItems.state, n: count() })
    .from(workItems)
    .where(ofTeam)
    .groupBy(workItems.state);
  const counts = new Map<State, number>(counted.map(({ state, n }) => [state, n]));
  const pages = Math.max(1, Math.ceil(counted.reduce((sum, { n }) => sum + n, 0) / onPage));
  const shown = Math.min(page, pages - 1);
  const rows = await ctx.db
    .select()
    .from(workItems)
    .where(ofTeam)
    .orderBy(nearestFirst, asc(workItems.movedAt), asc(workItems.number))
    .limit(onPage)
    .offset(shown * onPage);
  const mine = await ctx.db
    .select()
    .from(workItems)
    .where(and(isOpen, eq(workItems.ownerId, who)))
    .orderBy(nearestFirst, desc(workItems.movedAt))
    .limit(mostOwn);
  return { mine, team, rows, counts, page: shown, pages };
}
