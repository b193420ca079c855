import { z } from 'zod';
import { form } from '../../../slack/forms.ts';
import { textField } from '../../../slack/fields.ts';

export const waivePostmortemForm = form(
  'postmortem.waive.form',
  { title: 'Not needed', submit: 'Save' },
  z.object({ postmortemId: z.uuid() }),
  { reason: textField('Why', { multiline: true, max: 500 }) },
);
