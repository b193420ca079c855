import { type ChoiceName, type choices, isChoice, type SectionName } from '../draft.ts';
import type { FactorCategory } from '../schema.ts';

export const sectionTitles: Readonly<Record<SectionName, string>> = {
  summary: 'What happened',
  background: 'What a newcomer has to know',
  surprise: 'Why we were surprised',
  impact: 'Who and what was affected',
  affected: 'How many people or requests',
  tickets: 'How many support tickets',
  business: 'What it did to the business',
  impact_basis: 'How we know the impact',
  labels_on: 'When the labels are in',
  label_delay: 'How late labels come',
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
  mitigation_times: 'When it was asked for, approved and seen',
  retrain: 'Retrain',
  retrain_why: 'Why, and on which window not',
  corrections: 'Predictions to correct, and who has to hear',
  fairness_check: 'Is a check of fairness or regulation needed',
  ideas: 'Ideas, promised to nobody',
};

export const sectionHints: Partial<Readonly<Record<SectionName, string>>> = {
  summary: 'Two to four sentences that a newcomer understands.',
  impact: 'People, decisions, money; how long; measured, or estimated until the labels are in.',
  business: 'A figure with its name, value and unit: missed contracts, money, hours.',
  labels_on: 'I ask its owner then for the measured impact.',
  label_delay: 'The usual number of days until the truth is known.',
  sense: 'At each decision: what was on the screen, what else was going on?',
  served: 'They can differ: what the alias says, and what answered.',
  retrain_why: 'Who decided; a window of bad data to leave out; does the model see its own effects?',
  corrections: 'Which predictions are filled in again or put right; who has used them?',
  slice: 'In words or as a filter.',
  detection: 'Who or what noticed, and what would have halved that time?',
  trigger: 'The change or event just before: a deployment, a retraining, new data.',
  trigger_move: 'Versions that went live in the week before it began.',
  resolution: 'What was seen that says it is over?',
  skew: 'A feature that differs between training and serving: values, code path.',
  evaluation_gap: 'Promise it as a commitment, and it becomes a line of the release gate.',
  ideas: 'As many as you like. What somebody promises is a commitment.',
};

export const pageNames = ['story', 'impact', 'detection', 'model', 'response', 'learning'] as const;
export type PageName = (typeof pageNames)[number];

/** What is written together. */
export const pages = {
  story: ['summary', 'background', 'surprise'],
  impact: [
    'impact',
    'affected',
    'tickets',
    'business',
    'impact_basis',
    'labels_on',
    'label_delay',
    'decisions',
    'reversible',
  ],
  detection: ['detected_how', 'detection', 'trigger', 'trigger_move', 'sense', 'held', 'silent'],
  model: ['failure_class', 'served', 'slice', 'slice_share', 'skew', 'evaluation_gap'],
  response: ['mitigation', 'mitigation_times', 'retrain', 'retrain_why', 'corrections', 'fairness_check'],
  learning: ['resolution', 'went_well', 'difficult', 'lucky', 'open_questions', 'ideas'],
} as const satisfies Record<PageName, readonly SectionName[]>;

export const pageTitles: Readonly<Record<PageName, string>> = {
  story: 'What happened',
  impact: 'Impact',
  detection: 'Detection',
  model: 'The model',
  response: 'Response',
  learning: 'Learning',
};

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
    data: 'Data',
    features: 'Feature pipeline',
    labels: 'Labels',
    training: 'Training',
    evaluation: 'Evaluation',
    serving: 'Serving',
    configuration: 'Configuration',
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
  fairness_check: { needed: 'Needed', done: 'Done', not_needed: 'Not needed' },
};

/** The answers of a choice, as people read them. */
export function choicesOf(name: ChoiceName): { value: string; text: string }[] {
  return Object.entries(choiceWords[name]).map(([value, text]) => ({ value, text }));
}

/** A section as people read it: the words of a choice, any other text as it was written. */
export const readSection = (name: SectionName, text: string): string =>
  isChoice(name) ? (choicesOf(name).find(({ value }) => value === text)?.text ?? text) : text;

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
