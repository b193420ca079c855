/** A running mean that forgets: each new value counts `lambda`, from 0 to 1. It starts at the reference's mean. */
export function ewma(before: number, value: number, lambda: number): number {
  return lambda * value + (1 - lambda) * before;
}

/** How far the running mean may stray after `t` values (from 1), in the unit of `std`; `limit` in its own deviations. */
export function ewmaReach(t: number, std: number, lambda: number, limit: number): number {
  return limit * std * Math.sqrt((lambda / (2 - lambda)) * (1 - (1 - lambda) ** (2 * t)));
}

/** What has piled up beyond the slack, above and below the reference's mean. */
export interface Sums {
  readonly up: number;
  readonly down: number;
}
export const noSums: Sums = { up: 0, down: 0 };

/** Tabular CUSUM (Page 1954): sums deviations beyond `slack`, so that a small lasting shift shows within days. */
export function cusum({ up, down }: Sums, value: number, mean: number, slack: number): Sums {
  return { up: Math.max(0, up + value - mean - slack), down: Math.max(0, down + mean - slack - value) };
}
