import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, type Message, message, section, sentence } from '../../../slack/blocks.ts';
import { md, person } from '../../../slack/mrkdwn.ts';
import type { Model } from '../../models/schema.ts';
import { roleWords } from '../rules.ts';
import type { Incident, Role } from '../schema.ts';

/** To the person who is asked; edited once they have answered. */
export function offerMessage(
  incident: Incident,
  model: Model,
  role: Role,
  by: string,
  state: 'open' | 'accepted' | 'declined',
): Message {
  const { name, does } = roleWords[role];
  const which = md`incident ${incident.number} on ${model.name}, ${incident.title}`;
  if (state === 'accepted') return sentence(md`:white_check_mark: You are ${name.toLowerCase()} of ${which}.`);
  if (state === 'declined') return sentence(md`You declined to be ${name.toLowerCase()} of ${which}.`);
  const words = md`:raised_hand: ${person(by)} asks you to be ${name.toLowerCase()} of ${which}: who ${does}.`;
  const value = { incidentId: incident.id, role };
  return message(
    words,
    section(words),
    buttons(
      button('Accept', actions.acceptIncidentRole, value, { style: 'primary' }),
      button('Decline', actions.declineIncidentRole, value),
    ),
  );
}
