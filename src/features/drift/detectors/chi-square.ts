import { checkCounts, type Numbers, sumOf } from './counts.ts';
import { upperGamma } from './gamma.ts';

/** `p` is null where there is only one bin, so that nothing could differ. */
export interface ChiSquare {
  readonly stat: number;
  readonly dof: number;
  readonly p: number | null;
}

/**
 * Do the current counts fit the shares of the reference? Bins empty on both sides do not count; a bin that is new in
 * the current counts was impossible, so the statistic is infinite and p is 0.
 */
export function goodnessOfFit(ref: Numbers, cur: Numbers): ChiSquare {
  checkCounts(ref, cur);
  const [refTotal, curTotal] = [sumOf(ref), sumOf(cur)];
  let [stat, used] = [0, 0];
  for (let i = 0; i < ref.length; i += 1) {
    const [a, b] = [ref[i] ?? 0, cur[i] ?? 0];
    if (a === 0 && b === 0) continue;
    const expected = (a / refTotal) * curTotal;
    stat += (crossOf(b, refTotal, a, curTotal) / refTotal) ** 2 / expected;
    used += 1;
  }
  return { stat, dof: used - 1, p: chiSquareP(stat, used - 1) };
}

/**
 * Are both counts draws from one and the same distribution? Pearson's test of the 2 x k table, with Yates' correction
 * where there are two bins. Null with a single bin.
 */
export function contingency(ref: Numbers, cur: Numbers): (ChiSquare & { readonly yates: boolean }) | null {
  checkCounts(ref, cur);
  const [refTotal, curTotal] = [sumOf(ref), sumOf(cur)];
  const total = refTotal + curTotal;
  let used = 0;
  for (let i = 0; i < ref.length; i += 1) if ((ref[i] ?? 0) + (cur[i] ?? 0) > 0) used += 1;
  if (used < 2) return null;
  const yates = used === 2;
  let stat = 0;
  for (let i = 0; i < ref.length; i += 1) {
    const [a, b] = [ref[i] ?? 0, cur[i] ?? 0];
    if (a + b === 0) continue;
    const apart = Math.abs(crossOf(a, curTotal, b, refTotal)) / total;
    const counted = yates ? Math.max(0, apart - 0.5) : apart;
    stat += counted ** 2 / ((a + b) * (refTotal / total)) + counted ** 2 / ((a + b) * (curTotal / total));
  }
  return { stat, dof: used - 1, p: chiSquareP(stat, used - 1), yates };
}

/** a b - c d without losing the digits in which two large products agree (Dekker 1971): counts may run to 10^10. */
function crossOf(a: number, b: number, c: number, d: number): number {
  const [left, right] = [a * b, c * d];
  return left - right + (rounding(a, b, left) - rounding(c, d, right));
}

function rounding(a: number, b: number, product: number): number {
  const [aHigh, bHigh] = [highHalf(a), highHalf(b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

function highHalf(value: number): number {
  const wide = value * (2 ** 27 + 1);
  return wide - (wide - value);
}

function chiSquareP(stat: number, dof: number): number | null {
  return dof === 0 ? null : upperGamma(dof / 2, stat / 2);
}
