import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, footnote, message, type Message, section } from '../../../slack/blocks.ts';
import { join, md, person, plural } from '../../../slack/mrkdwn.ts';
import type { Team } from '../schema.ts';

export interface Candidates {
  readonly joining: readonly string[];
  /** A sentence each, about who cannot. */
  readonly leftOut: readonly string[];
  /** Nobody looked at these: the group is too large for one go. */
  readonly unseen: number;
}

/** Who would join from a user group: one click takes in exactly them. */
export function importCard(team: Team, { joining, leftOut, unseen }: Candidates): Message {
  const people = joining.length;
  return message(
    md`${plural(people, 'person', 'people')} of this user group would join ${team.name}.`,
    section(
      people > 0
        ? md`*${team.name}* would take in ${join(joining.map(person), ', ')}. Their roles stay open: give them with *Add people*.`
        : md`Everybody of this user group who can be in *${team.name}* is in it already.`,
    ),
    leftOut.length > 0 &&
      section(
        md`*Not taken in*\n${join(
          leftOut.slice(0, 20).map((each) => md`• ${each}`),
          '\n',
        )}${leftOut.length > 20 ? md`\n• and ${leftOut.length - 20} more` : ''}`,
      ),
    unseen > 0 && footnote(md`${unseen} more are in the group: ask again once these are in.`),
    people > 0 &&
      buttons(
        button('Take them in', actions.importGroup, { teamId: team.id, people: [...joining] }, { style: 'primary' }),
      ),
  );
}
