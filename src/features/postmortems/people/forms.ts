import { z } from 'zod';
import { footnote } from '../../../slack/blocks.ts';
import { form } from '../../../slack/forms.ts';
import { optional, optionalText, userField } from '../../../slack/fields.ts';
import { md } from '../../../slack/mrkdwn.ts';
import type { Postmortem } from '../schema.ts';

export const peopleForm = form(
  'postmortem.people.form',
  { title: 'Who does what', submit: 'Save' },
  z.object({ postmortemId: z.uuid() }),
  {
    ownerId: userField('Who sees to the document', 'That it is written, reviewed and closed.'),
    facilitatorId: optional(userField('Who runs the review', 'Somebody who was not in the incident.')),
    inSpite: optionalText('If they were in it: why nobody else can', { hint: 'It stands in the ledger.' }),
  },
);

export function peopleModal({ id, ownerId, facilitatorId }: Postmortem) {
  return peopleForm.view(
    { postmortemId: id },
    {
      start: { ownerId, ...(facilitatorId && { facilitatorId }) },
      above: [
        footnote(md`Both read what is said without a name. Who only wants to help with writing needs no entry here.`),
      ],
    },
  );
}
