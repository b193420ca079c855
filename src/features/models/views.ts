import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, fields, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { channelLink, join, lines, md, type Mrkdwn, person, plural, when } from '../../slack/mrkdwn.ts';
import type { ModelPage } from './queries.ts';
import { confirmDays, isStale, modelsOnPage } from './rules.ts';
import { linkKinds, type Model } from './schema.ts';

export const tierWords = { 1: 'business critical', 2: 'production', 3: 'experiment' } as const;

export interface Who {
  readonly model: Model;
  readonly teamName: string;
  readonly teamChannel: string;
  /** In their working hours and not away, now; the first to call. */
  readonly onDuty: readonly string[];
  /** Who may approve a rollback now, by our records. */
  readonly approvers: readonly string[];
  readonly isOrphan: boolean;
  readonly now: Date;
}

export function whoCard({ model, teamName, teamChannel, onDuty, approvers, isOrphan, now }: Who): Message {
  return message(
    md`${model.name} is owned by ${person(model.ownerId)}, ${deputy(model)}.`,
    section(md`*${model.name}*${model.description ? md` – ${model.description}` : ''}`),
    marks(model, isOrphan, now),
    fields(
      md`*Owner*\n${person(model.ownerId)}`,
      md`*Deputy*\n${model.deputyId ? person(model.deputyId) : 'nobody yet'}`,
      md`*On duty now*\n${onDuty.length > 0 ? named(onDuty) : md`nobody who is awake; try ${channelLink(teamChannel)}`}`,
      md`*May approve a rollback*\n${approvers.length > 0 ? named(approvers) : ':warning: nobody'}`,
      md`*Channel*\n${channelLink(model.channel)}`,
      md`*Team*\n${teamName} in ${channelLink(teamChannel)}`,
      md`*Tier*\n${model.tier}, ${tierWords[model.tier]}`,
      md`*Runs in*\n${model.environments.join(', ')}`,
    ),
    linksOf(model),
    buttons(
      button('Roll back', actions.askForRollback, { modelId: model.id }),
      button('Metrics', actions.showMetrics, { modelId: model.id }),
      button('Data', actions.showFeeds, { modelId: model.id }),
      button('Edit', actions.editModel, { modelId: model.id }),
    ),
    footnote(md`Confirmed ${when(model.confirmedAt, '{date_short_pretty}')}.`),
  );
}

function deputy(model: Model): Mrkdwn {
  return model.deputyId ? md`deputy ${person(model.deputyId)}` : md`without a deputy`;
}

function named(ids: readonly string[]): Mrkdwn {
  return join(ids.slice(0, 10).map(person), ', ');
}

function marks(model: Model, isOrphan: boolean, now: Date) {
  const rows = lines(
    isOrphan && md`:warning: *It has no owner who is still here.* A new one is being looked for.`,
    isStale(model, now) && md`:hourglass_flowing_sand: Nobody confirmed this for more than 90 days.`,
    model.retiredAt !== null && md`:heavy_minus_sign: It is retired.`,
  );
  return rows.mrkdwn === '' ? undefined : section(rows);
}

function linksOf({ links }: Model) {
  const shown = linkKinds.flatMap((kind) => (links[kind] ? [md`${kind}: ${links[kind]}`] : []));
  return shown.length > 0 && section(join(shown, '\n'));
}

export function modelList({ rows, total, page }: ModelPage, filter: string, now: Date): Message {
  const what = filter ? `${plural(total, 'model')} for "${filter}"` : `${plural(total, 'model')} registered`;
  const pages = Math.ceil(total / modelsOnPage);
  return message(
    md`${what}.`,
    section(md`*${what}*`),
    ...inParts(rows, rowsInSection).map((part) => section(lines(...part.map((row) => listRow(row, now))))),
    // A block of buttons holds an address once.
    buttons(button('Find a model', actions.findModel, {})),
    page > 0 && buttons(button('Earlier', actions.listModels, { filter, page: page - 1 })),
    page < pages - 1 && buttons(button('More', actions.listModels, { filter, page: page + 1 })),
    pages > 1
      ? footnote(
          md`Page ${page + 1} of ${pages}. \`/ml models <letters>\`, \`/ml models tier 1\` and \`/ml models orphans\` show fewer.`,
        )
      : footnote(md`\`/ml model register\` adds one, \`/ml models import\` takes them from the registry.`),
  );
}

