import { Refusal } from '../../../../lib/refusal.ts';
import type { WordKind } from './schema.ts';

export const kindWords: Readonly<Record<WordKind, { readonly name: string; readonly does: string }>> = {
  name: { name: 'A name: leave it alone', does: 'a product or system that is called so' },
  role: { name: 'What people are called', does: 'a role, like steward or annotator' },
};

/** Each of them is looked for in every sentence. */
export const mostWords = 100;
export const longestWord = 60;
const shortestWord = 3;

/** As it is kept: one blank between words. Roles are found in any case, names only as they are spelled. */
export function checkedWord(kind: WordKind, typed: string): string {
  const word = typed.trim().replaceAll(/\s+/g, ' ');
  if (!/\p{L}/u.test(word) || word.length < shortestWord || word.length > longestWord)
    throw new Refusal(`Write a word of ${shortestWord} to ${longestWord} characters with a letter in it.`, {
      field: 'word',
    });
  return kind === 'role' ? word.toLowerCase() : word;
}

export function mayChangeWords(isLead: boolean): void {
  if (!isLead) throw new Refusal('Only who leads a team changes the words of this workspace. Ask one of them.');
}
