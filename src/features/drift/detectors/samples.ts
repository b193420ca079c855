import { type Numbers } from './counts.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { kolmogorovTail, stephensTail, twoSampleTail } from './kolmogorov.ts';
import { oneSampleTail } from './one-sample.ts';
import { leastStd } from './ordered-bins.ts';
import { psi } from './psi.ts';

/** The rows in rising order. */
export function sorted(rows: Numbers): Float64Array {
  if (rows.length === 0) throw new Refusal('A sample needs at least one row.');
  const copy = Float64Array.from(rows);
  if (!copy.every(Number.isFinite)) throw new Refusal('A row of the sample is missing or is not a number.');
  return copy.sort();
}

/** The largest gap between the two running shares, from 0 to 1. Both samples in rising order. */
export function ksD(ref: Numbers, cur: Numbers): number {
  let [i, j, most] = [0, 0, 0];
  while (i < ref.length && j < cur.length) {
    const at = Math.min(ref[i] ?? 0, cur[j] ?? 0);
    while (i < ref.length && ref[i] === at) i += 1;
    while (j < cur.length && cur[j] === at) j += 1;
    most = Math.max(most, Math.abs(i / ref.length - j / cur.length));
  }
  return most;
}

/** The p-values in use for one D; they differ by how they treat small samples. */
export function ksPs(d: number, n: number, m: number) {
  const en = (n * m) / (n + m);
  return {
    en,
    limit: kolmogorovTail(Math.sqrt(en) * d),
    stephens: stephensTail(d, en),
    oneSample: oneSampleTail(d, roundHalfEven(en)),
    exact: twoSampleTail(d, n, m),
  };
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const up = value - below === 0.5 ? below % 2 === 1 : value - below > 0.5;
  return up ? below + 1 : below;
}

/** Wasserstein distance in the feature's own unit. Both samples in rising order. */
export function wasserstein(ref: Numbers, cur: Numbers): number {
  let [i, j, sum] = [0, 0, 0];
  let at = Math.min(ref[0] ?? 0, cur[0] ?? 0);
  while (i < ref.length || j < cur.length) {
    const next = Math.min(ref[i] ?? Number.POSITIVE_INFINITY, cur[j] ?? Number.POSITIVE_INFINITY);
    sum += Math.abs(i / ref.length - j / cur.length) * (next - at);
    at = next;
    while (i < ref.length && ref[i] === at) i += 1;
    while (j < cur.length && cur[j] === at) j += 1;
  }
  return sum;
}

/** Of the whole population: divided by n. */
export function stdOf(rows: Numbers): number {
  let mean = 0;
  for (let i = 0; i < rows.length; i += 1) mean += (rows[i] ?? 0) / rows.length;
  let sum = 0;
  for (let i = 0; i < rows.length; i += 1) sum += ((rows[i] ?? 0) - mean) ** 2;
  return Math.sqrt(sum / rows.length);
}

/** In standard deviations of the reference. Both samples in rising order. */
export function normedWasserstein(ref: Numbers, cur: Numbers): number {
  return wasserstein(ref, cur) / Math.max(stdOf(ref), leastStd);
}

/**
 * The distinct inner deciles of a reference in rising order, interpolated. They are frozen with the reference: bins
 * cut anew from each current sample would always hold the same shares, and PSI would always be 0.
 */
export function decilesOf(ref: Numbers): number[] {
  const edges = new Set<number>();
  for (let tenth = 1; tenth < 10; tenth += 1) edges.add(quantile(ref, tenth * 0.1));
  return [...edges];
}

/** Interpolates from the nearer neighbour, as numpy does, so that edges fall on the same side of tied rows. */
function quantile(rows: Numbers, q: number): number {
  const at = q * (rows.length - 1);
  const left = Math.floor(at);
  const [low, t] = [rows[left] ?? 0, at - left];
  const high = rows[left + 1] ?? low;
  return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
}

/** Rows within each bin: up to and with the first edge, then on to each next one, and all above the last. */
export function countsBetween(innerEdges: readonly number[], rows: Numbers): number[] {
  const counts = Array.from({ length: innerEdges.length + 1 }, () => 0);
  for (let i = 0; i < rows.length; i += 1) {
    let [from, to] = [0, innerEdges.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((innerEdges[middle] ?? 0) < (rows[i] ?? 0)) from = middle + 1;
      else to = middle;
    }
    counts[from] = (counts[from] ?? 0) + 1;
  }
  return counts;
}

/** PSI over the deciles of the reference. Both samples in rising order. */
export function psiOfDeciles(ref: Numbers, cur: Numbers): number {
  const edges = decilesOf(ref);
  return psi(countsBetween(edges, ref), countsBetween(edges, cur));
}
