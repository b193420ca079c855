import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { type Histogram, histograms, type Reference, references } from './schema.ts';

/** The reference that holds now, by column. */
export async function referencesOf(
  ctx: Context,
  modelId: string,
  environment: string,
  columns: readonly string[],
): Promise<Map<string, Reference>> {
  if (columns.length === 0) return new Map();
  const found = await ctx.db
    .selectDistinctOn([references.column])
    .from(references)
    .where(
      and(
        eq(references.workspace, ctx.workspace),
        eq(references.modelId, modelId),
        eq(references.environment, environment),
        inArray(references.column, [...new Set(columns)]),
      ),
    )
    .orderBy(asc(references.column), desc(references.frozenAt));
  return new Map(found.map((reference) => [reference.column, reference]));
}

/** All features of the newest window that is kept. */
export function latestWindow(ctx: Context, modelId: string, environment: string): Promise<Histogram[]> {
  const ofModel = and(
    eq(histograms.workspace, ctx.workspace),
    eq(histograms.modelId, modelId),
    eq(histograms.environment, environment),
  );
  const newest = ctx.db
    .select({ at: sql`max(${histograms.at})` })
    .from(histograms)
    .where(ofModel);
  return ctx.db
    .select()
    .from(histograms)
    .where(and(ofModel, eq(histograms.at, sql`(${newest})`)))
    .orderBy(asc(histograms.column));
}

export async function histogramAt(
  ctx: Context,
  of: Pick<Histogram, 'modelId' | 'environment' | 'column' | 'at'>,
): Promise<Histogram | undefined> {
  const [found] = await ctx.db
    .select()
    .from(histograms)
    .where(
      and(
        eq(histograms.workspace, ctx.workspace),
        eq(histograms.modelId, of.modelId),
        eq(histograms.environment, of.environment),
        eq(histograms.at, of.at),
        eq(histograms.column, of.column),
      ),
    );
  return found;
}
