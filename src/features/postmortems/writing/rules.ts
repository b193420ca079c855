import { Refusal } from '../../../lib/refusal.ts';
import { daysNow } from '../../teams/rules.ts';
import { type ChoiceName, type choices, isChoice, type SectionName, type Sections } from '../draft.ts';
import type { FactorCategory } from '../schema.ts';

export const sectionTitles: Readonly<Record<SectionName, string>> = {
  summary: 'What happened',
  background: 'What a newcomer has to know',
  surprise: 'Why we were surprised',
  impact: 'Who and what was affected',
  affected: 'How many people or requests',
  tickets: 'How many support tickets',
  business: 'What it did to the business',
  business_value: 'That as a number',
  impact_basis: 'How we know the impact',
  labels_on: 'When the labels are in',
  label_delay: 'How late labels come, in days',
  decisions: 'Decisions made on wrong predictions',
  reversible: 'Can these decisions be taken back',
  detected_how: 'Who or what noticed first',
  detection: 'How we noticed',
  trigger: 'What set it off',
  trigger_move: 'Which move in the registry it came from',
  sense: 'What made it make sense at the time',
  held: 'What limited the damage',
  silent: 'Did anything else raise its voice',
  resolution: 'How it ended, and how we know',
  resolution_link: 'What shows that it is over',
  went_well: 'What went well',
  difficult: 'What was difficult',
  lucky: 'Where we were lucky',
  open_questions: 'What we still do not know',
  failure_class: 'Where it failed',
  served: 'Which versions were served, and which we thought',
  slice: 'Which slice of the data',
  slice_share: 'Its share of the traffic, in %',
  skew: 'Training against serving',
  evaluation_gap: 'Which offline test would have caught it',
  mitigation: 'What stopped the impact',
  mitigation_times: 'When it was proposed, done and seen to work',
  retrain: 'Retrain',
  retrain_why: 'Who decided, and why',
  retrain_from: 'Leave out of the data: first day',
  retrain_until: 'Leave out of the data: last day',
  feedback: 'Does it learn from its own effects',
  corrections: 'Predictions to correct',
  outside: 'What customers are told',
  fairness_check: 'Is a check of fairness or regulation needed',
  fairness_why: 'Which check, or why not',
  ideas: 'Ideas, promised to nobody',
};

export const sectionHints: Partial<Readonly<Record<SectionName, string>>> = {
  summary: 'Two to four sentences that a newcomer understands.',
  impact: 'People, decisions, money; how long; measured, or estimated until the labels are in.',
  business: 'A figure with its name and unit: missed contracts, money, hours.',
  business_value: 'The value of that figure.',
  labels_on: 'On that day I ask who sees to the post-mortem for the measured impact.',
  label_delay: 'The usual number of days until the truth is known.',
  resolution_link: 'A link to a chart, a log, a check.',
  mitigation_times: 'Rollbacks are on record already, with their times.',
  sense: 'At each decision: what was on the screen, what else was going on?',
  served: 'They can differ: what the alias says, and what answered.',
  retrain_from: 'Data of these days was bad. Whoever retrains the model finds them left out.',
  feedback: 'What it predicts changes what it is trained on later.',
  corrections: 'Which are filled in again or put right? Who has to hear of it is chosen on the card.',
  outside: 'In words for them, as it goes out. What colleagues were told stands in the files.',
  slice: 'In words or as a filter.',
  detection: 'Who or what noticed, and what would have halved that time?',
  trigger: 'The change or event just before: a deployment, a retraining, new data.',
  trigger_move: 'Versions that went live in the week before it began.',
  resolution: 'What was seen that says it is over?',
  skew: 'A feature that differs between training and serving: values, code path.',
  evaluation_gap: 'Press Promise it on the card, and it becomes a commitment.',
  ideas: 'As many as you like. What somebody promises is a commitment.',
};

export const pageNames = [
  'story',
  'impact',
  'labels',
  'detection',
  'model',
  'response',
  'retraining',
  'learning',
] as const;
export type PageName = (typeof pageNames)[number];

