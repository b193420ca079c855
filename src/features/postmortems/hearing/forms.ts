import { z } from 'zod';
import { footnote, section } from '../../../slack/blocks.ts';
import { form } from '../../../slack/forms.ts';
import { channelsField, optional, usersField } from '../../../slack/fields.ts';
import { join, lines, md } from '../../../slack/mrkdwn.ts';
import { isChannel, untold } from './rules.ts';
import type { Hearer } from './schema.ts';
import { hearerWords } from './views.ts';

export const hearersForm = form(
  'postmortem.hearers.form',
  { title: 'Who has to hear', submit: 'Save' },
  z.object({ postmortemId: z.uuid() }),
  {
    people: optional(usersField('People', 'Who used the wrong predictions.')),
    channels: optional(channelsField('Channels', 'Where those talk who used them.')),
  },
);

/** `proposed`: whom one starts from where nobody is chosen yet. Who was told stays on record, and is no choice any more. */
export function hearersModal(postmortemId: string, all: readonly Hearer[], proposed: readonly string[]) {
  const waiting = all.length === 0 ? proposed : untold(all).map(({ audience }) => audience);
  const told = all.filter(({ toldAt }) => toldAt !== null);
  return hearersForm.view(
    { postmortemId },
    {
      above: [
        ...(told.length > 0 ? [section(lines(md`*Told already:* ${join(told.map(hearerWords), ', ')}`))] : []),
        footnote(md`Nobody is told by saving this. Whoever sees to the post-mortem presses *Tell them* on its card.`),
      ],
      start: {
        people: waiting.filter((each) => !isChannel(each)).join(' '),
        channels: waiting.filter(isChannel).join(' '),
      },
    },
  );
}
