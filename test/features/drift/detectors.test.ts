import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignCategories, alignEdges } from '../../../src/features/drift/detectors/alignment.ts';
import {
  missingShareChange,
  overAWeek,
  relativeChange,
  windowsWithoutData,
} from '../../../src/features/drift/detectors/baselines.ts';
import { contingency, goodnessOfFit } from '../../../src/features/drift/detectors/chi-square.ts';
import { countProblems, problemOfCounts, sumOf } from '../../../src/features/drift/detectors/counts.ts';
import { durbinBelow } from '../../../src/features/drift/detectors/durbin.ts';
import { upperGamma } from '../../../src/features/drift/detectors/gamma.ts';
import {
  histogramMethod,
  histogramMethodNames,
  histogramMethods,
  mayAlertAlone,
} from '../../../src/features/drift/detectors/methods.ts';
import { oneSampleTail } from '../../../src/features/drift/detectors/one-sample.ts';
import { wassersteinOfBins } from '../../../src/features/drift/detectors/ordered-bins.ts';
import { riverAlarms } from '../../../src/features/drift/detectors/page-hinkley.ts';
import { psi } from '../../../src/features/drift/detectors/psi.ts';
import { decilesOf, ksD, sorted, wasserstein } from '../../../src/features/drift/detectors/samples.ts';
import { Refusal } from '../../../src/lib/refusal.ts';

const counts = (bins: number) =>
  fc.array(fc.nat(10_000), { minLength: bins, maxLength: bins }).filter((list) => sumOf(list) > 0);
const pair = fc.integer({ min: 1, max: 20 }).chain((bins) => fc.tuple(counts(bins), counts(bins)));
const edgesOf = (list: readonly number[]) => Array.from({ length: list.length + 1 }, (_, i) => i);
const distances = histogramMethods.filter(({ direction }) => direction === 'above');
const mostOf: Partial<Record<string, number>> = { js: 1, hellinger: 1, linf: 1, tvd: 1, ks: 1 };

describe.each(distances)('$label', ({ name, score }) => {
  it('is never below 0 and keeps its upper bound', () =>
    fc.assert(
      fc.property(pair, ([ref, cur]) => {
        const value = score(ref, cur, edgesOf(ref)) ?? Number.NaN;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(mostOf[name] ?? Number.MAX_VALUE);
      }),
    ));

  it('is 0 for the same shape, whatever the number of rows', () =>
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 1000 }), ([ref], times) => {
        const cur = ref.map((count) => count * times);
        expect(score(ref, cur, edgesOf(ref))).toBeCloseTo(0, 7);
      }),
    ));
});

it.each(distances.filter(({ name }) => name !== 'wasserstein'))(
  '$label does not care which side is the reference',
  ({ score }) =>
    fc.assert(
      fc.property(pair, ([ref, cur]) => {
        const edges = edgesOf(ref);
        expect(score(ref, cur, edges)).toBeCloseTo(score(cur, ref, edges) ?? Number.NaN, 12);
      }),
    ),
);

it('the distance in the unit of the feature does not care which side is the reference either', () =>
  fc.assert(
    fc.property(pair, ([ref, cur]) => {
      const edges = edgesOf(ref);
      expect(wassersteinOfBins(ref, cur, edges)).toBeCloseTo(wassersteinOfBins(cur, ref, edges), 12);
    }),
  ));

it('p-values are probabilities, and 1 for the same counts', () =>
  fc.assert(
    fc.property(pair, ([ref, cur]) => {
      for (const p of [goodnessOfFit(ref, cur).p, contingency(ref, cur)?.p ?? null]) {
        if (p === null) continue;
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }
      expect(goodnessOfFit(ref, ref).p ?? 1).toBeCloseTo(1, 12);
    }),
  ));

it('chi-square keeps its digits with ten billion rows', () => {
  // By hand: every cell is 1 off 5 billion; (1 / 5e9) twice, and half of it against the pooled table.
  const [ref, cur] = [
    [5e9, 5e9],
    [5e9 + 1, 5e9 - 1],
  ] as const;
  expect(goodnessOfFit(ref, cur).stat).toBeCloseTo(4e-10, 20);
  expect(contingency([...ref, 5e9], [...cur, 5e9])?.stat).toBeCloseTo(2e-10, 20);
  // Sevenths do not end in binary, so that a plain difference would lose half of its digits.
  const sevenths = goodnessOfFit([1e10, 2e10, 4e10], [1e10 + 7, 2e10 - 7, 4e10]).stat;
  expect(sevenths).toBeCloseTo(7.35e-9, 20);
});

