import { change, deviations, relativeChange } from './baselines.ts';
import { cusum, ewma, ewmaReach, noSums } from './control-charts.ts';
import type { Point, Reference } from './reference.ts';
import type { Rule } from './rule.ts';

/** Why a window has no score. */
export const unscored = {
  no_value: 'This window has no value.',
  no_reference: 'There is no reference yet: it takes at least 14 windows with a value.',
  in_reference: 'This window is part of the reference.',
  few_weeks: 'The same weekday has too few values in the weeks before.',
  zero_baseline: 'The baseline is 0, so no share of it can be taken.',
} as const;

export type Score =
  | { readonly score: null; readonly why: keyof typeof unscored }
  | {
      /** In the direction that the rule looks in, so that more is worse. */
      readonly score: number;
      readonly value: number;
      /** What was normal, and how far the value is from it: below 0 where it is lower. */
      readonly normal: number;
      readonly away: number;
      /** How many windows stand behind what was normal. */
      readonly n: number;
      /** What has come together over the windows so far; its sign as that of `away`. */
      readonly gathered?: number;
    };

/** A score for each point, oldest first. */
export function scoresOf(rule: Rule, points: readonly Point[], reference: Reference | null): Score[] {
  switch (rule.method) {
    case 'threshold':
      return points.map(({ value }) =>
        value === null ? none('no_value') : { score: value, value, normal: rule.limit, away: value - rule.limit, n: 0 },
      );
    case 'weekday':
      return weekdayScores(rule, points, reference);
    case 'change':
    case 'missing_share':
      return points.map(({ value }) => (value === null ? none('no_value') : changeScore(rule, value, reference)));
    case 'sigma':
    case 'ewma':
    case 'cusum':
      return deviationScores(rule, points, reference);
  }
}

function changeScore(
  rule: Rule & { method: 'change' | 'missing_share' },
  value: number,
  reference: Reference | null,
): Score {
  const isMissing = rule.method === 'missing_share';
  const normal = isMissing ? (reference?.mean ?? 0) : (rule.baseline ?? reference?.mean);
  if (normal === undefined) return none('no_reference');
  const away = isMissing || rule.unit === 'value' ? change(value, normal) : relativeChange(value, normal);
  if (away === null) return none('zero_baseline');
  return { score: toward(isMissing ? 'above' : rule.direction, away), value, normal, away, n: reference?.n ?? 0 };
}

const weekMs = 7 * 24 * 3_600_000;
const nearMs = 12 * 3_600_000;

function weekdayScores(
  rule: Rule & { method: 'weekday' },
  points: readonly Point[],
  reference: Reference | null,
): Score[] {
  return points.map(({ at, value }, i) => {
    if (value === null) return none('no_value');
    const past = Array.from({ length: rule.weeks }, (_, week) =>
      nearest(points, i, at.getTime() - (week + 1) * weekMs),
    );
    const known = past.filter((each) => each !== null);
    if (known.length < Math.min(2, rule.weeks)) return none('few_weeks');
    const normal = known.reduce((sum, each) => sum + each, 0) / known.length;
    if (rule.unit === 'sigma' && !reference) return none('no_reference');
    const away =
      rule.unit === 'sigma'
        ? deviations(value, normal, reference?.season?.std ?? reference?.std ?? 0)
        : rule.unit === 'share'
          ? relativeChange(value, normal)
          : change(value, normal);
    if (away === null) return none('zero_baseline');
    return { score: toward(rule.direction, away), value, normal, away, n: known.length };
  });
}

/** The value of the point before `end` that is nearest to a moment, within half a day of it. */
function nearest(points: readonly Point[], end: number, moment: number): number | null {
  let [from, to] = [0, end];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((points[middle]?.at.getTime() ?? 0) < moment) from = middle + 1;
    else to = middle;
  }
  const off = (point: Point) => Math.abs(point.at.getTime() - moment);
  const close = points.slice(Math.max(0, from - 1), Math.min(end, from + 1)).filter((point) => off(point) <= nearMs);
  return close.toSorted((a, b) => off(a) - off(b))[0]?.value ?? null;
}

/** Windows without a value add nothing and take nothing away from what has come together. */
function deviationScores(
  rule: Rule & { method: 'sigma' | 'ewma' | 'cusum' },
  points: readonly Point[],
  reference: Reference | null,
): Score[] {
  if (!reference) return points.map(() => none('no_reference'));
  const end = Date.parse(reference.until);
  const { n } = reference;
  let [seen, running, sums] = [0, 0, noSums];
  return points.map(({ at, value }) => {
    if (at.getTime() <= end) return none('in_reference');
    if (value === null) return none('no_value');
    const { mean: normal, std } = normalAt(reference, at, rule.byWeekday);
    const away = (value - normal) / std;
    const scored = { value, normal, away, n };
    if (rule.method === 'sigma') return { ...scored, score: toward(rule.direction, away) };
    if (rule.method === 'ewma') {
      seen += 1;
      running = ewma(running, away, rule.lambda);
      const score = toward(rule.direction, running) / ewmaReach(seen, 1, rule.lambda, 1);
      return { ...scored, score, gathered: running };
    }
    const next = cusum(sums, Math.min(rule.most, Math.max(-rule.most, away)), 0, rule.slack);
    const full = rule.limit + rule.most;
    sums = { up: Math.min(full, next.up), down: Math.min(full, next.down) };
    const score =
      rule.direction === 'both' ? Math.max(sums.up, sums.down) : rule.direction === 'above' ? sums.up : sums.down;
    return { ...scored, score, gathered: score === sums.up ? score : -score };
  });
}

/** Mean and standard deviation of what is normal at a moment: those of its weekday where the reference has a season. */
export function normalAt(
  { mean, std, season }: Reference,
  at: Date,
  byWeekday: boolean,
): { mean: number; std: number } {
  return season && byWeekday ? { mean: season.means[at.getUTCDay()] ?? mean, std: season.std } : { mean, std };
}

function toward(direction: 'above' | 'below' | 'both', away: number): number {
  return direction === 'both' ? Math.abs(away) : direction === 'above' ? away : 0 - away;
}

function none(why: keyof typeof unscored): Score {
  return { score: null, why };
}
