import { z } from 'zod';

const msPerDay = 86_400_000;

/** Where the calendar of the rules ends, and the zone data with it. */
const lastYear = 2499;

/** A calendar date such as 2026-11-23: no time, no zone. */
export function localDate(field: string) {
  const inRange = (date: string) => Number(date.slice(0, 4)) >= 1900 && Number(date.slice(0, 4)) <= lastYear;
  return z.iso
    .date({ error: `${field} must be a date like 2026-11-23.`, abort: true })
    .refine(inRange, `${field} must be a date from 1900 to ${lastYear}.`);
}

/** Days since 1970-01-01: dates are counted, never put on a clock, so no zone can shift them. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / msPerDay;
}

export function dateOf(day: number): string {
  return new Date(day * msPerDay).toISOString().slice(0, 10);
}

export const lastDay = dayOf(`${lastYear}-12-31`);

/** Monday is 1, Sunday is 7. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Months since the year 0. */
export function monthOf(day: number): number {
  const date = new Date(day * msPerDay);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export function firstDayOf(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12) / msPerDay;
}
