import { describe, expect, it } from 'vitest';
import { days, naive, replay, type Scenario, seriesOf, type Watcher, watcherOf } from '../../../bench/replay.ts';
import { Rule } from '../../../src/features/drift/detectors/rule.ts';

const steady: Scenario = { name: 'steady' };
const step: Scenario = { name: 'step', shift: () => 1.5 };
const by = { direction: 'above', raiseAt: 1, clearAt: 1, consecutive: 1, clearConsecutive: 1, cooldown: 0 } as const;
/** Bad on these days after the reference, good on all others. */
function badOn(...bad: readonly number[]): Watcher {
  return {
    by,
    scores: () => Array.from({ length: days.quiet + days.after }, (_, day) => (bad.includes(day) ? 2 : 0)),
  };
}

describe('a replay', () => {
  it('counts alerts before the change as false, and from the change on as found', () => {
    const { quiet, after } = days;
    expect(replay(step, 1, badOn(3, 4, 9, quiet + 2))).toEqual({ falseAlarms: 2, quietWindows: quiet, found: 3 });
    expect(replay(step, 1, badOn(quiet, quiet + 5))).toMatchObject({ falseAlarms: 0, found: 1 });
    expect(replay(step, 1, badOn())).toMatchObject({ found: Number.POSITIVE_INFINITY });
    expect(replay(steady, 1, badOn(3, quiet + 2))).toEqual({
      falseAlarms: 2,
      quietWindows: quiet + after,
      found: null,
    });
  });

  it('does not say when a change was found under an alert that stood already', () => {
    expect(replay(step, 1, badOn(days.quiet - 1, days.quiet))).toMatchObject({ falseAlarms: 1, found: null });
  });

  it('makes the same series from the same seed, with the change where it belongs', () => {
    const [quiet, changed] = [seriesOf(steady, 7), seriesOf(step, 7)];
    expect(seriesOf(steady, 7)).toEqual(quiet);
    expect(seriesOf(steady, 8)).not.toEqual(quiet);
    const apart = changed.map(({ value }, i) => (value ?? 0) - (quiet[i]?.value ?? 0));
    expect(apart.findIndex((each) => Math.abs(each) > 1e-9)).toBe(days.reference + days.quiet);
    expect(apart.at(-1)).toBeCloseTo(1.5, 9);
  });

  it('has weekends, missing days and late days in the shares asked for', () => {
    const many = Array.from({ length: 50 }, (_, seed) =>
      seriesOf({ name: '', weekend: 50, missing: 0.2, late: 0.3 }, seed),
    );
    const all = many.flatMap((series) => series.slice(days.reference));
    expect(all.filter(({ value }) => value === null).length / all.length).toBeCloseTo(0.2, 1);
    expect(all.filter(({ delay }) => delay > 0).length / all.length).toBeCloseTo(0.3, 1);
    const isLow = all.every(({ at, value }) => value === null || value < 75 === [0, 6].includes(at.getUTCDay()));
    expect(isLow).toBe(true);
  });

  it('lets the naive rule judge a late value on the day it comes', () => {
    const series = seriesOf(steady, 1).map((each, i) => ({ ...each, value: 100, delay: i === 40 ? 3 : 0 }));
    const reference = { from: '', until: '', n: 28, mean: 100, std: 1, season: null };
    const found = naive(3).scores(
      series.map((each, i) => (i === 40 ? { ...each, value: 110 } : each)),
      reference,
    );
    expect(found.slice(12, 17)).toEqual([null, 0, 0, 10, 0]);
  });

  it('finds more with fewer false alarms by the defaults than by 3 standard deviations', () => {
    const total = (watcher: Watcher) => {
      const outcomes = Array.from({ length: 150 }, (_, seed) => replay(step, seed, watcher));
      const missed = outcomes.filter(({ found }) => found === Number.POSITIVE_INFINITY).length;
      return { missed, falseAlarms: outcomes.reduce((sum, each) => sum + each.falseAlarms, 0) };
    };
    const [ours, theirs] = [total(watcherOf(Rule.parse({ method: 'cusum' }))), total(naive(3))];
    expect(ours.missed).toBeLessThan(theirs.missed / 4);
    expect(ours.falseAlarms).toBeLessThan(theirs.falseAlarms);
  });
});
