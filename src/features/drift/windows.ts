import type { Context } from '../../context.ts';
import { readingsSince } from '../metrics/store.ts';
import type { Window } from './columns.ts';
import { judgeSeries, type Judgement } from './detectors/judging.ts';
import { Reference, referenceOf } from './detectors/reference.ts';
import { Rule } from './detectors/rule.ts';
import type { Finding, Watch } from './schema.ts';

const day = 86_400_000;
/** What a CUSUM or a running mean is gathered from goes back at most so far. */
const longestMs = 400 * day;
/** So many windows make a reference when none was chosen: four weeks of days. */
export const referenceWindows = 28;

interface Point {
  readonly at: Date;
  readonly value: number;
  readonly rows: number | null;
}

/** The rule of a watch over one series. */
export function ruleOf(watch: Pick<Watch, 'method' | 'rule' | 'direction' | 'raiseAt'>): Rule {
  if (watch.method === 'threshold') {
    return { method: 'threshold', direction: watch.direction, limit: watch.raiseAt };
  }
  return Rule.parse(watch.rule);
}

const isOverTime = ({ method }: Pick<Rule, 'method'>): boolean => method !== 'threshold';

/** Whether what is normal comes from a frozen reference. */
export function needsReference(rule: Rule): boolean {
  switch (rule.method) {
    case 'threshold':
      return false;
    case 'change':
      return rule.baseline === undefined;
    case 'weekday':
      return rule.unit === 'sigma';
    case 'sigma':
    case 'ewma':
    case 'cusum':
    case 'missing_share':
      return true;
  }
}

/** What is not judged yet of a series, oldest first, and the reference that it was held against. */
export async function newWindows(
  ctx: Context,
  watch: Watch,
  until: Date,
): Promise<{ windows: Window[]; reference: Reference | null }> {
  const rule = ruleOf(watch);
  const known = Reference.nullable().parse(watch.reference ?? null);
  const after = watch.lastWindow ?? new Date(0);
  const since = isOverTime(rule) ? new Date(until.getTime() - longestMs) : after;
  const points = await readingsSince(ctx, watch, since, until);
  const reference = known ?? (needsReference(rule) ? firstReference(points) : null);
  const windows = judgeSeries(rule, points, reference)
    .map((judgement, i) => ({ judgement, point: points[i] }))
    .filter(({ judgement }) => judgement.at > after)
    .map(({ judgement, point }) => windowFrom(watch, judgement, point));
  return { windows, reference };
}

/** Frozen from the first windows there are, as soon as there are enough of them. */
function firstReference(points: readonly Point[]): Reference | null {
  return points.length < referenceWindows ? null : referenceOf(points.slice(0, referenceWindows));
}

export function windowFrom(
  watch: Pick<Watch, 'metric' | 'column' | 'method'>,
  judgement: Judgement,
  point: Point | undefined,
): Window {
  const { at, score, limit, direction, label, base, words } = judgement;
  const isPlain = watch.method === 'threshold';
  const finding: Finding = {
    column: watch.column,
    method: isPlain ? watch.metric : `${watch.metric} ${watch.method}`,
    label: isPlain ? watch.metric : `${watch.metric}, ${label}`,
    base,
    score,
    limit,
    direction,
    drifted: score !== null && (direction === 'above' ? score > limit : score < limit),
    because: words,
    ...(point?.rows !== null && point?.rows !== undefined && { rows: point.rows }),
  };
  return { at, findings: [finding], rows: point?.rows ?? null };
}
