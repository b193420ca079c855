import { dayOf, firstDayOf, lastDay, monthOf, weekdayOf } from './dates.ts';

const name = String.raw`(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)`;
const span = String.raw`[+-]?\d{1,3}(?::\d{2}){0,2}`;
const date = String.raw`(M\d+\.\d+\.\d+|J\d+|\d+)(?:/(${span}))?`;
const line = new RegExp(`^${name}(${span})(?:${name}(${span})?,${date},${date})?$`);

type Transition = readonly [at: number, offset: number];

/** The line that ends a compiled zone, such as CET-1CEST,M3.5.0,M10.5.0/3, as transitions after the last one listed. */
export function endless(footer: string, after = -Infinity): readonly Transition[] {
  const [, west, westInSummer, begins, beginsAt = '2', ends, endsAt = '2'] = line.exec(footer) ?? [];
  if (west === undefined || begins === undefined || ends === undefined) return [];
  const standard = 0 - seconds(west);
  const summer = westInSummer === undefined ? standard + 3600 : 0 - seconds(westInSummer);
  const transitions = years(after).flatMap((year): readonly Transition[] => [
    [(dayIn(year, begins) * 86_400 + seconds(beginsAt) - standard) * 1000, summer * 1000],
    [(dayIn(year, ends) * 86_400 + seconds(endsAt) - summer) * 1000, standard * 1000],
  ]);
  return transitions.filter(([at]) => at > after).toSorted(([a], [b]) => a - b);
}

function years(after: number): readonly number[] {
  const first = Math.max(1970, after === -Infinity ? 0 : new Date(after).getUTCFullYear());
  return Array.from({ length: Math.max(0, Math.floor(monthOf(lastDay) / 12) - first + 1) }, (_, i) => first + i);
}

/** Hours, minutes and seconds; east of Greenwich is written with a minus. */
function seconds(text: string): number {
  const [hours = 0, minutes = 0, rest = 0] = text.replace(/[+-]/, '').split(':').map(Number);
  return (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + rest);
}

/** M3.5.0 is the last Sunday of March; J60 is 1 March in every year; 59 is the sixtieth day. */
function dayIn(year: number, rule: string): number {
  const newYear = dayOf(`${year}-01-01`);
  if (rule.startsWith('J')) {
    const day = Number(rule.slice(1));
    const isLeap = firstDayOf(year * 12 + 2) - newYear === 60;
    return newYear + day - (isLeap && day > 59 ? 0 : 1);
  }
  if (!rule.startsWith('M')) return newYear + Number(rule);
  const [month = 1, week = 1, weekday = 0] = rule.slice(1).split('.').map(Number);
  const first = firstDayOf(year * 12 + month - 1);
  const day = first + ((weekday - weekdayOf(first) + 7) % 7) + (week - 1) * 7;
  return day < firstDayOf(year * 12 + month) ? day : day - 7;
}
