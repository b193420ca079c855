import { TZDate } from '@date-fns/tz';

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
  const first = new TZDate(within.from, zone);
  const overnight = hoursTo <= hoursFrom ? 1 : 0;
  const spans: DaySpan[] = [];
  for (let step = -1; ; step += 1) {
    const at = (time: string, add: number) => {
      const [hour = 0, minute = 0] = time.split(':').map(Number);
      return new TZDate(first.getFullYear(), first.getMonth(), first.getDate() + step + add, hour, minute, zone);
    };
    const begins = at(hoursFrom, 0);
    if (begins.getTime() >= within.until) return spans;
    const from = Math.max(begins.getTime(), within.from);
    const until = Math.min(at(hoursTo, overnight).getTime(), within.until);
    if (from < until)
      spans.push({ from, until, day: begins.toISOString().slice(0, 10), weekday: begins.getDay() || 7 });
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