/** So many of the longest names fit in one section. */
const rowsInSection = 8;

function inParts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

function listRow({ model, team, isOrphan }: ModelPage['rows'][number], now: Date): Mrkdwn {
  const owner = isOrphan ? md`:warning: no owner, was ${person(model.ownerId)}` : person(model.ownerId);
  const stale = isStale(model, now) ? ', :hourglass_flowing_sand: not confirmed for 90 days' : '';
  return md`• *${model.name}* – ${owner}, ${team.name}, tier ${model.tier}${stale}`;
}

export interface RegistryPage {
  readonly registry: string;
  readonly names: readonly string[];
  readonly next: string | undefined;
}

/** Registered there, but not here: one click each. */
export function importList({ registry, names, next }: RegistryPage): Message {
  return message(
    md`${plural(names.length, 'model')} of ${registry} could be registered.`,
    section(
      names.length > 0
        ? md`*In ${registry}, but not registered here.* *Take* registers it with you as its owner; change what does not fit afterwards.`
        : md`Every model that I saw in ${registry} is registered here.`,
    ),
    ...names.slice(0, 40).map((name) => ({
      ...section(md`*${name}*`),
      accessory: button('Take', actions.takeFromRegistry, { name }),
    })),
    next !== undefined && buttons(button('More', actions.moreOfRegistry, { page: next })),
  );
}

/** To an owner whom somebody else named. */
export function namedCard(model: Model, by: string): Message {
  const words = md`${by === 'api' ? md`A catalog` : person(by)} registered *${model.name}* with you as its owner.`;
  return message(
    md`${model.name} is registered with you as its owner.`,
    section(words),
    buttons(
      button('Show', actions.showModel, { modelId: model.id }),
      button('Hand over', actions.handOver, { modelId: model.id }),
    ),
    footnote(md`The owner answers for the model, and may approve its rollbacks.`),
  );
}

const mostAsked = 15;

/** To one owner, about everything that was not confirmed for long; what is answered says so. */
export function confirmCard(models: readonly Model[], asked: Date): Message {
  const open = models.filter((model) => isAsked(model, asked));
  const shown = models.slice(0, mostAsked);
  const at = asked.toISOString();
  return message(
    open.length > 0
      ? md`Please confirm ${plural(open.length, 'model')} that you own.`
      : md`Thank you: what you own is confirmed.`,
    section(
      md`*Are these still yours, and as written?* Nobody confirmed them for ${confirmDays} days, so I ask you. What is not confirmed is marked for everybody.`,
    ),
    ...shown.flatMap((model) => [
      section(md`*${model.name}*, tier ${model.tier}, ${deputy(model)} – ${answerTo(model, asked)}`),
      ...(isAsked(model, asked) ? [buttons(...answers(model, at))] : []),
    ]),
    models.length > shown.length && footnote(md`and ${models.length - shown.length} more: \`/ml models\` lists them.`),
    open.length > 1 &&
      buttons(button(`All ${open.length} are still mine`, actions.confirmModels, { asked: at }, { style: 'primary' })),
    open.length > 0 && footnote(md`\`/ml model edit <model>\` changes what is no longer true.`),
  );
}

function isAsked(model: Model, asked: Date): boolean {
  return model.retiredAt === null && model.confirmedAt < asked;
}

function answerTo(model: Model, asked: Date): Mrkdwn {
  if (model.retiredAt !== null) return md`:heavy_minus_sign: retired`;
  return isAsked(model, asked)
    ? md`last confirmed ${when(model.confirmedAt, '{date_short_pretty}')}`
    : md`:white_check_mark: still yours`;
}

function answers(model: Model, asked: string) {
  const value = { modelId: model.id };
  return [
    button('Still mine', actions.confirmModels, { ...value, asked }),
    button('Hand over', actions.handOver, value),
    button(
      'Retire',
      actions.retireModel,
      { ...value, asked },
      {
        style: 'danger',
        confirm: {
          title: 'Retire this model?',
          text: md`*${model.name}* is then no longer listed or watched. Its history is kept.`,
          yes: 'Retire',
        },
      },
    ),
  ];
}
