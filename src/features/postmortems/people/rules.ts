import { Refusal } from '../../../lib/refusal.ts';
import type { Postmortem } from '../schema.ts';

export interface InCharge {
  readonly modelOwner: string;
  readonly lead: string;
}

/** Whoever it is reads what others say without a name, so not everybody may become that. */
export function mayChoosePeople({ ownerId, facilitatorId }: Postmortem, by: string, also: InCharge): void {
  if ([ownerId, facilitatorId, also.modelOwner, also.lead].includes(by)) return;
  throw new Refusal(
    `This is for <@${ownerId}>, who sees to the document, the owner of the model, or <@${also.lead}>, who leads the team.`,
  );
}

const shortestReason = 10;

/** Whoever was in the incident has a story of their own to tell. Where nobody else is there, that is said. */
export function checkFacilitator(facilitator: string | undefined, active: readonly string[], inSpite: string): void {
  if (facilitator === undefined || !active.includes(facilitator) || inSpite.trim().length >= shortestReason) return;
  throw new Refusal(
    'They were in the incident, and could not tell their own story. Choose another, or say below why.',
    {
      field: 'facilitatorId',
    },
  );
}
