import { createHmac } from 'node:crypto';
import { Refusal } from '../../../lib/refusal.ts';
import type { Poll, PollCounts, PollQuestion } from './schema.ts';

export const questionWords: Readonly<Record<PollQuestion, string>> = {
  learned: 'Did you learn something?',
  again: 'Would you come again?',
};

const hourMs = 3_600_000;
/** The meeting is over by then. */
export const pollAfterMs = hourMs;
export const pollForMs = 3 * 24 * hourMs;
/** Under so many answers, a number says who. */
export const fewestAnswers = 3;
export const mostAsked = 50;

/**
 * The same person and question give the same mark, so that an answer can be changed; without the salt nobody can tell
 * whose it is. The two answers of one person have two marks, so that they cannot be put together.
 */
export function markOf(salt: string, question: PollQuestion, personId: string): string {
  return createHmac('sha256', Buffer.from(salt, 'base64')).update(`${question}:${personId}`).digest('base64url');
}

export function mayAnswer({ asked, closedAt, closesAt }: Poll, by: string, now: Date): void {
  if (closedAt || closesAt <= now) throw new Refusal('This is over, and who answered what is forgotten.');
  if (!asked.includes(by)) throw new Refusal('This asks those who were in the incident or wrote about it.');
}

/** Of one question, what may be shown; nothing while it would be too few. */
export function shownOf(counts: PollCounts, question: PollQuestion): { yes: number; of: number } | undefined {
  const { yes, no } = counts[question];
  return yes + no < fewestAnswers ? undefined : { yes, of: yes + no };
}
