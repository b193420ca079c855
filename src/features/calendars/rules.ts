import { checkedName } from '../../lib/names.ts';
import { Refusal } from '../../lib/refusal.ts';
import { clip } from '../../slack/limits.ts';
import { dateOf, dayOf } from '../../time/dates.ts';
import type { ZoneDifference } from '../../time/zone-differences.ts';
import { offsetText } from '../../time/zones.ts';
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
  /** For people: Berlin, Germany. */
  readonly name: string;
  readonly year: number;
}

/** What stands beside every day that was suggested there: "DE-BE 2026". */
export function sourceOf({ code, year }: Pick<Place, 'code' | 'year'>): string {
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

const wholeDayHours = 20;

/** Each date of holidays that may last for several days; half days are left out. `date` may have an hour after it. */
export function wholeDays(
  found: readonly { readonly date: string; readonly name: string; readonly hours: number }[],
  year: number,
): NamedDate[] {
  const days = found
    .filter(({ date, hours }) => hours >= wholeDayHours && date.slice(11, 16) === '00:00')
    .map(({ date, name, hours }) => {
      const from = date.slice(0, 10);
      return { from, until: dateOf(dayOf(from) + Math.max(1, Math.floor((hours + 1) / 24)) - 1), name };
    });
  return datesWithin(days, `${year}-01-01`, `${year}-12-31`).map(({ date, name }) => ({ date, name: clip(name, 80) }));
}

const firstMonth = 11;

/** From November on people look at the next year. */
export function yearToAskFor(now: Date): number | undefined {
  return now.getUTCMonth() + 1 >= firstMonth ? now.getUTCFullYear() : undefined;
}

/** The years that can be chosen, and the one a form starts with. */
export function yearsToChoose(now: Date): { years: readonly number[]; first: number } {
  const year = now.getUTCFullYear();
  return { years: [year, year + 1], first: yearToAskFor(now) === undefined ? year : year + 1 };
}

/** One zone whose clocks older data gets wrong, with the teams of one lead that have people there. */
export interface ZoneWarning {
  readonly zone: string;
  readonly teams: readonly string[];
  readonly people: number;
  /** The date on which it is first seen to differ. */
  readonly on: string;
  readonly offset: string;
  readonly otherOffset: string | undefined;
}

export interface ZoneUse {
  readonly leadId: string;
  readonly team: string;
  readonly zone: string;
  readonly people: number;
}

/** What each lead reads. */
export function warningsFor(
  uses: readonly ZoneUse[],
  differences: readonly ZoneDifference[],
): ReadonlyMap<string, readonly ZoneWarning[]> {
  const byLead = Map.groupBy(uses, ({ leadId }) => leadId);
  return new Map(
    [...byLead].map(([leadId, own]) => [
      leadId,
      differences.flatMap(({ zone, at, offset, otherOffset }): ZoneWarning[] => {
        const there = own.filter((use) => use.zone === zone);
        if (there.length === 0) return [];
        return [
          {
            zone,
            teams: there.map(({ team }) => team),
            people: there.reduce((sum, { people }) => sum + people, 0),
            on: at.toISOString().slice(0, 10),
            offset: offsetText(offset),
            otherOffset: otherOffset === undefined ? undefined : offsetText(otherOffset),
          },
        ];
      }),
    ]),
  );
}
