import { Refusal } from '../../lib/refusal.ts';
import { digestAt, dueAt, type Rule } from './dates.ts';
import type { RitualKind } from './schema.ts';

/** Time to answer that the last one asked has at least. */
const answerMs = 30 * 60_000;

export const kindNames: Readonly<Record<RitualKind, string>> = {
  standup: 'Standup',
  checkin: 'Weekly check-in',
  wrapup: 'End of day',
};

export interface Asked {
  readonly name: string;
  readonly zone: string;
  readonly time?: string | null | undefined;
}

/** Those whom a digest at this time would miss on this date, because they are asked later or only just before. */
export function missedBy(rule: Rule, date: string, people: readonly Asked[]): string[] {
  const latest = digestAt(rule, date).getTime() - answerMs;
  return people
    .filter((who) => (dueAt(rule, date, { zone: who.zone, time: who.time ?? null })?.at.getTime() ?? 0) > latest)
    .map(({ name }) => name);
}

const list = new Intl.ListFormat('en-GB');

/** A digest that comes before people were asked helps nobody. */
export function checkDigest(rule: Rule, date: string, people: readonly Asked[]): void {
  const missed = missedBy(rule, date, people);
  if (missed.length === 0) return;
  const who = missed.length > 5 ? [...missed.slice(0, 5), `${missed.length - 5} more`] : missed;
  throw new Refusal(
    `That is before half an hour to answer has passed for ${list.format(who)}. Choose a later time, or the day after.`,
    { field: 'digestTime' },
  );
}
