import { lt, and, eq } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { batchOf, byIndex, isAhead, parseEach, type Rejected } from '../../lib/batch.ts';
import { Refusal } from '../../lib/refusal.ts';
import { histogramMethod, histogramMethods } from '../drift/detectors/methods.ts';
import { takeReadings } from '../drift/intake.ts';
import type { Watch } from '../drift/schema.ts';
import { findVerdict, judge, keepVerdict, lockWatches, setWatch } from '../drift/store.ts';
import { modelsNamed } from '../models/queries.ts';
import type { Model } from '../models/schema.ts';
import { showWorst } from './picture.ts';
import { latestWindow, referencesOf } from './queries.ts';
import { compared, isSameKind, missingMore, PostedHistogram, rowsOf, shapeOf } from './rules.ts';
import { type Histogram, histograms, type Reference, references } from './schema.ts';

export const Histograms = batchOf('histograms', 'histogram');

export interface Outcome {
  readonly accepted: number;
  readonly rejected: readonly { readonly index: number; readonly reason: string }[];
  /** Features that had no reference yet: what came now is what later windows are compared with. */
  readonly frozen: number;
  readonly drifted: number;
}

type Lies = Pick<Histogram, 'column' | 'shape' | 'rows' | 'nulls'>;
interface Placed extends Lies {
  readonly index: number;
  readonly model: Model;
  readonly environment: string;
  readonly at: Date;
  readonly isReference: boolean;
}

export function takeHistograms(ctx: Context, items: readonly unknown[]): Promise<Outcome> {
  return within(ctx, async (ctx) => {
    const { placed, rejected } = await place(ctx, items);
    let [frozen, drifted] = [0, 0];
    for (const window of windowsOf(placed)) {
      const taken = await takeWindow(ctx, window);
      frozen += taken.frozen;
      drifted += taken.drifted;
      rejected.push(...taken.rejected);
    }
    return { accepted: items.length - rejected.length, rejected: rejected.toSorted(byIndex), frozen, drifted };
  });
}

async function place(ctx: Context, items: readonly unknown[]): Promise<{ placed: Placed[]; rejected: Rejected[] }> {
  const { good, rejected } = parseEach(PostedHistogram, items, 'histogram');
  const models = await modelsNamed(
    ctx,
    good.map(({ said }) => said.model),
  );
  const placed = good.flatMap(({ index, said: posted }): Placed[] => {
    const model = models.get(posted.model.toLowerCase());
    const at = posted.at ?? ctx.now();
    const problem = !model
      ? `model: no model is registered under the name "${posted.model}"`
      : isAhead(at, ctx.now())
        ? 'at: lies in the future'
        : undefined;
    if (problem || !model) {
      rejected.push({ index, reason: problem ?? 'model: unknown' });
      return [];
    }
    const shape = shapeOf(posted);
    const environment = posted.environment ?? model.environment;
    const { column, nulls, reference } = posted;
    return [{ index, model, environment, at, column, shape, rows: rowsOf(shape), nulls, isReference: reference }];
  });
  return { placed, rejected };
}

/** What belongs to one window of one model, the oldest first. */
function windowsOf(placed: readonly Placed[]): Placed[][] {
  const windows = new Map<string, Placed[]>();
  for (const each of placed) {
    const key = `${each.at.toISOString()} ${each.model.id} ${each.environment}`;
    windows.set(key, [...(windows.get(key) ?? []), each]);
  }
  return [...windows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, window]) => window);
}

async function takeWindow(
  ctx: Context,
  window: readonly Placed[],
): Promise<{ frozen: number; drifted: number; rejected: Rejected[] }> {
  const [first] = window;
  if (!first) return { frozen: 0, drifted: 0, rejected: [] };
  const { model, environment, at } = first;
  const watches = await featureWatches(ctx, model, environment);
  const known = await referencesOf(
    ctx,
    model.id,
    environment,
    window.map(({ column }) => column),
  );
  const fresh = window.filter((each) => each.isReference || (!known.has(each.column) && each.rows > 0));
  await freeze(ctx, model, environment, fresh, 'ci');
  const rejected: Rejected[] = [];
  const pairs = window.flatMap((cur) => {
    const ref = known.get(cur.column);
    if (!ref || cur.isReference) return [];
    if (isSameKind(ref, cur)) return [{ ref, cur }];
    const was = 'counts' in ref.shape ? 'counts between edges' : 'categories';
    rejected.push({ index: cur.index, reason: `column: the reference of ${cur.column} has ${was}` });
    return [];
  });
  await keep(
    ctx,
    window.filter(({ index, isReference }) => !isReference && !rejected.some((no) => no.index === index)),
  );
  let drifted = 0;
  for (const watch of watches) drifted += await judgeWindow(ctx, watch, model, at, pairs);
  return { frozen: fresh.length, drifted, rejected };
}

interface Pair {
  readonly ref: Reference;
  readonly cur: Lies;
}

