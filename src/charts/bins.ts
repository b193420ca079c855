import { figure } from './wording.ts';

/** Two histograms of one feature over the same bins; there is one edge more than counts, rising. */
export type Bins =
  | { readonly edges: readonly number[]; readonly ref: readonly number[]; readonly cur: readonly number[] }
  | { readonly categories: readonly string[]; readonly ref: readonly number[]; readonly cur: readonly number[] };

/** One pair of bars; shares from 0 to 1. */
export interface Bin {
  readonly name: string;
  readonly ref: number;
  readonly cur: number;
  /** Many categories in one. */
  readonly isRest?: boolean;
}

type Pair = Pick<Bin, 'ref' | 'cur'>;

/** Rounded, so that equal changes stay in their order. */
const moved = ({ ref, cur }: Pair) => Number(Math.abs(cur - ref).toFixed(9));

/** The bins whose share changed most, the most changed first. */
export function movers<T extends Bin>(bins: readonly T[], most: number): T[] {
  return bins
    .filter((bin) => !bin.isRest && moved(bin) >= 0.000_05)
    .toSorted((a, b) => moved(b) - moved(a))
    .slice(0, most);
}

/** What is no count counts nothing. */
const countOf = (count: number | undefined) => (count !== undefined && Number.isFinite(count) ? Math.max(0, count) : 0);

function sharesOf(ref: readonly number[], cur: readonly number[], length: number): Pair[] {
  const total = (counts: readonly number[]) => counts.slice(0, length).reduce((sum, count) => sum + countOf(count), 0);
  const [refTotal, curTotal] = [total(ref) || 1, total(cur) || 1];
  return Array.from({ length }, (_, i) => ({ ref: countOf(ref[i]) / refTotal, cur: countOf(cur[i]) / curTotal }));
}

const joined = (pairs: readonly Pair[]): Pair => ({
  ref: pairs.reduce((sum, { ref }) => sum + ref, 0),
  cur: pairs.reduce((sum, { cur }) => sum + cur, 0),
});

const mostCategories = 12;

/** The categories whose share changed most, and all others as one. */
export function categoryBins(
  { categories, ref, cur }: Extract<Bins, { categories: unknown }>,
  nameOf: (category: string) => string,
): Bin[] {
  const shares = sharesOf(ref, cur, categories.length);
  const all = categories
    .map((category, i) => ({ name: nameOf(category) || '(empty)', ref: shares[i]?.ref ?? 0, cur: shares[i]?.cur ?? 0 }))
    .toSorted((a, b) => moved(b) - moved(a) || b.ref - a.ref);
  if (all.length <= mostCategories) return all;
  const rest = all.slice(mostCategories);
  return [...all.slice(0, mostCategories), { ...joined(rest), name: `other (${rest.length})`, isRest: true }];
}

export interface NumberBin extends Bin {
  readonly from: number;
  readonly to: number;
}

const mostBins = 24;

/** At most 24 bins `of` so many, empty ones at both ends cut off. Even ones are joined evenly, others where they hold least. */
export function numberBins(
  { edges, ref, cur }: Extract<Bins, { edges: unknown }>,
  unit: string,
): { bins: NumberBin[]; of: number } {
  const shares = sharesOf(ref, cur, Math.max(0, edges.length - 1));
  const all = shares.map((share, i) => ({ ...share, from: edges[i] ?? 0, to: edges[i + 1] ?? 0 }));
  const isFull = ({ ref, cur }: Pair) => ref + cur > 0;
  const full = all.slice(Math.max(0, all.findIndex(isFull)), all.findLastIndex(isFull) + 1);
  const kept = full.length <= mostBins ? full : areEven(full) ? evenly(full) : byShare(full);
  const step = stepOf(kept);
  return { bins: kept.map((bin) => ({ ...bin, name: stretchName(bin, unit, step) })), of: full.length };
}

type Stretch = Pair & { readonly from: number; readonly to: number };

const over = (parts: readonly Stretch[]): Stretch => ({
  ...joined(parts),
  from: parts[0]?.from ?? 0,
  to: parts.at(-1)?.to ?? 0,
});

function areEven(bins: readonly Stretch[]): boolean {
  const widths = bins.map(({ from, to }) => to - from).filter((width) => Number.isFinite(width));
  return Math.max(...widths) < 1.01 * Math.min(...widths);
}

/** Joined by the smallest number that leaves few enough, rather by one that leaves no remainder. */
function evenly(bins: readonly Stretch[]): Stretch[] {
  const least = Math.ceil(bins.length / mostBins);
  const sizes = Array.from({ length: least }, (_, i) => least + i);
  const size = sizes.find((each) => bins.length % each === 0) ?? least;
  return Array.from({ length: Math.ceil(bins.length / size) }, (_, i) => over(bins.slice(i * size, (i + 1) * size)));
}

function byShare(bins: readonly Stretch[]): Stretch[] {
  const kept = [...bins];
  const held = (i: number) => (kept[i]?.ref ?? 0) + (kept[i]?.cur ?? 0);
  const weight = (i: number) => held(i) + held(i + 1);
  while (kept.length > mostBins) {
    let lightest = 0;
    for (let i = 1; i < kept.length - 1; i += 1) if (weight(i) < weight(lightest)) lightest = i;
    kept.splice(lightest, 2, over(kept.slice(lightest, lightest + 2)));
  }
  return kept;
}

/** How far apart neighbouring edges are on the whole, for the digits that they need. */
export function stepOf(bins: readonly Pick<Stretch, 'from' | 'to'>[]): number {
  const edges = bins.flatMap(({ from, to }) => [from, to]).filter((edge) => Number.isFinite(edge));
  const span = (edges.at(-1) ?? 0) - (edges[0] ?? 0);
  return span > 0 ? span / bins.length : Number.POSITIVE_INFINITY;
}

function stretchName({ from, to }: Stretch, unit: string, step: number): string {
  if (!Number.isFinite(from)) return Number.isFinite(to) ? `below ${figure(to, unit, step)}` : 'all values';
  if (!Number.isFinite(to)) return `from ${figure(from, unit, step)}`;
  return `${figure(from, unit === '%' ? unit : '', step)} to ${figure(to, unit, step)}`;
}
