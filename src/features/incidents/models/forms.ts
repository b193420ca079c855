import { z } from 'zod';
import { section } from '../../../slack/blocks.ts';
import { form } from '../../../slack/forms.ts';
import { lookupField, optional, ticksField } from '../../../slack/fields.ts';
import { md } from '../../../slack/mrkdwn.ts';
import type { Model } from '../../models/schema.ts';
import type { Incident } from '../schema.ts';

export const modelsForm = form(
  'incident.models.form',
  { title: 'Other models', submit: 'Save' },
  z.object({ incidentId: z.uuid() }),
  {
    which: ticksField('Affected, too', 'Take away the tick of one that was not.'),
    another: optional(lookupField('And', 'model', 'Type a part of its name.')),
  },
);

export function modelsModal({ id, number }: Incident, own: Model, further: readonly Model[]) {
  return modelsForm.view(
    { incidentId: id },
    {
      above: [section(md`Incident ${number} was declared on *${own.name}*. Which other models were affected?`)],
      options: { which: further.map((each) => ({ value: each.id, text: each.name })) },
      start: { which: further.map((each) => each.id).join(' ') },
    },
  );
}
