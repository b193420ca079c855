import { z } from 'zod';
import { form, instantField } from '../../../slack/forms.ts';

export const meetingForm = form(
  'postmortem.meeting.form',
  { title: 'Plan the meeting', submit: 'Plan it' },
  z.object({ postmortemId: z.uuid() }),
  { at: instantField('When', 'In your time; everybody reads it in theirs.') },
);
