import { and, asc, count, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { models } from '../models/schema.ts';
import { teams } from '../teams/schema.ts';
import { openStates } from './rules.ts';
import { type State, type WorkItem, workItems } from './schema.ts';
import type { Shown, WorkPage } from './views.ts';

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

const furthestFirst = sql`array_position(${sql.param([...openStates])}::text[], ${workItems.state})`;
const onPage = 10;

/** A page of what is open in a team: what the reader has, then what is furthest, then the oldest. */
export async function workPage(ctx: Context, team: WorkPage['team'], who: string, page: number): Promise<WorkPage> {
  const ofTeam = and(
    eq(workItems.workspace, ctx.workspace),
    eq(workItems.teamId, team.id),
    inArray(workItems.state, openStates),
  );
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
    .orderBy(
      desc(sql`${workItems.ownerId} is not distinct from ${who}`),
      furthestFirst,
      asc(workItems.movedAt),
      asc(workItems.number),
    )
    .limit(onPage)
    .offset(shown * onPage);
  return { team, rows, counts, page: shown, pages };
}