it("Yates' half row never turns a smaller difference round", () => {
  // 10 of 20 against 21 of 41 is a sixth of a row off.
  expect(contingency([10, 10], [21, 20])).toMatchObject({ stat: 0, p: 1, yates: true });
});

it.each([
  // Q(1, x) is exp(-x), Q(1/2, x) is erfc(sqrt x), and Q(2, x) is (1 + x) exp(-x).
  [1, 3, Math.exp(-3)],
  [1, 0.2, Math.exp(-0.2)],
  [2, 5, 6 * Math.exp(-5)],
  [0.5, 1, 0.15729920705028513],
  [500, 0, 1],
  [3, Number.POSITIVE_INFINITY, 0],
])('Q(%d, %d) is %d', (a, x, expected) => expect(upperGamma(a, x)).toBeCloseTo(expected, 14));

describe('samples', () => {
  it('the two ways to the p of one sample agree where one hands over to the other', () =>
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 140 }), (n) => {
        const d = Math.sqrt(4.0001 / n);
        expect(oneSampleTail(d, n)).toBeCloseTo(1 - durbinBelow(d, n), 12);
      }),
      { numRuns: 20 },
    ));

  it('p falls as D grows', () => {
    const ps = Array.from({ length: 60 }, (_, i) => oneSampleTail(i / 60, 300) ?? Number.NaN);
    expect(ps).toEqual(ps.toSorted((a, b) => b - a));
    expect(oneSampleTail(0.3, 0)).toBeNull();
  });

  it('a shifted sample lies as far away as it was shifted', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1 }), fc.nat(500), (rows, by) => {
        const [ref, cur] = [sorted(rows), sorted(rows.map((row) => row + by))];
        expect(wasserstein(ref, cur)).toBeCloseTo(by, 9);
        expect(ksD(ref, cur)).toBe(ksD(cur, ref));
      }),
    ));

  it('deciles are those of numpy to the last digit, as rows may lie right on them', () => {
    expect(decilesOf([-3, -2, -1, 0, 1, 2, 3])).toEqual([
      -2.4, -1.7999999999999998, -1.1999999999999997, -0.5999999999999996, 0, 0.6000000000000005, 1.2000000000000002,
      1.8000000000000007, 2.4000000000000004,
    ]);
    expect(decilesOf([0, 0, 0, 0, 1])).toEqual([0, 0.20000000000000018, 0.6000000000000001]);
    expect(decilesOf([0, 0.7])[7]).toBe(0.56);
  });

  it.each([
    [[], 'A sample needs at least one row.'],
    [[1, Number.NaN], 'A row of the sample is missing or is not a number.'],
  ])('%j is no sample', (rows, words) => expect(() => sorted(rows)).toThrow(words));
});

const histogram = fc
  .tuple(fc.integer({ min: -50, max: 50 }), fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(500))))
  .filter(([, bins]) => bins.some(([, count]) => count > 0))
  .map(([start, bins]) => {
    const edges = [start];
    for (const [width] of bins) edges.push((edges.at(-1) ?? 0) + width);
    return { edges, counts: bins.map(([, count]) => count) };
  });

it('river counts one value more than it has seen, and forgets after an alarm', () => {
  const options = { fewest: 3, delta: 0, limit: 1, alpha: 1 };
  // The mean of 0 and 10 is 5, so the sum is 5 at once; then it starts anew and takes two values again.
  expect(riverAlarms([0, 10, 0, 10, 10], options)).toEqual([1, 3]);
});

describe('alignment', () => {
  it('keeps every row, and the mean of each side', () =>
    fc.assert(
      fc.property(histogram, histogram, (a, b) => {
        const { edges, ref, cur } = alignEdges(a, b);
        expect(sumOf(ref)).toBeCloseTo(sumOf(a.counts), 8);
        expect(sumOf(cur)).toBeCloseTo(sumOf(b.counts), 8);
        expect(moment(edges, ref)).toBeCloseTo(moment(a.edges, a.counts), 6);
        expect(psi(ref, cur)).toBeGreaterThanOrEqual(0);
      }),
    ));

  it('leaves the same edges alone, open ones too', () => {
    const edges = [Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY];
    expect(alignEdges({ edges, counts: [1, 2] }, { edges, counts: [3, 4] })).toEqual({
      edges,
      ref: [1, 2],
      cur: [3, 4],
    });
    expect(() => alignEdges({ edges, counts: [1, 2] }, { edges: [0, 1], counts: [3] })).toThrow(
      /every edge is a finite/,
    );
  });

  it('refuses edges that do not rise and edges that do not fit', () => {
    const good = { edges: [0, 1], counts: [1] };
    expect(() => alignEdges({ edges: [0, 0, 1], counts: [1, 1] }, good)).toThrow(/have to rise/);
    expect(() => alignEdges(good, { edges: [0, 1], counts: [1, 1] })).toThrow(countProblems.bin_mismatch);
  });

  it('lines categories up by name', () => {
    expect(alignCategories({ de: 3, fr: 1 }, { it: 2, de: 5 })).toEqual({
      categories: ['de', 'fr', 'it'],
      ref: [3, 1, 0],
      cur: [5, 0, 2],
    });
    expect(alignCategories({ constructor: 1 }, { toString: 2 }).ref).toEqual([1, 0]);
  });
});

