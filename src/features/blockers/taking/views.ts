import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, type Message, message, section, sentence } from '../../../slack/blocks.ts';
import { md, person, when, withStop } from '../../../slack/mrkdwn.ts';
import type { Story } from '../views.ts';

export function takenNote({ blocker: { number, what, takenBy } }: Story): Message {
  return sentence(md`:raised_hands: ${person(takenBy ?? '')} took *blocker ${number}*: ${withStop(md`${what}`)}`);
}

export function stillOnIt({ blocker }: Story, how: 'asked' | 'kept' | 'asked-anew' | 'over'): Message {
  const { id, number, what, takenAt, since } = blocker;
  const head = md`*Blocker ${number}*: ${withStop(md`${what}`)}`;
  if (how === 'over') return sentence(md`:white_check_mark: You no longer have ${head}`);
  if (how === 'kept') return sentence(md`:eyes: You are still on it. ${head}`);
  if (how === 'asked-anew') return sentence(md`:eyes: Still on it? I asked once more further down. ${head}`);
  const it = { blockerId: id };
  return message(
    md`Are you still on blocker ${number}? ${what}`,
    section(md`:eyes: *Still on it?* ${head} You took it ${when(takenAt ?? since)}.`),
    buttons(
      button('Done', actions.closeBlocker, it, { style: 'primary' }),
      button('Still on it', actions.keepBlocker, it),
      button('Give back', actions.giveBackBlocker, it),
    ),
  );
}
