import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Recurrence } from '../../src/time/recurrence.ts';
import { nextOccurrences, type Occurrence, Schedule } from '../../src/time/schedule.ts';
import { instantOf, localAt } from '../../src/time/wall-clock.ts';
import { offsetsOf } from '../../src/time/zones.ts';
import { date, day, recurrence, time, zone } from './arbitrary.ts';

const minute = 60_000;
const instant = day.chain((each) => fc.nat(1439).map((minutes) => new Date(each * 1440 * minute + minutes * minute)));

interface Change {
  readonly zone: string;
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** When clocks were changed or will be, to the minute: looked for twice a day. */
function changesIn(each: string): Change[] {
  const offset = offsetsOf(each);
  const found: Change[] = [];
  const step = 720;
  for (let at = Date.UTC(2000); at < Date.UTC(2035); at += step * minute) {
    const [before, after] = [offset(at), offset(at + step * minute)];
    if (before === after) continue;
    const minutes = Array.from({ length: step + 1 }, (_, i) => at + i * minute);
    found.push({ zone: each, at: minutes.find((one) => offset(one) === after) ?? at, before, after });
  }
  return found;
}

const changes = ['Pacific/Apia', 'Africa/Casablanca', 'America/Nuuk', 'America/St_Johns', 'Australia/Lord_Howe']
  .concat(['America/New_York', 'America/Caracas', 'Europe/Berlin', 'Africa/Cairo', 'America/Santiago', 'Asia/Gaza'])
  .flatMap(changesIn);

/** What the clock shows so long after a change, had it not been changed. */
function wallAfter({ zone: each, at, before }: Change, minutes: number) {
  const shown = new Date(at + before + minutes * minute).toISOString();
  return { zone: each, date: shown.slice(0, 10), time: shown.slice(11, 16) };
}

const nearAChange = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: -180, max: 180 }))
  .map(([change, minutes]) => wallAfter(change, minutes));

const skipped = fc
  .constantFrom(...changes.filter(({ before, after }) => after > before))
  .chain((change) =>
    fc.nat((change.after - change.before) / minute - 1).map((into) => ({ change, into, ...wallAfter(change, into) })),
  );

/** What one finds by looking at a clock every minute for two days and a half. */
function watch(wanted: string, each: string): number[] {
  const offset = offsetsOf(each);
  const local = Date.parse(`${wanted}Z`);
  const found: number[] = [];
  for (let at = local - 1800 * minute; at < local + 1800 * minute; at += minute)
    if (at + offset(at) === local) found.push(at);
  return found;
}

describe('a time on a clock', () => {
  it('is the first instant at which the clock shows it', () => {
    fc.assert(
      fc.property(nearAChange, ({ zone: each, date: on, time: wall }) => {
        const seen = watch(`${on}T${wall}`, each);
        const found = instantOf(on, wall, each);
        if (seen.length === 0) return;
        expect(found?.instant.getTime()).toBe(seen[0]);
        expect(found?.kind).toBe(seen.length > 1 ? 'overlap' : undefined);
      }),
      { numRuns: 300 },
    );
  });

  it('that it skips comes as long after the change as if there had been none', () => {
    fc.assert(
      fc.property(skipped, ({ change, into, zone: each, date: on, time: wall }) => {
        expect(watch(`${on}T${wall}`, each)).toEqual([]);
        const wholeDay = change.after - change.before === 1440 * minute;
        const expected = { instant: new Date(change.at + into * minute), kind: 'gap' };
        expect(instantOf(on, wall, each)).toEqual(wholeDay ? undefined : expected);
      }),
    );
  });

  it('is shown again by its instant', () => {
    fc.assert(
      fc.property(date, time, zone, (on, wall, each) => {
        const found = instantOf(on, wall, each);
        if (found === undefined || found.kind === 'gap') return;
        expect(localAt(found.instant, each)).toMatchObject({ date: on, time: wall });
      }),
    );
  });

  it.each([
    ['Pacific/Apia', '2011-12-30'],
    ['Pacific/Kwajalein', '1993-08-21'],
    ['Pacific/Kiritimati', '1994-12-31'],
  ])('does not exist on a date that %s left out', (each, on) => {
    for (const wall of ['00:00', '09:00', '23:59']) expect(instantOf(on, wall, each)).toBeUndefined();
  });
});

const schedule = fc.record({ recurrence, time, zone });

