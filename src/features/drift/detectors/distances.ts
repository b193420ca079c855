import { checkCounts, type Numbers, sumOf } from './counts.ts';

/** Jensen-Shannon divergence in bits, from 0 to 1. Its square root is the distance; the two are never to be mixed. */
export function jsDivergence(ref: Numbers, cur: Numbers): number {
  checkCounts(ref, cur);
  const [refTotal, curTotal] = [sumOf(ref), sumOf(cur)];
  let sum = 0;
  for (let i = 0; i < ref.length; i += 1) {
    const [p, q] = [(ref[i] ?? 0) / refTotal, (cur[i] ?? 0) / curTotal];
    const middle = (p + q) / 2;
    if (p > 0) sum += p * Math.log2(p / middle);
    if (q > 0) sum += q * Math.log2(q / middle);
  }
  return Math.min(1, Math.max(0, sum / 2));
}

/** From 0 to 1, base 2. Below 1e-3 it is good to 2e-8 only: a square root near 0 magnifies the last digit. */
export function jsDistance(ref: Numbers, cur: Numbers): number {
  return Math.sqrt(jsDivergence(ref, cur));
}

/** The same with the natural logarithm, as Evidently has it: from 0 to 0.8326. */
export function jsDistanceNat(ref: Numbers, cur: Numbers): number {
  return Math.sqrt(Math.LN2 * jsDivergence(ref, cur));
}

/** From 0 to 1. */
export function hellinger(ref: Numbers, cur: Numbers): number {
  checkCounts(ref, cur);
  const [refTotal, curTotal] = [sumOf(ref), sumOf(cur)];
  let sum = 0;
  for (let i = 0; i < ref.length; i += 1) {
    const apart = Math.sqrt((ref[i] ?? 0) / refTotal) - Math.sqrt((cur[i] ?? 0) / curTotal);
    sum += apart * apart;
  }
  return Math.min(1, Math.sqrt(sum / 2));
}

/** The largest change of one bin's share, from 0 to 1. */
export function lInfinity(ref: Numbers, cur: Numbers): number {
  checkCounts(ref, cur);
  const [refTotal, curTotal] = [sumOf(ref), sumOf(cur)];
  let most = 0;
  for (let i = 0; i < ref.length; i += 1) {
    most = Math.max(most, Math.abs((ref[i] ?? 0) / refTotal - (cur[i] ?? 0) / curTotal));
  }
  return most;
}

/** Total variation: the share of rows that would have to change their bin, from 0 to 1. */
export function totalVariation(ref: Numbers, cur: Numbers): number {
  checkCounts(ref, cur);
  const [refTotal, curTotal] = [sumOf(ref), sumOf(cur)];
  let sum = 0;
  for (let i = 0; i < ref.length; i += 1) {
    sum += Math.abs((ref[i] ?? 0) / refTotal - (cur[i] ?? 0) / curTotal);
  }
  return Math.min(1, sum / 2);
}
