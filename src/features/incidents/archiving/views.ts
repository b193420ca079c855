import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, type Message, message, section, sentence } from '../../../slack/blocks.ts';
import { channelLink, md, person, plural, when } from '../../../slack/mrkdwn.ts';
import type { Incident } from '../schema.ts';
import type { Archival } from './schema.ts';

/** In the channel itself, a day before; edited once somebody has decided. */
export function archiveWarning(incident: Incident, { archiveAt }: Pick<Archival, 'archiveAt'>): Message {
  const words = md`:package: Incident ${incident.number} is closed, so I archive this channel ${when(archiveAt)}. Nothing is lost: it can still be read and searched. Is it still needed? Then press *Keep it*.`;
  return message(words, section(words), buttons(button('Keep it', actions.keepChannel, { incidentId: incident.id })));
}

export const keptMessage = (by: string): Message =>
  sentence(md`:package: This channel stays as it is: ${person(by)} keeps it.`);

export const staysMessage = (why: 'reopened' | 'rule'): Message =>
  sentence(
    why === 'reopened'
      ? md`:package: This channel stays as it is: the incident was opened again.`
      : md`:package: This channel stays as it is: channels are no longer archived here.`,
  );

export const refusedMessage = (code: string): Message =>
  sentence(
    md`:package: I could not archive this channel (Slack says \`${code}\`), so it stays as it is. Whoever may can archive it by its name at the top.`,
  );

/** Where the incident goes on, for whoever looks for it in the channel that cannot be opened again. */
export const movedMessage = ({ number }: Incident, old: string): Message =>
  sentence(
    md`:package: Incident ${number} is open again. Slack does not let me unarchive its old channel ${channelLink(old)}, so I make a new one; what was said before can still be read there.`,
  );

export const archiveRuleSaid = (where: string, days: number | undefined): Message =>
  sentence(
    days === undefined
      ? md`:package: ${where}: channels of incidents follow what the whole workspace does.`
      : days === 0
        ? md`:package: ${where}: channels of incidents are never archived.`
        : md`:package: ${where}: the channel of an incident is archived ${plural(days, 'day')} after its post-mortem is closed, with a word a day before. That holds for what is closed from now on.`,
  );
