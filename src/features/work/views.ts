import { capital } from '../../lib/capital.ts';
import type { Button } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { channelLink, join, lines, md, type Mrkdwn, person, plural, when, withStop } from '../../slack/mrkdwn.ts';
import { elapsedDays, isOver, nextStates, openStates, outcomeWords, stateWords, typeWords } from './rules.ts';
import type { State, WorkItem } from './schema.ts';

/** A work item with the names of what it is about. */
export interface Shown {
  readonly item: WorkItem;
  readonly team: string;
  readonly model: string | undefined;
}

const marks: Readonly<Record<State, string>> = {
  backlog: ':inbox_tray:',
  ready: ':white_circle:',
  doing: ':hammer_and_wrench:',
  review: ':eyes:',
  done: ':white_check_mark:',
  dropped: ':heavy_minus_sign:',
};

const moves = {
  backlog: [actions.shelveWork, 'Back to the backlog'],
  ready: [actions.readyWork, 'Ready to start'],
  doing: [actions.startWork, 'Start'],
  review: [actions.reviewWork, 'Ask for review'],
  done: [actions.finishWork, 'Done'],
  dropped: [actions.dropWork, 'Drop'],
} as const satisfies Record<State, unknown>;

export function workCard({ item, team, model }: Shown): Message {
  const { id, number, title, details, state, channel } = item;
  return message(
    md`Work item ${number} is ${stateWords[state]}: ${withStop(md`${title}`)} ${ownerLine(item)}`,
    section(
      lines(
        md`${marks[state]} *Work item ${number}*: ${title}`,
        stateLine(item),
        item.outcome !== null && md`:test_tube: ${outcomeWords[item.outcome]}: ${withStop(md`${item.finding}`)}`,
      ),
    ),
    details !== '' && section(md`${details}`),
    buttons(
      ...nextStates[state].map((to) => moveButton(item, to)),
      ...(isOver(item) ? [] : [button('Give to', actions.giveWork, { itemId: id })]),
    ),
    footnote(
      join(
        [
          md`${typeWords[item.type]}`,
          md`of ${team}`,
          ...(model === undefined ? [] : [md`about ${model}`]),
          ...(channel === null ? [] : [md`from a message in ${channelLink(channel)}`]),
          md`made by ${person(item.madeBy)} ${when(item.madeAt)}`,
        ],
        ' · ',
      ),
    ),
  );
}

/** Where the same move means going back. */
const backLabels: Readonly<Record<string, string>> = { 'review doing': 'Back to work', 'doing ready': 'Put back' };

function moveButton(item: WorkItem, to: State): Button {
  const { id, state } = item;
  const [address, usual] = moves[to];
  const label = isOver(item) ? 'Open again' : (backLabels[`${state} ${to}`] ?? usual);
  return button(label, address, { itemId: id, seen: state }, to === 'done' ? { style: 'primary' } : {});
}

function ownerLine({ ownerId, state }: WorkItem): Mrkdwn {
  if (isOver({ state })) return ownerId === null ? md`` : md`It was with ${person(ownerId)}.`;
  return ownerId === null ? md`Nobody has it yet.` : md`${person(ownerId)} has it.`;
}

/** How far it is, since when, and who has it. */
function stateLine(item: WorkItem): Mrkdwn {
  const { state, movedAt, startedAt, finishedAt } = item;
  const took = finishedAt && startedAt ? md`, after ${plural(elapsedDays(startedAt, finishedAt), 'day')}` : md``;
  return md`*${capital(stateWords[state])}* since ${when(movedAt)}${took}. ${ownerLine(item)}`;
}

export interface WorkPage {
  readonly team: { readonly id: string; readonly name: string };
  readonly rows: readonly WorkItem[];
  readonly counts: ReadonlyMap<State, number>;
  readonly page: number;
  readonly pages: number;
}

export function workList({ team, rows, counts, page, pages }: WorkPage): Message {
  const open = openStates.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0);
  const told = openStates.map((state) => `${counts.get(state) ?? 0} ${stateWords[state]}`).join(', ');
  const turn = (to: number) => ({ teamId: team.id, page: to });
  return message(
    md`${plural(open, 'work item')} of ${team.name}: ${told}.`,
    section(
      open === 0
        ? md`:white_check_mark: ${team.name} has no open work items.`
        : lines(md`*${team.name}*: ${told}`, pages > 1 && md`Yours first. Page ${page + 1} of ${pages}.`),
    ),
    ...rows.map(rowOf),
    (page > 0 || page + 1 < pages) &&
      buttons(
        ...(page > 0 ? [button('Earlier', actions.listWork, turn(page - 1))] : []),
        ...(page + 1 < pages ? [button('More', actions.listWork, turn(page + 1))] : []),
      ),
    buttons(button('New work item', actions.newWork, { teamId: team.id })),
    footnote(md`The menu of any message has *Make it a work item*, too.`),
  );
}

function rowOf(item: WorkItem) {
  const { id, number, title, state } = item;
  return {
    ...section(lines(md`${marks[state]} *${number}* ${title}`, stateLine(item))),
    accessory: button('Open', actions.showWork, { itemId: id }),
  };
}

/** `isNew`: false where this message was made a work item before. */
export function madeNote({ number, ownerId }: WorkItem, isNew: boolean): Message {
  if (!isNew)
    return sentence(
      md`:information_source: That message is work item ${number} already. \`/ml work item ${number}\` opens it.`,
    );
  const where =
    ownerId === null
      ? md`Nobody has it yet: \`/ml work\` lists it for the team.`
      : md`Its card is in the direct messages of ${person(ownerId)}.`;
  return sentence(md`:white_check_mark: *Work item ${number}* is made. ${where}`);
}

export const movedNote = ({ number, state }: WorkItem): Message =>
  sentence(md`${marks[state]} Work item ${number} is ${stateWords[state]} now.`);

export const givenNote = ({ number, ownerId }: WorkItem): Message =>
  sentence(md`:white_check_mark: Work item ${number} is with ${person(ownerId ?? '')} now; they are told.`);

/** In place of the card of whoever had it. */
export function wentTo({ number, title, ownerId }: WorkItem): Message {
  return sentence(
    md`:arrow_right: *Work item ${number}* is with ${person(ownerId ?? '')} now: ${withStop(md`${title}`)} Nothing to do here.`,
  );
}