function moment(edges: readonly number[], list: readonly number[]): number {
  return list.reduce((sum, count, i) => sum + (count * ((edges[i] ?? 0) + (edges[i + 1] ?? 0))) / 2, 0) / sumOf(list);
}

describe('problems', () => {
  it.each([
    ['bin_mismatch', [1, 2], [1], undefined],
    ['bin_mismatch', [1, 2], [1, 2], [0, 1]],
    ['not_finite', [1, Number.POSITIVE_INFINITY], [1, 2], undefined],
    ['not_finite', [1, 2], [Number.NaN, 2], undefined],
    ['negative_count', [1, 2], [-1, 2], undefined],
    ['empty_reference', [], [], undefined],
    ['empty_reference', [0, 0], [0, 0], undefined],
    ['empty_current', [1, 0], [0, 0], undefined],
    [undefined, [1, 0], [0, 1], [0, 1, 2]],
  ])('%s: %j and %j over %j', (problem, ref, cur, edges) => expect(problemOfCounts(ref, cur, edges)).toBe(problem));

  it('a score refuses with the sentence', () => {
    expect(() => psi([1, 2], [0, 0])).toThrow(new Refusal(countProblems.empty_current));
  });
});

describe('the list of methods', () => {
  it('names each once and begins with the default', () => {
    expect(new Set(histogramMethodNames).size).toBe(histogramMethodNames.length);
    expect(histogramMethodNames[0]).toBe('psi');
    expect(histogramMethod('psi')).toMatchObject({ warn: 0.1, alert: 0.2 });
    expect(histogramMethod('nothing')).toBeUndefined();
  });

  it('alerts later than it warns', () => {
    for (const { direction, warn, alert } of histogramMethods) {
      expect(direction === 'above' ? alert > warn : alert < warn).toBe(true);
    }
  });

  it('lets no chi-square raise an alert by itself above 10,000 rows', () => {
    const alone = histogramMethods.filter((method) => mayAlertAlone(method, 10_001)).map(({ name }) => name);
    expect(alone).toEqual(distances.map(({ name }) => name));
    expect(histogramMethods.every((method) => mayAlertAlone(method, 10_000))).toBe(true);
  });

  it('has no distance along an axis that nobody gave', () => {
    expect(histogramMethod('wasserstein')?.score([1, 2], [2, 1])).toBeNull();
    const open = [Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY];
    expect(histogramMethod('wasserstein')?.score([1, 2], [2, 1], open)).toBeNull();
  });
});

describe('against one number', () => {
  it('a relative change needs something to relate to', () => {
    expect(relativeChange(9, 10)).toBeCloseTo(-0.1, 12);
    expect(relativeChange(-9, -10)).toBeCloseTo(0.1, 12);
    expect(relativeChange(9, 0)).toBeNull();
  });

  it('the same day a week before takes the week out', () => {
    expect(overAWeek([1, 2, 3, 4, 5, 6, 7, 1.5, null, 3])).toEqual([0.5, null, 0]);
    expect(overAWeek([1, 2])).toEqual([]);
  });

  it('the share of missing values is a metric of its own', () => {
    expect(missingShareChange({ missing: 20, rows: 1000 }, { missing: 10, rows: 100 })).toBeCloseTo(0.08, 12);
    expect(missingShareChange({ missing: 20, rows: 1000 }, { missing: 0, rows: 0 })).toBeNull();
  });

  it('silence counts from when a reading should have been there', () => {
    const day = 24 * 3_600_000;
    const late = { everyMs: day, latenessMs: 2 * day };
    const last = new Date('2026-11-01T00:00:00Z');
    expect(windowsWithoutData(last, new Date('2026-11-03T23:59:59Z'), late)).toBe(0);
    expect(windowsWithoutData(last, new Date('2026-11-04T00:00:00Z'), late)).toBe(1);
    expect(windowsWithoutData(last, new Date('2026-10-30T00:00:00Z'), late)).toBe(0);
  });
});
