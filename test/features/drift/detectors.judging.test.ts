import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeSeries } from '../../../src/features/drift/detectors/judging.ts';
import { type Point, Reference, referenceOf } from '../../../src/features/drift/detectors/reference.ts';
import { Rule, settingsOf } from '../../../src/features/drift/detectors/rule.ts';
import { step } from '../../../src/features/drift/rules.ts';

const dayMs = 24 * 3_600_000;
/** Daily windows from Thursday, 1 October 2026. */
function daily(values: readonly (number | null)[], first = '2026-10-01T06:00:00Z'): Point[] {
  return values.map((value, i) => ({ at: new Date(Date.parse(first) + i * dayMs), value }));
}
const after = (values: readonly (number | null)[]) => daily(values, '2026-10-29T06:00:00Z');
/** Mean 10, one standard deviation 2: 28 days of 8 and 12 have squares of 4, but n - 1 = 27 of them. */
const reference: Reference = {
  from: '2026-10-01T06:00:00.000Z',
  until: '2026-10-28T06:00:00.000Z',
  n: 28,
  mean: 10,
  std: 2,
  season: null,
};
const weekly: Reference = { ...reference, season: { means: [4, 10, 10, 10, 10, 10, 4], std: 1 } };

function scores(rule: unknown, points: readonly Point[], frozen: Reference | null = reference) {
  return judgeSeries(Rule.parse(rule), points, frozen).map(({ score }) => score);
}
function words(rule: unknown, points: readonly Point[], frozen: Reference | null = reference) {
  return judgeSeries(Rule.parse(rule), points, frozen).at(-1)?.words;
}

describe('the frozen reference', () => {
  it('is the mean and the standard deviation of the windows with a value', () => {
    const points = daily([null, ...Array.from({ length: 14 }, (_, i) => (i % 2 === 0 ? 8 : 12)), Number.NaN]);
    expect(referenceOf(points)).toEqual({
      from: '2026-10-02T06:00:00.000Z',
      until: '2026-10-15T06:00:00.000Z',
      n: 14,
      mean: 10,
      std: Math.sqrt((14 * 4) / 13),
      season: null,
    });
  });

  it('takes 14 values', () => {
    expect(referenceOf(daily(Array.from({ length: 13 }, (_, i) => i)))).toBeNull();
    expect(referenceOf([])).toBeNull();
  });

  it('finds a week in which weekends are lower, and widens its spread for the uncertain means', () => {
    // 1 October 2026 is a Thursday, so days 2 and 3 of each seven are the weekend; weeks lie 1 above or below.
    const points = daily(
      Array.from({ length: 28 }, (_, i) => ([2, 3].includes(i % 7) ? 4 : 10) + (Math.floor(i / 7) % 2 ? 1 : -1)),
    );
    const { season } = referenceOf(points) ?? {};
    expect(season?.means).toEqual([4, 10, 10, 10, 10, 10, 4]);
    expect(season?.std).toBeCloseTo(Math.sqrt((28 / 21) * (1 + 7 / 28)), 12);
  });

  it('sees no week in noise, nor in three weeks with a gap', () => {
    const noise = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3, 3, 8, 3];
    expect(referenceOf(daily(noise))?.season).toBeNull();
    const week = Array.from({ length: 21 }, (_, i) => ([2, 3].includes(i % 7) ? 4 : 10) + (i % 2));
    expect(referenceOf(daily(week))?.season).not.toBeNull();
    expect(referenceOf(daily(week.with(9, 0).map((value, i) => (i === 9 ? null : value))))?.season).toBeNull();
  });

  it('a series that never varied still has a spread, so that a change has a finite score', () => {
    const flat = referenceOf(daily(Array.from({ length: 14 }, () => 5)));
    expect(flat?.std).toBeCloseTo(5e-6, 15);
    expect(scores({ method: 'sigma' }, after([5]), flat)).toEqual([0]);
    expect(referenceOf(daily(Array.from({ length: 14 }, () => 0)))?.std).toBe(1e-9);
  });

  it('goes through JSON', () => {
    expect(Reference.parse(JSON.parse(JSON.stringify(weekly)))).toEqual(weekly);
  });
});

