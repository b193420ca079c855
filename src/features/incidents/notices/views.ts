import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../../slack/blocks.ts';
import { md, person, plural, when, withStop } from '../../../slack/mrkdwn.ts';
import type { Model } from '../../models/schema.ts';
import type { Incident } from '../schema.ts';
import type { IncidentNotice } from './schema.ts';

/** For people who do not know our words: what it means to them, and nothing else. */
export function noticeMessage({ text, by, at }: IncidentNotice, { kind, number }: Incident, model: Model): Message {
  const drill = kind === 'incident' ? '' : '[DRILL] ';
  return message(
    md`${drill}${model.name}: ${withStop(md`${text}`)} ${person(by)} answers questions.`,
    section(md`:mega: *${drill}${model.name}*\n${text}`),
    footnote(md`${person(by)} answers questions, ${when(at)}. It is incident ${number} of the team.`),
  );
}

/** Once it is over: whoever was told that it burns is told that it is out. */
export function tellEnd(incident: Incident, told: number): Message {
  const words = md`:mega: Stakeholders heard of incident ${incident.number} in ${plural(told, 'notice')} while it went on. Please tell them how it ended.`;
  return message(
    words,
    section(words),
    buttons(button('Tell stakeholders', actions.tellStakeholders, { incidentId: incident.id }, { style: 'primary' })),
  );
}
