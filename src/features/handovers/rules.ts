import { Refusal } from '../../lib/refusal.ts';
import type { Model } from '../models/schema.ts';
import type { Handover } from './schema.ts';

/** In `askedId`: everybody of the team was asked. */
export const nobody = 'nobody';

/** After a leaver: two working days, then the lead is asked. */
export const escalateAfterWorkdays = 2;
/** Who did not answer is reminded once. */
export const remindAfterMs = 86_400_000;
/** An owner's own offer waits a week. */
export const offerDays = 7;

export interface Candidates {
  readonly deputyId: string | null;
  readonly leadId: string;
  /** Everybody active in the team. */
  readonly active: readonly string[];
  /** Of them, those who are not there today. */
  readonly away: readonly string[];
}

/** Who is asked next after these: the deputy, then the lead, then the others; who is away comes last. */
export function nextToAsk(
  { deputyId, leadId, active, away }: Candidates,
  asked: readonly string[],
): string | undefined {
  const order = [...new Set([deputyId, leadId, ...active])].filter((id) => id !== null);
  const left = order.filter((id) => active.includes(id) && !asked.includes(id));
  return left.find((id) => !away.includes(id)) ?? left[0];
}

export function mayAccept(handover: Handover, model: Model, isOrphan: boolean, by: string, now: Date): void {
  mustBeOpen(handover);
  if (handover.askedId !== by)
    throw new Refusal('This was offered to somebody else. Use "Choose somebody else" if you know who.');
  if (model.ownerId !== handover.fromId) throw new Refusal('The model has another owner since this was offered.');
  if (handover.reason === 'left' && !isOrphan) throw new Refusal('The owner is back, so nothing is to be taken over.');
  if (handover.dueAt <= now) throw new Refusal('This offer is over: nobody answered in time.');
}

export function mustBeOpen({ state, endedBy }: Handover): void {
  switch (state) {
    case 'open':
      return;
    case 'accepted':
      throw new Refusal(`Somebody said yes already${endedBy ? ': it is settled' : ''}.`);
    case 'declined':
      throw new Refusal('This offer was declined already.');
    case 'withdrawn':
      throw new Refusal('This offer was taken back.');
    case 'expired':
      throw new Refusal('This offer is over: nobody answered in time.');
  }
}
