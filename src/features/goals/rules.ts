import { Refusal } from '../../lib/refusal.ts';
import {
  budgetLeft,
  type BurnAlert,
  burnAlerts,
  burning,
  burnRate,
  type BurnWindow,
  type Count,
} from '../metrics/formulas/burn.ts';
import { csatScore, npsScore, type Score } from '../metrics/formulas/scores.ts';
import type { Direction, Goal, Measure } from './schema.ts';

/** What one day of readings says, for any measure. */
export interface Day {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly lastAt: Date;
  readonly last: number;
  readonly readings: number;
  /** Readings on the good side of the goal's limit. */
  readonly goodReadings: number;
  readonly rows: number;
  readonly good: number;
  readonly bad: number;
}

interface Slo {
  /** Share of the error budget of the period that is left; negative when overspent. */
  readonly left: number;
  /** Burn rate over the last hour, null without traffic. Unknown for windows, which are too slow for it. */
  readonly lastHour: number | null;
  readonly alert: BurnAlert | undefined;
}

/** Where a goal stands now. `value` is in the unit of the goal: a percentage for shares and surveys. */
export interface Stand {
  readonly state: 'met' | 'missed' | 'too_few' | 'unknown';
  readonly value: number | null;
  readonly at: Date | null;
  readonly points: readonly (readonly [day: string, value: number])[];
  readonly score?: Score;
  readonly slo?: Slo;
}

export type BurnCounts = Readonly<Record<BurnWindow, Count>>;

/** Fewer failures than this in an hour page nobody. */
export const fewestBad = 5;

function holds(direction: Direction, value: number, target: number): boolean {
  return direction === 'at_least' ? value >= target : value <= target;
}

type Judged = Pick<Goal, 'measure' | 'direction' | 'target'>;

/** `days` oldest first, none older than the goal's period. */
export function standOf(goal: Judged, days: readonly Day[], counts?: BurnCounts): Stand {
  const last = days.at(-1);
  const points = days.flatMap((day): [string, number][] => {
    const value = valueOf(goal.measure, [day]);
    return value === null ? [] : [[day.day, value]];
  });
  const value = valueOf(goal.measure, days);
  const base = { value, at: last?.lastAt ?? null, points };
  if (value === null) return { ...base, state: 'unknown' };
  const score = scoreOf(goal.measure, days);
  if (score?.tooFew) return { ...base, score, state: 'too_few' };
  const slo = sloOf(goal, days, counts);
  const state = holds(goal.direction, value, goal.target) ? 'met' : 'missed';
  return { ...base, state, ...(score && { score }), ...(slo && { slo }) };
}

/** How many days back one looks for the moment from which a goal is missed. */
export const lookBackDays = 14;

export interface Missed {
  readonly stand: Stand;
  /** The first news with which it was missed; about, where it is a share of many days. */
  readonly since: Date;
  /** It was missed already when we begin to look. */
  readonly isLonger: boolean;
}

/** `days`: by how many days before now they end, 0 for the last 24 hours. Undefined where the goal is not missed. */
export function missedSince(
  goal: Judged & Pick<Goal, 'periodDays'>,
  days: ReadonlyMap<number, Day>,
): Missed | undefined {
  const standAt = (back: number) => {
    const ago = Array.from({ length: goal.periodDays }, (_, i) => back + goal.periodDays - 1 - i);
    return standOf(
      goal,
      ago.flatMap((each) => days.get(each) ?? []),
    );
  };
  const stand = standAt(0);
  if (stand.state !== 'missed' || stand.at === null) return undefined;
  let since = stand.at;
  for (let back = 1; back <= lookBackDays; back += 1) {
    const { state, at } = standAt(back);
    if (state !== 'missed' || at === null) return { stand, since, isLonger: false };
    since = at;
  }
  return { stand, since, isLonger: true };
}

function valueOf(measure: Measure, days: readonly Day[]): number | null {
  switch (measure) {
    case 'value':
      return days.at(-1)?.last ?? null;
    case 'events':
    case 'windows': {
      const { bad, total } = countOf(measure, days);
      return total === 0 ? null : (100 * (total - bad)) / total;
    }
    case 'csat':
    case 'nps':
      return scoreOf(measure, days)?.value ?? null;
  }
}

function countOf(measure: 'events' | 'windows', days: readonly Day[]): Count {
  const sum = (of: (day: Day) => number) => days.reduce((all, day) => all + of(day), 0);
  const total = sum((day) => (measure === 'events' ? day.rows : day.readings));
  return { total, bad: total - sum((day) => (measure === 'events' ? day.good : day.goodReadings)) };
}

function scoreOf(measure: Measure, days: readonly Day[]): Score | undefined {
  const answers = days.reduce((all, day) => all + day.rows, 0);
  const good = days.reduce((all, day) => all + day.good, 0);
  const bad = days.reduce((all, day) => all + day.bad, 0);
  if (measure === 'csat') return csatScore({ answers, satisfied: good }) ?? undefined;
  if (measure === 'nps') return npsScore({ answers, promoters: good, detractors: bad }) ?? undefined;
  return undefined;
}

function sloOf(goal: Judged, days: readonly Day[], counts: BurnCounts | undefined): Slo | undefined {
  if (goal.measure !== 'events' && goal.measure !== 'windows') return undefined;
  const target = goal.target / 100;
  const left = budgetLeft(countOf(goal.measure, days), target);
  if (left === null) return undefined;
  const now = goal.measure === 'events' ? counts : undefined;
  return {
    left,
    lastHour: now ? burnRate(now['1h'], target) : null,
    alert: now && burning(now, target, fewestBad),
  };
}

/** Every window of the burn table with its length, once. */
export const burnWindows: readonly { name: BurnWindow; ms: number }[] = burnAlerts.flatMap((row) => [
  { name: row.long, ms: row.longMs },
  { name: row.short, ms: row.shortMs },
]);

const ranges: Readonly<Record<Measure, readonly [low: number, high: number] | undefined>> = {
  value: undefined,
  events: [0, 100],
  windows: [0, 100],
  csat: [0, 100],
  nps: [-100, 100],
};

/** Refuses a goal that could never be missed, or never be met. */
export function checkGoal(goal: Pick<Goal, 'measure' | 'direction' | 'target' | 'limit'>): void {
  const range = ranges[goal.measure];
  if (range && (goal.target < range[0] || goal.target > range[1]))
    throw new Refusal(`For this way of measuring, the goal lies between ${range[0]} and ${range[1]}.`, {
      field: 'target',
    });
  const isSlo = goal.measure === 'events' || goal.measure === 'windows';
  if (isSlo && goal.direction === 'at_most')
    throw new Refusal('A share of good events is a goal to reach: choose "at least".', { field: 'direction' });
  if (isSlo && (goal.target <= 0 || goal.target >= 100))
    throw new Refusal('100 % leaves no error budget at all, and 0 % asks for nothing: choose something between.', {
      field: 'target',
    });
  if (goal.measure === 'windows' && goal.limit === null)
    throw new Refusal('Say from which value on one window is good.', { field: 'limit' });
}
