import { z } from 'zod';
import { form } from '../../../slack/forms.ts';
import { dateField, optional, selectField, textField, userField } from '../../../slack/fields.ts';
import { clip } from '../../../slack/limits.ts';
import { type CommitmentType, commitmentTypes, type Factor, priorities } from '../schema.ts';
import { priorityWords, typeWords } from './rules.ts';

const About = z.object({ postmortemId: z.uuid() });
const longestText = 300;

export const commitmentForm = form('commitment.form', { title: 'Add commitment', submit: 'Add' }, About, {
  text: textField('What is promised', { multiline: true, max: longestText }),
  type: selectField(
    'What for',
    commitmentTypes.map((value) => ({ value, text: typeWords[value] })),
  ),
  ownerId: userField('Who sees to it', 'They are asked, and may decline.'),
  due: dateField('Until when'),
  priority: selectField(
    'How urgent is it',
    priorities.map((value) => ({ value, text: priorityWords[value] })),
  ),
  verification: textField('How will we know that it worked', { max: 300 }),
  factorId: optional(selectField('Which condition it changes', [], 'When that is seen again, this is open again.')),
  tracker: optional(textField('Where the work is tracked', { max: 300, hint: 'A link.' })),
});

interface Start {
  readonly ownerId: string;
  readonly due: string;
  readonly text?: string;
  readonly type?: CommitmentType;
  readonly verification?: string;
}

/** The test that would have caught it, as a promise to have it. */
export const promiseOfTest = (gap: string): Pick<Start, 'text' | 'type' | 'verification'> => ({
  text: clip(gap, longestText),
  type: 'detect',
  verification: 'The gate refuses a version like this one.',
});

/** `factors`: of this post-mortem. */
export function commitmentModal(about: z.infer<typeof About>, known: Start, factors: readonly Factor[]) {
  const none = { value: 'none', text: 'None of them' };
  const factorId = factors.map(({ id, statement }) => ({ value: id, text: clip(statement, 75) }));
  return commitmentForm.view(about, {
    start: { priority: 'normal', ...known },
    options: { factorId: [...factorId, none] },
  });
}

const Which = z.object({ commitmentId: z.uuid() });
export const doneForm = form('commitment.done.form', { title: 'Done', submit: 'Save' }, Which, {
  evidence: textField('What shows it', { multiline: true, max: 500, hint: 'A link, a figure, what you saw.' }),
});
export const declineForm = form('commitment.decline.form', { title: 'Decline', submit: 'Decline' }, Which, {
  reason: textField('Why', { multiline: true, max: 300 }),
});
export const refuteForm = form('commitment.refute.form', { title: 'Not yet', submit: 'Save' }, Which, {
  words: textField('What is still missing', { multiline: true, max: 500 }),
});
export const waiveForm = form('commitment.waive.form', { title: 'Waive', submit: 'Waive' }, Which, {
  reason: textField('Why it is given up', { multiline: true, max: 500 }),
});
export const reassignForm = form('commitment.reassign.form', { title: 'Give to', submit: 'Ask them' }, Which, {
  ownerId: userField('Who sees to it'),
});
