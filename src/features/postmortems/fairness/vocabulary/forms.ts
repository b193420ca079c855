import { z } from 'zod';
import { form } from '../../../../slack/forms.ts';
import { optional, selectField, selectManyField, textField } from '../../../../slack/fields.ts';
import type { Vocabulary } from '../rules.ts';
import { kindWords, longestWord } from './rules.ts';
import { wordKinds } from './schema.ts';

// Both are steps of the list of rules: they take its place.
export const addWordForm = form('postmortem.rules/add', { title: 'Add a word', submit: 'Add' }, z.object({}), {
  word: textField('Word', {
    max: longestWord,
    hint: 'A name is found as it is spelled, with its capitals; a role in any case, and with an s.',
  }),
  kind: selectField(
    'What is it',
    wordKinds.map((value) => ({ value, text: kindWords[value].name, description: kindWords[value].does })),
  ),
});

export const dropWordForm = form('postmortem.rules/drop', { title: 'Take out', submit: 'Take out' }, z.object({}), {
  names: optional(selectManyField('Names')),
  roles: optional(selectManyField('What people are called')),
});

export function dropWordModal({ names, roles }: Vocabulary) {
  const choices = (kind: string, words: readonly string[]) =>
    words.length === 0
      ? [{ value: 'none', text: 'There is none' }]
      : words.map((word) => ({ value: `${kind}:${word}`, text: word }));
  return dropWordForm.view({}, { options: { names: choices('name', names), roles: choices('role', roles) } });
}
