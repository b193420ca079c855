import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { section } from '../../slack/blocks.ts';
import {
  type Choice,
  instantField,
  lookupField,
  optional,
  optionalText,
  selectField,
  textField,
  userField,
} from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { lines, md } from '../../slack/mrkdwn.ts';
import { needChoices } from './needs.ts';
import { mostWords } from './rules.ts';
import type { Blocker, Question } from './schema.ts';

const one = z.object({ blockerId: z.uuid() });
const aPerson = { value: 'person', text: 'A certain person' };
const dontKnow = { value: 'unknown', text: 'I do not know' };

export const raiseForm = form('blocker.raise.form', { title: 'Raise a blocker', submit: 'Raise it' }, z.object({}), {
  what: textField('What stands in your way', {
    multiline: true,
    min: 3,
    max: mostWords,
    hint: 'The thing, not who is to blame for it.',
  }),
  need: selectField('What do you need?', [...needChoices(), aPerson]),
  person: optional(userField('Which person', 'Only if you chose "A certain person".')),
  needTeam: optional(lookupField('Which team has it', 'team', 'Empty: that of the model or data set, else yours.')),
  dataset: optional(lookupField('Which data set', 'blocker-dataset', 'If it is about one.')),
  model: optional(lookupField('Which model it blocks', 'model')),
  blocks: optionalText('What else it blocks', { hint: 'A release, a task, a demo: in words.' }),
  severity: selectField('How bad is it?', [
    { value: 'stopped', text: 'Stopped: I cannot go on' },
    { value: 'slowed', text: 'Slowed: I can work around it for now' },
  ]),
  since: optional(instantField('Since when', 'Empty: since now.')),
});

export function raiseModal(start: { readonly what: string; readonly model: Choice | undefined }): ModalView {
  const { what, model } = start;
  return raiseForm.view({}, { start: { what, severity: 'stopped' }, ...(model && { options: { model: [model] } }) });
}

export const passForm = form('blocker.pass.form', { title: 'Who then?', submit: 'Pass it on' }, one, {
  need: selectField('What is needed instead?', [dontKnow, ...needChoices(), aPerson], 'Not known: the lead is asked.'),
  person: optional(userField('Which person', 'Only if you chose "A certain person".')),
  needTeam: optional(lookupField('Which team has it', 'team', 'Empty: looked for around the same team.')),
  reason: optionalText('What the next one should know', { multiline: true }),
});

export const askForm = form('blocker.ask.form', { title: 'Need more', submit: 'Ask' }, one, {
  question: textField('What do you need to know?', {
    multiline: true,
    min: 3,
    max: mostWords,
    hint: 'The clock stands until it is answered.',
  }),
});

export const answerForm = form(
  'blocker.answer.form',
  { title: 'Your answer', submit: 'Answer' },
  one.extend({ question: z.int() }),
  { answer: textField('Answer', { multiline: true, max: mostWords }) },
);

export function answerModal({ id, what }: Blocker, { number, question }: Question): ModalView {
  return answerForm.view(
    { blockerId: id, question: number },
    { above: [section(lines(md`*${what}*`, md`:question: ${question}`))] },
  );
}

export const closeForm = form('blocker.close.form', { title: 'Unblocked', submit: 'Close it' }, one, {
  unblocked: textField('What unblocked it?', {
    min: 3,
    max: mostWords,
    hint: 'One line. The next person who is stuck on the same reads it.',
  }),
});
