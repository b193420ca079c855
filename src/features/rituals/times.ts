import { isAtWork } from '../teams/rules.ts';
import type { Team } from '../teams/schema.ts';
import { afterQuiet, type Quiet } from './quiet.ts';
import type { Clock, PromptState, ReminderLevel } from './schema.ts';

const minuteMs = 60_000;

/** So late a question is still worth asking after nothing ran here. */
const graceMs = 60 * minuteMs;

/** Direct messages of one run are spread over so many seconds, so that Slack takes them all. */
const spreadSeconds = 60;

/** How long the digest is changed in place after it was due. */
export const editableMs = 24 * 60 * minuteMs;

/**
 * Of a run that is due: it opens, or nobody ran it in time. Of several that were missed only the newest is still run.
 * Where each is asked at their own hour, it is worth opening as long as the digest is to come.
 */
export function opening(
  run: { readonly opensAt: Date; readonly digestAt: Date },
  clock: Clock,
  nextOpensAt: Date | undefined,
  now: Date,
): 'open' | 'missed' {
  if (clock === 'person') return now < run.digestAt ? 'open' : 'missed';
  const isNewest = nextOpensAt === undefined || nextOpensAt > now;
  return isNewest && now.getTime() - run.opensAt.getTime() <= graceMs ? 'open' : 'missed';
}

interface Ask {
  readonly state: PromptState;
  readonly sendAt: Date;
}

interface Moment {
  readonly now: Date;
  readonly zone: string;
  readonly quiet: Quiet | undefined;
}

/**
 * When the direct message goes: at its time, after quiet hours, only on the Home tab, or too late to be asked at all.
 * `plannedAt`: whoever was due before there was a rule was not missed.
 */
export function asking(due: Date, spreadMs: number, run: { digestAt: Date; plannedAt: Date }, at: Moment): Ask {
  if (at.now.getTime() - due.getTime() > graceMs)
    return { state: due < run.plannedAt ? 'home' : 'unasked', sendAt: due };
  const wanted = Math.max(due.getTime() + spreadMs, at.now.getTime());
  const sendAt = afterQuiet(new Date(wanted), at.zone, at.quiet);
  return { state: sendAt < run.digestAt ? 'waiting' : 'home', sendAt };
}

/** Somebody waiting to be asked is in another zone now: what is past there is asked in working hours only. */
export function movedAsking(
  due: Date,
  spreadMs: number,
  run: { digestAt: Date; plannedAt: Date },
  at: Moment & { readonly hours: Pick<Team, 'hoursFrom' | 'hoursTo' | 'workdays'> },
): Ask {
  if (due > at.now) return asking(due, spreadMs, run, at);
  const isWorking = isAtWork({ ...at.hours, zone: at.zone }, at.now);
  return { state: isWorking && at.now < run.digestAt ? 'waiting' : 'home', sendAt: at.now };
}

/** A waiting message that nobody sent in time is not sent any more. */
export function isTooLate(sendAt: Date, now: Date): boolean {
  return now.getTime() - sendAt.getTime() > graceMs;
}

/** The same for the same person and date, spread evenly: 0 to 59 seconds. FNV-1a. */
export function spreadOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const char of key) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return (hash % spreadSeconds) * 1000;
}

/** Elapsed time, whatever the clocks do: an hour after the question, and half an hour before the digest. */
export function reminderAt(reminded: number, level: ReminderLevel, sentAt: Date, until: Date): Date | undefined {
  const times = { none: [], once: [hourAfter(sentAt)], twice: [hourAfter(sentAt), halfHourBefore(until)] }[level];
  const at = times.filter((time, i) => i === 0 || time > (times[i - 1] ?? time))[reminded];
  return at && at < until ? at : undefined;
}

const hourAfter = (at: Date) => new Date(at.getTime() + 60 * minuteMs);
const halfHourBefore = (at: Date) => new Date(at.getTime() - 30 * minuteMs);
