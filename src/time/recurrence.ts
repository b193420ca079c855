import { z } from 'zod';
import { dateOf, dayOf, lastDay, localDate } from './dates.ts';
import { daysOf, Rhythm } from './rhythm.ts';

const mostTimes = 1000;
const count = `count must be a whole number from 1 to ${mostTimes}.`;

const Shape = z.strictObject({
  rhythm: Rhythm,
  start: localDate('start'),
  /** How often in all; dates in `except` count. */
  count: z.int(count).min(1, count).max(mostTimes, count).optional(),
  /** The last date on which it may fall. */
  until: localDate('until').optional(),
  /** Taken out afterwards: the rhythm does not shift. */
  except: z
    .array(localDate('except'), 'except must be a list of dates.')
    .max(mostTimes, `except holds at most ${mostTimes} dates.`)
    .default([]),
});

/** On which dates something takes place. Only dates: what hour and zone they are kept in is another matter. */
export const Recurrence = Shape.superRefine((recurrence, ctx) => {
  if (ctx.issues.length > 0) return;
  const refuse = (field: string, message: string) => ctx.addIssue({ code: 'custom', path: [field], message });
  const { until } = recurrence;
  if (recurrence.count !== undefined && until !== undefined)
    refuse('until', 'until and count cannot both be given: it ends once.');
  else if (until !== undefined && until < recurrence.start) refuse('until', 'until must not be before start.');
  else if (datesOf(recurrence).next().done)
    refuse('rhythm', 'rhythm never falls on a date: look at its days, at until and at except.');
});
export type Recurrence = z.infer<typeof Shape>;

/** Its dates in order, found one by one; `from` may lie anywhere. */
export function* datesOf(recurrence: Recurrence, from: string = recurrence.start): Generator<string> {
  const [start, earliest] = [dayOf(recurrence.start), dayOf(from)];
  const last = recurrence.until === undefined ? lastDay : dayOf(recurrence.until);
  const except = new Set(recurrence.except);
  // A count is counted from the start; without one the days before are leapt over.
  let left = recurrence.count ?? Infinity;
  for (const day of daysOf(recurrence.rhythm, start, left === Infinity ? earliest : start)) {
    if (day > last || left === 0) return;
    left -= 1;
    const date = dateOf(day);
    if (day >= earliest && !except.has(date)) yield date;
  }
}
