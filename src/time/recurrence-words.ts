import { dayOf } from './dates.ts';
import type { Recurrence } from './recurrence.ts';
import { inOrder, type Rhythm } from './rhythm.ts';
import type { Schedule } from './schedule.ts';

type Week = Extract<Rhythm, { every: 'week' }>;

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

const list = new Intl.ListFormat('en-GB');
const plural = new Intl.PluralRules('en', { type: 'ordinal' });
const calendar = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** "Every second Tuesday at 09:30, Europe/Berlin". */
export function scheduleWords({ recurrence, time, zone }: Schedule): string {
  return `${rhythmWords(recurrence.rhythm)} at ${time}, ${zone}${limitWords(recurrence)}`;
}

/** "On the last working day of each month", "Every weekday, until 3 March 2027". */
export function recurrenceWords(recurrence: Recurrence): string {
  return `${rhythmWords(recurrence.rhythm)}${limitWords(recurrence)}`;
}

function limitWords({ rhythm, count, until, except }: Recurrence): string {
  const dates = except.toSorted().map((date) => shown(date));
  return [
    rhythm.every === 'month' && lackWords(rhythm.on),
    startMatters(rhythm) && `, weeks beginning on ${weekdays[rhythm.weekStart - 1]}`,
    count !== undefined && (count === 1 ? ', once' : `, ${count} times`),
    until !== undefined && `, until ${shown(until)}`,
    dates.length > 0 && `, but not on ${dates.length > 3 ? `${dates.length} dates` : list.format(dates)}`,
  ]
    .filter((words) => words !== false)
    .join('');
}

const shown = (date: string) => calendar.format(new Date(dayOf(date) * 86_400_000));

function rhythmWords(rhythm: Rhythm): string {
  switch (rhythm.every) {
    case 'day':
      return `Every ${nth(rhythm.interval)}day`;
    case 'week':
      return weekWords(rhythm);
    case 'month': {
      const { on, interval } = rhythm;
      const months = interval === 1 ? 'each month' : `every ${nth(interval)}month`;
      return `On the ${monthDayWords(on)} of ${months}`;
    }
  }
}

/** "second ", "14th ", and nothing for the first. */
function nth(interval: number): string {
  return interval === 1 ? '' : `${ordinal(interval)} `;
}

function weekWords({ on, interval }: Week): string {
  const days = inOrder(on);
  if (interval === 1) return `Every ${groupWords(days, 'weekday')}`;
  if (days.length === 1) return `Every ${nth(interval)}${groupWords(days, 'weekday')}`;
  if (isWorkweek(days)) return `Every ${nth(interval)}week from Monday to Friday`;
  return `Every ${nth(interval)}week on ${days.length === 7 ? 'every day' : groupWords(days, 'weekday')}`;
}

/** With one day a week, or every week, the dates are the same whatever day weeks begin on. */
function startMatters(rhythm: Rhythm): rhythm is Week {
  return rhythm.every === 'week' && rhythm.weekStart !== 1 && rhythm.interval > 1 && new Set(rhythm.on).size > 1;
}

const isWorkweek = (days: readonly number[]) => days.join('') === '12345';

function groupWords(days: readonly number[], workday: string, joint = list): string {
  if (isWorkweek(days)) return workday;
  return days.length === 7 ? 'day' : joint.format(days.map((day) => weekdays[day - 1] ?? ''));
}

type MonthDays = Extract<Rhythm, { every: 'month' }>['on'];

function monthDayWords(on: MonthDays): string {
  const positions = inFull(on);
  const words = list.format(positions.map((n) => positionWords(n, on.by)));
  if (on.by === 'date') return `${words}${positions.some((n) => n < 0) ? ' day' : ''}`;
  return `${words} ${groupWords(inOrder(on.of), 'working day', either)}`;
}

const either = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** From the first to the last. */
function inFull(on: MonthDays): number[] {
  const positions = inOrder(on.by === 'date' ? on.dates : on.nth);
  return [...positions.filter((n) => n > 0), ...positions.filter((n) => n < 0)];
}

/** What a short month lacks. */
function lackWords(on: MonthDays): string {
  const sure = on.by === 'date' ? 28 : 4 * new Set(on.of).size;
  const positions = inFull(on);
  const lacking = positions.filter((n) => Math.abs(n) > sure);
  if (lacking.length === 0) return '';
  if (lacking.length === positions.length) return ', in months that have one';
  return `, the ${list.format(lacking.map((n) => positionWords(n, on.by)))} only in months that have one`;
}

function positionWords(n: number, by: MonthDays['by']): string {
  if (n === -1) return 'last';
  if (n < 0) return `${ordinal(-n)}-to-last`;
  return by === 'date' ? numeral(n) : ordinal(n);
}

function ordinal(n: number): string {
  return ordinals[n - 1] ?? numeral(n);
}

/** 1st, 22nd, 13th. */
function numeral(n: number): string {
  const ends: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };
  return `${n}${ends[plural.select(n)] ?? 'th'}`;
}
