import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAsked, recurrenceOf, usualAsked } from '../../../src/features/rituals/asked.ts';
import { comingTakings, dueAt, nextTaking, type Rule } from '../../../src/features/rituals/dates.ts';
import { afterQuiet, quietOf } from '../../../src/features/rituals/quiet.ts';
import { asking, isTooLate, opening, reminderAt, spreadOf } from '../../../src/features/rituals/times.ts';
import { draftWords } from '../../../src/features/rituals/words.ts';
import { dateWords } from '../../../src/time/date-words.ts';
import type { Recurrence } from '../../../src/time/recurrence.ts';

const weekdays: Recurrence = {
  rhythm: { every: 'week', interval: 1, on: [1, 2, 3, 4, 5], weekStart: 1 },
  start: '2026-12-01',
  except: [],
};
const rule = (change: Partial<Rule> = {}): Rule => ({
  recurrence: weekdays,
  time: '09:30',
  zone: 'Europe/Berlin',
  clock: 'team',
  whenClosed: 'skip',
  digestTime: '11:00',
  digestDays: 0,
  workdays: [1, 2, 3, 4, 5],
  closed: new Set(),
  ...change,
});
const dates = (of: Rule, from: string, most: number) => comingTakings(of, new Date(from), most).map(({ date }) => date);

describe('days on which the team is closed', () => {
  const closed = new Set(['2026-12-24', '2026-12-25', '2026-12-28']);

  it('take a run out', () =>
    expect(dates(rule({ closed }), '2026-12-23T00:00:00Z', 3)).toEqual(['2026-12-23', '2026-12-29', '2026-12-30']));

  it('move a weekly one to the next working day, and the rhythm does not shift', () => {
    const fridays: Recurrence = {
      rhythm: { every: 'week', interval: 1, on: [5], weekStart: 1 },
      start: '2026-12-01',
      except: [],
    };
    const coming = comingTakings(
      rule({ recurrence: fridays, closed, whenClosed: 'move' }),
      new Date('2026-12-19T00:00:00Z'),
      2,
    );
    expect(coming.map(({ date, movedFrom }) => [date, movedFrom])).toEqual([
      ['2026-12-29', '2026-12-25'],
      ['2027-01-01', undefined],
    ]);
  });

  it('do not move one that takes place by then anyway', () =>
    expect(dates(rule({ closed, whenClosed: 'move' }), '2026-12-23T00:00:00Z', 2)).toEqual([
      '2026-12-23',
      '2026-12-29',
    ]));
});

it('whatever is closed only takes away, and the dates are in order and each once', () => {
  const day = fc
    .integer({ min: 0, max: 60 })
    .map((n) => new Date(Date.UTC(2026, 11, 1 + n)).toISOString().slice(0, 10));
  fc.assert(
    fc.property(
      fc.array(day, { maxLength: 20 }),
      fc.constantFrom<'skip' | 'move'>('skip', 'move'),
      (days, whenClosed) => {
        const closed = new Set(days);
        const all = dates(rule(), '2026-12-01T00:00:00Z', 40);
        const kept = dates(rule({ closed, whenClosed }), '2026-12-01T00:00:00Z', 20);
        expect(kept).toEqual([...new Set(kept)].toSorted());
        expect(kept.filter((date) => closed.has(date))).toEqual([]);
        if (whenClosed === 'skip') expect(kept).toEqual(all.filter((date) => !closed.has(date)).slice(0, kept.length));
      },
    ),
  );
});

it('the next run is always later than the last, whatever the rule becomes', () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  const zone = fc.constantFrom(
    'Europe/Berlin',
    'Asia/Tokyo',
    'America/Los_Angeles',
    'Pacific/Apia',
    'Australia/Lord_Howe',
  );
  const minutes = fc.integer({ min: 0, max: 40_000 });
  fc.assert(
    fc.property(
      time,
      zone,
      time,
      zone,
      minutes,
      fc.constantFrom<'team' | 'person'>('team', 'person'),
      (one, here, two, there, later, clock) => {
        const before = rule({ time: one, zone: here, clock });
        const planned = nextTaking(before, { from: new Date('2026-12-02T00:00:00Z') });
        const now = new Date(Date.parse('2026-12-02T00:00:00Z') + later * 60_000);
        const next = nextTaking(rule({ time: two, zone: there, clock }), { from: now, after: planned?.date });
        expect((next?.date ?? '') > (planned?.date ?? '')).toBe(true);
      },
    ),
  );
});

