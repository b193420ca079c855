import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, type Message, message, section, sentence } from '../../../slack/blocks.ts';
import { md, person, when } from '../../../slack/mrkdwn.ts';
import type { Postmortem } from '../schema.ts';

const leader = ({ facilitatorId }: Postmortem) =>
  facilitatorId ? md`${person(facilitatorId)} runs it` : md`somebody who was not in the incident runs it`;

export function meetingMessage(postmortem: Postmortem, at: Date, by: string): Message {
  return sentence(
    md`:date: We talk the post-mortem through ${when(at, '{date_long} at {time}')}; ${leader(postmortem)}. Planned by ${person(by)}. Until then everybody can add what they saw: the talk is the point, the document is for those who come later.`,
  );
}

export function meetingSoon(postmortem: Postmortem, at: Date): Message {
  return sentence(
    md`:date: In an hour, at ${when(at, '{time}')}, we talk through "${postmortem.document.title}"; ${leader(postmortem)}. Please read it before.`,
  );
}

export function labelsMessage({ id: postmortemId, document }: Postmortem): Message {
  const words = md`:label: The labels of "${document.title}" were to be in today. Please measure the impact, write it down under *Impact*, and say under *Labels* that it is measured. If they are late, put in another day there.`;
  return message(
    words,
    section(words),
    buttons(button('Write: Impact', actions.writePostmortem, { postmortemId, page: 'impact' })),
    buttons(button('Write: Labels', actions.writePostmortem, { postmortemId, page: 'labels' })),
  );
}
