import { type Message, sentence } from '../../../slack/blocks.ts';
import { md, person } from '../../../slack/mrkdwn.ts';
import type { Model } from '../../models/schema.ts';
import type { ChangeRequest } from '../schema.ts';

/** A part of the traffic stays with a version that was stopped, and nobody could be asked to take it back. */
export function notUndone(request: ChangeRequest, model: Model, percent: number, why: string): Message {
  return sentence(
    md`:warning: ${person(model.ownerId)}, ${percent} % of the traffic of ${model.name} go to version ${request.toVersion}, and I could not ask anybody to approve the way back: ${why} Please take it back where it is deployed.`,
  );
}