describe('threshold', () => {
  it('is the value itself against the limit, in its own direction', () => {
    const [judged] = judgeSeries(
      Rule.parse({ method: 'threshold', limit: 0.85, direction: 'below' }),
      daily([0.8]),
      null,
    );
    expect(judged).toMatchObject({ score: 0.8, limit: 0.85, direction: 'below', n: 0, method: 'threshold' });
    expect(judged?.words).toBe('0.8 is below the limit of 0.85.');
    expect(words({ method: 'threshold', limit: 0.2 }, daily([0.2]))).toBe('0.2 is not above the limit of 0.2.');
  });
});

describe('change', () => {
  it('relative to a baseline', () => {
    expect(scores({ method: 'change', baseline: 0.9 }, daily([0.81, 0.99]))[0]).toBeCloseTo(0.1, 12);
    expect(scores({ method: 'change', baseline: 0.9, direction: 'below' }, daily([0.81, 0.99]))[1]).toBeCloseTo(
      -0.1,
      12,
    );
    expect(words({ method: 'change', baseline: 0.9, limit: 0.05 }, daily([0.81]))).toBe(
      '0.81 is 10% below the baseline 0.9; the limit is 5%.',
    );
  });

  it('in the unit of the metric, against the reference', () => {
    expect(scores({ method: 'change', unit: 'value', direction: 'above' }, daily([12.5, 8]))).toEqual([2.5, -2]);
    expect(words({ method: 'change', unit: 'value', direction: 'above', limit: 2 }, daily([12.5]))).toBe(
      '12.5 is 2.5 above the reference mean 10 (28 windows of 1 to 28 Oct 2026); the limit is 2 above.',
    );
    expect(words({ method: 'change' }, daily([10]))).toMatch('10 is exactly the reference mean 10');
  });

  it('needs something to compare with', () => {
    expect(words({ method: 'change' }, daily([1]), null)).toMatch('There is no reference yet');
    expect(words({ method: 'change', baseline: 0 }, daily([1]))).toMatch('The baseline is 0');
    expect(words({ method: 'change', baseline: 0 }, daily([null]))).toBe('This window has no value.');
  });
});

describe('weekday', () => {
  const weeks = [1, 2, 3].flatMap((week) => [10 * week, 1, 1, 1, 1, 1, 1]);

  it('compares with the same weekday of the weeks before', () => {
    // Thursdays of 10, 20 and 30: their mean is 20; 26 is 6, or 3 standard deviations of 2, above it.
    const rule = { method: 'weekday', weeks: 3 };
    expect(scores(rule, daily([...weeks, 26])).at(-1)).toBeCloseTo(3, 12);
    expect(words(rule, daily([...weeks, 26]))).toBe(
      '26 is 3 standard deviations above 20, the mean of the last 3 Thursdays (σ 2); the limit is 3.',
    );
    expect(scores({ ...rule, unit: 'value' }, daily([...weeks, 26])).at(-1)).toBe(6);
    expect(scores({ ...rule, unit: 'share', direction: 'below' }, daily([...weeks, 26])).at(-1)).toBeCloseTo(-0.3, 12);
  });

  it('takes two of the weeks at least, and finds them though the job ran at another hour', () => {
    const rule = { method: 'weekday', unit: 'value' };
    expect(scores(rule, daily([...weeks.slice(0, 7), 12])).at(-1)).toBeNull();
    expect(words(rule, daily([...weeks.slice(0, 7), 12]))).toMatch('too few values');
    expect(words(rule, daily([...weeks.slice(0, 14), 12]))).toBe(
      '12 is 3 below 15, the mean of 2 of the last 4 Thursdays; the limit is 3.',
    );
    const early = [...daily(weeks.slice(0, 14)), { at: new Date('2026-10-14T19:00:00Z'), value: 12 }];
    expect(scores(rule, early).at(-1)).toBe(3);
  });
});

