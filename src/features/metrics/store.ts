import { and, asc, eq, gte, inArray, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { type Reading, readings, series, type Series } from './schema.ts';

export type SeriesName = Pick<Series, 'modelId' | 'environment' | 'metric' | 'column'>;

export function nameOf(name: SeriesName): string {
  return [name.modelId, name.environment, name.metric, name.column].join('\u0000');
}

/** The series of these names, made where missing; keyed by `nameOf`. */
export async function seriesFor(ctx: Context, names: readonly SeriesName[]): Promise<Map<string, Series>> {
  const wanted = [...new Map(names.map((name) => [nameOf(name), name])).values()].toSorted((a, b) =>
    nameOf(a) < nameOf(b) ? -1 : 1,
  );
  if (wanted.length === 0) return new Map();
  const known = await knownSeries(ctx, wanted);
  const missing = wanted.filter((name) => !known.has(nameOf(name)));
  if (missing.length === 0) return known;
  await ctx.db
    .insert(series)
    .values(missing.map((name) => ({ workspace: ctx.workspace, ...name })))
    .onConflictDoNothing();
  return await knownSeries(ctx, wanted);
}

async function knownSeries(ctx: Context, names: readonly SeriesName[]): Promise<Map<string, Series>> {
  const found = await ctx.db
    .select()
    .from(series)
    .where(
      and(
        eq(series.workspace, ctx.workspace),
        inArray(series.modelId, [...new Set(names.map((name) => name.modelId))]),
        inArray(series.metric, [...new Set(names.map((name) => name.metric))]),
      ),
    );
  return new Map(found.map((each) => [nameOf(each), each]));
}

export type NewReading = Pick<Reading, 'seriesId' | 'at' | 'value' | 'rows'>;

/** Stores a batch in one statement; what is there already for that series and instant stays as it was. */
export async function storeReadings(ctx: Context, batch: readonly NewReading[]): Promise<void> {
  if (batch.length === 0) return;
  const column = <T>(of: (each: NewReading) => T) => sql.param(batch.map(of));
  await ctx.db.execute(sql`
    insert into ${readings} (workspace, series_id, at, value, rows, received_at)
    select ${ctx.workspace}, r.series_id, r.at, r.value, r.rows, ${ctx.now().toISOString()}::timestamptz
    from unnest(
      ${column((each) => each.seriesId)}::uuid[],
      ${column((each) => each.at.toISOString())}::timestamptz[],
      ${column((each) => each.value)}::float8[],
      ${column((each) => each.rows)}::int[]) as r(series_id, at, value, rows)
    on conflict do nothing`);
}

/** Oldest first. */
export async function readingsSince(
  ctx: Context,
  name: SeriesName,
  since: Date,
): Promise<{ at: Date; value: number }[]> {
  return await ctx.db
    .select({ at: readings.at, value: readings.value })
    .from(readings)
    .innerJoin(series, and(eq(series.workspace, readings.workspace), eq(series.id, readings.seriesId)))
    .where(
      and(
        eq(readings.workspace, ctx.workspace),
        eq(series.modelId, name.modelId),
        eq(series.environment, name.environment),
        eq(series.metric, name.metric),
        eq(series.column, name.column),
        gte(readings.at, since),
      ),
    )
    .orderBy(asc(readings.at))
    .limit(2000);
}

/** Makes this month's partition and the next two; rows that fit none go to the default partition, never lost. */
export async function prepareMonths(ctx: Context): Promise<void> {
  await ctx.db.execute(sql`select pitcrew_prepare_months(${ctx.now().toISOString()}::timestamptz, 3)`);
}
