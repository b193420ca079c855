import { z } from 'zod';
import { form } from '../../../slack/forms.ts';
import { instantField } from '../../../slack/fields.ts';

export const meetingForm = form(
  'postmortem.meeting.form',
  { title: 'Plan the meeting', submit: 'Plan it' },
  z.object({ postmortemId: z.uuid() }),
  { at: instantField('When', 'In your time; everybody reads it in theirs.') },
);
