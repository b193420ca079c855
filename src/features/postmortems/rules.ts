import { Refusal } from '../../lib/refusal.ts';
import type { Severity } from '../incidents/schema.ts';
import type { SectionName, Sections } from './draft.ts';
import type { Commitment, Factor, FactorCategory, Postmortem, PostmortemState } from './schema.ts';

export const sectionTitles: Readonly<Record<SectionName, string>> = {
  summary: 'What happened',
  surprise: 'Why we were surprised',
  impact: 'Who and what was affected',
  decisions: 'Decisions made on wrong predictions',
  detection: 'How we noticed',
  trigger: 'What set it off',
  held: 'What limited the damage',
  resolution: 'How it ended, and how we know',
  went_well: 'What went well',
  difficult: 'What was difficult',
  lucky: 'Where we were lucky',
  open_questions: 'What we still do not know',
  slice: 'Which slice of the data',
  skew: 'Training against serving',
  evaluation_gap: 'Which offline test would have caught it',
  ideas: 'Ideas, promised to nobody',
};

export const sectionHints: Partial<Readonly<Record<SectionName, string>>> = {
  summary: 'Two to four sentences that a newcomer understands.',
  impact: 'People, decisions, money; how long; measured, or estimated until the labels are in.',
  decisions: 'Can they be reversed? Were they?',
  detection: 'Who or what noticed, and what would have halved that time?',
  trigger: 'The change or event just before: a deployment, a retraining, new data.',
  resolution: 'What was seen that says it is over?',
  skew: 'A feature that differs between training and serving: values, code path.',
  evaluation_gap: 'It becomes a line of the release gate.',
  ideas: 'As many as you like. What somebody promises is a commitment.',
};

export const pageNames = ['story', 'impact', 'detection', 'learning', 'model'] as const;
export type PageName = (typeof pageNames)[number];

/** What is written together. */
export const pages = {
  story: ['summary', 'surprise'],
  impact: ['impact', 'decisions'],
  detection: ['detection', 'trigger', 'held'],
  learning: ['resolution', 'went_well', 'difficult', 'lucky', 'open_questions'],
  model: ['slice', 'skew', 'evaluation_gap', 'ideas'],
} as const satisfies Record<PageName, readonly SectionName[]>;

export const pageTitles: Readonly<Record<PageName, string>> = {
  story: 'What happened',
  impact: 'Impact',
  detection: 'Detection',
  learning: 'Learning',
  model: 'Model and ideas',
};

export const categoryWords: Readonly<Record<FactorCategory, string>> = {
  data: 'Data',
  features: 'Feature pipeline',
  labels: 'Labels',
  training: 'Training',
  evaluation: 'Evaluation',
  serving: 'Serving',
  configuration: 'Configuration',
  upstream: 'Another model or system before it',
  process: 'How we work',
  not_ml: 'Not ML',
};

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
  readonly sections: Sections;
  readonly factors: readonly Factor[];
  readonly commitments: readonly Commitment[];
}

/** Everything that is still missing before others should read it, each in words. Nothing: an empty list. */
export function missing({ severity, sections, factors, commitments }: Whole): readonly string[] {
  const empty = required[severity].filter((name) => !sections[name]);
  return [
    ...empty.map((name) => `"${sectionTitles[name]}" is not written yet.`),
    ...(factors.length < fewestFactors
      ? [
          `It has ${factors.length} contributing ${factors.length === 1 ? 'factor' : 'factors'}; one alone hardly ever explains it. Add another.`,
        ]
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

export function mayWrite(postmortem: Postmortem): void {
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
export function mayClose(postmortem: Postmortem, whole: Whole): void {
  if (postmortem.state !== 'reviewed')
    throw new Refusal(`This post-mortem is ${stateOf(postmortem)}; it is closed once it is reviewed.`);
  const open = missing(whole);
  if (open.length > 0) throw new Refusal(`Before it is closed: ${open.join(' ')}`);
}

const shortestReason = 10;
export function checkWords(text: string, field: string): void {
  if (text.trim().length < shortestReason)
    throw new Refusal(`Say it in at least ${shortestReason} characters.`, { field });
}
