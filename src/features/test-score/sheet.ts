/** The four sections of the ML Test Score (Breck et al., 2017); the score is the lowest of their sums. */
export const sections = ['data', 'model', 'infra', 'monitor'] as const;
export type Section = (typeof sections)[number];

export const sectionNames: Readonly<Record<Section, string>> = {
  data: 'Data and features',
  model: 'Building the model',
  infra: 'Getting it live',
  monitor: 'Watching it',
};

/** As they stand on buttons. */
export const sectionLabels: Readonly<Record<Section, string>> = {
  data: 'Data',
  model: 'Building',
  infra: 'Going live',
  monitor: 'Watching',
};

export interface SheetItem {
  readonly id: string;
  readonly section: Section;
  /** What has to be true, as a question that a person can answer with yes. */
  readonly question: string;
  /** What to do about it, as a next step. */
  readonly step: string;
}

const of = (section: Section, items: readonly (readonly [id: string, question: string, step: string])[]) =>
  items.map(([id, question, step]): SheetItem => ({ id: `${section}.${id}`, section, question, step }));

/** The questions are ours; what they ask is that of the paper, in its order. */
export const sheet: readonly SheetItem[] = [
  ...of('data', [
    [
      'schema',
      'Is it written down what each feature may look like?',
      'Write the expectations on the features down as a schema.',
    ],
    ['useful', 'Does every feature earn its place?', 'Train without each feature once and drop what changes nothing.'],
    [
      'cost',
      'Is no feature too dear in time, memory or upkeep?',
      'List what each feature costs, and drop the dear ones that help little.',
    ],
    [
      'rules',
      'Do the features keep to the rules of your company, such as data that may not be used?',
      'Check the inputs against the list of what may not be used.',
    ],
    [
      'privacy',
      'Is personal data guarded all the way through the pipeline?',
      'Have the privacy of the data path reviewed.',
    ],
    [
      'new',
      'Can a new feature be in production within weeks?',
      'Measure how long the last new feature took, and shorten the longest part.',
    ],
    [
      'code',
      'Is the code that makes the features tested?',
      'Test the feature code, the same in training and in serving.',
    ],
  ]),
  ...of('model', [
    [
      'reviewed',
      'Is every change of the model reviewed and kept in version control?',
      'Put the model code under review.',
    ],
    [
      'proxy',
      'Does the number you train for move with what the business wants?',
      'Compare the offline number with the business number over the last releases.',
    ],
    ['tuned', 'Were the settings of the training searched for, not guessed?', 'Run a search over the settings once.'],
    [
      'staleness',
      'Do you know how much worse it is when it is old?',
      'Compare versions of different ages on today’s data.',
    ],
    ['simpler', 'Is it better than a simpler model?', 'Train a simple model and keep its number as the bar.'],
    [
      'slices',
      'Is it good enough for every group that matters?',
      'Look at its numbers per slice, and put them into the gate.',
    ],
    ['inclusion', 'Was it tested for being fair to the people it is about?', 'Look at the errors per group of people.'],
  ]),
  ...of('infra', [
    [
      'reproducible',
      'Does training twice on the same data give the same model?',
      'Fix the seeds and versions, train twice, compare.',
    ],
    ['unit', 'Is the model code tested by itself?', 'Write tests of the model code that run without training.'],
    [
      'integration',
      'Is the whole pipeline tested from data to answer?',
      'Run the whole pipeline on a small sample with every change.',
    ],
    ['gate', 'Is every version checked before it goes live?', 'Write a gate and promote through it: /ml gate edit.'],
    [
      'debug',
      'Can one answer be followed step by step?',
      'Make it possible to feed one example through and see every step.',
    ],
    ['canary', 'Does a new version get a part of the traffic first?', 'Set up steps for it: /ml deployer.'],
    [
      'rollback',
      'Was going back to an earlier version tried?',
      'Try a rollback once, while nothing burns: /ml rollback.',
    ],
  ]),
  ...of('monitor', [
    [
      'dependencies',
      'Does somebody hear when the data it needs changes?',
      'Connect its data sets, and name who looks after their freshness.',
    ],
    ['invariants', 'Are the inputs watched while it runs?', 'Watch a feature: /ml drift watch.'],
    [
      'skew',
      'Would you see that serving computes features otherwise than training did?',
      'Post histograms of the features, and freeze a reference.',
    ],
    ['age', 'Would you see that it is too old?', 'Let it be retrained every so many days: /ml retrain set-up.'],
    ['numbers', 'Would you see answers or inputs that are no numbers?', 'Watch the share of missing values.'],
    ['speed', 'Would you see that it got slower or dearer?', 'Set a goal for its latency: /ml metrics add.'],
    ['quality', 'Would you see that its answers got worse?', 'Set a goal for its quality: /ml metrics add.'],
  ]),
];

export const itemOf = (id: string): SheetItem | undefined => sheet.find((each) => each.id === id);
