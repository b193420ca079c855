import { message, type Message, section, sentence } from '../../../slack/blocks.ts';
import { channelLink, join, md, type Mrkdwn, plural } from '../../../slack/mrkdwn.ts';
import type { Model } from '../../models/schema.ts';
import type { Incident } from '../schema.ts';
import { mark } from '../views.ts';

/** One line for each; where it is discussed, and how it stands. */
export function incidentLine(incident: Incident, model: Model): Mrkdwn {
  const lock = incident.isPrivate ? md`:lock: ` : md``;
  const where = incident.channel ? md` ${channelLink(incident.channel)}` : md``;
  return md`${mark(incident)} ${lock}*${incident.number}* ${incident.title} (${model.name}, ${incident.severity.toUpperCase()})${where}`;
}

export function incidentList(list: readonly { incident: Incident; model: Model }[]): Message {
  if (list.length === 0) return sentence(md`:white_check_mark: No incident is open.`);
  return message(
    md`${plural(list.length, 'incident is', 'incidents are')} open: ${join(list.slice(0, 3).map(inShort), '; ')}${list.length > 3 ? ` and ${list.length - 3} more` : ''}.`,
    section(
      join(
        list.map(({ incident, model }) => incidentLine(incident, model)),
        '\n',
      ),
    ),
  );
}

function inShort({ incident, model }: { incident: Incident; model: Model }): Mrkdwn {
  return md`incident ${incident.number} on ${model.name}, ${incident.title}`;
}
