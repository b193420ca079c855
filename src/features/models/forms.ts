import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { section } from '../../slack/blocks.ts';
import {
  channelField,
  lookupField,
  optional,
  optionalText,
  selectField,
  textField,
  userField,
} from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { channelLink, md, person } from '../../slack/mrkdwn.ts';
import { bothVersions, type Shown } from '../../slack/versions.ts';
import { linkLines } from './rules.ts';
import type { Model, ModelEdit } from './schema.ts';
import { tierWords } from './views.ts';

const tier = selectField(
  'Tier',
  ([1, 2, 3] as const).map((value) => ({ value: String(value), text: `${value}, ${tierWords[value]}` })),
);
const about = {
  deputyId: optional(userField('Deputy', 'Stands in for the owner, and may approve a rollback.')),
  channel: channelField('Channel', 'Where its alerts stand.'),
  tier,
  registryName: textField('Name in the registry', { max: 200 }),
  alias: textField('Alias that serving follows', { hint: 'In MLflow, for example champion.', max: 100 }),
  environments: textField('Environments', { hint: 'With commas; the first is the main one.', max: 200 }),
  links: optionalText('Links', {
    multiline: true,
    hint: 'One a line: registry, pipeline, dashboard, runbook or repository, then the address.',
  }),
  description: optionalText('What it does', { multiline: true }),
};
const name = textField('Name', { hint: 'What people type, for example churn-model.', max: 200 });

export const registerForm = form('model.register', { title: 'Register a model', submit: 'Register' }, z.object({}), {
  name,
  teamId: lookupField('Owner team', 'team', 'Its people see to the model.'),
  ownerId: userField('Owner', 'One person of the team who answers for it.'),
  ...about,
});

export const editForm = form(
  'model.edit',
  { title: 'Change a model', submit: 'Save' },
  z.object({ modelId: z.uuid(), revision: z.int() }),
  { name, ...about },
);

export const findForm = form('model.find', { title: 'Find a model', submit: 'Show' }, z.object({}), {
  modelId: lookupField('Model', 'model', 'Type a part of its name.'),
});

function startOf(model: ModelEdit): Record<string, string> {
  const { description, channel, registryName, alias } = model;
  return {
    name: model.name,
    ...(model.deputyId && { deputyId: model.deputyId }),
    channel,
    tier: String(model.tier),
    registryName,
    alias,
    environments: model.environments.join(', '),
    links: linkLines(model.links),
    description,
  };
}

/** `others`: what somebody else saved meanwhile; the writer sees both and decides. */
export function editModal(mine: ModelEdit, model: Model, others?: Model): ModalView {
  return editForm.view(
    { modelId: model.id, revision: model.revision },
    {
      start: startOf(mine),
      above: [
        section(
          others
            ? bothVersions<ModelEdit>('model', others, mine, shown)
            : md`${person(model.ownerId)} owns *${model.name}*. Ownership moves with \`/ml model transfer ${model.name}\`.`,
        ),
      ],
    },
  );
}

const text = (value: string) => md`${value.slice(0, 200) || 'nothing'}`;
const shown: Shown<ModelEdit> = {
  name: ['Name', text],
  deputyId: ['Deputy', (id) => (id ? person(id) : md`nobody`)],
  channel: ['Channel', channelLink],
  tier: ['Tier', (value) => md`${value}`],
  registryName: ['Name in the registry', text],
  alias: ['Alias', text],
  environments: ['Environments', (names) => md`${names.join(', ')}`],
  links: ['Links', (links) => md`${linkLines(links) || 'none'}`],
  description: ['What it does', text],
};