/** What is written together, in one go. */
export const pages = {
  story: ['summary', 'background', 'surprise'],
  impact: ['impact', 'affected', 'tickets', 'business', 'business_value', 'decisions', 'reversible'],
  labels: ['impact_basis', 'label_delay', 'labels_on'],
  detection: ['detected_how', 'detection', 'trigger', 'trigger_move', 'sense', 'held', 'silent'],
  model: ['failure_class', 'served', 'slice', 'slice_share', 'skew', 'evaluation_gap'],
  response: ['mitigation', 'mitigation_times', 'corrections', 'outside', 'fairness_check', 'fairness_why'],
  retraining: ['retrain', 'retrain_why', 'retrain_from', 'retrain_until', 'feedback'],
  learning: ['resolution', 'resolution_link', 'went_well', 'difficult', 'lucky', 'open_questions', 'ideas'],
} as const satisfies Record<PageName, readonly SectionName[]>;

export const pageTitles: Readonly<Record<PageName, string>> = {
  story: 'What happened',
  impact: 'Impact',
  labels: 'Labels',
  detection: 'Detection',
  model: 'The model',
  response: 'Response',
  retraining: 'Retraining',
  learning: 'Learning',
};

/** Where something of a model lies. */
const placeWords = {
  data: 'Data',
  features: 'Feature pipeline',
  labels: 'Labels',
  training: 'Training',
  evaluation: 'Evaluation',
  serving: 'Serving',
  configuration: 'Configuration',
} as const;

const choiceWords: { readonly [K in ChoiceName]: Readonly<Record<(typeof choices)[K][number], string>> } = {
  impact_basis: {
    measured: 'Measured on labels',
    estimated: 'Estimated from something that stands for it',
    unknown: 'Not known yet',
  },
  reversible: {
    done: 'Yes, and they were',
    possible: 'Yes, and they still have to be',
    impossible: 'No',
    none: 'There were none',
    unknown: 'Not known',
  },
  detected_how: {
    alert: 'An alert of ours',
    team: 'Somebody of the team',
    user: 'A user or customer',
    partner: 'Another team',
    audit: 'A look back',
    drill: 'A drill',
  },
  silent: {
    silent: 'No: errors and latency were fine, only the predictions were wrong',
    loud: 'Yes, errors or latency, too',
    unknown: 'Not known',
  },
  failure_class: {
    ...placeWords,
    feedback_loop: 'Feedback loop',
    upstream: 'Another model or system before it',
    not_ml: 'Not ML',
  },
  mitigation: {
    rollback: 'Rollback',
    fallback: 'A rule or model to fall back on',
    switched_off: 'Switched off',
    retraining: 'Retraining',
    threshold: 'Another threshold',
    traffic: 'Traffic moved elsewhere',
    data_repair: 'The data put right',
    none: 'It passed by itself',
  },
  retrain: { yes: 'Yes', no: 'No', wait_for_labels: 'Wait for labels' },
  feedback: { yes: 'Yes', no: 'No', unknown: 'Not known' },
  fairness_check: { needed: 'Needed', done: 'Done', not_needed: 'Not needed' },
};

/** The answers of a choice, as people read them. */
export function choicesOf(name: ChoiceName): { value: string; text: string }[] {
  return Object.entries(choiceWords[name]).map(([value, text]) => ({ value, text }));
}

/** A section as people read it: the words of a choice, any other text as it was written. */
export const readSection = (name: SectionName, text: string): string =>
  isChoice(name) ? (choicesOf(name).find(({ value }) => value === text)?.text ?? text) : text;

/** Both days or none, in their order, and begun somewhere. */
export function checkLeftOut({ retrain_from: from, retrain_until: until }: Sections, now: Date): void {
  if (from && !until) throw new Refusal('Choose the last day, too.', { field: 'retrain_until' });
  if (until && !from) throw new Refusal('Choose the first day, too.', { field: 'retrain_from' });
  if (!from || !until) return;
  if (from > until) throw new Refusal('The last day lies before the first.', { field: 'retrain_until' });
  if (from > daysNow(now).latest) throw new Refusal('This day is still to come.', { field: 'retrain_from' });
}

export const categoryWords: Readonly<Record<FactorCategory, string>> = {
  ...placeWords,
  upstream: 'Another model or system before it',
  process: 'How we work',
  not_ml: 'Not ML',
};
