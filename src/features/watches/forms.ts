import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { actions, RuleAsked } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, section } from '../../slack/blocks.ts';
import { form } from '../../slack/forms.ts';
import { numberField, optional, optionalText, selectField } from '../../slack/fields.ts';
import { clip } from '../../slack/limits.ts';
import { md, type Mrkdwn } from '../../slack/mrkdwn.ts';
import { histogramMethods } from '../drift/detectors/methods.ts';
import { severities, type Watch } from '../drift/schema.ts';
import { severityHints, severityWords } from '../drift/words.ts';
import type { Model } from '../models/schema.ts';
import { type Asked, type Way, ways } from './rules.ts';

const wayWords: Readonly<Record<Way, { text: string; description: string }>> = {
  threshold: { text: 'Beyond a fixed limit', description: 'You name the limit in the unit of the metric' },
  cusum: { text: 'A small shift that lasts (CUSUM)', description: 'Adds up what is off; 4 standard deviations' },
  weekday: { text: 'Unlike the same weekday', description: 'Against the last 4 weeks; 3 standard deviations' },
  sigma: { text: 'Far from normal', description: '3 standard deviations of the reference' },
  ewma: { text: 'A running mean moves away (EWMA)', description: '3 of its own deviations' },
  change: { text: 'Changed by a share', description: 'Against the mean of the reference; 0.1 is a tenth' },
  missing_share: { text: 'More values are missing', description: 'For a share from 0 to 1; 0.05 is 5 points' },
};

const Standing = z.object({ id: z.uuid(), revision: z.int() });
const Carried = z.object({
  modelId: z.uuid(),
  /** Set when a standing rule is changed. */
  watch: Standing.optional(),
});

const windows = numberField('Bad windows in a row', { decimal: false, min: 1, max: 30 });
const rows = numberField('From how many rows on a window counts', { decimal: false, min: 0, max: 1_000_000_000 });
const severity = selectField(
  'What happens',
  severities.map((value) => ({ value, text: severityWords[value], description: clip(severityHints[value], 75) })),
);

export const ruleForm = form('watch', { title: 'Watch a metric', submit: 'See what it does' }, Carried, {
  what: selectField('What'),
  way: selectField(
    'Raise when it is',
    ways.map((value) => ({ value, ...wayWords[value] })),
    'Only for metrics; features are always held against their reference.',
  ),
  direction: selectField('Bad is', [
    { value: 'both', text: 'Either way' },
    { value: 'above', text: 'More' },
    { value: 'below', text: 'Less' },
  ]),
  limit: optional(numberField('Limit', { hint: 'Leave it empty for the usual one. A fixed limit needs it.' })),
  windows,
  rows,
  severity,
  reference: selectField('Normal is', [
    { value: 'first', text: 'The first 28 windows of the last 90 days' },
    { value: 'last', text: 'The last 28 windows' },
    { value: 'kept', text: 'What it is held against already' },
  ]),
  late: optional(numberField('Hours until late data is in', { min: 0, max: 240 })),
  column: optionalText('Column', { hint: 'Only where the metric is of one column.' }),
});

/** What a tool judges itself has a limit there; how often and how loud is said here. */
export const verdictForm = form(
  'watch/verdict',
  { title: 'Change a rule', submit: 'See what it does' },
  z.object({ modelId: z.uuid(), watch: Standing, metric: z.string(), column: z.string() }),
  { windows, rows, severity },
);

/** Filled so that it can be sent as it is. */
export function ruleFormFor(
  model: Model,
  metrics: readonly string[],
  start: Partial<Record<keyof typeof usual, string>> = {},
  watch?: Pick<Watch, 'id' | 'revision'>,
): ModalView {
  const what = [
    ...metrics.slice(0, 90).map((metric) => ({ value: `m:${metric}`, text: metric })),
    ...histogramMethods
      .filter(({ name }) => !name.startsWith('chi2'))
      .map(({ name, label }) => ({ value: `h:${name}`, text: `Features: ${label}` })),
  ];
  return ruleForm.view(
    { modelId: model.id, ...(watch && { watch: { id: watch.id, revision: watch.revision } }) },
    {
      above: [
        section(md`For *${model.name}* in ${model.environment}. Before it is saved you see what it would have done.`),
      ],
      start: { ...usual, what: what[0]?.value ?? 'h:psi', ...start },
      options: { what },
    },
  );
}

export function verdictFormFor(model: Model, watch: Watch): ModalView {
  const { id, revision, metric, column, consecutive, minRows } = watch;
  return verdictForm.view(
    { modelId: model.id, watch: { id, revision }, metric, column },
    {
      above: [section(md`*${metric}* of *${model.name}*: the tool that sends it judges by its own limits.`)],
      start: { windows: String(consecutive), rows: String(minRows), severity: watch.severity },
    },
  );
}

const usual = {
  what: '',
  column: '',
  way: 'cusum',
  direction: 'both',
  limit: '',
  windows: '2',
  rows: '200',
  severity: 'high',
  reference: 'first',
  late: '',
};

export const saveForm = form('watch/save', { title: 'Save this rule?', submit: 'Save' }, RuleAsked, {});

/** What was asked, in words, and what it would have done. */
export function savePreview(asked: RuleAsked, words: readonly Mrkdwn[]): ModalView {
  const again = buttons(button('Change it', actions.changeDraft, asked));
  return saveForm.view(asked, { above: [...words.map(section), again] });
}

export function askedFrom(
  values: Omit<Asked, 'severity' | 'lateHours'> & { severity: string; late: number | undefined },
): Asked {
  const severity = severities.find((each) => each === values.severity) ?? 'high';
  const { what, column, way, direction, limit, windows, rows, late: lateHours } = values;
  return { what, column, way, direction, limit, windows, rows, severity, lateHours };
}
