import { checkCounts, type Numbers, sumOf } from './counts.ts';

/** Below this spread a feature counts as constant, and its Wasserstein distance is not blown up any further. */
export const leastStd = 1e-3;

/** The largest gap between the two running shares, from 0 to 1: at most the Kolmogorov-Smirnov D of the rows. */
export function ksOfBins(ref: Numbers, cur: Numbers): number {
  checkCounts(ref, cur);
  const [refTotal, curTotal] = [sumOf(ref), sumOf(cur)];
  let [refBelow, curBelow, most] = [0, 0, 0];
  for (let i = 0; i < ref.length; i += 1) {
    refBelow += ref[i] ?? 0;
    curBelow += cur[i] ?? 0;
    most = Math.max(most, Math.abs(refBelow / refTotal - curBelow / curTotal));
  }
  return most;
}

/** Wasserstein distance in the feature's own unit, with every row at the middle of its bin. */
export function wassersteinOfBins(ref: Numbers, cur: Numbers, edges: Numbers): number {
  checkCounts(ref, cur, edges);
  const [refTotal, curTotal] = [sumOf(ref), sumOf(cur)];
  let [refBelow, curBelow, sum] = [0, 0, 0];
  for (let i = 0; i < ref.length - 1; i += 1) {
    refBelow += ref[i] ?? 0;
    curBelow += cur[i] ?? 0;
    sum += Math.abs(refBelow / refTotal - curBelow / curTotal) * (middleOf(edges, i + 1) - middleOf(edges, i));
  }
  return sum;
}

/** The standard deviation of the rows, each at the middle of its bin. */
export function stdOfBins(counts: Numbers, edges: Numbers): number {
  checkCounts(counts, counts, edges);
  const total = sumOf(counts);
  let mean = 0;
  for (let i = 0; i < counts.length; i += 1) mean += ((counts[i] ?? 0) / total) * middleOf(edges, i);
  let variance = 0;
  for (let i = 0; i < counts.length; i += 1) {
    variance += ((counts[i] ?? 0) / total) * (middleOf(edges, i) - mean) ** 2;
  }
  return Math.sqrt(variance);
}

/** Wasserstein distance in standard deviations of the reference, so that features can stand beside each other. */
export function normedWassersteinOfBins(ref: Numbers, cur: Numbers, edges: Numbers): number {
  return wassersteinOfBins(ref, cur, edges) / Math.max(stdOfBins(ref, edges), leastStd);
}

function middleOf(edges: Numbers, bin: number): number {
  return ((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2;
}
