import { and, asc, desc, eq, gte, inArray, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { rowsOf } from '../../db/rows.ts';
import { type Reading, readings, series, type Series } from './schema.ts';

export type SeriesName = Pick<Series, 'modelId' | 'environment' | 'metric' | 'column'>;

export function nameOf(name: SeriesName): string {
  return [name.modelId, name.environment, name.metric, name.column].join('\u0000');
}

/** The series of these names, keyed by `nameOf`; those that were missing are made, and named in `made`. */
export async function seriesFor(
  ctx: Context,
  names: readonly SeriesName[],
): Promise<{ known: Map<string, Series>; made: readonly SeriesName[] }> {
  const wanted = [...new Map(names.map((name) => [nameOf(name), name])).values()].toSorted((a, b) =>
    nameOf(a) < nameOf(b) ? -1 : 1,
  );
  if (wanted.length === 0) return { known: new Map(), made: [] };
  const known = await knownSeries(ctx, wanted);
  const made = wanted.filter((name) => !known.has(nameOf(name)));
  if (made.length === 0) return { known, made };
  await ctx.db
    .insert(series)
    .values(made.map((name) => ({ workspace: ctx.workspace, ...name })))
    .onConflictDoNothing();
  return { known: await knownSeries(ctx, wanted), made };
}

/** Every metric that a model has numbers of. */
export async function metricsOf(ctx: Context, modelId: string): Promise<string[]> {
  const found = await ctx.db
    .selectDistinct({ metric: series.metric })
    .from(series)
    .where(and(eq(series.workspace, ctx.workspace), eq(series.modelId, modelId)))
    .orderBy(asc(series.metric))
    .limit(500);
  return found.map(({ metric }) => metric);
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

export type NewReading = Pick<Reading, 'seriesId' | 'at' | 'value' | 'rows'> & Partial<Pick<Reading, 'good' | 'bad'>>;

/** A reading that says something else than what is kept for its series and instant. */
export interface Clash {
  readonly reading: NewReading;
  readonly stands: number;
}

/**
 * Stores a batch in one statement. What is there already for a series and an instant stays as it was; a reading that
 * says another number for it comes back.
 */
export async function storeReadings(ctx: Context, batch: readonly NewReading[]): Promise<Clash[]> {
  const firsts = new Map<string, NewReading>();
  const clashes: Clash[] = [];
  for (const reading of batch) {
    const first = firsts.get(spot(reading));
    if (!first) firsts.set(spot(reading), reading);
    else if (first.value !== reading.value) clashes.push({ reading, stands: first.value });
  }
  const rows = [...firsts.values()];
  if (rows.length === 0) return [];
  if ((await insert(ctx, rows)) === rows.length) return clashes;
  const stored = await storedAt(ctx, rows);
  for (const reading of rows) {
    const stands = stored.get(spot(reading));
    if (stands !== undefined && stands !== reading.value) clashes.push({ reading, stands });
  }
  return clashes;
}

function spot({ seriesId, at }: Pick<Reading, 'seriesId' | 'at'>): string {
  return `${seriesId} ${at.getTime()}`;
}

const Inserted = z.tuple([z.object({ count: z.coerce.number() })]);

/** How many were new. */
async function insert(ctx: Context, rows: readonly NewReading[]): Promise<number> {
  const column = <T>(of: (each: NewReading) => T) => sql.param(rows.map(of));
  const inserted = await ctx.db.execute(sql`
    with inserted as (
      insert into ${readings} (workspace, series_id, at, value, rows, good, bad, received_at)
      select ${ctx.workspace}, r.series_id, r.at, r.value, r.rows, r.good, r.bad, ${ctx.now().toISOString()}::timestamptz
      from unnest(
        ${column((each) => each.seriesId)}::uuid[],
        ${column((each) => each.at.toISOString())}::timestamptz[],
        ${column((each) => each.value)}::float8[],
        ${column((each) => each.rows)}::int[],
        ${column((each) => each.good ?? null)}::int[],
        ${column((each) => each.bad ?? null)}::int[]) as r(series_id, at, value, rows, good, bad)
      on conflict do nothing
      returning 1)
    select count(*) as count from inserted`);
  return Inserted.parse(rowsOf(inserted))[0].count;
}

async function storedAt(ctx: Context, rows: readonly NewReading[]): Promise<Map<string, number>> {
  const column = <T>(of: (each: NewReading) => T) => sql.param(rows.map(of));
  const found = await ctx.db
    .select({ seriesId: readings.seriesId, at: readings.at, value: readings.value })
    .from(readings)
    .where(
      and(
        eq(readings.workspace, ctx.workspace),
        sql`(${readings.seriesId}, ${readings.at}) in (
          select s, a from unnest(${column((each) => each.seriesId)}::uuid[],
          ${column((each) => each.at.toISOString())}::timestamptz[]) as wanted(s, a))`,
      ),
    );
  return new Map(found.map((each) => [spot(each), each.value]));
}

const mostPoints = 2000;

/** Oldest first; of more than 2,000 the newest. */
export async function readingsSince(
  ctx: Context,
  name: SeriesName,
  since: Date,
  until?: Date,
): Promise<{ at: Date; value: number; rows: number | null }[]> {
  const found = await ctx.db
    .select({ at: readings.at, value: readings.value, rows: readings.rows })
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
        until && lte(readings.at, until),
      ),
    )
    .orderBy(desc(readings.at))
    .limit(mostPoints);
  return found.reverse();
}

/** The same of every column that has this metric, by window; at most 100,000 numbers. */
export async function readingsOfColumns(
  ctx: Context,
  name: Omit<SeriesName, 'column'>,
  since: Date,
): Promise<{ at: Date; column: string; value: number; rows: number | null }[]> {
  return await ctx.db
    .select({ at: readings.at, column: series.column, value: readings.value, rows: readings.rows })
    .from(readings)
    .innerJoin(series, and(eq(series.workspace, readings.workspace), eq(series.id, readings.seriesId)))
    .where(
      and(
        eq(readings.workspace, ctx.workspace),
        eq(series.modelId, name.modelId),
        eq(series.environment, name.environment),
        eq(series.metric, name.metric),
        gte(readings.at, since),
      ),
    )
    .orderBy(asc(readings.at))
    .limit(100_000);
}

/** Makes this month's partition and the next two; rows that fit none go to the default partition, never lost. */
export async function prepareMonths(ctx: Context): Promise<void> {
  await ctx.db.execute(sql`select pitcrew_prepare_months(${ctx.now().toISOString()}::timestamptz, 3)`);
}
