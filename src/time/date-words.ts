import { dateOf, dayOf, firstDayOf, monthOf, weekdayOf } from './dates.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Mon 30 Nov"; with the year where it is not the one of the date beside it, such as today: "Fri 1 Jan 2027". */
export function dateWords(date: string, beside = date): string {
  const day = dayOf(date);
  const month = monthOf(day);
  const words = `${weekdays[weekdayOf(day) - 1]} ${day - firstDayOf(month) + 1} ${months[month % 12]}`;
  return yearOf(date) === yearOf(beside) ? words : `${words} ${yearOf(date)}`;
}

const yearOf = (date: string) => date.slice(0, 4);

/** "Thu 24 Dec to Sun 27 Dec", or the one day where it is one. */
export function daysWords(from: string, until: string, beside = from): string {
  return from === until ? dateWords(from, beside) : `${dateWords(from, beside)} to ${dateWords(until, beside)}`;
}

const furthestDays = 366;

/** This date, or the first after it that is a workday and not closed; nothing where there is none within a year. */
export function movedToWorkday(
  date: string,
  closed: ReadonlySet<string>,
  workdays: readonly number[],
): string | undefined {
  const first = dayOf(date);
  for (let day = first; day <= first + furthestDays; day += 1) {
    if (workdays.includes(weekdayOf(day)) && !closed.has(dateOf(day))) return dateOf(day);
  }
  return undefined;
}
