import { and, asc, eq, gte, isNull } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Window } from '../drift/columns.ts';
import { judgeSeries } from '../drift/detectors/judging.ts';
import { histogramMethod } from '../drift/detectors/methods.ts';
import { Reference, referenceOf } from '../drift/detectors/reference.ts';
import { type Finding, verdicts, type Watch, watches } from '../drift/schema.ts';
import { needsReference, referenceWindows, ruleOf, windowFrom } from '../drift/windows.ts';
import { readingsOfColumns, readingsSince } from '../metrics/store.ts';
import type { Model } from '../models/schema.ts';
import type { Draft } from './rules.ts';

const previewDays = 90;
const since = (ctx: Context) => new Date(ctx.now().getTime() - previewDays * 86_400_000);

/** Rules of a model, those over its metrics first. */
export function watchesOf(ctx: Context, modelId: string): Promise<Watch[]> {
  return ctx.db
    .select()
    .from(watches)
    .where(and(eq(watches.workspace, ctx.workspace), eq(watches.modelId, modelId), isNull(watches.retiredAt)))
    .orderBy(asc(watches.metric), asc(watches.column), asc(watches.severity))
    .limit(60);
}

export async function watchById(ctx: Context, id: string): Promise<Watch> {
  const [watch] = await ctx.db
    .select()
    .from(watches)
    .where(and(eq(watches.workspace, ctx.workspace), eq(watches.id, id)))
    .for('update');
  if (!watch) throw new Refusal('That rule is gone.');
  return watch;
}

/** What is taken for normal: the first or the last windows of the last 90 days; null where there are too few. */
export async function chosenReference(
  ctx: Context,
  model: Model,
  draft: Draft,
  choice: string,
): Promise<Reference | null> {
  const of = { modelId: model.id, environment: model.environment, metric: draft.metric, column: draft.column };
  const points = await readingsSince(ctx, of, since(ctx));
  return referenceOf(choice === 'last' ? points.slice(-referenceWindows) : points.slice(0, referenceWindows));
}

/** What came in over the last 90 days, as this rule would have seen it. */
export async function pastWindows(ctx: Context, model: Model, draft: Draft, reference: unknown): Promise<Window[]> {
  const of = { modelId: model.id, environment: model.environment, metric: draft.metric, column: draft.column };
  const method = histogramMethod(draft.method);
  if (method) {
    const found = await readingsOfColumns(ctx, { ...of, metric: method.name }, since(ctx));
    return byWindow(found, (column, score, rows) => ({
      column,
      method: method.name,
      label: method.label,
      base: method.base,
      score,
      limit: draft.raiseAt,
      direction: method.direction,
      drifted: method.direction === 'above' ? score > draft.raiseAt : score < draft.raiseAt,
      ...(rows !== null && { rows }),
    }));
  }
  const points = await readingsSince(ctx, of, since(ctx));
  const rule = ruleOf(draft);
  const frozen = needsReference(rule) ? Reference.nullable().parse(reference ?? null) : null;
  return judgeSeries(rule, points, frozen).map((judgement, i) => windowFrom(draft, judgement, points[i]));
}

function byWindow(
  found: readonly { at: Date; column: string; value: number; rows: number | null }[],
  finding: (column: string, score: number, rows: number | null) => Finding,
): Window[] {
  const windows = new Map<number, { at: Date; findings: Finding[] }>();
  for (const { at, column, value, rows } of found) {
    const window = windows.get(at.getTime()) ?? { at, findings: [] };
    window.findings.push(finding(column, value, rows));
    windows.set(at.getTime(), window);
  }
  return [...windows.values()];
}

/** The reports of the last 90 days, for a rule over what a tool judges itself. */
export async function pastVerdicts(ctx: Context, watchId: string): Promise<Window[]> {
  const found = await ctx.db
    .select({ at: verdicts.at, findings: verdicts.findings, rows: verdicts.rows })
    .from(verdicts)
    .where(and(eq(verdicts.workspace, ctx.workspace), eq(verdicts.watchId, watchId), gte(verdicts.at, since(ctx))))
    .orderBy(asc(verdicts.at))
    .limit(2000);
  return found;
}
