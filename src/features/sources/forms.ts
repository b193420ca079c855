import { z } from 'zod';
import { form } from '../../slack/forms.ts';
import { lookupField, optional, optionalText, selectField } from '../../slack/fields.ts';
import { kindsOf } from './kinds.ts';
import { kinds } from './schema.ts';

const about = {
  modelId: optional(lookupField('Model', 'model', 'What it is about when its payloads do not name a model.')),
  environment: optionalText('Environment', { hint: 'Left empty: the environment of the model.' }),
};

export const connectForm = form('source.connect.form', { title: 'Connect a tool', submit: 'Connect' }, z.object({}), {
  kind: selectField(
    'Tool',
    kinds.map((value) => ({ value, text: kindsOf[value].label })),
  ),
  ...about,
});

export const placeForm = form(
  'source.place.form',
  { title: 'What it is about', submit: 'Save' },
  z.object({ sourceId: z.uuid() }),
  about,
);
