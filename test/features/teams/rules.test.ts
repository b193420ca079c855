import { describe, expect, it } from 'vitest';
import {
  afterWorkdays,
  afterWorkMinutes,
  checkAbsence,
  checkHours,
  dayIn,
  isAtWork,
  isAway,
  mayHold,
  workFrom,
} from '../../../src/features/teams/rules.ts';
import { checkedName } from '../../../src/lib/names.ts';

const berlin = { zone: 'Europe/Berlin', hoursFrom: '09:00', hoursTo: '17:00', workdays: [1, 2, 3, 4, 5] };
const at = (text: string) => new Date(text);

describe('working hours', () => {
  it.each([
    ['2026-11-23T08:00:00Z', true, 'Monday 9:00 in winter'],
    ['2026-11-23T07:59:00Z', false, 'a minute before'],
    ['2026-11-23T16:00:00Z', false, '17:00 is over'],
    ['2026-07-20T07:00:00Z', true, 'Monday 9:00 in summer'],
    ['2026-11-22T10:00:00Z', false, 'Sunday'],
  ])('%s is at work: %s (%s)', (text, expected) => expect(isAtWork(berlin, at(text))).toBe(expected));

  it('a night shift belongs to the day it begins on', () => {
    const night = { ...berlin, zone: 'UTC', hoursFrom: '22:00', hoursTo: '06:00' };
    expect(isAtWork(night, at('2026-11-23T23:00:00Z'))).toBe(true);
    expect(isAtWork(night, at('2026-11-28T05:00:00Z'))).toBe(true);
    expect(isAtWork(night, at('2026-11-23T05:00:00Z'))).toBe(false);
  });

  it('a day is read in the zone of who asks', () => {
    expect(dayIn('Asia/Singapore', at('2026-11-23T17:00:00Z'))).toBe('2026-11-24');
    expect(dayIn('America/New_York', at('2026-11-24T03:00:00Z'))).toBe('2026-11-23');
  });

  it('two working days after Friday noon is Tuesday noon, over the change of the clocks too', () => {
    expect(afterWorkdays(berlin, at('2026-11-20T11:00:00Z'), 2)).toEqual(at('2026-11-24T11:00:00Z'));
    expect(afterWorkdays(berlin, at('2026-10-23T10:00:00Z'), 2)).toEqual(at('2026-10-27T11:00:00Z'));
  });

  it.each([
    [{ zone: 'Mars/Base' }, 'zone'],
    [{ hoursFrom: '9:00' }, 'hoursFrom'],
    [{ hoursTo: '24:00' }, 'hoursTo'],
    [{ hoursTo: '09:00' }, 'hoursTo'],
    [{ workdays: [] }, 'workdays'],
  ])('%o is refused, naming the field', (more, field) => {
    expect(() => checkHours({ ...berlin, ...more })).toThrow(expect.objectContaining({ field }) as Error);
  });
});

describe('Winnipeg, which keeps its summer time since 2026', () => {
  const winnipeg = { ...berlin, zone: 'America/Winnipeg' };

  it('works from 14:00 UTC in November', () => {
    expect(isAtWork(winnipeg, at('2026-11-24T13:59:00Z'))).toBe(false);
    expect(isAtWork(winnipeg, at('2026-11-24T14:00:00Z'))).toBe(true);
    expect(isAtWork(winnipeg, at('2026-11-24T22:00:00Z'))).toBe(false);
  });

  it('has its next day from 5:00 UTC', () => {
    expect(dayIn('America/Winnipeg', at('2026-11-24T04:59:00Z'))).toBe('2026-11-23');
    expect(dayIn('America/Winnipeg', at('2026-11-24T05:00:00Z'))).toBe('2026-11-24');
  });

  it('begins, counts and goes on at the same hour as before', () => {
    expect(workFrom(winnipeg, at('2026-11-24T03:00:00Z'))).toEqual(at('2026-11-24T14:00:00Z'));
    expect(afterWorkMinutes(winnipeg, at('2026-11-24T21:30:00Z'), 60)).toEqual(at('2026-11-25T14:30:00Z'));
    // Friday before the Sunday on which its clocks went back until then.
    expect(afterWorkdays(winnipeg, at('2026-10-30T15:00:00Z'), 1)).toEqual(at('2026-11-02T15:00:00Z'));
  });
});

describe('a shift over a change of the clocks', () => {
  const night = { ...berlin, hoursFrom: '22:00', hoursTo: '06:00', workdays: [6] };

  it.each([
    ['has seven hours when they go forward', '2026-03-28T21:00:00Z', 7],
    ['has nine hours when they go back', '2026-10-24T20:00:00Z', 9],
  ])('%s', (_, begins, hours) => {
    const start = at(begins);
    const end = new Date(start.getTime() + hours * 3_600_000);
    expect(workFrom(night, new Date(start.getTime() - 1))).toEqual(start);
    expect([isAtWork(night, start), isAtWork(night, new Date(end.getTime() - 1)), isAtWork(night, end)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(afterWorkMinutes(night, start, hours * 60)).toEqual(end);
    const aWeekLater = afterWorkMinutes(night, start, hours * 60 + 1);
    expect(aWeekLater.getTime()).toBeGreaterThan(start.getTime() + 6 * 86_400_000);
  });

  it('that begins in the hour which is skipped begins an hour later by the clock', () => {
    const early = { ...berlin, hoursFrom: '02:30', hoursTo: '11:00', workdays: [7] };
    expect(workFrom(early, at('2026-03-28T12:00:00Z'))).toEqual(at('2026-03-29T01:30:00Z'));
  });

  it('keeps the second of the moment it counts from', () => {
    expect(afterWorkdays(berlin, at('2026-10-23T10:00:59.5Z'), 1)).toEqual(at('2026-10-26T11:00:59.5Z'));
  });
});

describe('absences', () => {
  it('hold both ends', () => {
    const away = [{ from: '2026-12-24', until: '2026-12-26' }];
    expect(['2026-12-23', '2026-12-24', '2026-12-26', '2026-12-27'].map((day) => isAway(away, day))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
  it.each([
    ['24.12.', '2026-12-26', 'from'],
    ['2026-02-30', '2026-12-26', 'from'],
    ['2026-12-24', '2026-12-23', 'until'],
    ['2026-01-01', '2026-01-02', 'until'],
  ])('%s to %s is refused', (from, until, field) => {
    expect(() => checkAbsence(from, until, '2026-11-23')).toThrow(expect.objectContaining({ field }) as Error);
  });
});

describe('names', () => {
  it.each(['churn-model', 'Betrugs-Modell 2', '流失模型', 'churn 🚀'])('%s is taken', (name) => {
    expect(checkedName(name, 80)).toBe(name);
  });
  it('spaces are tidied', () => expect(checkedName('  a \t b ', 80)).toBe('a b'));
  it.each([
    ['', 'empty'],
    ['x'.repeat(300), '300'],
    ['<!channel>', 'mention'],
    ['🚀', 'letter or a digit'],
    ['a\u200bb', 'nobody sees'],
  ])('%j is refused', (name, words) => expect(() => checkedName(name, 80)).toThrow(words));
});

it.each(['guest', 'foreign', 'bot', 'deactivated'] as const)('a %s person holds no role, and hears why', (standing) => {
  expect(() => mayHold(standing, 'Ana', 'people')).toThrow(/Ana/);
});
