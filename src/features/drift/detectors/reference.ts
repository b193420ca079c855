import { z } from 'zod';

/** One window of a series; null where it has no value. */
export interface Point {
  readonly at: Date;
  readonly value: number | null;
}

/**
 * The past that is taken for normal. It is frozen: a reference that moves along learns every drift. `season` only
 * where the days of the week differ; its means begin with Sunday.
 */
export const Reference = z.object({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  n: z.int(),
  mean: z.number(),
  std: z.number().positive(),
  season: z.object({ means: z.array(z.number()).length(7), std: z.number().positive() }).nullable(),
});
export type Reference = z.infer<typeof Reference>;

/** Two weeks of days: with fewer a standard deviation is a guess. */
const fewest = 14;
const fewestOfADay = 3;
/** With four weeks the days of the week differ so much by chance in fewer than 1 of 100 series (F of 6 and 21). */
const surelyDifferent = 4;

/** Freezes these windows as the reference; null where fewer than 14 of them have a value. */
export function referenceOf(points: readonly Point[]): Reference | null {
  const known = points.flatMap(({ at, value }) => (value === null || !Number.isFinite(value) ? [] : [{ at, value }]));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || known.length < fewest) return null;
  const values = known.map(({ value }) => value);
  const mean = meanOf(values);
  const squares = sum(values.map((value) => (value - mean) ** 2));
  return {
    from: first.at.toISOString(),
    until: last.at.toISOString(),
    n: values.length,
    mean,
    std: atLeast(Math.sqrt(squares / (values.length - 1)), mean),
    season: seasonOf(known, mean, squares),
  };
}

/**
 * The weekly season, if the days of the week differ by more than chance. Its std is that of a new value around its
 * day's mean, so it is a little wider where the means themselves come from few weeks.
 */
function seasonOf(known: readonly { at: Date; value: number }[], mean: number, squares: number): Reference['season'] {
  const days = Array.from({ length: 7 }, (_, day) => known.filter(({ at }) => at.getUTCDay() === day));
  if (days.some((day) => day.length < fewestOfADay)) return null;
  const means = days.map((day) => meanOf(day.map(({ value }) => value)));
  const within = sum(known.map(({ at, value }) => (value - (means[at.getUTCDay()] ?? mean)) ** 2));
  const n = known.length;
  const variance = within / (n - 7);
  if ((squares - within) / 6 <= surelyDifferent * variance) return null;
  return { means, std: atLeast(Math.sqrt(variance * (1 + 7 / n)), mean) };
}

/** A series that never varied would make every later value infinitely far away. */
function atLeast(std: number, mean: number): number {
  return Math.max(std, 1e-6 * Math.abs(mean), 1e-9);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function meanOf(values: readonly number[]): number {
  return sum(values) / values.length;
}
