import { Refusal } from '../../../lib/refusal.ts';
import { isOneAnswer, type SectionName, sectionNames } from '../draft.ts';
import { sectionTitles } from '../writing/rules.ts';
import { stateOf } from '../rules.ts';
import type { Postmortem } from '../schema.ts';
import type { Voice, VoiceKind } from './schema.ts';

export const kindWords: Readonly<Record<VoiceKind, { readonly name: string; readonly mark: string }>> = {
  known: { name: 'Something others should know', mark: ':speech_balloon:' },
  question: { name: 'A question for the review', mark: ':question:' },
};

/** As many as a person can read before a review, and nobody can flood. */
export const mostVoices = 200;
export const longestVoice = 1500;

/** How many there are of each; of what nobody has been shown yet, none. */
export interface VoiceCounts {
  readonly open: number;
  readonly taken: number;
  readonly setAside: number;
}

/** What comes up in the meeting may still be asked after it; a closed document takes nothing more. */
export function maySpeak(postmortem: Pick<Postmortem, 'state'>, kind: VoiceKind, before: number): void {
  const takes = postmortem.state === 'draft' || postmortem.state === 'in_review';
  const takesQuestion = kind === 'question' && postmortem.state === 'reviewed';
  if (!takes && !takesQuestion)
    throw new Refusal(`This post-mortem is ${stateOf(postmortem)}. Talk to whoever sees to it.`);
  if (before >= mostVoices) throw new Refusal('So much was said already that nobody could read more of it.');
}

/** Whoever runs the review, and whoever sees to the document. */
export function mayHear({ ownerId, facilitatorId }: Postmortem, by: string): void {
  if (by === ownerId || by === facilitatorId) return;
  const runs = facilitatorId ? `<@${facilitatorId}>, who runs the review, and ` : '';
  throw new Refusal(`What was said without a name is read by ${runs}<@${ownerId}>, who sees to the document.`);
}

export function maySort({ state }: Pick<Voice, 'state'>): void {
  if (state === 'taken') throw new Refusal('This was taken over already.');
  if (state === 'set_aside') throw new Refusal('This was set aside already.');
}

/** Where a point can be written: not what is answered by one of a list, or a day. */
export const takingSections: readonly SectionName[] = sectionNames.filter((name) => !isOneAnswer(name));
export const sectionChoices = takingSections.map((value) => ({ value, text: sectionTitles[value] }));

export const usualSection = ({ kind }: Pick<Voice, 'kind'>): SectionName =>
  kind === 'question' ? 'open_questions' : 'difficult';

export const shownOnPage = 20;
