import { z } from 'zod';
import { section } from '../../slack/blocks.ts';
import { type Choice, numberField, optional, optionalText, selectField, textField } from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { lines, md } from '../../slack/mrkdwn.ts';
import { daysWords } from '../../time/date-words.ts';
import type { Model } from '../models/schema.ts';
import type { TrainingPipeline } from './schema.ts';

export const retrainForm = form(
  'retraining.form',
  { title: 'Retrain a model', submit: 'Retrain' },
  z.object({ modelId: z.uuid(), alertId: z.uuid().optional() }),
  {
    reason: textField('Why', { multiline: true, min: 5, max: 1000, hint: 'It goes to the pipeline as its note, too.' }),
    excluded: optionalText('Leave out of the data', {
      multiline: true,
      hint: 'One stretch a line: 2026-03-01T00:00Z/2026-03-02T00:00Z why. What I know to be bad stands here already.',
    }),
  },
);

interface Look {
  readonly tool: string;
  readonly pipeline: string;
  readonly obstacle?: string | undefined;
  readonly needsApproval: boolean;
  readonly reason: string;
  readonly excluded: string;
  /** What post-mortems say was bad. */
  readonly leftOut: readonly { readonly number: number; readonly from: string; readonly until: string }[];
  readonly alertId?: string | undefined;
}

export function retrainModal(model: Model, look: Look) {
  const { tool, pipeline, obstacle, needsApproval, reason, excluded, leftOut, alertId } = look;
  return retrainForm.view(
    { modelId: model.id, ...(alertId && { alertId }) },
    {
      above: [
        section(
          lines(
            md`*${model.name}* in ${model.environment}: starts *${pipeline}* in ${tool}.`,
            needsApproval ? md`Somebody else has to approve it first.` : md`It starts at once.`,
            obstacle !== undefined && md`:warning: ${obstacle}`,
            ...leftOut.map(
              ({ number, from, until }) =>
                md`:memo: The post-mortem of incident ${number} says: leave out ${daysWords(from, until)}.`,
            ),
          ),
        ),
      ],
      start: { reason, excluded },
    },
  );
}

const yesNo = [
  { value: 'no', text: 'No' },
  { value: 'yes', text: 'Yes' },
];

export const setUpForm = form(
  'retraining.set-up.form',
  { title: 'How it is retrained', submit: 'Save' },
  z.object({ modelId: z.uuid(), revision: z.int() }),
  {
    connection: selectField('Tool', [], 'Connect Airflow or Kubeflow with /ml connect.'),
    pipeline: textField('Pipeline', { max: 250, hint: 'The id of the DAG, or of the pipeline of Kubeflow.' }),
    params: optionalText('Parameters', {
      multiline: true,
      hint: 'One "name = value" a line; {model}, {environment}, {version}, {excluded} and {reason} are filled in.',
    }),
    onAlert: selectField('Start when a drift alert is raised', yesNo, 'High and critical alerts; warnings never.'),
    everyDays: optional(numberField('Start every so many days', { decimal: false, min: 1, max: 365 })),
    atMostDays: numberField('By itself at most once in so many days', { decimal: false, min: 1, max: 365 }),
    needsApproval: selectField('Needs approval', yesNo, 'By the owner, the deputy, the lead or who is named for it.'),
  },
);

/** As its inputs take it; a model without one starts from what most teams want. */
export function setUpModal(model: Model, connections: readonly Choice[], before?: TrainingPipeline) {
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  return setUpForm.view(
    { modelId: model.id, revision: before?.revision ?? 0 },
    {
      above: [section(md`*${model.name}* – how a new version of it is trained, and when that starts by itself.`)],
      options: { connection: connections },
      start: {
        connection: before?.connectionId ?? connections[0]?.value ?? '',
        pipeline: before?.pipeline ?? '',
        params: before?.params ?? 'model = {model}\nexclude = {excluded}',
        onAlert: yes(before?.onAlert ?? false),
        atMostDays: String(before?.atMostDays ?? 7),
        needsApproval: yes(before?.needsApproval ?? true),
        ...(before?.everyDays && { everyDays: String(before.everyDays) }),
      },
    },
  );
}

export const declineForm = form(
  'retraining.decline.form',
  { title: 'Decline this training', submit: 'Decline' },
  z.object({ runId: z.uuid() }),
  { reason: textField('Why not', { multiline: true, min: 5, max: 500, hint: 'The person who asked reads this.' }) },
);