describe('sigma', () => {
  it('counts standard deviations from the frozen mean, and leaves the reference itself alone', () => {
    expect(scores({ method: 'sigma' }, [...daily([30]), ...after([16, 4, null, 10])])).toEqual([null, 3, 3, null, 0]);
    expect(scores({ method: 'sigma', direction: 'above' }, after([16, 4]))).toEqual([3, -3]);
    expect(scores({ method: 'sigma', direction: 'below' }, after([16, 4, 10]))).toEqual([-3, 3, 0]);
    expect(words({ method: 'sigma' }, after([16.84]))).toBe(
      '16.84 is 3.42 standard deviations above the reference mean 10 (σ 2, 28 windows of 1 to 28 Oct 2026); the limit is 3.',
    );
    const last = daily([30], reference.until);
    expect(words({ method: 'sigma' }, last)).toBe('This window is part of the reference.');
  });

  it('takes the mean of the weekday only when told to', () => {
    const saturday = daily([7], '2026-10-31T06:00:00Z');
    expect(scores({ method: 'sigma' }, saturday, weekly)).toEqual([1.5]);
    expect(scores({ method: 'sigma', byWeekday: true }, saturday, weekly)).toEqual([3]);
    expect(words({ method: 'sigma', byWeekday: true, direction: 'above' }, saturday, weekly)).toMatch(
      '7 is 3 standard deviations above the reference mean of Saturdays 4 (σ 1, 28 windows',
    );
  });
});

describe('ewma', () => {
  it('is the running mean in its own standard deviations', () => {
    // Deviations 1 and 3: running 0.2, then 0.76; spreads 0.2 and 0.2 x sqrt(1.64) = 0.2561.
    const [first, second] = scores({ method: 'ewma' }, after([12, 16]));
    expect(first).toBeCloseTo(1, 12);
    expect(second).toBeCloseTo(0.76 / (0.2 * Math.sqrt(1.64)), 12);
    expect(words({ method: 'ewma' }, after([12, 16]))).toBe(
      '16 is 3 standard deviations above the reference mean 10 (σ 2, 28 windows of 1 to 28 Oct 2026). ' +
        'The running mean, in which each window counts 20%, is 0.76 above, 2.97 times its own spread; the limit is 3.',
    );
  });

  it('a missing window changes nothing', () => {
    expect(scores({ method: 'ewma' }, after([12, null, 16])).at(-1)).toBe(
      scores({ method: 'ewma' }, after([12, 16])).at(-1),
    );
  });
});

describe('cusum', () => {
  it('piles up what goes beyond the slack, in either direction', () => {
    // Deviations 2, 2, -4, 0 with a slack of 0.75: up 1.25, 2.5, 0, 0; down 0, 0, 3.25, 2.5.
    expect(scores({ method: 'cusum' }, after([14, 14, 2, 10]))).toEqual([1.25, 2.5, 3.25, 2.5]);
    expect(scores({ method: 'cusum', direction: 'above' }, after([14, 14, 2, 10]))).toEqual([1.25, 2.5, 0, 0]);
    expect(scores({ method: 'cusum', direction: 'below' }, after([14, 14, 2, null, 10]))).toEqual([
      0,
      0,
      3.25,
      null,
      2.5,
    ]);
    expect(words({ method: 'cusum' }, after([14, 14, 2]))).toBe(
      '2 is 4 standard deviations below the reference mean 10 (σ 2, 28 windows of 1 to 28 Oct 2026). ' +
        'What goes beyond 0.75 in each window has piled up to 3.25 below; the limit is 4.',
    );
    expect(words({ method: 'cusum' }, after([10]))).toMatch('has piled up to 0; the limit');
  });

  it('one odd day alone does not pass the limit, and two do', () => {
    expect(scores({ method: 'cusum' }, after([1000]))).toEqual([3.25]);
    expect(scores({ method: 'cusum' }, after([1000, 1000]))).toEqual([3.25, 6.5]);
  });

  it('a long drift does not take long to be forgotten', () => {
    const found = scores(
      { method: 'cusum' },
      after([...Array.from({ length: 50 }, () => 20), 10, 10, 10, 10, 10, 10, 10]),
    );
    expect(found[49]).toBe(8);
    expect(found.at(-1)).toBe(8 - 7 * 0.75);
  });

  it('weekends are no drift where the reference knows them', () => {
    const weekend = daily([4, 4], '2026-10-31T06:00:00Z');
    expect(scores({ method: 'cusum' }, weekend, weekly)).toEqual([0, 0]);
    expect(scores({ method: 'cusum', byWeekday: false }, weekend, weekly)).toEqual([2.25, 4.5]);
  });
});

