import { TZDate } from '@date-fns/tz';
import { addDays } from 'date-fns/addDays';
import { addHours } from 'date-fns/addHours';
import { format } from 'date-fns/format';
import { startOfDay } from 'date-fns/startOfDay';
import { startOfHour } from 'date-fns/startOfHour';
import { isBeyond, type Limit, type Point } from './breaches.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Three figures that count, thousands with commas: 0.0412, 12,346, 98.7%, 120 ms. */
export function figure(value: number, unit = ''): string {
  const digits = Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  const number = new Intl.NumberFormat('en', digits).format(value);
  return unit === '' || unit === '%' ? number + unit : `${number} ${unit}`;
}

/** Dates as short as the stretch of time allows: with the hour under two days, with the year over a change of year. */
export function dateFormat(from: number, to: number, zone: string): (time: number) => string {
  const sameYear = new TZDate(from, zone).getFullYear() === new TZDate(to, zone).getFullYear();
  const hours = zone === 'UTC' ? "d MMM HH:mm 'UTC'" : 'd MMM HH:mm';
  const pattern = to - from < 2 * day ? hours : sameYear ? 'd MMM' : 'd MMM yyyy';
  return (time) => format(new TZDate(time, zone), pattern);
}

/** At most seven round times for the axis, in milliseconds, counted back from the latest: midnights or full hours of the zone. */
export function ticks(from: number, to: number, zone: string): { time: number; label: string }[] {
  const hourly = to - from < 2 * day;
  const count = (to - from) / (hourly ? hour : day);
  const step = [1, 2, 3, 6, 12, 14, 28].find((size) => count / size <= 6) ?? Math.ceil(count / 6);
  const last = hourly ? startOfHour(new TZDate(to, zone)) : startOfDay(new TZDate(to, zone));
  const found: { time: number; label: string }[] = [];
  for (let back = 0; ; back += step) {
    const date = hourly ? addHours(last, -back) : addDays(last, -back);
    if (date.getTime() < from) return found.reverse();
    found.push({ time: date.getTime(), label: format(date, hourly ? 'HH:mm' : 'd MMM') });
  }
}

/** The moment from which the latest readings are all beyond the limit, or undefined when the last one is not. */
export function beyondSince(points: readonly Point[], limit: Limit): Date | undefined {
  let since: Date | undefined;
  for (const { at, value } of points) {
    if (value === null) continue;
    since = isBeyond(value, limit) ? (since ?? at) : undefined;
  }
  return since;
}

export interface Story {
  readonly points: readonly Point[];
  readonly limit: Limit | undefined;
  readonly since: Date | undefined;
  readonly unit: string | undefined;
  readonly dated: (time: number) => string;
}

/** "limit 0.2 crossed on 21 Nov" */
export function crossingWords({ points, limit, since, unit, dated }: Story): string | undefined {
  if (!limit) return undefined;
  const name = limitName(limit, unit);
  const start = since ?? beyondSince(points, limit);
  if (start) return `${name} crossed on ${dated(start.getTime())}`;
  const past = points.findLast(({ value }) => value !== null && isBeyond(value, limit));
  return past ? `${name} kept again, last crossed on ${dated(past.at.getTime())}` : `${name} kept`;
}

export function limitName(limit: Limit, unit: string | undefined): string {
  return `${limit.label || 'limit'} ${figure(limit.value, unit)}`;
}

/** "PSI of churn-model from 0.04 on 24 Oct to 0.31 on 23 Nov; limit 0.2 crossed on 21 Nov" */
export function altText(title: string, story: Story): string {
  const { points, unit, dated } = story;
  const measured = points.flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]));
  const [first, last] = [measured[0], measured.at(-1)];
  if (!first || !last) return `${title}: no readings`;
  const on = ({ at, value }: { at: Date; value: number }) => `${figure(value, unit)} on ${dated(at.getTime())}`;
  const missing = points.length - measured.length;
  return [
    first === last ? `${title}: ${on(first)}` : `${title} from ${on(first)} to ${on(last)}`,
    crossingWords(story),
    missing > 0 ? `${missing} of ${points.length} readings missing` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join('; ');
}
