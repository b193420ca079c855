import { z } from 'zod';
import { section } from '../../slack/blocks.ts';
import { type Choice, selectField, textField } from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { lines, md, plural } from '../../slack/mrkdwn.ts';
import type { Settings } from '../deployers/rules.ts';
import type { Model } from '../models/schema.ts';

export const promotionForm = form(
  'promotion.form',
  { title: 'Promote a version', submit: 'Ask for approval' },
  z.object({ modelId: z.uuid(), fromVersion: z.string(), retryOf: z.uuid().optional() }),
  {
    version: selectField('Version'),
    reason: textField('What is better', {
      multiline: true,
      min: 10,
      max: 1000,
      hint: 'The approvers decide by this and by the gate. Say what changes for the people who use it.',
    }),
  },
);

interface Look {
  readonly fromVersion: string;
  readonly needed: string;
  readonly how: Settings;
  readonly versions: readonly Choice[];
  readonly retryOf?: string | undefined;
  readonly start?: { readonly version: string; readonly reason: string } | undefined;
}

export function promotionModal(model: Model, { fromVersion, needed, how, versions, retryOf, start }: Look) {
  const known = versions.some(({ value }) => value === start?.version) ? start?.version : versions[0]?.value;
  const live = fromVersion === '' ? md`Nothing is live yet.` : md`Live now: *version ${fromVersion}*.`;
  return promotionForm.view(
    { modelId: model.id, fromVersion, ...(retryOf && { retryOf }) },
    {
      above: [section(lines(md`*${model.name}* in ${model.environment}`, live, md`${needed}. ${howWords(how)}`))],
      options: { version: versions },
      start: { ...(known && { version: known }), ...(start && { reason: start.reason }) },
    },
  );
}

function howWords({ steps, bakeMinutes }: Settings): string {
  return steps.length < 2
    ? 'Then it goes live all at once.'
    : `Then it gets ${steps.map((share) => `${share} %`).join(', ')} of the traffic, ${plural(bakeMinutes, 'minute')} apart, and stops by itself when an alert is raised.`;
}
