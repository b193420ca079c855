import { z } from 'zod';
import type { Settings } from '../rules.ts';

const Way = z.enum(['above', 'below', 'both']).default('both');
const positive = (byDefault: number) => z.number().positive().default(byDefault);
const deviations = z.number().positive().max(100);
/** Whether the reference's own mean for that day of the week is what is normal, where it has a weekly season. */
const byWeekday = z.boolean();

/** What to make of a series of windows. Limits of "sigma" kinds are in standard deviations of the frozen reference. */
export const Rule = z.discriminatedUnion('method', [
  z.object({
    method: z.literal('threshold'),
    direction: z.enum(['above', 'below']).default('above'),
    limit: z.number(),
  }),
  z.object({
    method: z.literal('change'),
    direction: Way,
    /** Without it, the mean of the reference. */
    baseline: z.number().optional(),
    unit: z.enum(['value', 'share']).default('share'),
    limit: positive(0.1),
  }),
  z.object({
    method: z.literal('weekday'),
    direction: Way,
    weeks: z.int().min(1).max(12).default(4),
    unit: z.enum(['value', 'share', 'sigma']).default('sigma'),
    limit: positive(3),
  }),
  z.object({
    method: z.literal('sigma'),
    direction: Way,
    byWeekday: byWeekday.default(false),
    limit: deviations.default(3),
  }),
  z.object({
    method: z.literal('ewma'),
    direction: Way,
    byWeekday: byWeekday.default(true),
    lambda: z.number().gt(0).max(1).default(0.2),
    limit: deviations.default(3),
  }),
  z.object({
    method: z.literal('cusum'),
    direction: Way,
    byWeekday: byWeekday.default(true),
    /** What each window may be off for nothing: half of the shift worth finding, as the mean of 28 is itself off a bit. */
    slack: z.number().min(0).max(10).default(0.75),
    /** More than this no single window adds, so that one odd day raises nothing by itself. */
    most: deviations.default(4),
    limit: deviations.default(4),
  }),
  z.object({ method: z.literal('missing_share'), limit: z.number().gt(0).lt(1).default(0.05) }),
]);
export type Rule = z.output<typeof Rule>;

/** The limits the alert machine starts with: two windows in a row, and a clear level that is clearly better. */
export function settingsOf(rule: Rule): Settings {
  const direction = rule.method === 'threshold' ? rule.direction : 'above';
  const clearAt = rule.method === 'threshold' ? rule.limit : clearShare * rule.limit;
  return { direction, raiseAt: rule.limit, clearAt, consecutive: 2, clearConsecutive: 2, cooldown: 0 };
}

const clearShare = 0.8;
