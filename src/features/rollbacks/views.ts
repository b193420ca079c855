import { z } from 'zod';
import { section } from '../../slack/blocks.ts';
import { type Choice, selectField, textField } from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { md } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';

const why = {
  multiline: true,
  min: 10,
  max: 1000,
  hint: 'The approvers decide by this. Say what you see and since when.',
};
const about = z.object({
  modelId: z.uuid(),
  fromVersion: z.string(),
  alertId: z.uuid().optional(),
  retryOf: z.uuid().optional(),
});

export const rollbackForm = form('rollback.form', { title: 'Roll back model', submit: 'Ask for approval' }, about, {
  toVersion: selectField('Back to version'),
  reason: textField('Why', why),
});

interface Look {
  readonly fromVersion: string;
  readonly alertId?: string | undefined;
  readonly retryOf?: string | undefined;
  readonly versions: readonly Choice[];
  /** The version and the reason of the request that is asked for again. */
  readonly start?: { readonly toVersion: string; readonly reason: string } | undefined;
}

export function rollbackModal(model: Model, needed: string, look: Look) {
  const { fromVersion, alertId, retryOf, versions, start } = look;
  const known = versions.some(({ value }) => value === start?.toVersion) ? start?.toVersion : versions[0]?.value;
  return rollbackForm.view(
    { modelId: model.id, fromVersion, ...(alertId && { alertId }), ...(retryOf && { retryOf }) },
    {
      above: [
        section(
          md`*${model.name}* in ${model.environment}\nLive now: *version ${fromVersion}* (alias ${model.alias} of ${model.registryName}). ${needed} before anything moves.`,
        ),
      ],
      options: { toVersion: versions },
      start: { ...(known && { toVersion: known }), ...(start && { reason: start.reason }) },
    },
  );
}

export const breakGlassForm = form(
  'rollback.break-glass.form',
  { title: 'Break the glass', submit: 'Roll back now' },
  z.object({ modelId: z.uuid(), fromVersion: z.string() }),
  {
    incident: selectField('Open incident'),
    toVersion: selectField('Back to version'),
    reason: textField('Why it cannot wait for approval', {
      multiline: true,
      min: 20,
      max: 1000,
      hint: 'It stands on the card and in the post-mortem. Another approver looks at it within a day.',
    }),
  },
);

export function breakGlassModal(
  model: Model,
  look: { fromVersion: string; versions: readonly Choice[]; incidents: readonly Choice[] },
) {
  const { fromVersion, versions, incidents } = look;
  const [version] = versions;
  const [incident] = incidents;
  return breakGlassForm.view(
    { modelId: model.id, fromVersion },
    {
      above: [
        section(
          md`:rotating_light: *${model.name}* goes back *at once and without approval*. Live now: *version ${fromVersion}*. Everybody in its channel reads it, and somebody else has to look back at it within 24 hours.`,
        ),
      ],
      options: { toVersion: versions, incident: incidents },
      start: { ...(version && { toVersion: version.value }), ...(incident && { incident: incident.value }) },
    },
  );
}
