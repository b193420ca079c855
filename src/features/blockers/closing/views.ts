import { type Message, sentence } from '../../../slack/blocks.ts';
import { md, person, withStop } from '../../../slack/mrkdwn.ts';
import { reopenDays } from '../rules.ts';
import type { Story } from '../views.ts';

/** To the other side. */
export function endedNote({ blocker: { number, what, state, unblocked, endedBy } }: Story): Message {
  return state === 'closed'
    ? sentence(
        md`:white_check_mark: *Blocker ${number}* is solved, says ${person(endedBy ?? '')}: ${withStop(md`${unblocked ?? ''}`)} It was: ${withStop(md`${what}`)}`,
      )
    : sentence(
        md`:heavy_minus_sign: *Blocker ${number}* is withdrawn: ${withStop(md`${what}`)} Nothing to do any more.`,
      );
}

export const reopenWords = md`It is open again. Whoever solved it hears of it first. Within ${reopenDays} days it keeps its age.`;
