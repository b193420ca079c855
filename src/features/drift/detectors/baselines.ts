/** What a score is compared against when one number stands for the past. */

export function change(value: number, baseline: number): number {
  return value - baseline;
}

/** As a share of the baseline: -0.1 is a tenth less. Null against 0, where no share says anything. */
export function relativeChange(value: number, baseline: number): number | null {
  return baseline === 0 ? null : (value - baseline) / Math.abs(baseline);
}

/** In standard deviations of the reference. Null where the reference never varied. */
export function deviations(value: number, mean: number, std: number): number | null {
  return std > 0 ? (value - mean) / std : null;
}

/** Each day's value less the one 7 days before, which takes a weekly season out; null where either is missing. */
export function overAWeek(daily: readonly (number | null)[]): (number | null)[] {
  return daily.slice(7).map((value, i) => {
    const before = daily[i] ?? null;
    return value === null || before === null ? null : value - before;
  });
}

/** The share of missing values less that of the reference, from -1 to 1; null without rows. */
export function missingShareChange(
  ref: { readonly missing: number; readonly rows: number },
  cur: { readonly missing: number; readonly rows: number },
): number | null {
  return ref.rows === 0 || cur.rows === 0 ? null : cur.missing / cur.rows - ref.missing / ref.rows;
}

/**
 * How many windows have gone by without a reading, beyond the time a reading may take to arrive. No data is a state
 * of its own, never "ok": an all-empty column often makes the tool that reports it fall silent.
 */
export function windowsWithoutData(
  last: Date,
  now: Date,
  { everyMs, latenessMs }: { readonly everyMs: number; readonly latenessMs: number },
): number {
  return Math.max(0, Math.floor((now.getTime() - latenessMs - last.getTime()) / everyMs));
}
