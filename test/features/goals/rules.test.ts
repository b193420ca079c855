import { describe, expect, it } from 'vitest';
import { checkGoal, type Day, standOf } from '../../../src/features/goals/rules.ts';
import { inUnit, targetWords } from '../../../src/features/goals/words.ts';
import { sparkline } from '../../../src/slack/sparkline.ts';

const day = (n: number, numbers: Partial<Day>): Day => ({
  day: `2026-03-${String(n).padStart(2, '0')}`,
  lastAt: new Date(Date.UTC(2026, 2, n, 23)),
  last: 0,
  readings: 1,
  goodReadings: 0,
  rows: 0,
  good: 0,
  bad: 0,
  ...numbers,
});

describe('where a goal stands', () => {
  it.each([
    ['at_least', 0.9, 'met'],
    ['at_least', 0.89, 'missed'],
    ['at_most', 0.9, 'met'],
    ['at_most', 0.91, 'missed'],
  ] as const)('%s 0.9 with the newest value %d is %s', (direction, last, state) => {
    const stand = standOf({ measure: 'value', direction, target: 0.9 }, [day(1, { last: 0.5 }), day(2, { last })]);
    expect(stand).toMatchObject({ state, value: last });
    expect(stand.points.map(([, value]) => value)).toEqual([0.5, last]);
  });

  it('is unknown without readings, and without traffic', () => {
    expect(standOf({ measure: 'value', direction: 'at_least', target: 1 }, []).state).toBe('unknown');
    expect(standOf({ measure: 'events', direction: 'at_least', target: 99 }, [day(1, {})]).state).toBe('unknown');
  });

  it('an SLO counts all requests of the period, and says what is left of its budget', () => {
    const days = [day(1, { rows: 900, good: 900 }), day(2, { rows: 100, good: 99 })];
    const stand = standOf({ measure: 'events', direction: 'at_least', target: 99.8 }, days);
    expect(stand).toMatchObject({ state: 'met', value: 99.9 });
    expect(stand.slo?.left).toBeCloseTo(0.5, 9);
    expect(standOf({ measure: 'events', direction: 'at_least', target: 99.95 }, days).slo?.left).toBeCloseTo(-1, 9);
  });

  it('a model SLO counts windows', () => {
    const days = [day(1, { readings: 10, goodReadings: 9 }), day(2, { readings: 10, goodReadings: 10 })];
    expect(standOf({ measure: 'windows', direction: 'at_least', target: 95 }, days)).toMatchObject({
      state: 'met',
      value: 95,
    });
  });

  it('a survey with few answers judges nothing', () => {
    const goal = { measure: 'csat', direction: 'at_least', target: 80 } as const;
    expect(standOf(goal, [day(1, { rows: 10, good: 2 })])).toMatchObject({ state: 'too_few', value: 20 });
    expect(standOf(goal, [day(1, { rows: 10, good: 2 }), day(9, { rows: 90, good: 88 })])).toMatchObject({
      state: 'met',
      value: 90,
    });
  });
});

describe('a goal that makes no sense is refused', () => {
  it.each([
    [{ measure: 'csat', direction: 'at_least', target: 4.5e2, limit: null }, 'between 0 and 100'],
    [{ measure: 'nps', direction: 'at_least', target: -101, limit: null }, 'between -100 and 100'],
    [{ measure: 'events', direction: 'at_most', target: 99, limit: null }, 'at least'],
    [{ measure: 'events', direction: 'at_least', target: 100, limit: null }, 'no error budget'],
    [{ measure: 'windows', direction: 'at_least', target: 95, limit: null }, 'one window is good'],
  ] as const)('%o', (goal, words) => expect(() => checkGoal(goal)).toThrow(words));
});

describe('words', () => {
  const goal = { unit: '', limit: null, periodDays: 30, direction: 'at_least' } as const;

  it('shares keep their digits', () => {
    expect(inUnit({ measure: 'events', unit: '' }, 99.95)).toBe('99.95 %');
    expect(inUnit({ measure: 'nps', unit: '' }, 31)).toBe('+31');
    expect(inUnit({ measure: 'value', unit: 'ms' }, 120)).toBe('120 ms');
  });

  it('a target reads as a sentence goes on', () => {
    const of = (more: object) => targetWords({ ...goal, measure: 'value', target: 0.9, ...more } as never);
    expect(of({})).toBe('at least 0.9');
    expect(of({ measure: 'events', target: 99.9 })).toBe('at least 99.9 % of requests good over 30 days');
    expect(of({ measure: 'windows', target: 95, limit: 0.9 })).toBe(
      'at least 95 % of windows with at least 0.9 over 30 days',
    );
  });

  it('a sparkline shows the course, oldest first, and ends with the newest', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([5, 5])).toBe('▄▄');
    expect(sparkline(Array.from({ length: 90 }, (_, i) => i))).toHaveLength(20);
    expect(sparkline([...Array.from({ length: 40 }, () => 0), 9]).endsWith('█')).toBe(true);
  });
});
