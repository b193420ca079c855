import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, fields, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { form, lookupField, numberField, optional, optionalText } from '../../slack/forms.ts';
import { figure, join, lines, md, type Mrkdwn, person, plural, when, withStop } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import type { Team } from '../teams/schema.ts';
import type { Dataset } from './schema.ts';

const marks = { ok: ':large_green_circle:', warning: ':warning:', bad: ':red_circle:' } as const;
const mark = ({ state }: Dataset): Mrkdwn => ({ mrkdwn: marks[state] });
const words = ({ problems }: Dataset) => problems.map((problem) => problem.words).join('; ');

/** Told once, on the same card until it ends. */
export function troubleCard(dataset: Dataset, eaters: readonly Model[], called: readonly string[]): Message {
  const { name, state, takenBy } = dataset;
  const people = join(called.map(person), ' ');
  const eat = eaters.length > 0 ? md` ${namesOf(eaters)} ${eaters.length === 1 ? 'eats' : 'eat'} it.` : md``;
  const asked = takenBy ? md`${person(takenBy)} is on it.` : md`${people}, please look after it.`;
  if (state === 'ok') {
    const good = md`${name} is well again since ${when(dataset.lastLookAt)}.`;
    return message(
      md`${good}${eat}`,
      section(md`:white_check_mark: *${name}* is well again since ${when(dataset.lastLookAt)}.${eat}`),
    );
  }
  return message(
    md`Data in trouble: ${name}: ${words(dataset)}.${eat} ${asked}`,
    section(md`${mark(dataset)} *Data in trouble: ${name}*${dataset.namespace ? md` in ${dataset.namespace}` : md``}`),
    section(lines(...dataset.problems.map((problem) => md`• ${problem.words}`))),
    fields(
      md`*Eaten by*\n${eaters.length > 0 ? namesOf(eaters) : 'no model that we know of'}`,
      md`*Since*\n${when(dataset.since ?? dataset.lastLookAt)}`,
      md`*Newest rows*\n${dataset.updatedAt ? when(dataset.updatedAt) : 'not known'}`,
      md`*State*\n${takenBy ? md`${person(takenBy)} is on it` : md`Open: ${people}, please look after it`}`,
    ),
    buttons(
      ...(takenBy ? [] : [button('Acknowledge', actions.takeDataset, { datasetId: dataset.id }, { style: 'primary' })]),
      button('Owner and limits', actions.editDataset, { datasetId: dataset.id }),
    ),
  );
}

function namesOf(models: readonly Model[]): Mrkdwn {
  const rest = models.length - 5;
  return md`${models
    .slice(0, 5)
    .map(({ name }) => name)
    .join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

export function datasetList(rows: readonly Dataset[], total: number, page: number, size: number): Message {
  const troubled = rows.filter(({ state }) => state !== 'ok').length;
  const pages = Math.ceil(total / size);
  if (total === 0) {
    return message(
      md`No data set is known yet. Connect OpenLineage, dbt or Great Expectations with /ml connect.`,
      section(
        md`:card_file_box: *No data set is known yet.* \`/ml connect openlineage\`, \`dbt\` or \`great-expectations\`: what they look at is listed here.`,
      ),
    );
  }
  return message(
    md`${plural(total, 'data set')} known, ${troubled} of these in trouble.`,
    section(md`*${plural(total, 'data set')}*`),
    ...inParts(rows, 5).map((part) => section(lines(...part.map(row)))),
    page > 0 && buttons(button('Earlier', actions.listDatasets, { page: page - 1 })),
    page < pages - 1 && buttons(button('More', actions.listDatasets, { page: page + 1 })),
    footnote(md`\`/ml data <name>\` shows one, with its limits, its owner and the models that eat it.`),
  );
}

function row(dataset: Dataset): Mrkdwn {
  const { name, state, updatedAt, teamId } = dataset;
  const said = state === 'ok' ? (updatedAt ? md`newest rows ${when(updatedAt)}` : md`well`) : md`${words(dataset)}`;
  return md`${mark(dataset)} *${name}* – ${said}${teamId ? md`` : md` – _nobody owns it_`}`;
}

function inParts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

export interface Shown {
  readonly dataset: Dataset;
  readonly team: Team | undefined;
  readonly eaters: readonly Model[];
  /** What late means for it, in words, and who says so. */
  readonly late: string;
}

export function datasetCard({ dataset, team, eaters, late }: Shown): Message {
  const { name, namespace, rows, updatedAt, lastLookAt, source, seen, minRows, maxNullPercent } = dataset;
  const worst = seen.columns.toSorted((a, b) => b.nullShare - a.nullShare)[0];
  return message(
    withStop(md`${name}: ${dataset.state === 'ok' ? 'well' : words(dataset)}`),
    section(md`${mark(dataset)} *${name}*${namespace ? md` in ${namespace}` : md``}`),
    dataset.state !== 'ok' && section(lines(...dataset.problems.map((problem) => md`• ${problem.words}`))),
    fields(
      md`*Owner*\n${team ? team.name : ':warning: nobody yet'}`,
      md`*Eaten by*\n${eaters.length > 0 ? namesOf(eaters) : 'no model that we know of'}`,
      md`*Newest rows*\n${updatedAt ? when(updatedAt) : 'not known'}`,
      md`*Late*\n${late}`,
      md`*Rows*\n${rows === null ? 'not known' : new Intl.NumberFormat('en').format(rows)}${minRows === null ? '' : `, at least ${minRows}`}`,
      md`*Missing values*\n${worst ? `at most ${figure(worst.nullShare * 100)} % (${worst.name})` : 'not known'}${maxNullPercent === null ? '' : `, limit ${figure(maxNullPercent)} %`}`,
      md`*Last look*\n${when(lastLookAt)} by ${source}`,
      seen.writtenBy ? md`*Written by*\n${seen.writtenBy}` : undefined,
    ),
    buttons(button('Owner and limits', actions.editDataset, { datasetId: dataset.id })),
  );
}

/** What a model eats. */
export function feedList(model: Model, list: readonly Dataset[]): Message {
  const troubled = list.filter(({ state }) => state !== 'ok');
  return message(
    md`${model.name} eats ${plural(list.length, 'data set')}, ${troubled.length} in trouble.`,
    section(md`*What ${model.name} eats*`),
    ...(list.length > 0
      ? inParts(list.slice(0, 50), 5).map((part) => section(lines(...part.map(row))))
      : [section(md`Nothing that we know of. \`/ml data <name>\` says which models eat a data set.`)]),
  );
}

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
        max: 2_000_000_000,
        hint: 'Empty: half of the usual.',
      }),
    ),
    nulls: optional(numberField('At most % missing in a column', { min: 0, max: 100 })),
  },
);

export function datasetFormFor({ dataset, team, eaters }: Shown): ModalView {
  const text = (value: number | null) => (value === null ? '' : String(value));
  return datasetForm.view(
    { datasetId: dataset.id, revision: dataset.revision },
    {
      above: [section(md`*${dataset.name}*${dataset.namespace ? md` in ${dataset.namespace}` : md``}`)],
      start: {
        eaters: eaters.map(({ name }) => name).join('\n'),
        age: text(dataset.maxAgeHours),
        rows: text(dataset.minRows),
        nulls: text(dataset.maxNullPercent),
      },
      options: { team: team ? [{ text: team.name, value: team.id }] : [] },
    },
  );
}
