import { describe, expect, it } from 'vitest';
import { dateWords, daysWords, movedToWorkday } from '../../src/time/date-words.ts';

it.each([
  ['2026-11-30', 'Mon 30 Nov'],
  ['2024-02-29', 'Thu 29 Feb'],
  ['2026-09-01', 'Tue 1 Sep'],
  ['1969-12-31', 'Wed 31 Dec'],
])('%s is "%s"', (date, words) => expect(dateWords(date)).toBe(words));

it('a date has its year where it is another than today', () => {
  expect(dateWords('2027-01-01', '2026-12-30')).toBe('Fri 1 Jan 2027');
  expect(dateWords('2026-12-31', '2026-01-01')).toBe('Thu 31 Dec');
});

it('several days are said by the first and the last', () => {
  expect(daysWords('2026-12-24', '2026-12-27')).toBe('Thu 24 Dec to Sun 27 Dec');
  expect(daysWords('2026-12-24', '2027-01-03')).toBe('Thu 24 Dec to Sun 3 Jan 2027');
  expect(daysWords('2026-12-24', '2026-12-24')).toBe('Thu 24 Dec');
});

describe('a closing day', () => {
  const weekdays = [1, 2, 3, 4, 5];
  const move = (date: string, closed: string[], workdays: readonly number[] = weekdays) =>
    movedToWorkday(date, new Set(closed), workdays);

  it('moves to the next working day that is not closed either', () => {
    expect(move('2026-12-24', ['2026-12-24', '2026-12-25', '2026-12-28'])).toBe('2026-12-29');
  });

  it('leaves a date alone on which people work', () => expect(move('2026-12-23', ['2026-12-24'])).toBe('2026-12-23'));

  it('is no matter on a weekend: the date moves all the same', () => {
    expect(move('2026-12-26', [])).toBe('2026-12-28');
    expect(move('2026-12-26', [], [6])).toBe('2026-12-26');
  });

  it('moves over the new year', () => expect(move('2026-12-31', ['2026-12-31', '2027-01-01'])).toBe('2027-01-04'));

  it('moves nowhere where nobody ever works', () => expect(move('2026-12-24', [], [])).toBeUndefined());
});
