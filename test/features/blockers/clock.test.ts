import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterDays, afterWork, isWorking, workedMs, type WorkTime } from '../../../src/features/blockers/clock.ts';
import { dayIn, isAtWork, isAway } from '../../../src/features/teams/rules.ts';

const minute = 60_000;
const usual: WorkTime = { zone: 'UTC', hoursFrom: '09:00', hoursTo: '17:00', workdays: [1, 2, 3, 4, 5], away: [] };
const at = (text: string) => new Date(`${text}Z`);
const clock = (hour: number, quarter: number) =>
  `${String(hour).padStart(2, '0')}:${String(quarter * 15).padStart(2, '0')}`;

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'Australia/Lord_Howe'];
const day = fc.integer({ min: 0, max: 60 }).map((n) => new Date(Date.UTC(2026, 1, 20 + n)).toISOString().slice(0, 10));
/** By day only: for these, a second way of counting is simple enough to be trusted. */
const time: fc.Arbitrary<WorkTime> = fc
  .record({
    zone: fc.constantFrom(...zones),
    from: fc.integer({ min: 5, max: 11 }),
    length: fc.integer({ min: 2, max: 11 }),
    quarter: fc.integer({ min: 0, max: 3 }),
    workdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    away: fc.array(fc.tuple(day, fc.integer({ min: 0, max: 6 })), { maxLength: 3 }),
  })
  .map(({ zone, from, length, quarter, workdays, away }) => ({
    zone,
    hoursFrom: clock(from, quarter),
    hoursTo: clock(from + length, quarter),
    workdays,
    away: away.map(([first, days]) => ({
      from: first,
      until: new Date(Date.parse(first) + days * 86_400_000).toISOString().slice(0, 10),
    })),
  }));
const instant = fc.integer({ min: 0, max: 50 * 96 }).map((n) => new Date(Date.UTC(2026, 1, 25) + n * 15 * minute));

const worksAt = (of: WorkTime, moment: Date) => isAtWork(of, moment) && !isAway(of.away, dayIn(of.zone, moment));
/** Quarter by quarter, as everything here begins and ends on one. */
function countedMs(of: WorkTime, from: Date, until: Date): number {
  let sum = 0;
  for (let moment = from.getTime(); moment < until.getTime(); moment += 15 * minute)
    if (worksAt(of, new Date(moment))) sum += 15 * minute;
  return sum;
}

describe('the working time of one person', () => {
  it('is counted as a watch would count it, in any zone, without nights, days off and days away', () => {
    fc.assert(
      fc.property(time, instant, fc.integer({ min: 0, max: 8 * 96 }), (of, from, quarters) => {
        const until = new Date(from.getTime() + quarters * 15 * minute);
        expect(workedMs(of, from, until)).toBe(countedMs(of, from, until));
        expect(isWorking(of, from)).toBe(worksAt(of, from));
      }),
      { numRuns: 300 },
    );
  });

  it('ends only at a moment at which they work, when exactly so much of it has passed', () => {
    fc.assert(
      fc.property(time, instant, fc.integer({ min: 0, max: 40 }), (of, from, quarters) => {
        const ms = quarters * 15 * minute;
        const due = afterWork(of, from, ms);
        // Somebody who does not work at all in forty days is looked at again then.
        fc.pre(due.getTime() - from.getTime() < 39 * 86_400_000);
        expect(worksAt(of, due)).toBe(true);
        expect(countedMs(of, from, due)).toBe(ms);
      }),
      { numRuns: 300 },
    );
  });

  it('some working days later is a later day of theirs, at which they work', () => {
    fc.assert(
      fc.property(time, instant, fc.integer({ min: 1, max: 3 }), (of, from, days) => {
        const due = afterDays(of, from, days);
        fc.pre(due.getTime() - from.getTime() < 39 * 86_400_000);
        expect(worksAt(of, due)).toBe(true);
        expect(dayIn(of.zone, due) > dayIn(of.zone, from)).toBe(true);
      }),
    );
  });

  it.each([
    ['within a day', '2026-03-02T09:30', 4, '2026-03-02T13:30'],
    ['over the night', '2026-03-02T15:00', 4, '2026-03-03T11:00'],
    ['over the weekend', '2026-03-06T16:00', 4, '2026-03-09T12:00'],
    ['from the night', '2026-03-02T22:00', 4, '2026-03-03T13:00'],
    ['to the end of a day, which is the morning after', '2026-03-02T13:00', 4, '2026-03-03T09:00'],
  ])('four hours %s', (_, from, hours, due) =>
    expect(afterWork(usual, at(from), hours * 60 * minute)).toEqual(at(due)),
  );

  it('a night shift belongs to the day it begins on', () => {
    const nights = {
      ...usual,
      hoursFrom: '22:00',
      hoursTo: '06:00',
      away: [{ from: '2026-03-03', until: '2026-03-03' }],
    };
    expect(isWorking(nights, at('2026-03-03T05:00'))).toBe(true);
    expect(isWorking(nights, at('2026-03-03T23:00'))).toBe(false);
    expect(afterWork(nights, at('2026-03-03T04:00'), 4 * 60 * minute)).toEqual(at('2026-03-05T00:00'));
  });
});
