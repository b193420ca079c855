import { TZDate } from '@date-fns/tz';
import { addDays } from 'date-fns/addDays';
import { addHours } from 'date-fns/addHours';
import { format } from 'date-fns/format';
import { startOfDay } from 'date-fns/startOfDay';
import { startOfHour } from 'date-fns/startOfHour';

const hour = 3_600_000;
const day = 24 * hour;

/**
 * Three figures that count, or as many as tell values a `step` apart: 0.0412, 12,346, 98.7%, 120 ms, 1.23M, 1.23e12.
 */
export function figure(value: number, unit = '', step = Number.POSITIVE_INFINITY): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const ten = size === 0 ? 0 : Math.floor(Math.log10(size));
  const fine = Math.min(15, Math.max(3, ten - Math.floor(Math.log10(step)) + 2));
  const isExtreme = size >= 1e12 || (size > 0 && size < 1e-6);
  const notation = isExtreme ? 'scientific' : size >= 1e6 ? 'compact' : 'standard';
  const digits = notation === 'standard' ? Math.max(fine, ten + 1) : fine;
  const number = new Intl.NumberFormat('en', { notation, maximumSignificantDigits: Math.min(21, digits) })
    .format(value + 0)
    .replace('E', 'e');
  return unit === '' || unit === '%' ? number + unit : `${number} ${unit}`;
}

/** A share from 0 to 1 in percent: 31%, 4.2%, 0.31%, <0.01%. */
export function percent(share: number): string {
  const size = share * 100;
  if (size > 0 && size < 0.01) return '<0.01%';
  return `${Number(size.toFixed(size >= 10 ? 0 : size >= 1 ? 1 : 2))}%`;
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
