import { Refusal } from '../../lib/refusal.ts';
import { type Alert, type Finding, type Item, type Machine, severities, type Severity, type Watch } from './schema.ts';

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
  if (score === null || limit === null) return Number.NEGATIVE_INFINITY;
  const [most, least] = direction === 'above' ? [score, limit] : [limit, score];
  return Math.abs(most) / Math.max(Math.abs(least), 1e-9);
}

/** A rule that warns early says nothing new beside the one that alerts for the same columns. */
export function heaviestOfEach(items: readonly Item[]): Item[] {
  const said = new Set<string>();
  const nameOf = ({ method, column, label }: Finding) => `${method} ${column} ${label}`;
  return items
    .toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))
    .flatMap((item) => {
      const findings = item.findings.filter((finding) => !said.has(nameOf(finding)));
      for (const finding of findings) said.add(nameOf(finding));
      return findings.length > 0 ? [{ ...item, findings }] : [];
    });
}

/** The alert's list with this watch's newest window in it; `since` stays what it was. */
export function withItem(items: readonly Item[], item: Item): Item[] {
  return items.some((each) => each.watchId === item.watchId)
    ? items.map((each) => (each.watchId === item.watchId ? { ...item, since: each.since } : each))
    : [...items, item];
}

export function allClear(items: readonly Item[]): boolean {
  return items.every((item) => item.clearedAt !== undefined);
}

const stateWords = { open: 'open', acknowledged: 'taken', snoozed: 'snoozed', resolved: 'closed' } as const;

/** Yours until then; whoever has it already takes it for longer. Nobody else is called meanwhile. */
export function acknowledged(alert: Alert, by: string, now: Date, until: Date) {
  if (alert.state === 'resolved') throw new Refusal(ended(alert));
  if (alert.state === 'acknowledged' && (alert.takenBy !== by || justNow(alert, now))) {
    throw new Refusal(alreadyTaken(alert, by, now));
  }
  return {
    state: 'acknowledged',
    takenBy: by,
    firstTakenAt: alert.firstTakenAt ?? now,
    takenAt: now,
    takenUntil: until,
    snoozedUntil: null,
    nextCallAt: until,
  } as const;
}

/** A second press of the same click is no wish for longer. */
function justNow({ takenAt }: Alert, now: Date): boolean {
  return takenAt !== null && now.getTime() - takenAt.getTime() < 60_000;
}

/** The taker's time is over: it is open again, and the taker is asked first. */
export function lapsed(alert: Alert, now: Date) {
  const over = alert.state === 'acknowledged' && alert.takenUntil !== null && alert.takenUntil <= now;
  return over ? ({ state: 'open', takenUntil: null, calls: 0 } as const) : undefined;
}

export function worstOf(list: readonly Severity[]): Severity {
  return severities.findLast((severity) => list.includes(severity)) ?? 'warning';
}

const longestSnoozeMs = 14 * 24 * 3_600_000;

export function snoozed(alert: Alert, until: Date, now: Date) {
  if (alert.state === 'resolved') throw new Refusal(ended(alert));
  const ms = until.getTime() - now.getTime();
  if (ms <= 0) throw new Refusal('A snooze has to end in the future.', { field: 'length' });
  if (ms > longestSnoozeMs) throw new Refusal('Two weeks is the longest snooze.', { field: 'length' });
  return { state: 'snoozed', snoozedUntil: until, nextCallAt: null } as const;
}

export function notUseful(alert: Alert, by: string, kind: string, reason: string, now: Date) {
  if (alert.state === 'resolved') throw new Refusal(ended(alert));
  const over = { outcome: 'not_useful', endedBy: by, endedAt: now, nextCallAt: null } as const;
  return { state: 'resolved', reason, reasonKind: kind, ...over } as const;
}

/** After a snooze it is open again, for somebody to take. */
export function awake(now: Date, alert: Alert) {
  const over = alert.snoozedUntil !== null && alert.snoozedUntil <= now;
  const free = { snoozedUntil: null, takenBy: null, takenAt: null, takenUntil: null, calls: 0 } as const;
  return over ? ({ state: 'open', nextCallAt: now, ...free } as const) : undefined;
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

/** The number of an alert as it was typed: 3 or #3. */
export function numbered(word = ''): { readonly number: number } {
  const number = Number(word.replace(/^#/, ''));
  if (!Number.isInteger(number)) {
    throw new Refusal(`"${word}" is no alert number. \`/ml drift\` lists them.`, { field: 'alert' });
  }
  return { number };
}
