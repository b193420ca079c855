import { distance } from 'fastest-levenshtein';
import { type Context, within } from '../../context.ts';
import { batchOf, byIndex, isAhead, parseEach, type Rejected } from '../../lib/batch.ts';
import { type Measured, measured, Reading, servedVersion } from '../metrics/reading.ts';
import { metricsOf, nameOf, type NewReading, seriesFor, type SeriesName, storeReadings } from '../metrics/store.ts';
import { type Model } from '../models/schema.ts';
import { modelsNamed } from '../models/queries.ts';
import { servedVersionSeen } from '../releases/store.ts';
import type { Window } from './columns.ts';
import { isBad } from './rules.ts';
import type { Finding, Watch } from './schema.ts';
import { findVerdict, judge, judgeSettled, keepVerdict, lockWatches, reportWatch } from './store.ts';

export const Readings = batchOf('readings', 'reading');

export interface Outcome {
  readonly accepted: number;
  readonly rejected: readonly Rejected[];
  /** Kept like the others, but perhaps a slip of the pen: metrics that nobody watches or has a goal for. */
  readonly firstOfTheirName?: readonly string[];
}

interface Placed {
  readonly index: number;
  readonly model: Model;
  readonly environment: string;
  readonly at: Date;
  readonly reading: Reading;
}

export function takeReadings(ctx: Context, items: readonly unknown[]): Promise<Outcome> {
  return within(ctx, async (ctx) => {
    const { good, rejected } = parseEach(Reading, items, 'reading');
    const models = await modelsNamed(
      ctx,
      good.map(({ said }) => said.model),
    );
    const placed: Placed[] = [];
    for (const { index, said: reading } of good) {
      const model = models.get(reading.model.toLowerCase());
      const at = reading.at ?? ctx.now();
      const problem = problemOf(ctx, reading, model, at);
      if (problem !== undefined || !model) rejected.push({ index, reason: problem ?? 'model: unknown' });
      else placed.push({ index, model, environment: reading.environment ?? model.environment, at, reading });
    }
    const { clashing, news } = await storeAndJudge(ctx, placed);
    rejected.push(...clashing);
    return {
      accepted: items.length - rejected.length,
      rejected: rejected.toSorted(byIndex),
      ...(news.length > 0 && { firstOfTheirName: news }),
    };
  });
}

function problemOf(ctx: Context, reading: Reading, model: Model | undefined, at: Date): string | undefined {
  if (!model) return `model: no model is registered under the name "${reading.model}"`;
  if (isAhead(at, ctx.now())) return 'at: lies in the future';
  if (reading.metric === servedVersion) return reading.value === undefined ? 'value: is missing' : undefined;
  const measures = measured(reading);
  return typeof measures === 'string' ? measures : undefined;
}

interface Named extends Placed, Measured {
  readonly name: SeriesName;
}

/** What says another number than what stands comes back rejected. */
async function storeAndJudge(
  ctx: Context,
  placed: readonly Placed[],
): Promise<{ clashing: Rejected[]; news: string[] }> {
  const named: Named[] = [];
  for (const each of placed) {
    const { model, environment, at, reading } = each;
    if (reading.metric === servedVersion) {
      await servedVersionSeen(ctx, { modelId: model.id, environment, version: String(reading.value), at });
      continue;
    }
    const measures = measured(reading);
    if (typeof measures !== 'string' && measures.value !== null)
      named.push({ ...each, ...measures, name: seriesName(each) });
  }
  const { known, made } = await seriesFor(
    ctx,
    named.map((each) => each.name),
  );
  const placeOf = new Map<NewReading, Named>();
  for (const each of named) {
    const found = known.get(nameOf(each.name));
    const { at, value, rows, good, bad } = each;
    if (found && value !== null) placeOf.set({ seriesId: found.id, at, value, rows, good, bad }, each);
  }
  const clashes = (await storeReadings(ctx, [...placeOf.keys()])).flatMap(({ reading, stands }) => {
    const place = placeOf.get(reading);
    return place ? [{ place, stands }] : [];
  });
  const refused = new Set(clashes.map(({ place }) => place));
  await judgeAll(
    ctx,
    named.filter((each) => !refused.has(each)),
  );
  const clashing = clashes.map(({ place, stands }) => ({
    index: place.index,
    reason: `value: ${place.at.toISOString()} has ${stands} already, and ${place.value} was not taken instead`,
  }));
  return { clashing, news: await newsOf(ctx, named, made) };
}

/** A first reading of a metric may be a slip of the pen; said only while a model has others to compare with. */
async function newsOf(ctx: Context, named: readonly Named[], made: readonly SeriesName[]): Promise<string[]> {
  const fresh = new Map(made.map((name) => [`${name.modelId} ${name.metric}`, name]));
  const news: string[] = [];
  for (const { modelId, metric } of [...fresh.values()].slice(0, 20)) {
    const model = named.find((each) => each.model.id === modelId)?.model.name;
    const others = (await metricsOf(ctx, modelId)).filter((other) => !fresh.has(`${modelId} ${other}`));
    if (others.length === 0) continue;
    const near = others.find((other) => distance(other, metric) <= 2);
    news.push(`${model} never had a metric "${metric}" before.${near ? ` Did you mean "${near}"?` : ''}`);
  }
  return news;
}

