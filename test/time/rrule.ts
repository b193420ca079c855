import { z } from 'zod';
import { dayOf, weekdayOf } from '../../src/time/dates.ts';
import { Recurrence } from '../../src/time/recurrence.ts';

const names = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

const numbers = z
  .string()
  .transform((text) => text.split(',').map(Number))
  .optional();
const weekday = z
  .enum(names)
  .transform((name) => names.indexOf(name) + 1)
  .default(1);

/** A part that is not read here fails, so that no case passes half understood. */
const Parts = z.strictObject({
  FREQ: z.enum(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']),
  INTERVAL: z.coerce.number().default(1),
  COUNT: z.coerce.number().optional(),
  UNTIL: z
    .string()
    .transform((text) => text.replace(/^(\d{4})(\d\d)(\d\d).*/, '$1-$2-$3'))
    .optional(),
  WKST: weekday,
  BYDAY: z.string().optional(),
  BYMONTHDAY: numbers,
  BYSETPOS: numbers,
});
type Parts = z.infer<typeof Parts>;

/** The cases write their rules as RFC 5545 does. */
export function fromRrule(rrule: string, start: string, except: readonly string[] = []): Recurrence {
  const parts = Parts.parse(Object.fromEntries(rrule.split(';').map((part) => part.split('='))));
  const { COUNT: count, UNTIL: until } = parts;
  return Recurrence.parse({ rhythm: rhythmOf(parts, start), start, except, count, until });
}

function rhythmOf(parts: Parts, start: string): unknown {
  const { FREQ: freq, INTERVAL: interval, BYDAY: byDay, BYMONTHDAY: dates } = parts;
  const every = (unit: string, times = 1) => ({ every: unit, interval: interval * times });
  const plain = byDay === undefined && dates === undefined;
  if (freq === 'DAILY' && plain) return every('day');
  if (freq === 'WEEKLY' || (freq === 'DAILY' && interval === 1)) {
    const on = byDay === undefined ? [weekdayOf(dayOf(start))] : byDay.split(',').map(weekdayNumber);
    return { ...every('week'), on, weekStart: parts.WKST };
  }
  if (freq === 'YEARLY' && plain) return { ...every('month', 12), on: { by: 'date', dates: [dateIn(start)] } };
  if (freq !== 'MONTHLY') throw new Error(`not read here: ${JSON.stringify(parts)}`);
  if (byDay === undefined) return { ...every('month'), on: { by: 'date', dates: dates ?? [dateIn(start)] } };
  return { ...every('month'), on: { by: 'weekday', ...nthOf(byDay, parts.BYSETPOS) } };
}

const dateIn = (start: string) => Number(start.slice(8));

function weekdayNumber(name: string): number {
  if (!names.includes(name)) throw new Error(`not a weekday: ${name}`);
  return names.indexOf(name) + 1;
}

/** 1MO,3MO are the first and third of Monday; MO,TU with positions are those of Monday or Tuesday together. */
function nthOf(byDay: string, positions: readonly number[] | undefined) {
  const days = byDay.split(',').map((day) => ({ nth: Number(day.slice(0, -2)), of: weekdayNumber(day.slice(-2)) }));
  const of = [...new Set(days.map((day) => day.of))];
  if (days.every(({ nth }) => nth === 0)) return { of, nth: positions ?? Array.from({ length: 31 }, (_, i) => i + 1) };
  if (of.length > 1 || positions !== undefined) throw new Error(`not read here: ${byDay}`);
  return { of, nth: days.map(({ nth }) => nth) };
}
