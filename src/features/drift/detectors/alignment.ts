import { Refusal } from '../../../lib/refusal.ts';
import { checkCounts, type Numbers } from './counts.ts';

export interface Histogram {
  /** One more than there are counts, rising. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}
/** Two histograms over the same bins. */
export interface Aligned {
  readonly edges: readonly number[];
  readonly ref: readonly number[];
  readonly cur: readonly number[];
}

/**
 * Both over the union of their edges, as TensorFlow Data Validation does it: rows lie evenly within a bin, and a
 * stretch that only one side covers is an empty bin of the other.
 */
export function alignEdges(ref: Histogram, cur: Histogram): Aligned {
  checkCounts(ref.counts, ref.counts, ref.edges);
  checkCounts(cur.counts, cur.counts, cur.edges);
  if (same(ref.edges, cur.edges)) return { edges: ref.edges, ref: ref.counts, cur: cur.counts };
  checkEdges(ref.edges);
  checkEdges(cur.edges);
  const edges = union(ref.edges, cur.edges);
  return { edges, ref: rebinned(ref, edges), cur: rebinned(cur, edges) };
}

function same(a: Numbers, b: Numbers): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** An open bin has no width to spread its rows over. */
function checkEdges(edges: readonly number[]): void {
  if (!edges.every((edge) => Number.isFinite(edge))) {
    throw new Refusal('Histograms with different edges can be compared only when every edge is a finite number.');
  }
  if (edges.some((edge, i) => i > 0 && edge <= (edges[i - 1] ?? edge))) {
    throw new Refusal('The edges of a histogram have to rise from each one to the next.');
  }
}

function union(a: readonly number[], b: readonly number[]): number[] {
  const edges: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY];
    edges.push(Math.min(left, right));
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  return edges;
}

/** `edges` hold all edges of the histogram, so that each new bin lies within one old bin or outside of all. */
function rebinned({ edges: old, counts }: Histogram, edges: readonly number[]): number[] {
  let bin = 0;
  return edges.slice(1).map((to, i) => {
    const from = edges[i] ?? to;
    while (bin < counts.length && (old[bin + 1] ?? to) <= from) bin += 1;
    const [left, right, count] = [old[bin], old[bin + 1], counts[bin]];
    if (left === undefined || right === undefined || count === undefined || from < left) return 0;
    return count * ((to - from) / (right - left));
  });
}

export interface AlignedCategories {
  readonly categories: readonly string[];
  readonly ref: readonly number[];
  readonly cur: readonly number[];
}

/** Both over all names that either side has, the reference's first; a name that one side lacks counts 0 there. */
export function alignCategories(
  ref: Readonly<Record<string, number>>,
  cur: Readonly<Record<string, number>>,
): AlignedCategories {
  const [refBy, curBy] = [new Map(Object.entries(ref)), new Map(Object.entries(cur))];
  const categories = [...new Set([...refBy.keys(), ...curBy.keys()])];
  return {
    categories,
    ref: categories.map((name) => refBy.get(name) ?? 0),
    cur: categories.map((name) => curBy.get(name) ?? 0),
  };
}
