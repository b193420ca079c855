/*
 * Page-Hinkley learns the mean from the stream itself. Its usual limit of 50 suits one value a prediction; with one
 * value a day it never fires, and it learns the drift as normal. Use `cusum` against a frozen reference there.
 */

interface Options {
  readonly fewest: number;
  readonly delta: number;
  readonly limit: number;
}
/** `alpha` below 1 slowly forgets. */
interface Forgetting extends Options {
  readonly alpha: number;
}
interface State {
  readonly n: number;
  readonly mean: number;
  readonly sum: number;
}
const start: State = { n: 0, mean: 0, sum: 0 };

/** Upwards only. Indexes of the alarms; everything is forgotten on the value after one, as in river. */
export function riverAlarms(values: readonly number[], options: Forgetting): number[] {
  const alarms: number[] = [];
  let state = start;
  for (const [i, value] of values.entries()) {
    if (alarms.at(-1) === i - 1) state = start;
    state = next(state, value, options.delta, options.alpha, 0);
    // River counts from 1 before the first value, so its n is ahead by one.
    if (state.n + 1 >= options.fewest && state.sum >= options.limit) alarms.push(i);
  }
  return alarms;
}

/** Upwards only. The first alarm, as in Frouros, whose sum may also fall below 0. */
export function frourosAlarm(values: readonly number[], options: Forgetting): number | null {
  return firstAlarm(values, options, options.alpha, Number.NEGATIVE_INFINITY);
}

/** Upwards only. What Frouros calls CUSUM: against a running mean, not against a frozen one. */
export function frourosCusumAlarm(values: readonly number[], options: Options): number | null {
  return firstAlarm(values, options, 1, 0);
}

function firstAlarm(values: readonly number[], options: Options, alpha: number, least: number): number | null {
  let state = start;
  for (const [i, value] of values.entries()) {
    state = next(state, value, options.delta, alpha, least);
    if (state.n >= options.fewest && state.sum > options.limit) return i;
  }
  return null;
}

function next({ n, mean, sum }: State, value: number, delta: number, alpha: number, least: number): State {
  const newMean = mean + (value - mean) / (n + 1);
  return { n: n + 1, mean: newMean, sum: Math.max(least, alpha * sum + value - newMean - delta) };
}

interface Alarm {
  readonly index: number;
  readonly direction: 'up' | 'down';
  /** What the sum had come away from its turning point. */
  readonly value: number;
}

/** Both ways: how far the sums have come from their lowest and highest point. */
export function classicAlarm(values: readonly number[], { fewest, delta, limit }: Options): Alarm | null {
  let mean = 0;
  let [rising, least, falling, most] = [0, 0, 0, 0];
  for (const [index, value] of values.entries()) {
    mean += (value - mean) / (index + 1);
    rising += value - mean - delta;
    falling += value - mean + delta;
    least = Math.min(least, rising);
    most = Math.max(most, falling);
    if (index + 1 < fewest) continue;
    if (rising - least > limit) return { index, direction: 'up', value: rising - least };
    if (most - falling > limit) return { index, direction: 'down', value: most - falling };
  }
  return null;
}
