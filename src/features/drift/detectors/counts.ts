import { Refusal } from '../../../lib/refusal.ts';

export type Numbers = ArrayLike<number>;

/** What can be wrong with two histograms, and how to say it. */
export const countProblems = {
  bin_mismatch: 'The reference and the current counts have different bins.',
  not_finite: 'A count is missing or is not a number.',
  negative_count: 'A count is below 0.',
  empty_reference: 'The reference counts add up to 0, so there is nothing to compare with.',
  empty_current: 'The current counts add up to 0, so there is nothing to judge.',
} as const;
export type CountProblem = keyof typeof countProblems;

export function problemOfCounts(ref: Numbers, cur: Numbers, edges?: Numbers): CountProblem | undefined {
  if (ref.length !== cur.length) return 'bin_mismatch';
  if (edges && edges.length !== ref.length + 1) return 'bin_mismatch';
  let [refTotal, curTotal] = [0, 0];
  for (let i = 0; i < ref.length; i += 1) {
    const [a, b] = [ref[i] ?? Number.NaN, cur[i] ?? Number.NaN];
    if (!Number.isFinite(a) || !Number.isFinite(b)) return 'not_finite';
    if (a < 0 || b < 0) return 'negative_count';
    refTotal += a;
    curTotal += b;
  }
  if (refTotal === 0) return 'empty_reference';
  return curTotal === 0 ? 'empty_current' : undefined;
}

/** Refuses counts that cannot be compared. Every score asks this first. */
export function checkCounts(ref: Numbers, cur: Numbers, edges?: Numbers): void {
  const problem = problemOfCounts(ref, cur, edges);
  if (problem) throw new Refusal(countProblems[problem]);
}

export function sumOf(counts: Numbers): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i += 1) sum += counts[i] ?? 0;
  return sum;
}
