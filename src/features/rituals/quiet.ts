import { dateOf, dayOf } from '../../time/dates.ts';
import { instantOf, localAt } from '../../time/wall-clock.ts';
import type { Clock, Preference } from './schema.ts';

/** Wall times between which somebody is left alone; from later than to runs over midnight. */
export interface Quiet {
  readonly from: string;
  readonly to: string;
}

const nights: Quiet = { from: '20:00', to: '07:00' };

/**
 * What somebody said, or else the nights: but an hour that is each person's own was agreed to, so it may lie there.
 * Equal times mean never.
 */
export function quietOf(
  preference: Pick<Preference, 'quietFrom' | 'quietTo'> | undefined,
  clock: Clock,
): Quiet | undefined {
  if (preference?.quietFrom && preference.quietTo) {
    const { quietFrom: from, quietTo: to } = preference;
    return from === to ? undefined : { from, to };
  }
  return clock === 'team' ? nights : undefined;
}

/** This instant, or when the quiet hours around it end. */
export function afterQuiet(at: Date, zone: string, quiet: Quiet | undefined): Date {
  if (!quiet) return at;
  const { date, time } = localAt(at, zone);
  const { from, to } = quiet;
  const isOverMidnight = from > to;
  const isQuiet = isOverMidnight ? time >= from || time < to : time >= from && time < to;
  if (!isQuiet) return at;
  const endsOn = isOverMidnight && time >= from ? dateOf(dayOf(date) + 1) : date;
  const end = instantOf(endsOn, to, zone)?.instant;
  return end !== undefined && end > at ? end : at;
}
