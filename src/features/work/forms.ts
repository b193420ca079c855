import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { type Choice, lookupField, optional, selectField, textField, userField } from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { clip } from '../../slack/limits.ts';
import { longestDetails, longestTitle, outcomeWords, typeWords } from './rules.ts';
import { outcomes, states, types } from './schema.ts';

/** What it is made from, if it is: a message in a channel. */
const From = z.object({ origin: z.string().optional(), channel: z.string().optional() });
type From = z.infer<typeof From>;

export const makeForm = form('work.make.form', { title: 'New work item', submit: 'Make it' }, From, {
  title: textField('What is to be done', { max: longestTitle, hint: 'One line, as you would say it aloud.' }),
  details: optional(
    textField('Details', { multiline: true, max: longestDetails, hint: 'Everybody in the team sees them.' }),
  ),
  type: selectField(
    'What kind of work',
    types.map((value) => ({ value, text: typeWords[value] })),
  ),
  team: lookupField('Which team', 'team'),
  model: optional(lookupField('Which model it is about', 'model')),
  ownerId: optional(userField('Who does it', 'Empty: whoever starts it.')),
});

interface Start {
  readonly title: string;
  readonly details?: string;
  readonly team: Choice | undefined;
  readonly model?: Choice | undefined;
}

export function makeModal(from: From, { title, details = '', team, model }: Start): ModalView {
  return makeForm.view(from, {
    start: { title: clip(title, longestTitle), details: clip(details, longestDetails), type: 'feature' },
    options: { ...(team && { team: [team] }), ...(model && { model: [model] }) },
  });
}

const one = z.object({ itemId: z.uuid() });

export const giveForm = form('work.give.form', { title: 'Give to', submit: 'Give it' }, one, {
  ownerId: userField('Who does it', 'They are told once.'),
});

export const findingForm = form(
  'work.finding.form',
  { title: 'What was found', submit: 'Done' },
  one.extend({ seen: z.enum(states) }),
  {
    outcome: selectField(
      'What came of the question',
      outcomes.map((value) => ({ value, text: `It is ${outcomeWords[value]}` })),
      'A clear no is a result, too.',
    ),
    finding: textField('What was found', {
      multiline: true,
      max: 1000,
      hint: 'With a link to the run, if there is one.',
    }),
  },
);
