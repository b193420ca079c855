import { Refusal } from '../../lib/refusal.ts';
import type { Severity } from '../incidents/schema.ts';
import type { SectionName, Sections } from './draft.ts';
import type { Commitment, Factor, Postmortem, PostmortemState } from './schema.ts';
import { sectionTitles } from './writing/rules.ts';

const required: Readonly<Record<Severity, readonly SectionName[]>> = {
  sev1: ['summary', 'surprise', 'impact', 'decisions', 'detection', 'trigger', 'resolution'],
  sev2: ['summary', 'impact', 'detection', 'trigger', 'resolution'],
  sev3: ['summary', 'impact', 'resolution'],
};
const learning = ['went_well', 'difficult', 'lucky', 'held'] as const;
const fewestFactors = 2;

/** Calendar days for SEV1, workdays of the team for the others. */
export const dueDays: Readonly<Record<Severity, { readonly days: number; readonly areWorkdays: boolean }>> = {
  sev1: { days: 3, areWorkdays: false },
  sev2: { days: 5, areWorkdays: true },
  sev3: { days: 10, areWorkdays: true },
};

export interface Whole {
  readonly severity: Severity;
  readonly facilitatorId: string | null;
  readonly sections: Sections;
  readonly factors: readonly Factor[];
  readonly commitments: readonly Commitment[];
}

/** Everything that is still missing before others should read it, each in words. Nothing: an empty list. */
export function missing({ severity, facilitatorId, sections, factors, commitments }: Whole): readonly string[] {
  const empty = required[severity].filter((name) => !sections[name]);
  return [
    ...empty.map((name) => `"${sectionTitles[name]}" is not written yet.`),
    ...(factors.length < fewestFactors
      ? [
          `It has ${factors.length} contributing ${factors.length === 1 ? 'factor' : 'factors'}; one alone hardly ever explains it. Add another.`,
        ]
      : []),
    ...(facilitatorId === null && severity !== 'sev3'
      ? ['Nobody runs its review yet: press *Who runs it*, and choose somebody who was not in the incident.']
      : []),
    ...(learning.some((name) => sections[name]) ? [] : ['What went well, was difficult or lucky is still empty.']),
    ...commitments
      .filter(({ state }) => state === 'offered' || state === 'declined')
      .map(({ number, state }) =>
        state === 'offered'
          ? `Nobody has said yes to commitment ${number} yet.`
          : `Commitment ${number} was declined: give it to somebody else, or waive it.`,
      ),
  ];
}

const stateWords: Readonly<Record<PostmortemState, string>> = {
  draft: 'still being written',
  in_review: 'being reviewed',
  reviewed: 'reviewed',
  closed: 'closed',
  not_required: 'not needed',
};
export const stateOf = ({ state }: Pick<Postmortem, 'state'>): string => stateWords[state];

export function mayWrite(postmortem: Pick<Postmortem, 'state'>): void {
  if (postmortem.state === 'closed' || postmortem.state === 'not_required')
    throw new Refusal(`This post-mortem is ${stateOf(postmortem)}. Reopen the incident to write on.`);
}

export function mayAskForReview(postmortem: Postmortem, whole: Whole): void {
  if (postmortem.state !== 'draft') throw new Refusal(`This post-mortem is ${stateOf(postmortem)}.`);
  const open = missing(whole);
  if (open.length > 0) throw new Refusal(`Before others read it: ${open.join(' ')}`);
}

/** Whoever reviews was not the one who wrote it up. */
export function mayReview(postmortem: Postmortem, by: string): void {
  if (postmortem.state !== 'in_review') throw new Refusal(`This post-mortem is ${stateOf(postmortem)}.`);
  if (postmortem.ownerId === by)
    throw new Refusal('You see to this post-mortem, so somebody else says that it is reviewed.');
}

/** The record is closed; what was promised goes on. */
export function mayClose(postmortem: Postmortem, whole: Whole, lacking: readonly string[]): void {
  if (postmortem.state !== 'reviewed')
    throw new Refusal(`This post-mortem is ${stateOf(postmortem)}; it is closed once it is reviewed.`);
  const open = [...missing(whole), ...lacking];
  if (open.length > 0) throw new Refusal(`Before it is closed: ${open.join(' ')}`);
}

/** Nothing, or a link that a browser may open. */
export function checkedLink(typed: string | undefined): string | undefined {
  if (typed === undefined || /^https?:\/\/\S+$/i.test(typed)) return typed;
  throw new Refusal('Give a whole link, like https://tracker.example/issue/7.', { field: 'tracker' });
}

const shortestReason = 10;
export function checkWords(text: string, field: string): void {
  if (text.trim().length < shortestReason)
    throw new Refusal(`Say it in at least ${shortestReason} characters.`, { field });
}
