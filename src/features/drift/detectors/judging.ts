import type { Point, Reference } from './reference.ts';
import { type Rule, settingsOf } from './rule.ts';
import { scoresOf } from './scores.ts';
import { wordsOf } from './words.ts';

/** What a rule says of one window: a score that the alert machine can hold against the limit, and the arithmetic. */
export interface Judgement {
  readonly at: Date;
  readonly method: Rule['method'];
  readonly label: string;
  /** What the score is counted in. */
  readonly base: string;
  /** Null where there is nothing to judge; `words` say why. */
  readonly score: number | null;
  readonly limit: number;
  readonly direction: 'above' | 'below';
  /** How many windows stand behind what was taken for normal. */
  readonly n: number;
  readonly words: string;
}

/**
 * Judges each window of a series, oldest first, against a rule and a frozen reference. A window that came late is
 * in the sums from then on; whether it may still raise is not decided here.
 */
export function judgeSeries(rule: Rule, points: readonly Point[], reference: Reference | null): Judgement[] {
  const { direction, raiseAt: limit } = settingsOf(rule);
  const about = { method: rule.method, label: labels[rule.method], base: baseOf(rule), limit, direction };
  return scoresOf(rule, points, reference).flatMap((score, i) => {
    const at = points[i]?.at;
    if (!at) return [];
    const n = score.score === null ? 0 : score.n;
    return [{ ...about, at, score: score.score, n, words: wordsOf(rule, at, score, reference) }];
  });
}

const labels: Record<Rule['method'], string> = {
  threshold: 'value',
  change: 'change against the baseline',
  weekday: 'change against the same weekday',
  sigma: 'distance from the reference',
  ewma: 'running mean against the reference',
  cusum: 'lasting shift (CUSUM)',
  missing_share: 'change of the missing share',
};

function baseOf(rule: Rule): string {
  if (rule.method === 'threshold') return 'the metric itself';
  if (rule.method === 'missing_share') return 'share of rows';
  if (rule.method === 'ewma') return 'standard deviations of the running mean';
  if (!('unit' in rule) || rule.unit === 'sigma') return 'standard deviations of the reference';
  return rule.unit === 'share' ? 'share of the baseline' : 'the metric itself';
}
