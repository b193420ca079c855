import { z } from 'zod';
import { dateOf, dayOf } from './dates.ts';
import { datesOf, Recurrence } from './recurrence.ts';
import { instantOf, localAt, WallTime, ZoneName } from './wall-clock.ts';

/** Dates, and the hour and zone they are kept in. */
export const Schedule = z.strictObject({ recurrence: Recurrence, time: WallTime, zone: ZoneName });
export type Schedule = z.infer<typeof Schedule>;

export interface Occurrence {
  /** The date of the rule, in the zone of the schedule. It names the occurrence; the instant may lie on another. */
  readonly date: string;
  readonly instant: Date;
  readonly kind?: 'gap' | 'overlap';
}

/** At `from` and later, in order, found one by one. */
export function* occurrencesFrom({ recurrence, time, zone }: Schedule, from: Date): Generator<Occurrence> {
  // A gap may push an hour over midnight, so the day before is looked at too.
  const dayBefore = dateOf(dayOf(localAt(from, zone).date) - 1);
  for (const date of datesOf(recurrence, dayBefore)) {
    const found = instantOf(date, time, zone);
    if (found !== undefined && found.instant >= from) yield { date, ...found };
  }
}

export function nextOccurrences(schedule: Schedule, from: Date, most: number): Occurrence[] {
  const found: Occurrence[] = [];
  if (most <= 0) return found;
  for (const occurrence of occurrencesFrom(schedule, from)) if (found.push(occurrence) >= most) break;
  return found;
}
