import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { section } from '../../slack/blocks.ts';
import { form } from '../../slack/forms.ts';
import { optionalText, selectField, textField } from '../../slack/fields.ts';
import { lines, md } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import type { At } from './evidence/queries.ts';
import { shortestReason } from './rules.ts';
import { standingAgainst } from './words.ts';
import type { Evaluation, Gate } from './schema.ts';

const Place = z.object({ modelId: z.uuid(), environment: z.string() });
const Version = Place.extend({ version: z.string() });

export const longestText = 3000;

const examples = `auc >= 0.80, at most 1% worse
rmse, lower is better, at least 2% better
recall for country=DE >= 0.7, from at least 500 samples
drift at most 30%
external "unit tests"
serving loads, p95_ms <= 120, error_rate <= 1%
soak staging 24 h without alerts
ask qa "Did you look at the confusion matrix?"`;

export const gateForm = form(
  'gate.form',
  { title: 'Release gate', submit: 'Save' },
  // The revision that was read; none for a new gate.
  Place.extend({ revision: z.int().optional() }),
  {
    checks: textField('Checks, one a line', {
      multiline: true,
      max: longestText,
      hint: 'Numbers come from the MLflow run of a version, or from /api/v1/evidence.',
    }),
  },
);

/** `text`: what stands in it to begin with. */
export function gateFormFor(model: Model, environment: string, text: string, gate?: Gate): ModalView {
  const carried = { modelId: model.id, environment, ...(gate && { revision: gate.revision }) };
  return gateForm.view(carried, {
    above: [
      section(
        lines(
          md`What a version of *${model.name}* has to show before it goes live in *${environment}*.`,
          md`Every line has to pass, unless it ends with _optional_. "Worse" and "better" are against the version that is live, and a % is a share of its number.`,
        ),
      ),
      section(md`*Lines can look like this*\n\`\`\`${examples}\`\`\``),
    ],
    start: { checks: text },
  });
}

export const answerForm = form(
  'gate.answer.form',
  { title: 'Answer', submit: 'Answer' },
  Version.extend({ check: z.string() }),
  {
    answer: selectField('Your answer', [
      { value: 'yes', text: 'Yes' },
      { value: 'no', text: 'No' },
    ]),
    note: optionalText('Note', { multiline: true, hint: 'What you looked at. After a no: what is in the way.' }),
  },
);

export function answerFormFor(at: At, check: string, question: string, model: Model): ModalView {
  const { modelId, environment, version } = at;
  const above = [section(md`Version ${version} of *${model.name}*, for ${environment}\n>${question}`)];
  return answerForm.view({ modelId, environment, version, check }, { above });
}

export const overrideForm = form(
  'gate.override.form',
  { title: 'Override the gate', submit: 'Override' },
  z.object({ evaluationId: z.uuid() }),
  {
    reason: textField('Why go on without it?', {
      multiline: true,
      min: shortestReason,
      max: 1000,
      hint: 'Shown for ever with your name: on the card, in the ledger and in every post-mortem.',
    }),
  },
);

export function overrideFormFor(evaluation: Evaluation, model: Model): ModalView {
  const against = standingAgainst(evaluation).slice(0, 10);
  return overrideForm.view(
    { evaluationId: evaluation.id },
    {
      above: [
        section(
          lines(
            md`Version ${evaluation.version} of *${model.name}* does not pass the gate of ${evaluation.environment}. You would let it go on although`,
            ...against.map(({ line, because }) => md`• ${line}: ${because}`),
          ),
        ),
      ],
    },
  );
}
