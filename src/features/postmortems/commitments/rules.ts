import { Refusal } from '../../../lib/refusal.ts';
import type { Team } from '../../teams/schema.ts';
import { isAtWork } from '../../teams/rules.ts';
import type { Severity } from '../../incidents/schema.ts';
import type { Commitment, CommitmentState, CommitmentType, Priority } from '../schema.ts';

const dayMs = 86_400_000;

export const typeWords: Readonly<Record<CommitmentType, string>> = {
  detect: 'Notice it sooner',
  mitigate: 'Limit the damage',
  prevent: 'Make it less likely',
  recover: 'Get back sooner',
  learn: 'Find out more',
};

export const priorityWords: Readonly<Record<Priority, string>> = {
  high: 'Before other work',
  normal: 'Beside other work',
  low: 'When there is time',
};

/** What is proposed; whoever promises may choose another day. */
export const commitmentDays: Readonly<Record<Severity, number>> = { sev1: 14, sev2: 28, sev3: 56 };
/** So many days after its day the team hears of it, too, once a week. */
export const teamHearsAfterDays = 3;

/** A calendar day so many days later. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

/** Of several teams, those who are at work now. */
export const whileAtWork = <T extends { readonly team: Team }>(all: readonly T[], now: Date): readonly T[] =>
  all.filter(({ team }) => isAtWork(team, now));

/** The Monday of the week of a calendar day. */
export const mondayOf = (day: string): string => dayAfter(day, -((new Date(day).getUTCDay() + 6) % 7));

const stateWords: Readonly<Record<CommitmentState, string>> = {
  offered: 'not accepted yet',
  open: 'open',
  said_done: 'said to be done, and somebody else has to look',
  done: 'done',
  waived: 'waived',
  declined: 'declined',
};
export const stateOf = ({ state }: Pick<Commitment, 'state'>): string => stateWords[state];

function only(commitment: Commitment, ...from: readonly CommitmentState[]): void {
  if (!from.includes(commitment.state))
    throw new Refusal(`Commitment ${commitment.number} is already ${stateOf(commitment)}.`);
}

export function mayAnswer(commitment: Commitment, by: string): void {
  only(commitment, 'offered');
  if (commitment.ownerId !== by)
    throw new Refusal(`Commitment ${commitment.number} is offered to <@${commitment.ownerId}>.`);
}

export function maySayDone(commitment: Commitment, by: string): void {
  only(commitment, 'open', 'offered');
  if (commitment.ownerId !== by)
    throw new Refusal(`Commitment ${commitment.number} is <@${commitment.ownerId}>'s, who says when it is done.`);
}

/** Another pair of eyes. */
export function mayVerify(commitment: Commitment, by: string): void {
  only(commitment, 'said_done');
  if (commitment.ownerId === by)
    throw new Refusal('You said that it is done, so somebody else looks whether it worked.');
}

export function mayWaive(commitment: Commitment): void {
  only(commitment, 'offered', 'open', 'said_done', 'declined');
}

export function mayReassign(commitment: Commitment): void {
  only(commitment, 'offered', 'open', 'declined');
}

/** A week and two days before, on the day, three days after, then weekly. Days are calendar days, `YYYY-MM-DD`. */
export function isReminderDay(due: string, today: string): boolean {
  const late = Math.round((Date.parse(today) - Date.parse(due)) / dayMs);
  return [-7, -2, 0, 3].includes(late) || (late > 3 && (late - 3) % 7 === 0);
}

/** Reminded on the first chance on or after such a day, once. */
export function isReminderDue(
  { due, remindedOn, madeOn }: { due: string; remindedOn: string | null; madeOn: string },
  today: string,
): boolean {
  const since = remindedOn ?? madeOn;
  for (let day = Date.parse(today); day > Date.parse(since) && day > Date.parse(today) - 8 * dayMs; day -= dayMs)
    if (isReminderDay(due, new Date(day).toISOString().slice(0, 10))) return true;
  return false;
}

export const isLate = ({ due, state }: Commitment, today: string): boolean =>
  (state === 'open' || state === 'offered' || state === 'said_done') && due < today;