describe('missing share', () => {
  it('is what more is missing than in the reference', () => {
    const frozen = { ...reference, mean: 0.02, std: 0.01 };
    expect(scores({ method: 'missing_share' }, after([0.09]), frozen)[0]).toBeCloseTo(0.07, 12);
    expect(words({ method: 'missing_share' }, after([0.09]), frozen)).toBe(
      "9% are missing, 7 points more than the reference's 2%; the limit is 5 points.",
    );
    expect(words({ method: 'missing_share' }, after([0.09]), null)).toMatch('9% are missing, 9 points more than 0%');
  });
});

describe('a rule', () => {
  it.each([
    { method: 'change', limit: 0 },
    { method: 'sigma', limit: -1 },
    { method: 'ewma', lambda: 0 },
    { method: 'weekday', weeks: 0 },
    { method: 'missing_share', limit: 1 },
    { method: 'threshold' },
    { method: 'threshold', limit: 1, direction: 'both' },
    { method: 'page-hinkley' },
  ])('%j is none', (rule) => expect(Rule.safeParse(rule).success).toBe(false));

  it('starts with two windows in a row and a clear level that is clearly better', () => {
    expect(settingsOf(Rule.parse({ method: 'cusum' }))).toEqual({
      direction: 'above',
      raiseAt: 4,
      clearAt: 3.2,
      consecutive: 2,
      clearConsecutive: 2,
      cooldown: 0,
    });
    expect(settingsOf(Rule.parse({ method: 'threshold', limit: 1, direction: 'below' }))).toMatchObject({
      direction: 'below',
      raiseAt: 1,
      clearAt: 1,
    });
  });

  it('raises after a lasting shift and clears when it is over', () => {
    const rule = Rule.parse({ method: 'cusum' });
    const by = settingsOf(rule);
    let machine: Parameters<typeof step>[0] = { state: 'ok', badStreak: 0, goodStreak: 0, sinceRaise: null };
    const shifted = [10, 11, 14, 14, 14, 14, 14, 14, 10, 10, 10, 10, 10, 10, 10, 10, 10];
    const turns = judgeSeries(rule, after(shifted), reference).map(({ score }) => {
      const { next, turn } = step(machine, score, by);
      machine = next;
      return turn;
    });
    // Up 1.25 a window from the third: 5 in the sixth, 6.25 in the seventh. Then 7.5 less 0.75 a window: 3 and 2.25.
    expect(turns.indexOf('raise')).toBe(6);
    expect(turns.indexOf('clear')).toBe(14);
  });

  it('every window gets a finite score or a sentence that says why not', () => {
    const rules = ['change', 'weekday', 'sigma', 'ewma', 'cusum', 'missing_share'].map((method) =>
      Rule.parse({ method }),
    );
    const value = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.constantFrom(...rules), fc.array(value, { maxLength: 60 }), (rule, values) => {
        const points = daily(values);
        for (const { score, words } of judgeSeries(rule, points, referenceOf(points.slice(0, 28)))) {
          expect(score === null || Number.isFinite(score)).toBe(true);
          expect(words).toMatch(/^\S.*\.$/);
          expect(words).not.toMatch(/NaN|undefined|null/);
        }
      }),
      { numRuns: 300 },
    );
  });
});