async function judgeAll(ctx: Context, named: readonly Named[]): Promise<void> {
  const watches = await lockWatches(
    ctx,
    named.map(({ model }) => model.id),
  );
  for (const watch of watches) {
    const mine = named.filter((each) => nameOf(each.name) === nameOf(watch));
    if (mine.length === 0) continue;
    const atOnce = watch.method === 'threshold' && watch.lateSeconds === 0;
    if (atOnce) {
      await judge(
        ctx,
        watch,
        mine.map((each) => windowOf(watch, each)),
      );
    } else {
      const past = mine.filter(({ at }) => watch.lastWindow !== null && at <= watch.lastWindow);
      await judgeSettled(
        ctx,
        watch,
        past.map((each) => windowOf(watch, each)),
      );
    }
  }
}

function seriesName({ model, environment, reading }: Placed): SeriesName {
  return { modelId: model.id, environment, metric: reading.metric, column: reading.column };
}

/** A reading from too few rows is kept, but not judged. */
function windowOf(watch: Watch, { at, value, rows }: Named): Window {
  const finding: Finding = {
    column: watch.column,
    method: watch.metric,
    label: watch.metric,
    score: value,
    limit: watch.raiseAt,
    direction: watch.direction,
    drifted: value !== null && isBad(value, watch),
  };
  return { at, findings: [finding], rows };
}

/** A tool's verdict over one window of one model. */
export interface Report {
  readonly model: Model;
  readonly environment: string;
  readonly at: Date;
  readonly source: string;
  readonly rows?: number;
  /** Set when the tool judged the whole dataset. */
  readonly datasetDrifted?: boolean;
  /** The tool names only what is wrong: whatever it does not name is well. */
  readonly namesOnlyWrong?: boolean;
  readonly findings: readonly Finding[];
  /** What else the tool measured in this window, such as shares of missing values. */
  readonly measures?: readonly { metric: string; column: string; value: number }[];
}

/** Every score becomes a reading, the whole a verdict, and the verdict a window for the machine. */
export function takeReport(ctx: Context, report: Report): Promise<{ drifted: number; of: number; judged: boolean }> {
  return within(ctx, async (ctx) => {
    const { model, environment, at, findings } = report;
    const scored = findings.filter((finding) => finding.score !== null);
    await takeReadings(
      ctx,
      [
        ...scored.map(({ method, column, score }) => ({ metric: method, column, value: score })),
        ...(report.measures ?? []),
      ].map((measure) => ({ ...measure, model: model.name, environment, at: at.toISOString(), rows: report.rows })),
    );
    const drifted = findings.filter((finding) => finding.drifted).length;
    const bad = drifted > 0 || report.datasetDrifted === true;
    const watch = await reportWatch(ctx, model.id, environment);
    const isNew = (await findVerdict(ctx, watch.id, at)) === undefined;
    const verdict = {
      watchId: watch.id,
      at,
      source: report.source,
      drifted: bad,
      share: scored.length === 0 ? Number(bad) : drifted / scored.length,
      rows: report.rows ?? null,
      findings,
    };
    if (isNew) await keepVerdict(ctx, verdict);
    const enough = report.rows === undefined || report.rows >= watch.minRows;
    if (isNew)
      await judge(ctx, watch, [
        { at, findings: [...judged(report), ...unnamed(watch, report)], rows: report.rows ?? null },
      ]);
    return { drifted, of: findings.length, judged: isNew && enough };
  });
}

/** A tool may call the whole data set drifted though it names no column, or none that we can read. */
function judged({ findings, datasetDrifted }: Report): readonly Finding[] {
  if (datasetDrifted === undefined || findings.some(({ drifted }) => drifted)) return findings;
  const whole = { column: '', method: 'dataset', label: 'The whole data set', direction: 'above' } as const;
  return [...findings, { ...whole, score: Number(datasetDrifted), limit: 0, drifted: datasetDrifted }];
}

/** Columns that were wrong before and that a tool, naming only what is wrong, no longer names. */
function unnamed({ columns }: Watch, { findings, namesOnlyWrong }: Report): Finding[] {
  if (!namesOnlyWrong) return [];
  const named = new Set(findings.map(nameOfFinding));
  return Object.values(columns)
    .filter(({ finding }) => !named.has(nameOfFinding(finding)))
    .map(({ finding }) => ({ ...finding, score: finding.score ?? 0, drifted: false }));
}

const nameOfFinding = ({ method, column }: Finding) => `${method} ${column}`;
