import { and, asc, desc, eq, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm';
import { distance } from 'fastest-levenshtein';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { type Model, models } from '../models/schema.ts';
import { type Dataset, datasets, feeds, type Look, looks } from './schema.ts';

const mostLooks = 30;

export async function datasetById(ctx: Context, id: string): Promise<Dataset> {
  const [found] = await ctx.db
    .select()
    .from(datasets)
    .where(and(eq(datasets.workspace, ctx.workspace), eq(datasets.id, id)))
    .for('update');
  if (!found) throw new Refusal('That data set is gone.');
  return found;
}

/** By its name, or by namespace and name as the list shows them. */
export async function datasetNamed(ctx: Context, typed: string): Promise<Dataset> {
  const [found, ...others] = await ctx.db
    .select()
    .from(datasets)
    .where(
      and(
        eq(datasets.workspace, ctx.workspace),
        or(eq(datasets.name, typed), eq(sql`${datasets.namespace} || ' ' || ${datasets.name}`, typed)),
      ),
    )
    .limit(2);
  if (found && others.length === 0) return found;
  if (found) {
    throw new Refusal(`There are several named "${typed}": say it as "${found.namespace} ${found.name}".`, {
      field: 'name',
    });
  }
  const near = (await listDatasets(ctx, 0)).rows
    .map(({ name }) => ({ name, off: distance(name.toLowerCase(), typed.toLowerCase()) }))
    .filter(({ off }) => off <= 3)
    .toSorted((a, b) => a.off - b.off)[0];
  throw new Refusal(`I know no data set "${typed}".${near ? ` Did you mean ${near.name}?` : ''}`, { field: 'name' });
}

/** Newest first. */
export function looksOf(ctx: Context, datasetId: string): Promise<Look[]> {
  return ctx.db
    .select()
    .from(looks)
    .where(and(eq(looks.workspace, ctx.workspace), eq(looks.datasetId, datasetId)))
    .orderBy(desc(looks.at))
    .limit(mostLooks);
}

export const datasetsOnPage = 20;

/** Those in trouble first. */
export async function listDatasets(ctx: Context, page: number): Promise<{ rows: Dataset[]; total: number }> {
  const [counted] = await ctx.db
    .select({ total: sql<number>`count(*)::int` })
    .from(datasets)
    .where(eq(datasets.workspace, ctx.workspace));
  const rows = await ctx.db
    .select()
    .from(datasets)
    .where(eq(datasets.workspace, ctx.workspace))
    .orderBy(sql`case ${datasets.state} when 'bad' then 0 when 'warning' then 1 else 2 end`, asc(datasets.name))
    .limit(datasetsOnPage)
    .offset(page * datasetsOnPage);
  return { rows, total: counted?.total ?? 0 };
}

/** The models that eat it, the most critical first. */
export async function eatersOf(ctx: Context, datasetId: string): Promise<Model[]> {
  const rows = await ctx.db
    .select({ model: models })
    .from(feeds)
    .innerJoin(
      models,
      and(eq(models.workspace, feeds.workspace), eq(models.id, feeds.modelId), isNull(models.retiredAt)),
    )
    .where(and(eq(feeds.workspace, ctx.workspace), eq(feeds.datasetId, datasetId)))
    .orderBy(asc(models.tier), asc(models.name))
    .limit(200);
  return rows.map(({ model }) => model);
}

/** What a model eats, in trouble first. */
export async function feedsOf(ctx: Context, modelId: string): Promise<Dataset[]> {
  const rows = await ctx.db
    .select({ dataset: datasets })
    .from(feeds)
    .innerJoin(datasets, and(eq(datasets.workspace, feeds.workspace), eq(datasets.id, feeds.datasetId)))
    .where(and(eq(feeds.workspace, ctx.workspace), eq(feeds.modelId, modelId)))
    .orderBy(sql`case ${datasets.state} when 'bad' then 0 when 'warning' then 1 else 2 end`, asc(datasets.name))
    .limit(100);
  return rows.map(({ dataset }) => dataset);
}

/** Data in trouble that these models eat, by model. */
export async function troubledFeeds(ctx: Context, modelIds: readonly string[]): Promise<Map<string, Dataset[]>> {
  if (modelIds.length === 0) return new Map();
  const rows = await ctx.db
    .select({ modelId: feeds.modelId, dataset: datasets })
    .from(feeds)
    .innerJoin(
      datasets,
      and(eq(datasets.workspace, feeds.workspace), eq(datasets.id, feeds.datasetId), ne(datasets.state, 'ok')),
    )
    .where(and(eq(feeds.workspace, ctx.workspace), inArray(feeds.modelId, [...modelIds])))
    .orderBy(asc(datasets.since))
    .limit(500);
  const found = new Map<string, Dataset[]>();
  for (const { modelId, dataset } of rows) found.set(modelId, [...(found.get(modelId) ?? []), dataset]);
  return found;
}

/** The data set that becomes late first, locked. */
export async function nextLate(ctx: Context): Promise<Dataset | undefined> {
  const [due] = await ctx.db
    .select()
    .from(datasets)
    .where(and(eq(datasets.workspace, ctx.workspace), lte(datasets.lateAt, ctx.now())))
    .orderBy(asc(datasets.lateAt))
    .limit(1)
    .for('update', { skipLocked: true });
  return due;
}
