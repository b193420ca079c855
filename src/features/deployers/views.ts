import { z } from 'zod';
import { section } from '../../slack/blocks.ts';
import { type Choice, numberField, optional, optionalText, selectField, textField } from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { md, plural } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import type { DeployerRow } from './schema.ts';

export const deployerForm = form(
  'deployer.form',
  { title: 'How it goes live', submit: 'Save' },
  z.object({ modelId: z.uuid(), revision: z.int() }),
  {
    kind: selectField('What makes a version live', [
      { value: 'alias', text: "The registry's alias is moved" },
      { value: 'webhook', text: 'A web-hook of ours does it' },
      { value: 'pipeline', text: 'A DAG or pipeline does it' },
    ]),
    connection: optional(selectField('Connection', [], 'Of a web-hook or a pipeline; /ml connect makes one.')),
    pipeline: optionalText('DAG or pipeline', { hint: 'Its id; left empty for the others.' }),
    strategy: selectField('Strategy', [
      { value: 'all_at_once', text: 'All at once' },
      { value: 'canary', text: 'Canary' },
      { value: 'blue_green', text: 'Blue-green' },
      { value: 'shadow', text: 'Shadow' },
    ]),
    steps: textField('Shares of the traffic in percent', { max: 100, hint: 'Rising, the last is 100: 10, 50, 100.' }),
    bakeMinutes: numberField('Minutes between two shares', { decimal: false, min: 0, max: 10_080 }),
  },
);

export function deployerModal(model: Model, connections: readonly Choice[], before?: DeployerRow) {
  const none: Choice = { value: 'none', text: 'None' };
  return deployerForm.view(
    { modelId: model.id, revision: before?.revision ?? 0 },
    {
      above: [section(md`*${model.name}* in ${model.environment}`)],
      options: { connection: [none, ...connections] },
      start: {
        kind: before?.kind ?? 'alias',
        connection: before?.connectionId ?? 'none',
        pipeline: before?.pipeline ?? '',
        strategy: before?.strategy ?? 'all_at_once',
        steps: (before?.steps ?? [100]).join(', '),
        bakeMinutes: String(before?.bakeMinutes ?? 0),
      },
    },
  );
}

/** What will happen at the next promotion, in one sentence. */
export function settingsWords({ kind, steps, bakeMinutes, pipeline }: DeployerRow, connection = ''): string {
  const who = {
    alias: "the registry's alias is moved",
    webhook: `the web-hook ${connection} makes it live`,
    pipeline: `${pipeline} in ${connection} makes it live`,
  }[kind];
  if (steps.length < 2) return `At the next promotion ${who}, all at once.`;
  const shares = steps.map((share) => `${share} %`).join(', ');
  return `At the next promotion ${who}: ${shares} of the traffic, ${plural(bakeMinutes, 'minute')} apart; it stops by itself when an alert is raised.`;
}