/** A second request with more columns of the same window is judged for the columns that are new. */
async function judgeWindow(
  ctx: Context,
  watch: Watch,
  model: Model,
  at: Date,
  pairs: readonly Pair[],
): Promise<number> {
  const method = histogramMethod(watch.method);
  if (!method || pairs.length === 0) return 0;
  const stored = await findVerdict(ctx, watch.id, at);
  const known = new Set(stored?.findings.map(({ column }) => column));
  const news = pairs.filter(({ cur }) => !known.has(cur.column));
  const findings = news.flatMap(({ ref, cur }) => [compared(method, watch.raiseAt, ref, cur), missingMore(ref, cur)]);
  if (findings.length === 0) return 0;
  const drifted = findings.filter((finding) => finding.drifted).length;
  const rows = Math.max(...news.map(({ cur }) => cur.rows));
  await keepVerdict(ctx, {
    watchId: watch.id,
    at,
    source: 'histograms',
    drifted: drifted > 0 || (stored?.drifted ?? false),
    share: drifted / findings.length,
    rows,
    findings: [...(stored?.findings ?? []), ...findings],
  });
  if (watch.severity !== 'warning') await keepScores(ctx, watch, model, at, findings);
  await judge(ctx, watch, [{ at, findings, isMore: stored !== undefined }]);
  await showWorst(ctx, watch, model, at, pairs);
  return watch.severity === 'warning' ? 0 : drifted;
}

async function keepScores(
  ctx: Context,
  watch: Watch,
  model: Model,
  at: Date,
  findings: readonly { method: string; column: string; score: number | null; rows?: number }[],
): Promise<void> {
  const scored = findings.flatMap(({ method, column, score, rows }) =>
    score === null || !Number.isFinite(score)
      ? []
      : [
          {
            model: model.name,
            environment: watch.environment,
            metric: method,
            column,
            value: score,
            rows,
            at: at.toISOString(),
          },
        ],
  );
  for (let i = 0; i < scored.length; i += 1000) await takeReadings(ctx, scored.slice(i, i + 1000));
}

const features = 'features';

/** The rules over all features of a model, locked; the usual two are made with the first histogram. */
async function featureWatches(ctx: Context, model: Model, environment: string): Promise<Watch[]> {
  const mine = async () =>
    (await lockWatches(ctx, [model.id])).filter(
      (watch) => watch.metric === features && watch.environment === environment,
    );
  const known = await mine();
  if (known.length > 0) return known;
  const [usual] = histogramMethods;
  const name = { modelId: model.id, environment, metric: features, column: '', method: usual.name };
  const { alert, warn } = usual;
  await setWatch(ctx, name, { raiseAt: alert, clearAt: (alert + warn) / 2 }, 'monitor');
  await setWatch(ctx, name, { raiseAt: warn, clearAt: warn * 0.8, severity: 'warning' }, 'monitor');
  return await mine();
}

async function freeze(
  ctx: Context,
  model: Model,
  environment: string,
  list: readonly (Lies & { readonly at: Date })[],
  by: string,
): Promise<void> {
  if (list.length === 0) return;
  const frozen = { frozenAt: ctx.now(), frozenBy: by };
  await ctx.db
    .insert(references)
    .values(
      list.map(({ column, shape, rows, nulls, at }) => ({
        workspace: ctx.workspace,
        modelId: model.id,
        environment,
        column,
        shape,
        rows,
        nulls,
        at,
        ...frozen,
      })),
    )
    .onConflictDoNothing();
  record(ctx, {
    who: by,
    what: 'reference.frozen',
    modelId: model.id,
    subject: `model:${model.id}`,
    summary: `froze the reference of ${list.length} features in ${environment}`,
    data: { columns: list.map(({ column }) => column).slice(0, 100) },
  });
}

async function keep(ctx: Context, list: readonly Placed[]): Promise<void> {
  if (list.length === 0) return;
  await ctx.db
    .insert(histograms)
    .values(
      list.map(({ model, environment, column, at, shape, rows, nulls }) => ({
        workspace: ctx.workspace,
        modelId: model.id,
        environment,
        column,
        at,
        shape,
        rows,
        nulls,
        receivedAt: ctx.now(),
      })),
    )
    .onConflictDoNothing();
}

/** From now on the features are compared with how they lay in the newest window: after a retraining, for instance. */
export function freezeLatest(ctx: Context, model: Model, environment: string, by: string): Promise<number> {
  return within(ctx, async (ctx) => {
    const latest = await latestWindow(ctx, model.id, environment);
    if (latest.length === 0) {
      throw new Refusal(`No histograms of ${model.name} came in yet. POST them to /api/v1/histograms.`, {
        field: 'model',
      });
    }
    await freeze(ctx, model, environment, latest, by);
    return latest.length;
  });
}

const keptDays = 30;

/** What is older than 30 days goes; its scores stay. */
export async function dropOldHistograms(ctx: Context): Promise<void> {
  const before = new Date(ctx.now().getTime() - keptDays * 86_400_000);
  await ctx.db
    .delete(histograms)
    .where(and(eq(histograms.workspace, ctx.workspace), lt(histograms.receivedAt, before)));
}
