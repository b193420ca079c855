import { Refusal } from '../../lib/refusal.ts';
import type { ChangeRequest } from '../approvals/schema.ts';

const weekMs = 7 * 86_400_000;
/** Rollbacks without approval that one person may do in a week. */
const mostPerWeek = 2;

export interface Breaker {
  /** Holds being on call for this model now, or leads the team. */
  readonly isOnCall: boolean;
  /** Their rollbacks without approval, the newest first. */
  readonly before: readonly ChangeRequest[];
}

/** Only in an open incident, only who is on call or leads, seldom, and never with a review that is still open. */
export function mayBreakGlass({ isOnCall, before }: Breaker, now: Date): void {
  if (!isOnCall)
    throw new Refusal(
      'Only who is on call for this model now, or leads its team, can roll back without approval. Ask for one: `/ml rollback`.',
    );
  const open = before.find(({ reviewVerdict }) => reviewVerdict === null);
  if (open)
    throw new Refusal(
      `Rollback ${open.number} of yours was done without approval and nobody has looked back at it yet. Until then, ask for approval.`,
    );
  const lately = before.filter(({ requestedAt }) => now.getTime() - requestedAt.getTime() < weekMs);
  if (lately.length >= mostPerWeek)
    throw new Refusal(
      `You rolled back without approval ${lately.length} times this week; that is as often as it goes. Ask for approval.`,
    );
}