describe('occurrences', () => {
  it('rise strictly, each on a date of its own, and none before one asks', () => {
    fc.assert(
      fc.property(schedule, instant, (each, from) => {
        const found = nextOccurrences(each, from, 40);
        const times = found.map((one) => one.instant.getTime());
        expect(times.every((at, i) => at > (times[i - 1] ?? from.getTime() - 1))).toBe(true);
        expect(found.map((one) => one.date)).toEqual([...new Set(found.map((one) => one.date))].toSorted());
      }),
    );
  });

  it('rise strictly through every change of the clocks', () => {
    const daily: Recurrence = { rhythm: { every: 'day', interval: 1 }, start: '1980-01-01', except: [] };
    fc.assert(
      fc.property(nearAChange, time, (near, wall) => {
        const from = new Date(Date.parse(near.date) - 4320 * minute);
        const found = nextOccurrences({ recurrence: daily, time: wall, zone: near.zone }, from, 8);
        const apart = found.slice(1).map((one, i) => one.instant.getTime() - (found[i]?.instant.getTime() ?? 0));
        expect(apart.every((ms) => ms >= 1200 * minute && ms <= 1680 * minute)).toBe(true);
      }),
    );
  });

  it('follow one another without a hole', () => {
    fc.assert(
      fc.property(schedule, instant, (each, from) => {
        const [first, second] = nextOccurrences(each, from, 2);
        if (first === undefined) return;
        expect(nextOccurrences(each, first.instant, 1)).toEqual([first]);
        const later = new Date(first.instant.getTime() + 1);
        expect(nextOccurrences(each, later, 1)).toEqual([second].filter((one) => one !== undefined));
      }),
    );
  });

  it('keep their date when a gap pushes them over midnight', () => {
    const late = Schedule.parse({
      recurrence: { rhythm: { every: 'day' }, start: '2026-03-01' },
      time: '23:30',
      zone: 'America/Nuuk',
    });
    const found = nextOccurrences(late, new Date('2026-03-29T01:15:00Z'), 1);
    expect(found).toEqual<Occurrence[]>([
      { date: '2026-03-28', instant: new Date('2026-03-29T01:30:00Z'), kind: 'gap' },
    ]);
  });

  it('are found within a second for ten thousand schedules', () => {
    const rhythms = [
      { every: 'week', on: [1, 2, 3, 4, 5] },
      { every: 'week', interval: 2, on: [2, 4], weekStart: 7 },
      { every: 'month', on: { by: 'weekday', nth: [-1], of: [1, 2, 3, 4, 5] } },
      { every: 'month', on: { by: 'date', dates: [31] } },
      { every: 'day', interval: 3 },
    ];
    const zones = Intl.supportedValuesOf('timeZone');
    const rules = rhythms.map((rhythm) =>
      Schedule.parse({ recurrence: { rhythm, start: '2020-01-01' }, time: '09:30', zone: 'UTC' }),
    );
    const many = Array.from({ length: 2000 }, (_, i) =>
      rules.map((rule) => ({ ...rule, zone: zones[i % zones.length] ?? 'UTC' })),
    ).flat();
    const before = performance.now();
    const found = many.flatMap((each) => nextOccurrences(each, new Date('2026-11-23T12:00:00Z'), 1));
    const took = performance.now() - before;
    expect(found).toHaveLength(10_000);
    expect(took).toBeLessThan(1000);
  });

  it('are none when none are asked for, or none are left', () => {
    const over = Schedule.parse({
      recurrence: { rhythm: { every: 'day' }, start: '2026-03-01', count: 3 },
      time: '09:00',
      zone: 'Europe/Berlin',
    });
    expect(nextOccurrences(over, new Date('2026-03-01T00:00:00Z'), 0)).toEqual([]);
    expect(nextOccurrences(over, new Date('2026-03-01T00:00:00Z'), 9)).toHaveLength(3);
    expect(nextOccurrences(over, new Date('2026-03-03T08:00:01Z'), 9)).toEqual([]);
  });
});

describe('a schedule', () => {
  const right = { recurrence: { rhythm: { every: 'day' }, start: '2026-11-23' }, time: '09:30', zone: 'Europe/Berlin' };

  it.each([
    [{ time: '9:30' }, 'time', 'time must be written like 09:30, from 00:00 to 23:59.'],
    [{ time: '24:00' }, 'time', 'time must be written like 09:30, from 00:00 to 23:59.'],
    [{ time: 930 }, 'time', 'time must be written like 09:30.'],
    [{ zone: 'Mars/Olympus' }, 'zone', 'zone must be a time zone like Europe/Berlin.'],
    [{ zone: undefined }, 'zone', 'zone must be a time zone like Europe/Berlin.'],
    [
      { recurrence: { ...right.recurrence, count: -1 } },
      'recurrence.count',
      'count must be a whole number from 1 to 1000.',
    ],
  ])('is refused by the name of its field: %j', (part, field, message) => {
    const issues = Schedule.safeParse({ ...right, ...part }).error?.issues ?? [];
    expect(issues.map(({ path, message: words }) => [path.join('.'), words])).toEqual([[field, message]]);
  });
});
