import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOf, dayOf } from '../../src/time/dates.ts';
import { datesOf, Recurrence } from '../../src/time/recurrence.ts';
import type { Rhythm } from '../../src/time/rhythm.ts';
import { date, recurrence, rhythm } from './arbitrary.ts';

const first = (dates: Iterable<string>, most: number) => {
  const found: string[] = [];
  for (const each of dates) if (found.push(each) >= most) break;
  return found;
};
const until = (dates: Iterable<string>, last: string) => {
  const found: string[] = [];
  for (const each of dates) {
    if (each > last) break;
    found.push(each);
  }
  return found;
};
const after = (from: string, days: number) => dateOf(dayOf(from) + days);

/** What a person would do with a paper calendar: look at every day and ask whether it is one. */
function fallsOn(each: Rhythm, start: string, asked: string): boolean {
  const [from, at] = [new Date(start), new Date(asked)];
  const days = (at.getTime() - from.getTime()) / 86_400_000;
  const weekday = (of: Date) => of.getUTCDay() || 7;
  switch (each.every) {
    case 'day':
      return days % each.interval === 0;
    case 'week': {
      const into = (of: Date) => (weekday(of) - each.weekStart + 7) % 7;
      const weeks = Math.floor((days + into(from)) / 7);
      return weeks % each.interval === 0 && each.on.includes(weekday(at));
    }
    case 'month': {
      const months = (at.getUTCFullYear() - from.getUTCFullYear()) * 12 + at.getUTCMonth() - from.getUTCMonth();
      if (months % each.interval !== 0) return false;
      const { on } = each;
      const month = Array.from(
        { length: 31 },
        (_, i) => new Date(`${asked.slice(0, 8)}${String(i + 1).padStart(2, '0')}`),
      )
        .filter((of) => of.getUTCMonth() === at.getUTCMonth())
        .filter((of) => on.by === 'date' || on.of.includes(weekday(of)))
        .map((of) => of.getUTCDate());
      return (on.by === 'date' ? on.dates : on.nth).some((n) => month.at(n > 0 ? n - 1 : n) === at.getUTCDate());
    }
  }
}

describe('dates that repeat', () => {
  it('are those of a calendar that is walked day by day', () => {
    fc.assert(
      fc.property(recurrence, (rule) => {
        const days = Array.from({ length: 900 }, (_, i) => after(rule.start, i));
        const walked = days.filter((day) => !rule.except.includes(day) && fallsOn(rule.rhythm, rule.start, day));
        expect(until(datesOf(rule), after(rule.start, 899))).toEqual(walked);
      }),
      { numRuns: 300 },
    );
  });

  it('come in order, each once', () => {
    fc.assert(
      fc.property(recurrence, (rule) => {
        const dates = first(datesOf(rule), 60);
        expect(dates).toEqual([...new Set(dates)].toSorted());
        expect(dates.every((each) => each >= rule.start)).toBe(true);
      }),
    );
  });

  it('are the same wherever one begins to look', () => {
    fc.assert(
      fc.property(
        recurrence,
        fc.integer({ min: -500, max: 2000 }),
        fc.option(fc.integer({ min: 1, max: 50 })),
        (rule, days, count) => {
          const from = after(rule.start, days);
          const counted = count === null ? rule : { ...rule, count };
          const far = after(rule.start, 3000);
          expect(until(datesOf(counted, from), far)).toEqual(
            until(datesOf(counted), far).filter((each) => each >= from),
          );
        },
      ),
    );
  });

  it('are as many as counted, dates taken out included', () => {
    fc.assert(
      fc.property(recurrence, fc.integer({ min: 1, max: 40 }), (rule, count) => {
        const all = first(datesOf({ ...rule, except: [] }), count);
        expect([...datesOf({ ...rule, except: [], count })]).toEqual(all);
        expect([...datesOf({ ...rule, count })]).toEqual(all.filter((each) => !rule.except.includes(each)));
      }),
    );
  });

  it('end on the last date at the latest, which may be one of them', () => {
    fc.assert(
      fc.property(recurrence, fc.nat(800), (rule, days) => {
        const last = after(rule.start, days);
        expect([...datesOf({ ...rule, until: last })]).toEqual(until(datesOf(rule), last));
      }),
    );
  });

  it('may lie far ahead and are found at once', () => {
    fc.assert(
      fc.property(rhythm, date, (each, start) => {
        const [next] = datesOf({ rhythm: each, start, except: [] }, '2400-01-01');
        expect(next === undefined || next >= '2400-01-01').toBe(true);
      }),
    );
  });
});

