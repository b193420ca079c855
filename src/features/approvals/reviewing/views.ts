import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { type Message, sentence } from '../../../slack/blocks.ts';
import { join, md, type Mrkdwn, person, when } from '../../../slack/mrkdwn.ts';
import type { Model } from '../../models/schema.ts';
import { nameOf } from '../rules.ts';
import type { ChangeRequest } from '../schema.ts';

export function reviewReminder(request: ChangeRequest, model: Model, who: readonly string[], isLast: boolean): Message {
  const people = join(who.map(person), ' ');
  const what = md`${nameOf(request).toLowerCase()} of ${model.name} was done without approval by ${person(request.requestedBy)}`;
  return sentence(
    isLast
      ? md`:rotating_light: ${people}, ${what} a day ago and nobody has looked back at it. Until somebody does, they cannot do it again. Press *Look back* on the card above.`
      : md`:mag: ${people}, ${what}. One of you, please look back at it until ${when(request.reviewDueAt ?? request.requestedAt)}: press *Look back* on the card above.`,
  );
}

export function reviewLine(request: ChangeRequest): Mrkdwn {
  const { reviewVerdict, reviewedBy, reviewNote, reviewDueAt } = request;
  if (reviewVerdict === null)
    return md`:rotating_light: *Done without approval* by ${person(request.requestedBy)} in an open incident. Another approver has to look at it until ${when(reviewDueAt ?? request.requestedAt)}.`;
  const said = reviewVerdict === 'acknowledged' ? md`says it was right` : md`disagrees`;
  return md`:mag: *Done without approval*; ${person(reviewedBy ?? '')} looked at it and ${said}: ${reviewNote ?? ''}`;
}

export function reviewButtons({ id, incidentId, reviewVerdict }: ChangeRequest) {
  if (incidentId === null || reviewVerdict !== null) return [];
  return [button('Look back', actions.reviewBreakGlass, { requestId: id })];
}
