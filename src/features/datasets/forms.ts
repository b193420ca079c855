import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { section } from '../../slack/blocks.ts';
import { form } from '../../slack/forms.ts';
import { lookupField, numberField, optional, optionalText, selectField } from '../../slack/fields.ts';
import { figure, md } from '../../slack/mrkdwn.ts';
import { bothVersions, type Shown } from '../../slack/versions.ts';
import type { Team } from '../teams/schema.ts';
import { count } from './rules.ts';
import type { Dataset } from './schema.ts';

export const datasetForm = form(
  'dataset.edit.form',
  { title: 'Owner and limits', submit: 'Save' },
  z.object({ datasetId: z.uuid(), revision: z.int() }),
  {
    team: optional(lookupField('Owned by', 'team', 'Its people are told, in its channel.')),
    eaters: optionalText('Eaten by', { multiline: true, hint: 'One model a line.' }),
    age: optional(
      numberField('Late after hours', {
        min: 0.1,
        max: 8760,
        hint: 'Empty: what the tool says, or three times the usual.',
      }),
    ),
    rows: optional(
      numberField('At least so many rows', {
        decimal: false,
        min: 0,
        max: 1_000_000_000_000,
        hint: 'Empty: half of the usual. 0: it may be empty.',
      }),
    ),
    change: optional(
      numberField('At most % more or fewer rows', {
        min: 1,
        max: 10_000,
        hint: 'Against the median of the last 14 looks. Empty: between half and twice as many.',
      }),
    ),
    nulls: optional(numberField('At most % missing in a column', { min: 0, max: 100 })),
  },
);

/** What of it people set, as the form holds it. */
export interface Settings {
  readonly team: Pick<Team, 'id' | 'name'> | undefined;
  readonly eaters: readonly string[];
  readonly age: number | null;
  readonly rows: number | null;
  readonly change: number | null;
  readonly nulls: number | null;
}

/** `mine`: what was typed while somebody else saved; the writer sees both and decides. */
export function datasetFormFor(dataset: Dataset, now: Settings, mine?: Settings): ModalView {
  const { team, eaters, age, rows, change, nulls } = mine ?? now;
  const text = (value: number | null) => (value === null ? '' : String(value));
  return datasetForm.view(
    { datasetId: dataset.id, revision: dataset.revision },
    {
      above: [
        section(md`*${dataset.name}*${dataset.namespace ? md` in ${dataset.namespace}` : md``}`),
        ...(mine ? [section(bothVersions<Settings>('data set', now, mine, shown))] : []),
      ],
      start: {
        eaters: eaters.join('\n'),
        age: text(age),
        rows: text(rows),
        change: text(change),
        nulls: text(nulls),
      },
      options: { team: team ? [{ text: team.name, value: team.id }] : [] },
    },
  );
}

const limit = (value: number | null) => md`${value === null ? 'none' : figure(value)}`;
const shown: Shown<Settings> = {
  team: ['Owned by', (team) => md`${team?.name ?? 'nobody'}`],
  eaters: ['Eaten by', (names) => md`${names.slice(0, 20).join(', ') || 'no model'}`],
  age: ['Late after hours', limit],
  rows: ['Rows', (value) => md`${value === null ? 'none' : count(value)}`],
  change: ['% more or fewer rows', limit],
  nulls: ['% missing', limit],
};

const reasons = {
  expected: 'We expected this',
  limit: 'The limit is too sharp',
  harmless: 'No model minds it',
  data: 'The tool was wrong',
} as const;

export const notUsefulForm = form(
  'dataset.not-useful.form',
  { title: 'Not useful', submit: 'Close it' },
  z.object({ datasetId: z.uuid(), trouble: z.int() }),
  {
    reason: selectField(
      'Why was it not useful?',
      Object.entries(reasons).map(([value, text]) => ({ value, text })),
      'It is not told again until it is over once.',
    ),
    note: optionalText('Anything to add', { multiline: true }),
  },
);

export function reasonWords({ reason, note }: { readonly reason: string; readonly note: string }): string {
  const words = Object.entries(reasons).find(([key]) => key === reason)?.[1] ?? reason;
  return note ? `${words}. ${note.slice(0, 500)}` : words;
}
