import { type Message, message, section } from '../../../slack/blocks.ts';
import { md, when, withStop } from '../../../slack/mrkdwn.ts';
import { buttonsFor, type Story, withButtons } from '../views.ts';

export function reminder(story: Story): Message {
  const { blocker } = story;
  return message(
    md`Blocker ${blocker.number} still waits for somebody: ${blocker.what}`,
    section(
      md`:bell: *Blocker ${blocker.number}* still waits for somebody since ${when(blocker.since)}: ${withStop(md`${blocker.what}`)} If it is not for you, *Not us* says who instead.`,
    ),
    withButtons(buttonsFor(story, 'asked')),
  );
}
