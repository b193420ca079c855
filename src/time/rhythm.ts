import { z } from 'zod';
import { firstDayOf, lastDay, monthOf, weekdayOf } from './dates.ts';

function wholeNumber(field: string, from: number, to: number) {
  const message = `${field} must be a whole number from ${from} to ${to}.`;
  return z.int(message).min(from, message).max(to, message);
}

/** Counted from the front, or with a minus from the end. */
function position(field: string, last: number) {
  const message = `${field} must be whole numbers from 1 to ${last}, or from -1 (the last) to -${last}.`;
  return z.array(
    wholeNumber(field, -last, last).refine((n) => n !== 0, message),
    message,
  );
}

const someOf = <Item extends z.ZodType>(field: string, items: z.ZodArray<Item>) =>
  items.min(1, `${field} must name at least one.`).max(31, `${field} names too many.`);

const weekdays = (field: string) =>
  someOf(field, z.array(wholeNumber(field, 1, 7), `${field} must be weekdays, from 1 (Monday) to 7 (Sunday).`));

const interval = wholeNumber('interval', 1, 400).default(1);

const MonthDays = z.discriminatedUnion(
  'by',
  [
    /** The 1st and 15th, or with -1 the last day; a month without the date has none. */
    z.strictObject({ by: z.literal('date'), dates: someOf('on.dates', position('on.dates', 31)) }),
    /** The nth of the days that are one of these weekdays: -1 of Monday to Friday is the last working day. */
    z.strictObject({
      by: z.literal('weekday'),
      nth: someOf('on.nth', position('on.nth', 31)),
      of: weekdays('on.of'),
    }),
  ],
  'on.by must be "date" or "weekday".',
);

/** How dates repeat, whatever the day it starts on and ends. Weekdays are numbers from 1 (Monday) to 7 (Sunday). */
export const Rhythm = z.discriminatedUnion(
  'every',
  [
    z.strictObject({ every: z.literal('day'), interval }),
    /** Every second week is counted from the week of the start, so it matters on which day weeks begin. */
    z.strictObject({
      every: z.literal('week'),
      interval,
      on: weekdays('on'),
      weekStart: wholeNumber('weekStart', 1, 7).default(1),
    }),
    z.strictObject({ every: z.literal('month'), interval, on: MonthDays }),
  ],
  'every must be "day", "week" or "month".',
);
export type Rhythm = z.infer<typeof Rhythm>;

/** Each once, the least first. */
export function inOrder(numbers: Iterable<number>): number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

/** The days of a rhythm that started on `start`, from `from` on, for as long as there is a calendar. */
export function* daysOf(rhythm: Rhythm, start: number, from: number): Generator<number> {
  const earliest = Math.max(start, from);
  for (const day of periods(rhythm, start, earliest)) {
    if (day > lastDay) return;
    if (day >= earliest) yield day;
  }
}

/** The same in whole days, weeks or months, so that it may begin a little early and end a little late. */
function* periods(rhythm: Rhythm, start: number, earliest: number): Generator<number> {
  switch (rhythm.every) {
    case 'day': {
      const steps = Math.ceil((earliest - start) / rhythm.interval);
      for (let day = start + steps * rhythm.interval; day <= lastDay; day += rhythm.interval) yield day;
      return;
    }
    case 'week': {
      const into = (weekday: number) => (weekday - rhythm.weekStart + 7) % 7;
      const offsets = inOrder(rhythm.on.map(into));
      const first = start - into(weekdayOf(start));
      const span = 7 * rhythm.interval;
      for (let week = first + span * Math.floor((earliest - first) / span); week <= lastDay; week += span)
        for (const offset of offsets) yield week + offset;
      return;
    }
    case 'month': {
      const first = monthOf(start);
      const skipped = Math.floor((monthOf(earliest) - first) / rhythm.interval);
      const last = monthOf(lastDay);
      for (let month = first + skipped * rhythm.interval; month <= last; month += rhythm.interval)
        yield* daysInMonth(rhythm.on, month);
    }
  }
}

function daysInMonth(on: z.infer<typeof MonthDays>, month: number): number[] {
  const first = firstDayOf(month);
  const length = firstDayOf(month + 1) - first;
  const all = Array.from({ length }, (_, i) => first + i);
  const days = on.by === 'date' ? all : all.filter((day) => on.of.includes(weekdayOf(day)));
  const positions = on.by === 'date' ? on.dates : on.nth;
  return inOrder(positions.flatMap((n) => days.at(n > 0 ? n - 1 : n) ?? []));
}
