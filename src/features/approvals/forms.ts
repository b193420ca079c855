import { z } from 'zod';
import { form } from '../../slack/forms.ts';
import { selectField, textField } from '../../slack/fields.ts';

const asked = z.object({ requestId: z.uuid() });

export const rejectForm = form('approval.reject.form', { title: 'Reject this request', submit: 'Reject' }, asked, {
  reason: textField('Why not', { multiline: true, min: 5, max: 500, hint: 'The person who asked reads this.' }),
});

export const abortForm = form('approval.abort.form', { title: 'Stop here', submit: 'Stop' }, asked, {
  reason: textField('Why', {
    multiline: true,
    min: 5,
    max: 500,
    hint: 'No further step is taken. A request to take back the steps so far is opened; it needs approval like any other.',
  }),
});

export const settleForm = form('approval.settle.form', { title: 'What stands now?', submit: 'Say so' }, asked, {
  outcome: selectField('What you saw there', [
    { value: 'moved', text: 'The new version is live' },
    { value: 'failed', text: 'The old version is live, nothing happened' },
    { value: 'again', text: 'Nothing happened, try it again' },
  ]),
  reason: textField('How you know', { multiline: true, min: 10, max: 500 }),
});
export const settleOutcomes = ['moved', 'failed', 'again'] as const;

export const reviewForm = form('approval.review.form', { title: 'Look back at it', submit: 'Save' }, asked, {
  verdict: selectField('Was it right to do it without approval?', [
    { value: 'acknowledged', text: 'Yes, it was right' },
    { value: 'disputed', text: 'No, I disagree' },
  ]),
  note: textField('What you think of it', {
    multiline: true,
    min: 10,
    max: 1000,
    hint: 'Was there time to ask? Was it the right version? It stands on the card and in the post-mortem.',
  }),
});
export const verdicts = ['acknowledged', 'disputed'] as const;
