import { contingency, goodnessOfFit } from './chi-square.ts';
import { checkCounts, type Numbers } from './counts.ts';
import { hellinger, jsDistance, lInfinity, totalVariation } from './distances.ts';
import { ksOfBins, normedWassersteinOfBins } from './ordered-bins.ts';
import { psi } from './psi.ts';

/** A way to compare two histograms. A score means something only beside its name, base and direction. */
export interface HistogramMethod {
  readonly name: string;
  readonly label: string;
  /** What the score is counted in: which logarithm, or which unit. */
  readonly base: string;
  readonly direction: 'above' | 'below';
  readonly warn: number;
  readonly alert: number;
  readonly why: string;
  /** With more current rows than this it is shown, but raises no alert by itself. */
  readonly alertsAloneUpTo: number;
  /** Bins in a meaningful order: no use for categories. */
  readonly ordered: boolean;
  /** Null where the method cannot say anything, such as a distance along an axis without edges. */
  readonly score: (ref: Numbers, cur: Numbers, edges?: Numbers) => number | null;
}

const always = Number.POSITIVE_INFINITY;
const sameAsPsi = 'A normal feature that moves so far has a PSI of 0.1 or 0.2.';
const pFalls = 'With many rows p falls to 0 for shifts that nobody would care about.';

/** Open outer bins have no middle, so they leave nothing to measure along. */
function alongEdges(ref: Numbers, cur: Numbers, edges?: Numbers): number | null {
  checkCounts(ref, cur);
  const score = edges?.length ? normedWassersteinOfBins(ref, cur, edges) : Number.NaN;
  return Number.isFinite(score) ? score : null;
}

/** The first is the default: it needs no p-value and does not depend on the number of rows. */
export const histogramMethods = [
  {
    name: 'psi',
    label: 'PSI',
    base: 'natural logarithm',
    direction: 'above',
    warn: 0.1,
    alert: 0.2,
    why: 'The bands in use since credit scoring: below 0.1 stable, above 0.2 moved.',
    alertsAloneUpTo: always,
    ordered: false,
    score: (ref, cur) => psi(ref, cur),
  },
  {
    name: 'js',
    label: 'Jensen-Shannon distance',
    base: 'base 2',
    direction: 'above',
    warn: 0.13,
    alert: 0.19,
    why: sameAsPsi,
    alertsAloneUpTo: always,
    ordered: false,
    score: (ref, cur) => jsDistance(ref, cur),
  },
  {
    name: 'hellinger',
    label: 'Hellinger distance',
    base: 'from 0 to 1',
    direction: 'above',
    warn: 0.11,
    alert: 0.16,
    why: sameAsPsi,
    alertsAloneUpTo: always,
    ordered: false,
    score: (ref, cur) => hellinger(ref, cur),
  },
  {
    name: 'linf',
    label: 'largest change of a share',
    base: 'from 0 to 1',
    direction: 'above',
    warn: 0.1,
    alert: 0.2,
    why: 'One bin has won or lost a tenth or a fifth of all rows.',
    alertsAloneUpTo: always,
    ordered: false,
    score: (ref, cur) => lInfinity(ref, cur),
  },
  {
    name: 'tvd',
    label: 'share of rows in other bins',
    base: 'from 0 to 1',
    direction: 'above',
    warn: 0.1,
    alert: 0.2,
    why: 'A tenth or a fifth of all rows are in other bins than before.',
    alertsAloneUpTo: always,
    ordered: false,
    score: (ref, cur) => totalVariation(ref, cur),
  },
  {
    name: 'ks',
    label: 'Kolmogorov-Smirnov D',
    base: 'from 0 to 1',
    direction: 'above',
    warn: 0.12,
    alert: 0.18,
    why: sameAsPsi,
    alertsAloneUpTo: always,
    ordered: true,
    score: (ref, cur) => ksOfBins(ref, cur),
  },
  {
    name: 'wasserstein',
    label: 'Wasserstein distance, normed',
    base: 'standard deviations of the reference',
    direction: 'above',
    warn: 0.32,
    alert: 0.45,
    why: sameAsPsi,
    alertsAloneUpTo: always,
    ordered: true,
    score: alongEdges,
  },
  {
    name: 'chi2',
    label: 'chi-square p',
    base: 'probability',
    direction: 'below',
    warn: 0.05,
    alert: 0.01,
    why: pFalls,
    alertsAloneUpTo: 10_000,
    ordered: false,
    score: (ref, cur) => goodnessOfFit(ref, cur).p,
  },
  {
    name: 'chi2-table',
    label: 'chi-square p of the table',
    base: 'probability',
    direction: 'below',
    warn: 0.05,
    alert: 0.01,
    why: pFalls,
    alertsAloneUpTo: 10_000,
    ordered: false,
    score: (ref, cur) => contingency(ref, cur)?.p ?? null,
  },
] as const satisfies readonly HistogramMethod[];

export const histogramMethodNames = histogramMethods.map(({ name }) => name);

export function histogramMethod(name: string): HistogramMethod | undefined {
  return histogramMethods.find((method) => method.name === name);
}

/** Whether this many current rows leave the method's verdict enough weight to raise an alert by itself. */
export function mayAlertAlone({ alertsAloneUpTo }: Pick<HistogramMethod, 'alertsAloneUpTo'>, rows: number): boolean {
  return rows <= alertsAloneUpTo;
}
