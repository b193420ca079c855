import { z } from 'zod';
import { dateOf, dayOf } from './dates.ts';
import type { OffsetAt } from './transitions.ts';
import { isZone, offsetsOf, offsetText } from './zones.ts';

const day = 86_400_000;

export const WallTime = z
  .string('time must be written like 09:30.')
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'time must be written like 09:30, from 00:00 to 23:59.');

export const ZoneName = z
  .string('zone must be a time zone like Europe/Berlin.')
  .refine(isZone, 'zone must be a time zone like Europe/Berlin.');

interface Moment {
  readonly instant: Date;
  /** The clock skips this time on that date, or shows it twice. */
  readonly kind?: 'gap' | 'overlap';
}

/**
 * When a clock in the zone shows this, by the rule of RFC 5545: a skipped time is taken with the offset before the gap,
 * of two the first. Nothing if the zone skipped the whole date, as Samoa did with 2011-12-30.
 */
export function instantOf(date: string, time: string, zone: string): Moment | undefined {
  const offsetAt = offsetsOf(zone);
  const found = atLocal(offsetAt, Date.parse(`${date}T${time}Z`));
  if (found.kind === 'gap') {
    const midnight = dayOf(date) * day;
    if (atLocal(offsetAt, midnight).at === atLocal(offsetAt, midnight + day).at) return undefined;
  }
  const instant = new Date(found.at);
  return found.kind === undefined ? { instant } : { instant, kind: found.kind };
}

/** The same, and never nothing: of a date that the zone skipped, the moment at which it was skipped. */
export function momentOn(date: string, time: string, zone: string): Date {
  return new Date(atLocal(offsetsOf(zone), Date.parse(`${date}T${time}Z`)).at);
}

/** `local` is the time on the clock, as if it were in UTC. */
function atLocal(offsetAt: OffsetAt, local: number): { at: number; kind?: 'gap' | 'overlap' } {
  const before = offsetAt(local - day);
  const after = offsetAt(local + day);
  const possible = [before, after].filter((offset) => offsetAt(local - offset) === offset);
  if (possible.length === 0) return { at: local - before, kind: 'gap' };
  // The larger offset is the earlier instant.
  const at = local - Math.max(...possible);
  return before !== after && possible.length === 2 ? { at, kind: 'overlap' } : { at };
}

interface Local {
  readonly date: string;
  readonly time: string;
  /** From UTC, such as -05:00. */
  readonly offset: string;
}

/** What a clock and a calendar in the zone show. */
export function localAt(instant: Date, zone: string): Local {
  const offset = offsetsOf(zone)(instant.getTime());
  const local = instant.getTime() + offset;
  return {
    date: dateOf(Math.floor(local / day)),
    time: new Date(local).toISOString().slice(11, 16),
    offset: offsetText(offset),
  };
}
