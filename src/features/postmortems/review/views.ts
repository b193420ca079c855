import { type Message, sentence } from '../../../slack/blocks.ts';
import { md, person, when } from '../../../slack/mrkdwn.ts';
import { missing, type Whole } from '../rules.ts';
import type { Postmortem } from '../schema.ts';

export function reviewMessage({ ownerId, facilitatorId }: Postmortem): Message {
  return sentence(
    md`:eyes: The post-mortem is ready to be read. ${facilitatorId ? person(facilitatorId) : 'Somebody'}, please talk it through with everybody who was there, then press *Reviewed*. ${person(ownerId)} cannot press it.`,
  );
}

export function dueReminder({ ownerId, dueAt, document }: Postmortem, whole: Whole, isLate: boolean): Message {
  const open = missing(whole);
  const till = isLate ? md`was due ${when(dueAt, '{date_short}')}` : md`is due ${when(dueAt, '{date_short}')}`;
  return sentence(
    md`:hourglass_flowing_sand: ${person(ownerId)}, the post-mortem of "${document.title}" ${till}. ${open.length > 0 ? md`Next: ${open[0] ?? ''}` : 'Next: ask for a review, or close it.'}`,
  );
}
