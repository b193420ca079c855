import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { burnAlerts, burning, burnRate, errorBudget } from '../../../src/features/metrics/formulas/burn.ts';
import { measured, Reading } from '../../../src/features/metrics/reading.ts';
import { csatOf, csatScore, npsOf, npsScore } from '../../../src/features/metrics/formulas/scores.ts';

const vectors = z
  .array(z.object({ id: z.string(), kind: z.string(), input: z.unknown().optional(), expected: z.unknown() }))
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/gate-vectors.json', import.meta.url), 'utf8')));
const ofKind = (kind: string) => vectors.filter((each) => each.kind === kind);

describe('satisfaction', () => {
  it.each(ofKind('csat'))('$id is the share of answers 4 or 5', ({ input, expected }) => {
    const { scores_1_5: scores } = z.object({ scores_1_5: z.array(z.number()) }).parse(input);
    expect(csatScore(csatOf(scores))?.value ?? null).toEqual(expected);
  });

  it.each(ofKind('nps'))('$id is promoters less detractors', ({ input, expected }) => {
    const { scores_0_10: scores } = z.object({ scores_0_10: z.array(z.number()) }).parse(input);
    expect(npsScore(npsOf(scores))?.value ?? null).toEqual(expected);
  });

  // Wilson's bounds are the shares p from which the observed one lies exactly z standard errors away.
  it.each([
    [80, 100],
    [3, 8],
    [999, 1000],
  ])('%i of %i satisfied: both bounds are as far as a 95 %% interval allows', (satisfied, answers) => {
    const score = csatScore({ satisfied, answers });
    for (const bound of [score?.low, score?.high]) {
      const p = (bound ?? Number.NaN) / 100;
      const errors = Math.abs(satisfied / answers - p) / Math.sqrt((p * (1 - p)) / answers);
      expect(errors).toBeCloseTo(1.959964, 5);
    }
  });

  it.each([
    [0, 10, 0, 27.75],
    [10, 10, 72.25, 100],
  ])('%i of %i satisfied lies between %f and %f', (satisfied, answers, low, high) => {
    const score = csatScore({ satisfied, answers });
    expect([score?.low, score?.high].map((bound) => bound?.toFixed(2))).toEqual([low.toFixed(2), high.toFixed(2)]);
  });

  it('an NPS of 50 promoters and 20 detractors of 100 is 30, give or take 15.3', () => {
    const score = npsScore({ answers: 100, promoters: 50, detractors: 20 });
    expect(score?.value).toBe(30);
    expect(score?.low).toBeCloseTo(14.69, 2);
    expect(score?.high).toBeCloseTo(45.31, 2);
  });

  it('judges nothing from fewer than 30 answers', () => {
    expect(csatScore({ answers: 29, satisfied: 29 })?.tooFew).toBe(true);
    expect(npsScore({ answers: 30, promoters: 1, detractors: 1 })?.tooFew).toBe(false);
  });
});

describe('error budgets', () => {
  const Slo = z.object({
    error_budget: z.number(),
    windows: z.array(z.object({ bad: z.number(), total: z.number(), burn_rate: z.number().nullable() })),
  });

  it.each(ofKind('slo'))('$id burns as expected', ({ input, expected }) => {
    const { target } = z.object({ target: z.number() }).parse(input);
    const { error_budget: budget, windows } = Slo.parse(expected);
    expect(errorBudget(target)).toBe(budget);
    expect(windows.map((window) => burnRate(window, target))).toEqual(windows.map((window) => window.burn_rate));
  });

  it('has the table of the workbook', () => {
    const [table] = ofKind('table');
    expect(burnAlerts.map(({ longMs: _l, shortMs: _s, ...row }) => row)).toEqual(table?.expected);
  });

  const calm = { bad: 0, total: 1000 };
  const quiet = { '5m': calm, '30m': calm, '1h': calm, '2h': calm, '6h': calm, '1d': calm, '3d': calm };
  const fire = { bad: 20, total: 1000 };

  it('pages only when the long and the short window both burn', () => {
    expect(burning({ ...quiet, '1h': fire }, 0.999)).toBeUndefined();
    expect(burning({ ...quiet, '5m': fire }, 0.999)).toBeUndefined();
    expect(burning({ ...quiet, '1h': fire, '5m': fire }, 0.999)).toMatchObject({ severity: 'page', long: '1h' });
    expect(burning({ ...quiet, '3d': fire, '6h': fire }, 0.99)).toMatchObject({ severity: 'ticket', long: '3d' });
  });

  it('says nothing of a single failure in little traffic, and nothing without traffic', () => {
    const one = { bad: 1, total: 10 };
    const none = { bad: 0, total: 0 };
    expect(burning({ ...quiet, '1h': one, '5m': one }, 0.999, 5)).toBeUndefined();
    expect(burning({ ...quiet, '1h': fire, '5m': none }, 0.999)).toBeUndefined();
  });
});

describe('what a reading measures', () => {
  const read = (item: object) => measured(Reading.parse({ model: 'm', metric: 'x', ...item }));

  it('is its value, or what was counted', () => {
    expect(read({ value: 0.9, rows: 5 })).toEqual({ value: 0.9, rows: 5, good: null, bad: null });
    expect(read({ good: 999, total: 1000 })).toEqual({ value: 0.999, rows: 1000, good: 999, bad: null });
    expect(read({ satisfied: 3, answers: 4 })).toEqual({ value: 75, rows: 4, good: 3, bad: null });
    expect(read({ csat: [5, 4, 1, 3] })).toEqual({ value: 50, rows: 4, good: 2, bad: null });
    expect(read({ nps: [10, 9, 0, 7] })).toEqual({ value: 25, rows: 4, good: 2, bad: 1 });
  });

  it('is unknown where nothing was counted', () => {
    expect(read({ good: 0, total: 0 })).toMatchObject({ value: null });
  });

  it.each([
    [{}, 'value: is missing'],
    [{ value: 'high' }, 'value: must be a number'],
    [{ good: 3 }, 'total: is missing'],
    [{ good: 3, total: 2 }, 'good: 3 of 2 cannot be'],
    [{ satisfied: 3, answers: 2 }, 'satisfied: 3 of 2 cannot be'],
    [{ promoters: 3, detractors: 1, answers: 3 }, 'promoters: 3 and 1 detractors of 3 cannot be'],
    [{ promoters: 3, answers: 3 }, 'detractors: is missing'],
  ])('%o is refused, naming the field', (item, words) => {
    expect(read(item)).toBe(words);
  });
});
