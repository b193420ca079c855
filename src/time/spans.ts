import { dateOf, dayOf, weekdayOf } from './dates.ts';
import { localAt, momentOn } from './wall-clock.ts';

/** From one instant to another, in milliseconds; the end is not part of it. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Local times HH:MM that come back every day. An end that is not after the begin is one of the next day. */
export interface Daily {
  readonly zone: string;
  readonly hoursFrom: string;
  readonly hoursTo: string;
}

/** The hours of one local day, as YYYY-MM-DD and its day of the week from 1 (Monday) to 7. */
export interface DaySpan extends Span {
  readonly day: string;
  readonly weekday: number;
}

/** The daily hours between two instants. Those that run over midnight belong to the day they begin on. */
export function dailySpans({ zone, hoursFrom, hoursTo }: Daily, within: Span): DaySpan[] {
  const overnight = hoursTo <= hoursFrom ? 1 : 0;
  const spans: DaySpan[] = [];
  for (let day = dayOf(localAt(new Date(within.from), zone).date) - 1; ; day += 1) {
    const begins = momentOn(dateOf(day), hoursFrom, zone).getTime();
    if (begins >= within.until) return spans;
    const from = Math.max(begins, within.from);
    const until = Math.min(momentOn(dateOf(day + overnight), hoursTo, zone).getTime(), within.until);
    if (from < until) spans.push({ from, until, day: dateOf(day), weekday: weekdayOf(day) });
  }
}

/** What of the wanted time no span covers, earliest first. */
export function uncovered(wanted: readonly Span[], covers: readonly Span[]): Span[] {
  const sorted = covers.toSorted((a, b) => a.from - b.from);
  return wanted
    .toSorted((a, b) => a.from - b.from)
    .flatMap(({ from, until }) => {
      const holes: Span[] = [];
      let open = from;
      for (const cover of sorted) {
        if (cover.until <= open) continue;
        if (cover.from >= until) break;
        if (cover.from > open) holes.push({ from: open, until: cover.from });
        open = cover.until;
      }
      return open < until ? [...holes, { from: open, until }] : holes;
    });
}