describe('a rule that falls on no date', () => {
  const never: Recurrence = {
    rhythm: { every: 'month', interval: 12, on: { by: 'date', dates: [31] } },
    start: '2026-02-01',
    except: [],
  };

  it('ends', () => {
    expect([...datesOf(never)]).toEqual([]);
    expect([...datesOf({ ...never, rhythm: { every: 'week', interval: 1, on: [], weekStart: 1 } })]).toEqual([]);
    const fortieth: Rhythm = { every: 'month', interval: 1, on: { by: 'weekday', nth: [31], of: [1] } };
    expect([...datesOf({ ...never, rhythm: fortieth })]).toEqual([]);
  });

  it('is refused where it is written', () => {
    expect(problems(never)).toEqual({
      rhythm: 'rhythm never falls on a date: look at its days, at until and at except.',
    });
    const gone = {
      rhythm: { every: 'week', on: [1] },
      start: '2026-11-24',
      until: '2026-12-05',
      except: ['2026-11-30'],
    };
    expect(Object.keys(problems(gone))).toEqual(['rhythm']);
  });

  it('is not one that falls on a leap day', () => {
    const leap = Recurrence.parse({ ...never, rhythm: { ...never.rhythm, on: { by: 'date', dates: [29] } } });
    expect(first(datesOf(leap), 3)).toEqual(['2028-02-29', '2032-02-29', '2036-02-29']);
    expect(until(datesOf(leap, '2097-01-01'), '2104-12-31')).toEqual(['2104-02-29']);
  });
});

/** Message by field. */
function problems(input: unknown): Record<string, string> {
  const issues = Recurrence.safeParse(input).error?.issues ?? [];
  return Object.fromEntries(issues.map(({ path, message }) => [path.join('.'), message]));
}

describe('what is written wrong', () => {
  const right = { rhythm: { every: 'day' }, start: '2026-11-23' };

  it.each([
    [{ start: '2026-02-30' }, 'start', 'start must be a date like 2026-11-23.'],
    [{ start: undefined }, 'start', 'start must be a date like 2026-11-23.'],
    [{ start: '1026-11-23' }, 'start', 'start must be a date from 1900 to 2499.'],
    [{ count: 0 }, 'count', 'count must be a whole number from 1 to 1000.'],
    [{ count: 2.5 }, 'count', 'count must be a whole number from 1 to 1000.'],
    [{ until: 'soon' }, 'until', 'until must be a date like 2026-11-23.'],
    [{ until: '2026-11-22' }, 'until', 'until must not be before start.'],
    [{ until: '2026-12-22', count: 3 }, 'until', 'until and count cannot both be given: it ends once.'],
    [{ except: '2026-12-25' }, 'except', 'except must be a list of dates.'],
    [{ except: ['25.12.2026'] }, 'except.0', 'except must be a date like 2026-11-23.'],
    [{ rhythm: { every: 'year' } }, 'rhythm.every', 'every must be "day", "week" or "month".'],
    [{ rhythm: { every: 'day', interval: 0 } }, 'rhythm.interval', 'interval must be a whole number from 1 to 400.'],
    [{ rhythm: { every: 'week', on: [] } }, 'rhythm.on', 'on must name at least one.'],
    [{ rhythm: { every: 'week' } }, 'rhythm.on', 'on must be weekdays, from 1 (Monday) to 7 (Sunday).'],
    [{ rhythm: { every: 'week', on: [0] } }, 'rhythm.on.0', 'on must be a whole number from 1 to 7.'],
    [
      { rhythm: { every: 'week', on: [1], weekStart: 'SU' } },
      'rhythm.weekStart',
      'weekStart must be a whole number from 1 to 7.',
    ],
    [
      { rhythm: { every: 'month', on: { by: 'date', dates: [0] } } },
      'rhythm.on.dates.0',
      'on.dates must be whole numbers from 1 to 31, or from -1 (the last) to -31.',
    ],
    [{ rhythm: { every: 'month', on: { by: 'moon' } } }, 'rhythm.on.by', 'on.by must be "date" or "weekday".'],
  ])('is refused by the name of its field: %j', (part, field, message) =>
    expect(problems({ ...right, ...part })).toEqual({ [field]: message }),
  );

  it('is not overlooked because it is not known', () => {
    expect(problems({ ...right, byday: 'MO' })).toEqual({ '': 'Unrecognized key: "byday"' });
  });

  it('is nothing that may be left out', () => {
    expect(Recurrence.parse(right)).toEqual({
      rhythm: { every: 'day', interval: 1 },
      start: '2026-11-23',
      except: [],
    });
  });
});
