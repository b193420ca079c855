import { type Message, sentence } from '../../../slack/blocks.ts';
import { md, person } from '../../../slack/mrkdwn.ts';
import type { Story } from '../views.ts';

export function raisedNote(story: Story): Message {
  const { blocker } = story;
  const to = blocker.askedId === null ? md`Nobody could be asked yet` : md`${person(blocker.askedId)} is asked`;
  return sentence(
    md`:construction: *Blocker ${blocker.number}* is raised. ${to}; its card is in your direct messages.`,
  );
}
