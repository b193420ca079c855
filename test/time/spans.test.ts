import { describe, expect, it } from 'vitest';
import { dailySpans, uncovered } from '../../src/time/spans.ts';

const at = (text: string) => Date.parse(text);
const during = (from: string, until: string) => ({ from: at(from), until: at(until) });
const shown = (spans: readonly { from: number; until: number }[]) =>
  spans.map(({ from, until }) => [from, until].map((ms) => new Date(ms).toISOString().slice(5, 16)).join(' – '));

describe('daily hours', () => {
  it('are read on the clock of their zone, and cut to the time asked about', () => {
    const hours = { zone: 'Europe/Berlin', hoursFrom: '09:00', hoursTo: '17:00' };
    const spans = dailySpans(hours, during('2026-11-23T12:00:00Z', '2026-11-25T09:00:00Z'));
    expect(shown(spans)).toEqual([
      '11-23T12:00 – 11-23T16:00',
      '11-24T08:00 – 11-24T16:00',
      '11-25T08:00 – 11-25T09:00',
    ]);
    expect(spans.map(({ day, weekday }) => [day, weekday])).toEqual([
      ['2026-11-23', 1],
      ['2026-11-24', 2],
      ['2026-11-25', 3],
    ]);
  });

  it('of Winnipeg are those of its present rule', () => {
    const hours = { zone: 'America/Winnipeg', hoursFrom: '09:00', hoursTo: '17:00' };
    expect(shown(dailySpans(hours, during('2026-11-24T06:00:00Z', '2026-11-25T05:00:00Z')))).toEqual([
      '11-24T14:00 – 11-24T22:00',
    ]);
  });

  it('over midnight belong to the day they begin on, also when it is past midnight already', () => {
    const night = { zone: 'UTC', hoursFrom: '22:00', hoursTo: '06:00' };
    const [first, second] = dailySpans(night, during('2026-11-23T03:00:00Z', '2026-11-24T00:00:00Z'));
    expect(first).toEqual({ ...during('2026-11-23T03:00:00Z', '2026-11-23T06:00:00Z'), day: '2026-11-22', weekday: 7 });
    expect(second?.day).toBe('2026-11-23');
  });

  it.each([
    ['the clocks go back', '2026-10-25', '10-24T22:00 – 10-25T23:00'],
    ['the clocks go forward', '2026-03-29', '03-28T23:00 – 03-29T22:00'],
  ])('a whole day when %s has another length', (_, day, expected) => {
    const whole = { zone: 'Europe/Berlin', hoursFrom: '00:00', hoursTo: '00:00' };
    const spans = dailySpans(whole, during('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'));
    expect(shown(spans.filter((span) => span.day === day))).toEqual([expected]);
  });
});

describe('what is not covered', () => {
  const span = (from: number, until: number) => ({ from, until });
  it.each([
    ['nothing covers', [], [span(0, 10)]],
    ['all is covered', [span(0, 10)], []],
    ['two that meet leave nothing', [span(5, 12), span(-3, 5)], []],
    ['a hole in the middle', [span(0, 3), span(6, 10)], [span(3, 6)]],
    ['both ends', [span(2, 4), span(3, 8)], [span(0, 2), span(8, 10)]],
    ['one inside another', [span(0, 8), span(1, 2)], [span(8, 10)]],
    ['one that touches only the end', [span(10, 20)], [span(0, 10)]],
  ])('%s', (_, covers, expected) => expect(uncovered([span(0, 10)], covers)).toEqual(expected));
});
