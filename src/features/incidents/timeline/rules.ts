import { Refusal } from '../../../lib/refusal.ts';
import { type LineTag, lineTags } from './schema.ts';

export const tagWords: Readonly<Record<LineTag, { readonly name: string; readonly does: string }>> = {
  signal: { name: 'Signal', does: 'something that could be noticed' },
  decision: { name: 'Decision', does: 'somebody chose between ways to go on' },
  action: { name: 'Action', does: 'something was done' },
  comms: { name: 'Told', does: 'somebody was told something' },
  state: { name: 'State', does: 'how things stood' },
};

/** What helps others to understand it; asked while a line is looked at. */
export const tagQuestions: Readonly<Record<LineTag, string>> = {
  signal: 'What made it stand out from everything else on the screen?',
  decision: 'Which other ways were there, and what spoke for this one then?',
  action: 'What was it to achieve, and what stood in the way?',
  comms: 'What did the others know before and after?',
  state: 'Where could that be seen?',
};

export const tagChoices = lineTags.map((value) => ({
  value,
  text: tagWords[value].name,
  description: tagWords[value].does,
}));

/** Of what the machine itself did, a name that reads as one. */
export const whoWords = (who: string): string =>
  who === 'executor' || who === 'quorum' || who === 'pitcrew' ? 'Pitcrew' : who;

export const linesOnPage = 15;

export interface Page<T> {
  readonly shown: readonly T[];
  readonly page: number;
  readonly pages: number;
}

/** A page that is not there is the nearest one that is. */
export function pageOf<T>(all: readonly T[], wanted: number): Page<T> {
  const pages = Math.max(1, Math.ceil(all.length / linesOnPage));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  return { shown: all.slice(page * linesOnPage, (page + 1) * linesOnPage), page, pages };
}

/** Nothing, or an address that is safe to open and to hand on: no plain http, and no password in it. */
export function checkedEvidence(typed: string | undefined): string | null {
  const text = typed?.trim() ?? '';
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw new Refusal('Give a whole link that begins with https://, like https://charts.example/churn.', {
      field: 'evidence',
    });
  return url.href;
}
