import { type Message, sentence } from '../../../slack/blocks.ts';
import { md } from '../../../slack/mrkdwn.ts';

/** In the channel of a team that has it no longer. */
export function goneElsewhere(number: number): Message {
  return sentence(md`:arrow_right: Blocker ${number} went on to somebody else. Nothing to do here.`);
}
