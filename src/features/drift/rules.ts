import { Refusal } from '../../lib/refusal.ts';
import type { Alert, Finding, Item, Watch } from './schema.ts';

/** How far a watch has got; `sinceRaise` counts judged windows since the last raise. */
export type Machine = Pick<Watch, 'state' | 'badStreak' | 'goodStreak' | 'sinceRaise'>;
export type Settings = Pick<
  Watch,
  'direction' | 'raiseAt' | 'clearAt' | 'consecutive' | 'clearConsecutive' | 'cooldown'
>;
export type Turn = 'raise' | 'clear' | 'skip' | null;

/**
 * One window for the alert machine: raise after n bad windows in a row, clear after m good ones, hold in between.
 * A missing window (null) keeps every streak. Strictly beyond raiseAt is bad; at clearAt or better is good.
 */
export function step(machine: Machine, value: number | null, by: Settings): { next: Machine; turn: Turn } {
  if (value === null) return { next: machine, turn: 'skip' };
  const sinceRaise = machine.sinceRaise === null ? null : machine.sinceRaise + 1;
  if (machine.state === 'ok') {
    const badStreak = isBad(value, by) ? machine.badStreak + 1 : 0;
    const rested = sinceRaise === null || sinceRaise >= by.cooldown;
    if (badStreak >= by.consecutive && rested) {
      return { next: { state: 'firing', badStreak, goodStreak: 0, sinceRaise: 0 }, turn: 'raise' };
    }
    return { next: { state: 'ok', badStreak, goodStreak: 0, sinceRaise }, turn: null };
  }
  const goodStreak = isGood(value, by) ? machine.goodStreak + 1 : 0;
  if (goodStreak >= by.clearConsecutive) {
    return { next: { state: 'ok', badStreak: 0, goodStreak: 0, sinceRaise }, turn: 'clear' };
  }
  return { next: { ...machine, goodStreak, sinceRaise }, turn: null };
}

export function isBad(value: number, by: Settings): boolean {
  return by.direction === 'above' ? value > by.raiseAt : value < by.raiseAt;
}

function isGood(value: number, by: Settings): boolean {
  return by.direction === 'above' ? value <= by.clearAt : value >= by.clearAt;
}

/** The worst first: how far beyond its limit, as a ratio, so that different scores can stand in one list. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => excess(b) - excess(a));
}

function excess({ score, limit, direction }: Finding): number {
  if (score === null) return Number.NEGATIVE_INFINITY;
  const [most, least] = direction === 'above' ? [score, limit] : [limit, score];
  return Math.abs(most) / Math.max(Math.abs(least), 1e-9);
}

/** The alert's list with this watch's newest window in it. */
export function withItem(items: readonly Item[], item: Item): Item[] {
  return items.some((each) => each.watchId === item.watchId)
    ? items.map((each) => (each.watchId === item.watchId ? { ...item, since: each.since } : each))
    : [...items, item];
}

export function allClear(items: readonly Item[]): boolean {
  return items.every((item) => item.clearedAt !== undefined);
}

const stateWords = { open: 'open', acknowledged: 'taken', snoozed: 'snoozed', resolved: 'closed' } as const;

export function acknowledged(alert: Alert, by: string, now: Date) {
  if (alert.state === 'acknowledged') throw new Refusal(alreadyTaken(alert, by, now));
  if (alert.state === 'resolved') throw new Refusal(ended(alert));
  return { state: 'acknowledged', takenBy: by, takenAt: now, snoozedUntil: null } as const;
}

const longestSnoozeMs = 14 * 24 * 3_600_000;

export function snoozed(alert: Alert, until: Date, now: Date) {
  if (alert.state === 'resolved') throw new Refusal(ended(alert));
  const ms = until.getTime() - now.getTime();
  if (ms <= 0) throw new Refusal('A snooze has to end in the future.', { field: 'length' });
  if (ms > longestSnoozeMs) throw new Refusal('Two weeks is the longest snooze.', { field: 'length' });
  return { state: 'snoozed', snoozedUntil: until } as const;
}

export function notUseful(alert: Alert, by: string, reason: string, now: Date) {
  if (alert.state === 'resolved') throw new Refusal(ended(alert));
  return { state: 'resolved', outcome: 'not_useful', reason, endedBy: by, endedAt: now } as const;
}

/** After a snooze it is open again, for somebody to take. */
export function awake(now: Date, alert: Alert) {
  const over = alert.snoozedUntil !== null && alert.snoozedUntil <= now;
  return over ? ({ state: 'open', snoozedUntil: null, takenBy: null, takenAt: null } as const) : undefined;
}

function alreadyTaken(alert: Alert, by: string, now: Date): string {
  const seconds = alert.takenAt ? Math.max(0, Math.round((now.getTime() - alert.takenAt.getTime()) / 1000)) : 0;
  const ago = seconds < 10 ? 'just now' : seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
  return alert.takenBy === by
    ? `You took alert ${alert.number} ${ago}.`
    : `Alert ${alert.number} was taken ${ago} by <@${alert.takenBy}>.`;
}

function ended(alert: Alert): string {
  return alert.outcome === 'not_useful' && alert.endedBy
    ? `Alert ${alert.number} is ${stateWords[alert.state]}: <@${alert.endedBy}> marked it as not useful.`
    : `Alert ${alert.number} is ${stateWords[alert.state]}: the numbers are back within their limits.`;
}

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** "30m", "4h", "2d" in milliseconds. */
export function duration(text: string): number {
  const [, number, unit] = /^(\d{1,3})\s*([mhd])$/i.exec(text.trim()) ?? [];
  const letter = unit?.toLowerCase();
  if (!number || (letter !== 'm' && letter !== 'h' && letter !== 'd')) {
    throw new Refusal(`"${text}" is no length of time. Say it like 30m, 4h or 2d.`, { field: 'length' });
  }
  return Number(number) * units[letter];
}
