import { and, asc, desc, eq, inArray, isNotNull, isNull, like, lte, ne, or, sql } from 'drizzle-orm';
import { distance } from 'fastest-levenshtein';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { clip } from '../../slack/limits.ts';
import { type Model, models } from '../models/schema.ts';
import { type History, remembered } from './rules.ts';
import { type Dataset, datasets, feeds, type Look, looks } from './schema.ts';

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
    .orderBy(asc(datasets.namespace))
    .limit(2);
  if (found && others.length === 0) return found;
  if (found) {
    throw new Refusal(`There are several named "${typed}": say it as "${found.namespace} ${found.name}".`, {
      field: 'name',
    });
  }
  const near = await namesNear(ctx, typed);
  const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  throw new Refusal(`I know no data set "${clip(typed, 100)}".${hint}`, { field: 'name' });
}

const farthest = 3;

/** Names that have these letters in them, or are nearly the same. */
async function namesNear(ctx: Context, typed: string): Promise<string[]> {
  const letters = `%${typed.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const found = await ctx.db
    .selectDistinct({ name: datasets.name })
    .from(datasets)
    .where(
      and(
        eq(datasets.workspace, ctx.workspace),
        or(
          like(sql`lower(${datasets.name})`, letters),
          sql`length(${datasets.name}) between ${typed.length - farthest} and ${typed.length + farthest}`,
        ),
      ),
    )
    .limit(5000);
  const lower = typed.toLowerCase();
  return found
    .map(({ name }) => ({ name, off: name.toLowerCase().includes(lower) ? 0 : distance(name.toLowerCase(), lower) }))
    .filter(({ off }) => off <= farthest)
    .toSorted((a, b) => a.off - b.off || a.name.length - b.name.length)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Newest first. */
export function looksOf(ctx: Context, datasetId: string, most: number): Promise<Look[]> {
  return ctx.db.select().from(looks).where(ofDataset(ctx, datasetId)).orderBy(desc(looks.at)).limit(most);
}

/** When this tool looked last. */
export async function lastLookOf(ctx: Context, datasetId: string, source: string): Promise<Date | undefined> {
  const [last] = await ctx.db
    .select({ at: looks.at })
    .from(looks)
    .where(and(ofDataset(ctx, datasetId), eq(looks.source, source)))
    .orderBy(desc(looks.at))
    .limit(1);
  return last?.at;
}

/** Many looks may see the same data: they count as one, the last of them. */
export async function historyOf(ctx: Context, { id, seen, updatedAt }: Dataset): Promise<History> {
  const { updatedBy, rowsBy } = seen;
  const time = updatedBy === undefined ? looks.at : looks.updatedAt;
  const updates = await ctx.db
    .selectDistinct({ at: time })
    .from(looks)
    .where(
      and(
        ofDataset(ctx, id),
        isNotNull(time),
        updatedBy === undefined ? undefined : eq(looks.source, updatedBy),
        updatedAt ? lte(time, updatedAt) : undefined,
      ),
    )
    .orderBy(desc(time))
    .limit(remembered + 1);
  const moment = sql`coalesce(${looks.updatedAt}, ${looks.at})`;
  const counted = and(ofDataset(ctx, id), isNotNull(looks.rows), eq(looks.source, rowsBy ?? ''));
  const rows = rowsBy
    ? await ctx.db
        .selectDistinctOn([moment], { rows: looks.rows })
        .from(looks)
        .where(
          and(counted, eq(looks.isOdd, false), sql`${moment} < (select max(${moment}) from ${looks} where ${counted})`),
        )
        .orderBy(desc(moment), desc(looks.at))
        .limit(remembered)
    : [];
  return {
    updates: updates.flatMap(({ at }) => (at ? [at] : [])),
    rows: rows.flatMap((each) => (each.rows === null ? [] : [each.rows])),
  };
}

const ofDataset = (ctx: Context, id: string) => and(eq(looks.workspace, ctx.workspace), eq(looks.datasetId, id));

/** Whose name has these letters in it, in any case, those in trouble first; 100 at most. */
export function findDatasets(ctx: Context, typed: string): Promise<Pick<Dataset, 'id' | 'name' | 'namespace'>[]> {
  const letters = `%${typed.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return ctx.db
    .select({ id: datasets.id, name: datasets.name, namespace: datasets.namespace })
    .from(datasets)
    .where(and(eq(datasets.workspace, ctx.workspace), like(sql`lower(${datasets.name})`, letters)))
    .orderBy(desc(datasets.isOpen), asc(datasets.name))
    .limit(100);
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

/** Troubles that call this person, or that they took; one more than is shown. */
export function troublesOf(ctx: Context, who: string): Promise<Dataset[]> {
  return ctx.db
    .select()
    .from(datasets)
    .where(
      and(
        eq(datasets.workspace, ctx.workspace),
        datasets.isOpen,
        eq(datasets.told, datasets.trouble),
        or(eq(datasets.takenBy, who), and(isNull(datasets.takenBy), sql`${who} = any(${datasets.called})`)),
      ),
    )
    .orderBy(asc(datasets.since))
    .limit(6);
}
