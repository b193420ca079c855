import { Refusal } from '../../../lib/refusal.ts';
import { stateOf } from '../rules.ts';
import type { Postmortem } from '../schema.ts';
import type { Hearer } from './schema.ts';

/** More would be a newsletter. */
export const mostHearers = 20;

/** Conversations of Slack begin with C or G, people with U or W. */
export const isChannel = (audience: string): boolean => /^[CG]/.test(audience);

export const untold = (all: readonly Hearer[]): readonly Hearer[] => all.filter(({ toldAt }) => toldAt === null);

/** Whoever sees to it, with their name: what is said cannot be taken back. */
export function mayTell(postmortem: Pick<Postmortem, 'ownerId' | 'state'>, all: readonly Hearer[], by: string): void {
  if (postmortem.state === 'not_required') throw new Refusal(`This post-mortem is ${stateOf(postmortem)}.`);
  if (postmortem.ownerId !== by)
    throw new Refusal(
      `<@${postmortem.ownerId}> sees to this post-mortem, and tells them. Please ask them to press it.`,
    );
  if (all.length === 0)
    throw new Refusal('Nobody is chosen yet: press *Who has to hear*, and choose people or channels.');
  if (untold(all).length === 0)
    throw new Refusal('All of them were told already. Press *Who has to hear* to add others.');
}
