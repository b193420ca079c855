import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, fields, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { figure, join, lines, md, type Mrkdwn, person, plural, when, withStop } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import type { Team } from '../teams/schema.ts';
import { count } from './rules.ts';
import type { Dataset, Look } from './schema.ts';

const marks = { ok: ':large_green_circle:', warning: ':warning:', bad: ':red_circle:' } as const;
const mark = ({ state }: Dataset): Mrkdwn => ({ mrkdwn: marks[state] });
const words = ({ problems }: Dataset) => problems.map((problem) => problem.words).join('; ');

/** Told once, on the same card until it ends. */
export function troubleCard(dataset: Dataset, eaters: readonly Model[]): Message {
  const { name, takenBy, called, id, trouble } = dataset;
  if (!dataset.isOpen) return closedCard(dataset, eaters);
  const people = join(called.map(person), ' ');
  const eat = eatenBy(eaters);
  const asked = takenBy ? md`${person(takenBy)} is on it.` : md`${people}, please look after it.`;
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
      ...(takenBy
        ? []
        : [button('Acknowledge', actions.takeDataset, { datasetId: id, trouble }, { style: 'primary' })]),
      button('Not useful', actions.datasetNotUseful, { datasetId: id, trouble }),
      button('What eats it', actions.showDataset, { datasetId: id }),
      button('Owner and limits', actions.editDataset, { datasetId: id }),
    ),
  );
}

function closedCard(dataset: Dataset, eaters: readonly Model[]): Message {
  const { name, hushed, state, lastLookAt } = dataset;
  const eat = eatenBy(eaters);
  const end = hushed
    ? md`${person(hushed.by)} found the trouble of ${name} not useful: ${withStop(md`${hushed.reason}`)}`
    : state === 'ok'
      ? md`${name} is well again since ${when(lastLookAt)}.`
      : md`Nobody watches ${name} any more.`;
  return message(
    md`${end}${eat}`,
    section(md`${state === 'ok' ? ':white_check_mark:' : ':heavy_minus_sign:'} ${end}${eat}`),
  );
}

function eatenBy(eaters: readonly Model[]): Mrkdwn {
  return eaters.length > 0 ? md` ${namesOf(eaters)} ${eaters.length === 1 ? 'eats' : 'eat'} it.` : md``;
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
  /** Newest first. */
  readonly looks: readonly Look[];
  /** What late means for it, in words, and who says so. */
  readonly late: string;
}

export function datasetCard({ dataset, team, eaters, late, looks }: Shown): Message {
  const { name, namespace, rows, updatedAt, lastLookAt, source, seen } = dataset;
  const { minRows, maxChangePercent, maxNullPercent } = dataset;
  const worst = seen.columns.toSorted((a, b) => b.nullShare - a.nullShare)[0];
  const fewest = minRows === null ? '' : `, at least ${count(minRows)}`;
  const change = maxChangePercent === null ? '' : `, at most ${figure(maxChangePercent)} % more or fewer`;
  return message(
    withStop(md`${name}: ${dataset.state === 'ok' ? 'well' : words(dataset)}`),
    section(md`${mark(dataset)} *${name}*${namespace ? md` in ${namespace}` : md``}`),
    dataset.state !== 'ok' &&
      section(lines(...dataset.problems.map((problem) => md`• ${problem.words}`), stand(dataset))),
    fields(
      md`*Owner*\n${team ? team.name : ':warning: nobody yet'}`,
      md`*Newest rows*\n${updatedAt ? when(updatedAt) : 'not known'}`,
      md`*Late*\n${late}`,
      md`*Rows*\n${rows === null ? 'not known' : count(rows)}${fewest}${change}`,
      md`*Missing values*\n${worst ? `at most ${figure(worst.nullShare * 100)} % (${worst.name})` : 'not known'}${maxNullPercent === null ? '' : `, limit ${figure(maxNullPercent)} %`}`,
      md`*Last look*\n${when(lastLookAt)} by ${source}`,
      seen.writtenBy ? md`*Written by*\n${seen.writtenBy}` : undefined,
    ),
    section(eatersLine(eaters)),
    looks.length > 1 && section(md`*Last looks*\n${join(looks.slice(0, 5).map(lookLine), '\n')}`),
    buttons(button('Owner and limits', actions.editDataset, { datasetId: dataset.id })),
  );
}

/** Whether somebody sees to it. */
function stand({ isOpen, takenBy, hushed, called, told, trouble }: Dataset): Mrkdwn | undefined {
  if (hushed) return md`_${person(hushed.by)} found it not useful: ${hushed.reason}_`;
  if (!isOpen) return undefined;
  if (takenBy) return md`_${person(takenBy)} is on it_`;
  return told === trouble && called.length > 0
    ? md`_${join(called.map(person), ' ')} should look after it_`
    : undefined;
}

function eatersLine(eaters: readonly Model[]): Mrkdwn {
  if (eaters.length === 0) return md`*Eaten by* no model that we know of.`;
  const rows = eaters.slice(0, 10).map(({ name, ownerId }) => md`• ${name}, owned by ${person(ownerId)}`);
  const rest = eaters.length - rows.length;
  return lines(md`*Eaten by*`, ...rows, rest > 0 && md`and ${plural(rest, 'more model')}`);
}

function lookLine({ at, source, rows, updatedAt }: Look): Mrkdwn {
  const counted = rows === null ? md`` : md`, ${count(rows)} rows`;
  return md`${when(at)} by ${source}${counted}${updatedAt ? md`, newest ${when(updatedAt)}` : md``}`;
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
