import { z } from 'zod';
import { dateField, optionalText } from '../../../slack/fields.ts';
import { form } from '../../../slack/forms.ts';

export const awayForm = form('away', { title: 'Away', submit: 'Save' }, z.object({}), {
  from: dateField('First day'),
  until: dateField('Last day', 'The last day you are not there.'),
  note: optionalText('Note', { hint: 'Only if your team should know, for example who stands in.' }),
});
