import { isBeyond, type Limit, type Point } from './breaches.ts';
import { shortened } from './lettering.ts';
import { figure } from './wording.ts';

export interface Goal {
  readonly value: number;
  /** Whose it is or what it is for, in a few words. */
  readonly label?: string;
  /** The side that misses it; the limit's bad side unless said, and above without one. */
  readonly side?: 'above' | 'below';
}

/** What is usual. With a sigma it is a band around the mean, else a line. */
export interface Baseline {
  readonly mean: number;
  readonly sigma?: number;
  /** Half the width of the band in sigmas; 3 unless said. */
  readonly times?: number;
}

export interface Release {
  readonly at: Date;
  readonly version: string;
}

/** What a picture of a series tells, made fit to be drawn; points and releases in the order of time. */
export interface Story {
  readonly points: readonly Point[];
  readonly limit: Limit | undefined;
  readonly clearAt: number | undefined;
  readonly goal: Goal | undefined;
  readonly baseline: Baseline | undefined;
  readonly releases: readonly Release[];
  readonly raised: Date | undefined;
  readonly acknowledged: Date | undefined;
  readonly since: Date | undefined;
  readonly unit: string;
  readonly dated: (time: number) => string;
}

/** The moment from which the latest readings are all beyond the limit, or undefined when the last one is not. */
export function beyondSince(points: readonly Point[], limit: Limit): Date | undefined {
  let since: Date | undefined;
  for (const { at, value } of points) {
    if (value === null) continue;
    since = isBeyond(value, limit) ? (since ?? at) : undefined;
  }
  return since;
}

/** "limit 0.2 crossed on 21 Nov" */
function crossingWords({ points, limit, since, unit, dated }: Story): string | undefined {
  if (!limit) return undefined;
  const name = limitName(limit, unit);
  const start = since ?? beyondSince(points, limit);
  if (start) return `${name} crossed on ${dated(start.getTime())}`;
  const past = points.findLast(({ value }) => value !== null && isBeyond(value, limit));
  return past ? `${name} kept again, last crossed on ${dated(past.at.getTime())}` : `${name} kept`;
}

/** The line below the title. */
export function headline(story: Story): string {
  const { points, goal, unit, dated } = story;
  const last = points.findLast(({ value }) => value !== null);
  if (!last) return 'no readings';
  return (
    crossingWords(story) ?? (goal ? goalWords(goal, last.value, unit) : `last reading on ${dated(last.at.getTime())}`)
  );
}

const goalWords = (goal: Goal, value: number | null, unit: string) =>
  `${goalName(goal, unit)} ${isBeyond(value ?? 0, goal) ? 'not met' : 'met'}`;

export const limitName = (limit: Limit, unit: string) => `${limit.label || 'limit'} ${figure(limit.value, unit)}`;

export const goalName = ({ value, label }: Goal, unit: string) =>
  `goal ${figure(value, unit)}${label ? ` (${label})` : ''}`;

export const clearName = (level: number, unit: string) => `clears at ${figure(level, unit)}`;

export const halfBand = ({ sigma = 0, times = 3 }: Baseline) => Math.abs(sigma * times);

/** "baseline 0.05 ± 0.02" */
export function baselineName(baseline: Baseline, unit: string): string {
  const half = halfBand(baseline);
  const mean = figure(baseline.mean, half > 0 ? '' : unit, half > 0 ? half : undefined);
  return half > 0 ? `baseline ${mean} ± ${figure(half, unit)}` : `baseline ${mean}`;
}

/** A bare number is called a version. */
export const releaseName = ({ version }: Release) => (/^\d/.test(version) ? `v${version}` : version);

const longestAlt = 300;
const longestTitle = 100;

/**
 * "PSI of churn-model from 0.04 on 24 Oct to 0.31 on 23 Nov; limit 0.2 crossed on 21 Nov". What does not fit any
 * more is left out, the least telling last.
 */
export function altText(title: string, story: Story): string {
  const { points, unit, dated, goal, baseline, clearAt, raised, acknowledged } = story;
  const measured = points.flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]));
  const [first, last] = [measured[0], measured.at(-1)];
  const name = shortened(title, longestTitle);
  if (!first || !last) return `${name}: no readings`;
  const on = ({ at, value }: { at: Date; value: number }) => `${figure(value, unit)} on ${dated(at.getTime())}`;
  const missing = points.length - measured.length;
  const parts = [
    first === last ? `${name}: ${on(first)}` : `${name} from ${on(first)} to ${on(last)}`,
    crossingWords(story),
    missing > 0 ? `${missing} of ${points.length} readings missing` : undefined,
    raised && `raised on ${dated(raised.getTime())}`,
    acknowledged && `acknowledged on ${dated(acknowledged.getTime())}`,
    goal && goalWords(goal, last.value, unit),
    baseline && baselineName(baseline, unit),
    clearAt === undefined ? undefined : clearName(clearAt, unit),
    releaseWords(story),
  ].filter((part) => part !== undefined);
  return parts.reduce((said, part) => (said.length + part.length + 2 > longestAlt ? said : `${said}; ${part}`));
}

/** "4 releases, the last v12 on 1 Nov, v13 on 9 Nov, v14 on 20 Nov" */
function releaseWords({ releases, dated }: Story): string | undefined {
  if (releases.length === 0) return undefined;
  const named = releases.slice(-3).map((each) => `${releaseName(each)} on ${dated(each.at.getTime())}`);
  const before = releases.length > named.length ? `${releases.length} releases, the last ` : 'released ';
  return before + named.join(', ');
}
