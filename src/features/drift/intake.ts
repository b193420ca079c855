import { z } from 'zod';
import { type Context, within } from '../../context.ts';
import { nameOf, type NewReading, seriesFor, storeReadings } from '../metrics/store.ts';
import { type Model } from '../models/schema.ts';
import { modelsNamed } from '../models/store.ts';
import { servedVersionSeen } from '../releases/store.ts';
import { isBad } from './rules.ts';
import type { Finding, Watch } from './schema.ts';
import { judge, keepVerdict, lockWatches, reportWatch } from './store.ts';

const name = z.string().trim().min(1).max(200);
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** One number at one instant. The metric `served_version` says which version serving answers with. */
const Reading = z.object({
  model: name,
  metric: name,
  value: z.union([z.number(), z.string().min(1).max(100)]),
  at: instant.optional(),
  environment: name.optional(),
  column: z.string().max(200).default(''),
  rows: z.number().int().min(0).max(2_147_483_647).optional(),
});
type Reading = z.infer<typeof Reading>;

/** Parsed one by one, so that one bad item does not lose the others. */
export const Readings = z
  .union([z.array(z.unknown()), z.object({ readings: z.array(z.unknown()) })])
  .transform((body) => (Array.isArray(body) ? body : body.readings))
  .pipe(z.array(z.unknown()).min(1, 'send at least one reading').max(1000, 'send at most 1,000 readings at a time'));

export interface Outcome {
  readonly accepted: number;
  readonly rejected: readonly { index: number; reason: string }[];
}

const servedVersion = 'served_version';
const clockSkewMs = 5 * 60_000;

interface Placed {
  readonly model: Model;
  readonly environment: string;
  readonly at: Date;
  readonly reading: Reading;
}

export function takeReadings(ctx: Context, items: readonly unknown[]): Promise<Outcome> {
  return within(ctx, async (ctx) => {
    const rejected: { index: number; reason: string }[] = [];
    const parsed = items.map((item, index) => {
      const result = Reading.safeParse(item);
      if (result.success) return { index, reading: result.data };
      const issue = result.error.issues[0];
      rejected.push({ index, reason: `${issue?.path.join('.') || 'reading'}: ${issue?.message ?? 'is not valid'}` });
      return undefined;
    });
    const good = parsed.filter((each) => each !== undefined);
    const models = await modelsNamed(
      ctx,
      good.map(({ reading }) => reading.model),
    );
    const placed: Placed[] = [];
    for (const { index, reading } of good) {
      const model = models.get(reading.model.toLowerCase());
      const at = reading.at ?? ctx.now();
      const reason = problemOf(ctx, reading, model, at);
      if (reason !== undefined || !model) rejected.push({ index, reason: reason ?? 'model: unknown' });
      else placed.push({ model, environment: reading.environment ?? model.environment, at, reading });
    }
    await storeAndJudge(ctx, placed);
    return { accepted: placed.length, rejected: rejected.toSorted((a, b) => a.index - b.index) };
  });
}

function problemOf(ctx: Context, reading: Reading, model: Model | undefined, at: Date): string | undefined {
  if (!model) return `model: no model is registered under the name "${reading.model}"`;
  if (at.getTime() > ctx.now().getTime() + clockSkewMs) return 'at: lies in the future';
  if (reading.metric !== servedVersion && typeof reading.value !== 'number') return 'value: must be a number';
  return undefined;
}

async function storeAndJudge(ctx: Context, placed: readonly Placed[]): Promise<void> {
  const served = placed.filter(({ reading }) => reading.metric === servedVersion);
  for (const { model, environment, at, reading } of served) {
    await servedVersionSeen(ctx, { modelId: model.id, environment, version: String(reading.value), at });
  }
  const measured = placed.filter(({ reading }) => reading.metric !== servedVersion);
  const named = measured.map((each) => ({ ...each, name: seriesName(each) }));
  const known = await seriesFor(
    ctx,
    named.map((each) => each.name),
  );
  const rows: NewReading[] = named.flatMap(({ name: of, at, reading }) => {
    const found = known.get(nameOf(of));
    return found ? [{ seriesId: found.id, at, value: Number(reading.value), rows: reading.rows ?? null }] : [];
  });
  await storeReadings(ctx, rows);
  const watches = await lockWatches(
    ctx,
    measured.map(({ model }) => model.id),
  );
  for (const watch of watches) {
    const mine = named.filter((each) => nameOf(each.name) === nameOf(watch));
    if (mine.length > 0)
      await judge(
        ctx,
        watch,
        mine.map((each) => windowOf(watch, each)),
      );
  }
}

function seriesName({ model, environment, reading }: Placed) {
  return { modelId: model.id, environment, metric: reading.metric, column: reading.column };
}

/** A reading from too few rows is kept, but not judged. */
function windowOf(watch: Watch, { at, reading }: Placed) {
  const score = Number(reading.value);
  const enough = reading.rows === undefined || reading.rows >= watch.minRows;
  const finding: Finding = {
    column: watch.column,
    method: watch.metric,
    label: watch.metric,
    score,
    limit: watch.raiseAt,
    direction: watch.direction,
    drifted: isBad(score, watch),
  };
  return { at, value: enough ? score : null, findings: [finding] };
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
    const share = scored.length === 0 ? (bad ? 1 : null) : Math.max(drifted / scored.length, bad ? 1e-9 : 0);
    const watch = await reportWatch(ctx, model.id, environment);
    const isNew = await keepVerdict(ctx, {
      watchId: watch.id,
      at,
      source: report.source,
      drifted: bad,
      share: share ?? 0,
      rows: report.rows ?? null,
      findings,
    });
    const enough = report.rows === undefined || report.rows >= watch.minRows;
    if (isNew) await judge(ctx, watch, [{ at, value: enough ? share : null, findings }]);
    return { drifted, of: findings.length, judged: isNew && enough };
  });
}
