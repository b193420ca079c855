import fc from 'fast-check';
import { dateOf, dayOf } from '../../src/time/dates.ts';
import type { Recurrence } from '../../src/time/recurrence.ts';
import type { Rhythm } from '../../src/time/rhythm.ts';

const interval = fc.integer({ min: 1, max: 5 });
const weekday = fc.integer({ min: 1, max: 7 });
const weekdays = fc.uniqueArray(weekday, { minLength: 1, maxLength: 7 });
const positions = (most: number) =>
  fc.uniqueArray(
    fc.integer({ min: -most, max: most }).filter((n) => n !== 0),
    { minLength: 1, maxLength: 4 },
  );

export const rhythm: fc.Arbitrary<Rhythm> = fc.oneof(
  fc.record({ every: fc.constant('day'), interval }),
  fc.record({ every: fc.constant('week'), interval, on: weekdays, weekStart: weekday }),
  fc.record({
    every: fc.constant('month'),
    interval,
    on: fc.oneof(
      fc.record({ by: fc.constant('date'), dates: positions(31) }),
      fc.record({ by: fc.constant('weekday'), nth: positions(6), of: weekdays }),
    ),
  }),
);

export const day = fc.integer({ min: dayOf('1975-01-01'), max: dayOf('2090-12-31') });

export const date = day.map(dateOf);

/** Endless, with some of the days after its start taken out. */
export const recurrence: fc.Arbitrary<Recurrence> = fc
  .tuple(rhythm, day, fc.uniqueArray(fc.nat(400), { maxLength: 30 }))
  .map(([each, start, out]) => ({
    rhythm: each,
    start: dateOf(start),
    except: out.map((days) => dateOf(start + days)),
  }));

const pad = (n: number) => String(n).padStart(2, '0');

export const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hours, minutes]) => `${pad(hours)}:${pad(minutes)}`);

export const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
