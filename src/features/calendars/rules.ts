import { checkedName } from '../../lib/names.ts';
import { Refusal } from '../../lib/refusal.ts';
import { dateOf, dayOf } from '../../time/dates.ts';
import { checkedDay } from '../teams/rules.ts';

export interface NamedDate {
  readonly date: string;
  readonly name: string;
}

/** Each date of these days that lies within, once; where several fall on one, all are named. */
export function datesWithin(
  days: readonly { readonly from: string; readonly until: string; readonly name: string }[],
  from: string,
  until: string,
): NamedDate[] {
  const names = new Map<string, string[]>();
  for (const each of days) {
    const last = Math.min(dayOf(each.until), dayOf(until));
    for (let day = Math.max(dayOf(each.from), dayOf(from)); day <= last; day += 1) {
      const date = dateOf(day);
      names.set(date, [...(names.get(date) ?? []), each.name]);
    }
  }
  return [...names]
    .map(([date, all]) => ({ date, name: [...new Set(all)].join(', ') }))
    .toSorted((a, b) => (a.date < b.date ? -1 : 1));
}

/** A country, with a region where it has any, and a year of its holidays. */
export interface Place {
  /** DE, DE-BE or DE-BY-A. */
  readonly code: string;
  readonly year: number;
}

/** What stands beside every day that was suggested there: "DE-BE 2026". */
export function sourceOf({ code, year }: Place): string {
  return `${code} ${year}`;
}

/** Suggested days as people chose them: within their year, each date once, with names that can be shown. */
export function chosenIn({ year }: Place, chosen: readonly NamedDate[]): NamedDate[] {
  for (const { date } of chosen) {
    checkedDay(date, 'days');
    if (!date.startsWith(`${year}-`)) throw new Refusal(`${date} is no day of ${year}.`, { field: 'days' });
  }
  return [...new Map(chosen.map(({ date, name }) => [date, { date, name: checkedName(name, 80) }])).values()];
}

export interface Closing {
  readonly from: string;
  readonly until: string;
  readonly name: string;
}

const longestClosing = 92;
const furthest = 3 * 366;

export function checkClosing({ from, until }: Closing, today: string): void {
  for (const [field, text] of Object.entries({ from, until })) checkedDay(text, field);
  if (until < from) throw new Refusal('The last day lies before the first.', { field: 'until' });
  if (until < today) throw new Refusal('These days are over already.', { field: 'until' });
  if (dayOf(until) - dayOf(from) >= longestClosing)
    throw new Refusal(`A team closes for at most ${longestClosing} days at a time.`, { field: 'until' });
  if (dayOf(from) - dayOf(today) > furthest)
    throw new Refusal('This is more than three years ahead. Choose an earlier day.', { field: 'from' });
}