describe('quiet hours', () => {
  const night = { from: '20:00', to: '07:00' };
  it('hold a message until they end, also over midnight', () => {
    expect(afterQuiet(new Date('2026-12-01T20:30:00Z'), 'UTC', night).toISOString()).toBe('2026-12-02T07:00:00.000Z');
    expect(afterQuiet(new Date('2026-12-02T03:30:00Z'), 'UTC', night).toISOString()).toBe('2026-12-02T07:00:00.000Z');
    expect(afterQuiet(new Date('2026-12-02T07:00:00Z'), 'UTC', night).toISOString()).toBe('2026-12-02T07:00:00.000Z');
    expect(afterQuiet(new Date('2026-12-02T12:30:00Z'), 'UTC', { from: '12:00', to: '13:00' }).toISOString()).toBe(
      '2026-12-02T13:00:00.000Z',
    );
  });
  it('are the nights for the hour of a team, none for an own hour, and what somebody said before all', () => {
    expect(quietOf(undefined, 'team')).toEqual(night);
    expect(quietOf(undefined, 'person')).toBeUndefined();
    expect(quietOf({ quietFrom: '22:00', quietTo: '06:00' }, 'person')).toEqual({ from: '22:00', to: '06:00' });
    expect(quietOf({ quietFrom: '00:00', quietTo: '00:00' }, 'team')).toBeUndefined();
  });
  it('leave a question to the Home tab where they last until the digest', () => {
    const due = new Date('2026-12-02T03:30:00Z');
    const run = { digestAt: new Date('2026-12-02T06:00:00Z'), plannedAt: new Date('2026-12-01T00:00:00Z') };
    expect(asking(due, 0, run, { now: due, zone: 'UTC', quiet: night }).state).toBe('home');
    expect(
      asking(due, 0, { ...run, digestAt: new Date('2026-12-02T09:00:00Z') }, { now: due, zone: 'UTC', quiet: night }),
    ).toEqual({
      state: 'waiting',
      sendAt: new Date('2026-12-02T07:00:00Z'),
    });
  });
});

describe('after a time in which nothing ran', () => {
  const run = { opensAt: new Date('2026-12-02T08:30:00Z'), digestAt: new Date('2026-12-02T10:00:00Z') };
  const at = (time: string) => new Date(`2026-12-02T${time}:00Z`);
  it.each([
    ['within the hour it opens late', '09:30', 'open'],
    ['after the hour it was missed', '09:31', 'missed'],
  ])('%s', (_title, now, state) => expect(opening(run, 'team', new Date('2026-12-03T08:30:00Z'), at(now))).toBe(state));
  it('of several the newest is run', () => expect(opening(run, 'team', at('09:00'), at('09:00'))).toBe('missed'));
  it('one that asks each at their own hour opens as long as the digest is to come', () => {
    expect(opening(run, 'person', undefined, at('09:59'))).toBe('open');
    expect(opening(run, 'person', undefined, at('10:00'))).toBe('missed');
  });
  it('a message an hour old is not sent any more', () => {
    expect(isTooLate(at('08:30'), at('09:30'))).toBe(false);
    expect(isTooLate(at('08:30'), at('09:31'))).toBe(true);
  });
});

it('reminders come after elapsed time, by level, and never after the digest', () => {
  const sent = new Date('2026-12-02T08:30:00Z');
  const until = new Date('2026-12-02T11:00:00Z');
  const all = (level: 'none' | 'once' | 'twice', end = until) =>
    [0, 1, 2].map((n) => reminderAt(n, level, sent, end)?.toISOString().slice(11, 16));
  expect(all('none')).toEqual([undefined, undefined, undefined]);
  expect(all('once')).toEqual(['09:30', undefined, undefined]);
  expect(all('twice')).toEqual(['09:30', '10:30', undefined]);
  expect(all('twice', new Date('2026-12-02T09:20:00Z'))).toEqual([undefined, undefined, undefined]);
});

