import { z } from 'zod';
import { csatOf, npsOf } from './formulas/scores.ts';

const name = z.string().trim().min(1).max(200);
const count = z.number().int().min(0).max(2_147_483_647);
const answers = (low: number, high: number) => z.array(z.number().int().min(low).max(high)).max(10_000);

/**
 * One number at one instant, said in one of these ways: a `value`; `good` of `total` (a share from 0 to 1); what a
 * survey gave, as counts or as the answers themselves. `served_version` says which version serving answers with.
 */
export const Reading = z.object({
  model: name,
  metric: name,
  at: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  environment: name.optional(),
  column: z.string().max(200).default(''),
  value: z.union([z.number(), z.string().min(1).max(100)]).optional(),
  rows: count.optional(),
  good: count.optional(),
  total: count.optional(),
  satisfied: count.optional(),
  promoters: count.optional(),
  detractors: count.optional(),
  answers: count.optional(),
  /** Answers from 1 to 5. */
  csat: answers(1, 5).optional(),
  /** Answers from 0 to 10. */
  nps: answers(0, 10).optional(),
});
export type Reading = z.infer<typeof Reading>;

export const servedVersion = 'served_version';

/** A number with what it was counted from; `value` is null where nothing was counted. */
export interface Measured {
  readonly value: number | null;
  readonly rows: number | null;
  readonly good: number | null;
  readonly bad: number | null;
}

/** What a reading measures, or what is wrong with it, beginning with the field. */
export function measured(reading: Reading): Measured | string {
  const { value, rows, good, total, satisfied, promoters, detractors, answers: asked } = reading;
  if (value !== undefined) {
    return typeof value === 'number' ? { value, rows: rows ?? null, good: null, bad: null } : 'value: must be a number';
  }
  if (good !== undefined || total !== undefined) {
    if (good === undefined) return 'good: is missing';
    if (total === undefined) return 'total: is missing';
    if (good > total) return `good: ${good} of ${total} cannot be`;
    return { value: total === 0 ? null : good / total, rows: total, good, bad: null };
  }
  if (reading.csat) return measured(withoutScores(reading, csatOf(reading.csat)));
  if (reading.nps) return measured(withoutScores(reading, npsOf(reading.nps)));
  if (satisfied !== undefined) {
    if (asked === undefined) return 'answers: is missing';
    if (satisfied > asked) return `satisfied: ${satisfied} of ${asked} cannot be`;
    return { value: asked === 0 ? null : (100 * satisfied) / asked, rows: asked, good: satisfied, bad: null };
  }
  if (promoters !== undefined || detractors !== undefined) {
    if (promoters === undefined) return 'promoters: is missing';
    if (detractors === undefined) return 'detractors: is missing';
    if (asked === undefined) return 'answers: is missing';
    if (promoters + detractors > asked)
      return `promoters: ${promoters} and ${detractors} detractors of ${asked} cannot be`;
    const score = asked === 0 ? null : (100 * (promoters - detractors)) / asked;
    return { value: score, rows: asked, good: promoters, bad: detractors };
  }
  return 'value: is missing';
}

function withoutScores(reading: Reading, counts: Partial<Reading>): Reading {
  return { ...reading, csat: undefined, nps: undefined, ...counts };
}
