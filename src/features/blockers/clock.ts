import { dailySpans, type DaySpan } from '../../time/spans.ts';
import { localAt, momentOn } from '../../time/wall-clock.ts';
import { dayIn, isAway } from '../teams/rules.ts';

/**
 * When one person works: the hours of the team that needs them, in their own zone, without the days they are away. Of a
 * team: its own hours, without the days on which it is closed.
 */
export interface WorkTime {
  readonly zone: string;
  readonly hoursFrom: string;
  readonly hoursTo: string;
  readonly workdays: readonly number[];
  readonly away: readonly { readonly from: string; readonly until: string }[];
}

/** Whoever does not work within these days is looked at again then. */
export const horizonDays = 40;
const horizonMs = horizonDays * 86_400_000;

function shifts(time: WorkTime, from: Date, until = new Date(from.getTime() + horizonMs)): DaySpan[] {
  return dailySpans(time, { from: from.getTime(), until: until.getTime() }).filter(
    ({ weekday, day }) => time.workdays.includes(weekday) && !isAway(time.away, day),
  );
}

export function isWorking(time: WorkTime, at: Date): boolean {
  return shifts(time, at, new Date(at.getTime() + 1)).length > 0;
}

/** This moment while they work, else when they next begin. */
export function workFrom(time: WorkTime, at: Date): Date {
  return afterWork(time, at, 0);
}

/** When so much of their working time has passed: always a moment at which they work. */
export function afterWork(time: WorkTime, from: Date, ms: number): Date {
  let left = ms;
  for (const shift of shifts(time, from)) {
    const length = shift.until - shift.from;
    if (left < length) return new Date(shift.from + left);
    left -= length;
  }
  return new Date(from.getTime() + horizonMs);
}

export function workedMs(time: WorkTime, from: Date, until: Date): number {
  if (until <= from) return 0;
  return shifts(time, from, until).reduce((sum, shift) => sum + shift.until - shift.from, 0);
}

/** The same time of day so many of their working days later, or as near to it as they work. */
export function afterDays(time: WorkTime, from: Date, days: number): Date {
  const today = dayIn(time.zone, from);
  const shift = shifts(time, from).filter(({ day }) => day > today)[days - 1];
  if (!shift) return new Date(from.getTime() + horizonMs);
  const same = momentOn(shift.day, localAt(from, time.zone).time, time.zone).getTime();
  return new Date(Math.min(Math.max(same, shift.from), shift.until - 60_000));
}
