export interface Range {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
}

/** Round bounds around the values, from nothing where they come near to it, in about four steps. */
export function rangeAround(values: readonly number[]): Range {
  if (values.length === 0) return { min: 0, max: 1, interval: 0.5 };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const apart = low < high && (low > high / 2 || high < low / 2);
  const [from, to] = apart ? [low, high] : [Math.min(low, 0), Math.max(high, 0)];
  const interval = from === to ? 0.5 : roundUp(to / 4 - from / 4);
  const min = Math.floor(from / interval) * interval;
  const max = Math.ceil(to / interval) * interval;
  return { min: min + 0, max: max > min ? max : min + 2 * interval, interval };
}

/** The next of 1, 2, 2.5, 5, 10 and their tenfolds. */
function roundUp(size: number): number {
  const ten = 10 ** Math.floor(Math.log10(size));
  return ([1, 2, 2.5, 5].find((nice) => nice * ten >= size * 0.9999) ?? 10) * ten;
}
