/** Of sorted values, with a straight line between two of them (type 7, as spreadsheets do it). */
export function quantile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
}

export const minutesOf = (ms: number | null): number | null => (ms === null ? null : Math.round(ms / 6000) / 10);

/** 95 min, 5 h, 3 days; a time that lies before the other is shown as it is. */
export function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (Math.abs(minutes) < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return Math.abs(hours) < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
