import { type Point, type Reference, referenceOf } from '../src/features/drift/detectors/reference.ts';
import { type Rule, settingsOf } from '../src/features/drift/detectors/rule.ts';
import { scoresOf } from '../src/features/drift/detectors/scores.ts';
import { step } from '../src/features/drift/rules.ts';

/** Days: four weeks become the reference, six are quiet, and within four more a change has to be found. */
export const days = { reference: 28, quiet: 42, after: 28 } as const;
const dayMs = 24 * 3_600_000;
const firstDay = Date.UTC(2026, 0, 1);

/** Everything in standard deviations of the noise. */
export interface Scenario {
  readonly name: string;
  /** Added from the day of the change on, which is day 0; none where nothing ever changes. */
  readonly shift?: (day: number) => number;
  /** How much lower weekends are. */
  readonly weekend?: number;
  /** The share of days without a value, and of those whose value comes 1 to 4 days late. */
  readonly missing?: number;
  readonly late?: number;
}

/** A daily value, and how many days after its day it came in. */
export interface Arrival extends Point {
  readonly delay: number;
}

/** One made-up metric; the same seed makes the same one. */
export function seriesOf({ shift, weekend = 0, missing = 0, late = 0 }: Scenario, seed: number): Arrival[] {
  const random = randomFrom(seed);
  const before = days.reference + days.quiet;
  const first = Math.floor(random() * 7);
  return Array.from({ length: before + days.after }, (_, i) => {
    const at = new Date(firstDay + (first + i) * dayMs);
    const isWeekend = at.getUTCDay() === 0 || at.getUTCDay() === 6;
    const noise = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const value = 100 + noise - (isWeekend ? weekend : 0) + (i >= before ? (shift?.(i - before) ?? 0) : 0);
    const isMissing = random() < missing;
    const delay = random() < late && i >= days.reference ? 1 + Math.floor(random() * 4) : 0;
    return { at, value: isMissing ? null : value, delay };
  });
}

/** Mulberry32: from 0 to below 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One score for each day after the reference, as it could be known on that day. */
type Scores = (series: readonly Arrival[], reference: Reference) => (number | null)[];
export interface Watcher {
  readonly scores: Scores;
  readonly by: Parameters<typeof step>[2];
}

/** A rule with its own defaults. A value that comes late joins the sums, but its own day is never judged again. */
export function watcherOf(rule: Rule): Watcher {
  const scores: Scores = (series, reference) => {
    if (series.every(({ delay }) => delay === 0)) return scored(series, reference).slice(days.reference);
    return series.slice(days.reference).map((_, i) => {
      const today = days.reference + i;
      const known = series
        .slice(0, today + 1)
        .map((each, day) => (day + each.delay <= today ? each : { ...each, value: null }));
      return scored(known, reference).at(-1) ?? null;
    });
  };
  const scored = (points: readonly Point[], reference: Reference) =>
    scoresOf(rule, points, reference).map(({ score }) => score);
  return { scores, by: settingsOf(rule) };
}

/** A fixed limit on every value alone, on the day it comes in: an alert for each stretch beyond it. */
export function naive(limit: number): Watcher {
  const scores: Scores = (series, { mean, std }) => {
    const away = series.map(({ value }) => (value === null ? null : Math.abs(value - mean) / std));
    return series.slice(days.reference).map((_, i) => {
      const today = days.reference + i;
      const arrived = [0, 1, 2, 3, 4].flatMap((ago) => {
        const score = away[today - ago];
        return series[today - ago]?.delay === ago && score !== undefined && score !== null ? [score] : [];
      });
      return arrived.length === 0 ? null : Math.max(...arrived);
    });
  };
  const by = {
    direction: 'above',
    raiseAt: limit,
    clearAt: limit,
    consecutive: 1,
    clearConsecutive: 1,
    cooldown: 0,
  } as const;
  return { scores, by };
}

export interface Outcome {
  readonly falseAlarms: number;
  readonly quietWindows: number;
  /** Windows from the change to the alert, itself counted; infinite where none came. Null where nothing was to find. */
  readonly found: number | null;
}

/** Where an alert already stands when the change comes, nobody can say when it was found, so it does not count. */
export function replay(scenario: Scenario, seed: number, { scores, by }: Watcher): Outcome {
  const series = seriesOf(scenario, seed);
  const reference = referenceOf(series.slice(0, days.reference));
  if (!reference) throw new Error('the reference has too few values');
  const changes = scenario.shift !== undefined;
  let machine: Parameters<typeof step>[0] = { state: 'ok', badStreak: 0, goodStreak: 0, sinceRaise: null };
  let [falseAlarms, found, alreadyOpen] = [0, Number.POSITIVE_INFINITY, false];
  for (const [day, score] of scores(series, reference).entries()) {
    if (day === days.quiet) alreadyOpen = machine.state === 'firing';
    const { next, turn } = step(machine, score, by);
    machine = next;
    if (turn !== 'raise') continue;
    if (day < days.quiet || !changes) falseAlarms += 1;
    else found = Math.min(found, day - days.quiet + 1);
  }
  const quietWindows = changes ? days.quiet : days.quiet + days.after;
  return { falseAlarms, quietWindows, found: changes && !alreadyOpen ? found : null };
}
