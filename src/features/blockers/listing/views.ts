import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, person, plural, when, withStop } from '../../../slack/mrkdwn.ts';
import { badly, next } from '../views.ts';
import type { OpenBlocker } from './queries.ts';

/** For digests, in one sentence that names teams and roles, and nobody. */
export function blockerLine(
  { number, what, team, needs, needTeam, severity, state, since, model, asking }: OpenBlocker,
  now: Date,
): Mrkdwn {
  const whose = team === needTeam ? md`` : md` of ${needTeam}`;
  const has = asking !== null ? 'a question is open' : state === 'taken' ? 'somebody is on it' : 'nobody has it yet';
  const on = model === null ? md`` : md`, on ${model}`;
  return md`${badly[severity]} for ${age(since, now)}${on}: *${number}* ${what} – ${team} needs ${needs}${whose}; ${has}.`;
}

export function waitingLine(row: OpenBlocker, now: Date): Mrkdwn {
  return row.asking !== null
    ? md`:question: *Blocker ${row.number}*: a question of yours to answer. ${withStop(md`${row.what}`)}`
    : md`:construction: *Blocker ${row.number}*: ${row.team} is ${row.severity} for ${age(row.since, now)}. ${withStop(md`${row.what}`)}`;
}

/** How long ago in words: 5 h, 3 days. */
function age(since: Date, now: Date): string {
  const hours = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 3_600_000));
  return hours < 48 ? `${hours} h` : plural(Math.floor(hours / 24), 'day');
}

interface Lists {
  readonly waiting: readonly OpenBlocker[];
  readonly taken: readonly OpenBlocker[];
  readonly raised: readonly OpenBlocker[];
  readonly around: { readonly rows: readonly OpenBlocker[]; readonly total: number; readonly page: number };
  /** The name of the one team that was asked for. */
  readonly team: { readonly id: string; readonly name: string } | undefined;
  readonly pages: number;
  readonly now: Date;
}

const mostOwn = 5;

export function blockerList(lists: Lists): Message {
  const { waiting, taken, raised, around, team, pages, now } = lists;
  const whose = team ? md`of ${team.name}` : md`of your teams`;
  const turn = (page: number) => ({ ...(team && { teamId: team.id }), page });
  const all =
    around.total === 0
      ? md`:white_check_mark: Nothing ${whose} is blocked.`
      : md`*Open ${whose}, the oldest first* (${around.total})`;
  return message(
    around.total === 0 ? md`Nothing ${whose} is blocked.` : md`${plural(around.total, 'blocker')} ${whose} open.`,
    ...group('Waits for you', waiting, now),
    ...group('You are on it', taken, now),
    ...group('You raised', raised, now),
    section(all),
    ...around.rows.map((row) => rowOf(row, now)),
    (around.page > 0 || around.page + 1 < pages) &&
      buttons(
        ...(around.page > 0 ? [button('Earlier', actions.listBlockers, turn(around.page - 1))] : []),
        ...(around.page + 1 < pages ? [button('More', actions.listBlockers, turn(around.page + 1))] : []),
      ),
    buttons(
      button('Raise a blocker', actions.raiseBlocker, {}),
      button('Time blocked', actions.blockerFigures, { days: 90 }),
    ),
  );
}

function group(title: string, rows: readonly OpenBlocker[], now: Date) {
  if (rows.length === 0) return [];
  const more = rows.length - mostOwn;
  return [
    section(md`*${title}*`),
    ...rows.slice(0, mostOwn).map((row) => rowOf(row, now)),
    more > 0 && footnote(md`and ${more} more.`),
  ];
}

function rowOf(row: OpenBlocker, now: Date) {
  return {
    ...section(lines(blockerLine(row, now), join([md`Raised by ${person(row.raisedBy)}.`, whatNext(row)], ' '))),
    accessory: button('Open', actions.showBlocker, { blockerId: row.id }),
  };
}

function whatNext({ state, askedId, takenBy, dueAt, asking, step }: OpenBlocker): Mrkdwn {
  if (asking !== null) return md`The answer to a question is awaited.`;
  if (state === 'taken')
    return md`${person(takenBy ?? '')} is on it${dueAt ? md` and is asked about it ${when(dueAt)}` : ''}.`;
  if (askedId === null) return md`Nobody is left to ask; I look again every working day.`;
  return md`${person(askedId)} is asked.${dueAt ? next(step, dueAt) : ''}`;
}