it('messages of one run are spread over a minute, evenly and always the same', () => {
  const spreads = Array.from({ length: 6000 }, (_, i) => spreadOf(`ritual 2026-12-02 U${i}`));
  expect(Math.max(...spreads)).toBeLessThan(60_000);
  const bySecond = Map.groupBy(spreads, (ms) => ms);
  expect(bySecond.size).toBe(60);
  expect(Math.max(...[...bySecond.values()].map(({ length }) => length))).toBeLessThan(160);
  expect(spreadOf('ritual 2026-12-02 U7')).toBe(spreadOf('ritual 2026-12-02 U7'));
});

describe('the form', () => {
  const asked = (change: object = {}) => ({
    ...usualAsked('standup', { id: '4b4f4c52-0000-4000-8000-000000000001', channel: 'C1' }, '2026-12-01'),
    ...change,
  });
  const words = (change: object) => {
    const recurrence = recurrenceOf(asked(change));
    const of = rule({ recurrence });
    return draftWords('Standup', of, comingTakings(of, new Date('2026-12-01T00:00:00Z'), 3), '2026-12-01')
      .mrkdwn.split('\n')
      .slice(0, 2);
  };
  it.each([
    [{}, 'Every weekday at 09:30, Europe/Berlin', 'Tue 1 Dec, Wed 2 Dec, Thu 3 Dec'],
    [{ often: 'day:1' }, 'Every day at 09:30, Europe/Berlin', 'Tue 1 Dec, Wed 2 Dec, Thu 3 Dec'],
    [
      { often: 'week:2', days: [1] },
      'Every second Monday at 09:30, Europe/Berlin',
      'Mon 14 Dec, Mon 28 Dec, Mon 11 Jan 2027',
    ],
    [
      { often: 'month:1', which: '-1', days: [1, 2, 3, 4, 5] },
      'On the last working day of each month at 09:30, Europe/Berlin',
      'Thu 31 Dec, Fri 29 Jan 2027, Fri 26 Feb 2027',
    ],
    [
      { often: 'month:3', which: '1', days: [2] },
      'On the first Tuesday of every third month at 09:30, Europe/Berlin',
      'Tue 1 Dec, Tue 2 Mar 2027, Tue 1 Jun 2027',
    ],
    [
      { often: 'month:1', which: 'last' },
      'On the last day of each month at 09:30, Europe/Berlin',
      'Thu 31 Dec, Sun 31 Jan 2027, Sun 28 Feb 2027',
    ],
    [{ times: 2 }, 'Every weekday at 09:30, Europe/Berlin, 2 times', 'Tue 1 Dec, Wed 2 Dec, and then no more'],
  ])('%j is said as it is kept', (change, said, next) =>
    expect(words(change)).toEqual([`*Standup*: ${said}.`, `*Next*: ${next}.`]),
  );

  it.each([
    [{ days: [] }, 'days', 'Choose at least one day.'],
    [{ until: '2026-11-01' }, 'until', 'Until must not be before start.'],
    [{ until: '2026-12-24', times: 3 }, 'until', 'Until and count cannot both be given: it ends once.'],
    [
      { often: 'month:1', which: 'date', start: '2026-12-31', until: '2026-12-30' },
      'until',
      'Until must not be before start.',
    ],
  ])('%j is refused at its input', (change, field, message) =>
    expect(() => recurrenceOf(asked(change))).toThrow(expect.objectContaining({ field, message })),
  );

  it('a zone that is none is refused', () =>
    expect(() => checkAsked(asked({ zone: 'Mars/Olympus' }))).toThrow(expect.objectContaining({ field: 'zone' })));
});

it('dates carry their year only where it is another one', () => {
  expect(dateWords('2026-12-24', '2026-11-30')).toBe('Thu 24 Dec');
  expect(dateWords('2027-01-04', '2026-11-30')).toBe('Mon 4 Jan 2027');
});

it('who lives where a date was skipped is not asked about it', () => {
  expect(
    dueAt({ clock: 'person', time: '09:00', zone: 'UTC' }, '2011-12-30', { zone: 'Pacific/Apia' }),
  ).toBeUndefined();
});
