import { checkCounts, type Numbers, sumOf } from './counts.ts';

/** The smallest share a bin may have, so that one empty bin does not make the index infinite. */
const floor = 1e-4;

/**
 * Population stability index, natural logarithm: the sum of (q - p) ln(q / p) over all bins, each share at least 1e-4.
 * From 0 for the same shape; shares are not made to add up to 1 again.
 */
export function psi(ref: Numbers, cur: Numbers): number {
  checkCounts(ref, cur);
  const [refTotal, curTotal] = [sumOf(ref), sumOf(cur)];
  let sum = 0;
  for (let i = 0; i < ref.length; i += 1) {
    const p = Math.max((ref[i] ?? 0) / refTotal, floor);
    const q = Math.max((cur[i] ?? 0) / curTotal, floor);
    sum += (q - p) * Math.log(q / p);
  }
  return sum;
}

/** The index as Evidently 0.7 has it: only shares of exactly 0 are raised, sometimes to far below 1e-4. */
export function psiEvidently(ref: Numbers, cur: Numbers): number {
  checkCounts(ref, cur);
  const [refTotal, curTotal] = [sumOf(ref), sumOf(cur)];
  const [refFill, curFill] = [evidentlyFill(ref, refTotal), evidentlyFill(cur, curTotal)];
  let sum = 0;
  for (let i = 0; i < ref.length; i += 1) {
    const p = (ref[i] ?? 0) / refTotal || refFill;
    const q = (cur[i] ?? 0) / curTotal || curFill;
    sum += (q - p) * Math.log(q / p);
  }
  return sum;
}

function evidentlyFill(counts: Numbers, total: number): number {
  let least = 1;
  for (let i = 0; i < counts.length; i += 1) {
    const share = (counts[i] ?? 0) / total;
    if (share > 0 && share < least) least = share;
  }
  return least <= floor ? least / 1e6 : floor;
}

/** The index with half a row added to every bin, which also pulls the shares of small samples together. */
export function psiAddHalf(ref: Numbers, cur: Numbers): number {
  checkCounts(ref, cur);
  const added = 0.5 * ref.length;
  const [refTotal, curTotal] = [sumOf(ref) + added, sumOf(cur) + added];
  let sum = 0;
  for (let i = 0; i < ref.length; i += 1) {
    const p = ((ref[i] ?? 0) + 0.5) / refTotal;
    const q = ((cur[i] ?? 0) + 0.5) / curTotal;
    sum += (q - p) * Math.log(q / p);
  }
  return sum;
}
