import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recurrenceWords, scheduleWords } from '../../src/time/recurrence-words.ts';
import { Recurrence } from '../../src/time/recurrence.ts';
import { recurrence, time, zone } from './arbitrary.ts';

const words = (rhythm: unknown, rest = {}) =>
  recurrenceWords(Recurrence.parse({ rhythm, start: '2026-01-01', ...rest }));
const monthly = (on: unknown, interval = 1) => words({ every: 'month', interval, on });
const workdays = [1, 2, 3, 4, 5];

describe('a rule in plain words', () => {
  it('says the hour and the zone it is kept in', () => {
    const rule = Recurrence.parse({ rhythm: { every: 'week', on: workdays }, start: '2026-11-23' });
    const schedule = { recurrence: rule, time: '09:30', zone: 'Europe/Berlin' };
    expect(scheduleWords(schedule)).toBe('Every weekday at 09:30, Europe/Berlin');
    expect(scheduleWords({ ...schedule, recurrence: { ...rule, until: '2027-03-03' } })).toBe(
      'Every weekday at 09:30, Europe/Berlin, until 3 March 2027',
    );
  });

  it.each([
    [{ every: 'day' }, 'Every day'],
    [{ every: 'day', interval: 2 }, 'Every second day'],
    [{ every: 'day', interval: 21 }, 'Every 21st day'],
    [{ every: 'week', on: [2] }, 'Every Tuesday'],
    [{ every: 'week', on: [5, 1, 3] }, 'Every Monday, Wednesday and Friday'],
    [{ every: 'week', on: [1, 2, 3, 4, 5, 6, 7] }, 'Every day'],
    [{ every: 'week', interval: 2, on: [2], weekStart: 7 }, 'Every second Tuesday'],
    [{ every: 'week', interval: 2, on: workdays }, 'Every second week from Monday to Friday'],
    [{ every: 'week', interval: 3, on: [1, 4] }, 'Every third week on Monday and Thursday'],
    [
      { every: 'week', interval: 2, on: [2, 7], weekStart: 7 },
      'Every second week on Tuesday and Sunday, weeks beginning on Sunday',
    ],
    [{ every: 'week', interval: 4, on: [1, 2, 3, 4, 5, 6, 7] }, 'Every fourth week on every day'],
  ])('%j', (rhythm, expected) => expect(words(rhythm)).toBe(expected));

  it.each([
    [{ by: 'weekday', nth: [-1], of: workdays }, 1, 'On the last working day of each month'],
    [{ by: 'weekday', nth: [1], of: workdays }, 3, 'On the first working day of every third month'],
    [{ by: 'weekday', nth: [3, 1], of: [1] }, 1, 'On the first and third Monday of each month'],
    [{ by: 'weekday', nth: [-2], of: [5] }, 1, 'On the second-to-last Friday of each month'],
    [{ by: 'weekday', nth: [1], of: [6, 7] }, 1, 'On the first Saturday or Sunday of each month'],
    [{ by: 'weekday', nth: [5], of: [5] }, 1, 'On the fifth Friday of each month, in months that have one'],
    [{ by: 'date', dates: [15, 1] }, 1, 'On the 1st and 15th of each month'],
    [{ by: 'date', dates: [-1] }, 2, 'On the last day of every second month'],
    [{ by: 'date', dates: [-1, 1] }, 1, 'On the 1st and last day of each month'],
    [{ by: 'date', dates: [31] }, 1, 'On the 31st of each month, in months that have one'],
    [{ by: 'date', dates: [15, 31] }, 1, 'On the 15th and 31st of each month, the 31st only in months that have one'],
  ])('%j in every month of %i', (on, interval, expected) => expect(monthly(on, interval)).toBe(expected));

  it.each([
    [{ count: 1 }, 'Every day, once'],
    [{ count: 10 }, 'Every day, 10 times'],
    [{ except: ['2026-12-25'] }, 'Every day, but not on 25 December 2026'],
    [
      { except: ['2026-12-26', '2026-12-25'], count: 400 },
      'Every day, 400 times, but not on 25 December 2026 and 26 December 2026',
    ],
    [{ except: ['2026-05-01', '2026-05-02', '2026-05-03', '2026-05-04'] }, 'Every day, but not on 4 dates'],
  ])('with its end and its exceptions: %j', (rest, expected) => expect(words({ every: 'day' }, rest)).toBe(expected));

  it('is one line without gaps, whatever the rule', () => {
    fc.assert(
      fc.property(recurrence, time, zone, (each, at, where) => {
        const line = scheduleWords({ recurrence: each, time: at, zone: where });
        expect(line).toMatch(/^(Every|On the) \S+( \S+)*$/);
        expect(line).not.toMatch(/undefined|NaN|, ,| ,/);
      }),
    );
  });
});
