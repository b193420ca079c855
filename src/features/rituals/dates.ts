import { movedToWorkday } from '../../time/date-words.ts';
import { dateOf, dayOf } from '../../time/dates.ts';
import { datesOf, type Recurrence } from '../../time/recurrence.ts';
import { instantOf, localAt } from '../../time/wall-clock.ts';
import type { Clock, Ritual, RitualRun } from './schema.ts';

/** What decides on which dates a ritual takes place, and when. The zone is the one in force. */
export interface Rule extends Pick<Ritual, 'time' | 'clock' | 'whenClosed' | 'digestTime' | 'digestDays'> {
  readonly recurrence: Recurrence;
  readonly zone: string;
  /** Of the team, from 1 (Monday) to 7. */
  readonly workdays: readonly number[];
  readonly closed: ReadonlySet<string>;
}

export interface Taking {
  readonly date: string;
  readonly opensAt: Date;
  readonly movedFrom?: string | null | undefined;
}

interface Kept {
  readonly date: string;
  readonly movedFrom?: string;
}

const farthestMove = 31;

/** Dates after the days on which the team is closed are taken out, or moved; the rhythm itself does not shift. */
function* datesKept(
  rule: Omit<Rule, 'time' | 'zone' | 'clock' | 'digestTime' | 'digestDays'>,
  from: string,
): Generator<Kept> {
  let before = '';
  for (const [date, next] of withNext(datesOf(rule.recurrence, dateOf(dayOf(from) - farthestMove)))) {
    const kept = rule.closed.has(date) ? moved(rule, date, next) : { date };
    if (!kept || kept.date <= before) continue;
    before = kept.date;
    if (kept.date >= from) yield kept;
  }
}

/** To the next day on which the team works, unless the ritual takes place by then anyway. */
function moved(
  { whenClosed, workdays, closed }: Pick<Rule, 'whenClosed' | 'workdays' | 'closed'>,
  date: string,
  next: string | undefined,
): Kept | undefined {
  const to = whenClosed === 'move' ? movedToWorkday(date, closed, workdays) : undefined;
  return to === undefined || (next !== undefined && to >= next) ? undefined : { date: to, movedFrom: date };
}

function* withNext<T>(items: Iterable<T>): Generator<readonly [T, T | undefined]> {
  let waiting: { item: T } | undefined;
  for (const item of items) {
    if (waiting) yield [waiting.item, item];
    waiting = { item };
  }
  if (waiting) yield [waiting.item, undefined];
}

/** Where each date begins first on earth. */
const earliestZone = 'Pacific/Kiritimati';

/**
 * When a run begins to ask: at its hour, or where everybody has an own hour when its date begins anywhere on earth.
 * Nothing where the zone skipped the whole date.
 */
export function opensAt({ clock, time, zone }: Pick<Rule, 'clock' | 'time' | 'zone'>, date: string): Date | undefined {
  return clock === 'team' ? instantOf(date, time, zone)?.instant : instantOf(date, '00:00', earliestZone)?.instant;
}

/** When the digest is posted at the latest. */
export function digestAt(
  { digestTime, digestDays, zone }: Pick<Rule, 'digestTime' | 'digestDays' | 'zone'>,
  date: string,
): Date {
  const day = dayOf(date) + digestDays;
  const moment = instantOf(dateOf(day), digestTime, zone) ?? instantOf(dateOf(day + 1), digestTime, zone);
  if (!moment) throw new Error(`no digest time for ${date} in ${zone}`);
  return moment.instant;
}

/** A run keeps the hour and zone it was planned with. */
export const timing = ({ clock }: Ritual, { time, zone }: RitualRun) => ({ clock, time, zone });

/** When this person is asked about a date; nothing where their zone skipped it. */
export function dueAt(
  { clock, time, zone }: { clock: Clock; time: string; zone: string },
  date: string,
  who: { readonly zone: string; readonly time?: string | null },
): { at: Date; zone: string } | undefined {
  const [wall, place] = clock === 'team' ? [time, zone] : [who.time ?? time, who.zone];
  const moment = instantOf(date, wall, place);
  return moment && { at: moment.instant, zone: who.zone };
}

/** By the clock of the ritual, also where people further east are asked before. */
function isToCome({ time, zone }: Rule, date: string, from: Date): boolean {
  const moment = instantOf(date, time, zone);
  return moment !== undefined && moment.instant >= from;
}

/** At `from` and later, in order. */
function* takingsFrom(rule: Rule, from: Date): Generator<Taking> {
  // A run may open on another date than its own, so two days before are looked at, too.
  const since = dateOf(dayOf(localAt(from, rule.zone).date) - 2);
  for (const kept of datesKept(rule, since)) {
    const at = opensAt(rule, kept.date);
    if (at !== undefined && isToCome(rule, kept.date, from)) yield { ...kept, opensAt: at };
  }
}

export interface Course {
  readonly from: Date;
  /** The date of the last run that there is, open or not: none of it or before comes again. */
  readonly after?: string | undefined;
  /** What was planned before the rule changed. */
  readonly planned?: Taking | undefined;
}

/** The next run. A planned one whose new hour has passed today keeps its old one. Nothing where the rhythm has ended. */
export function nextTaking(rule: Rule, { from, after, planned }: Course): Taking | undefined {
  const isNew = (date: string) => after === undefined || date > after;
  for (const taking of takingsFrom(rule, from)) {
    if (!isNew(taking.date)) continue;
    return planned && isNew(planned.date) && planned.date < taking.date && stands(rule, planned, from)
      ? planned
      : taking;
  }
  return planned && isNew(planned.date) && stands(rule, planned, from) ? planned : undefined;
}

function stands(rule: Rule, planned: Taking, from: Date): boolean {
  if (rule.clock === 'team' ? planned.opensAt < from : !isToCome(rule, planned.date, from)) return false;
  const [first] = datesKept(rule, planned.date);
  return first?.date === planned.date;
}

/** So many of the coming ones, for people to check the rule by. */
export function comingTakings(rule: Rule, from: Date, most: number): Taking[] {
  const found: Taking[] = [];
  for (const taking of takingsFrom(rule, from)) if (found.push(taking) >= most) break;
  return found;
}
