import type { Button } from '@slack/types';
import { actions } from '../../actions.ts';
import { span } from '../../lib/durations.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, person, plural, when, withStop } from '../../slack/mrkdwn.ts';
import { roleNames } from '../teams/rules.ts';
import { roles } from '../teams/schema.ts';
import { fewest, type Pair } from './figures.ts';
import { type Need, needOf, needWords } from './needs.ts';
import type { OpenBlocker } from './queries.ts';
import { reopenDays } from './rules.ts';
import type { Ask, Blocker, Hop, Question, Severity } from './schema.ts';

/** Everything that a card of it says. */
export interface Story {
  readonly blocker: Blocker;
  readonly team: string;
  readonly needTeam: string;
  readonly model: string | undefined;
  readonly dataset: string | undefined;
  readonly asks: readonly Ask[];
  readonly questions: readonly Question[];
  readonly hops: readonly Hop[];
}

/** Who reads a card, and so what they can do with it; `channel` is the one of the team that is asked. */
export type Reader = 'asker' | 'asked' | 'taker' | 'other' | 'channel';

export function readerOf({ blocker, asks }: Pick<Story, 'blocker' | 'asks'>, who: string): Reader {
  if (who === blocker.raisedBy) return 'asker';
  if (who === blocker.takenBy) return 'taker';
  return asks.some(({ personId, reply }) => personId === who && reply === 'waiting') ? 'asked' : 'other';
}

const badly: Readonly<Record<Severity, string>> = {
  stopped: ':no_entry: stopped',
  slowed: ':large_yellow_circle: slowed',
};

export function blockerCard(story: Story, reader: Reader): Message {
  const { blocker, team, needTeam, model, dataset, hops, questions } = story;
  const { number, what, severity, since, blocks, raisedBy } = blocker;
  const need = reader === 'channel' ? md`${needWords(needOf(blocker.need))}` : needNamed(needOf(blocker.need));
  const whose = blocker.teamId === blocker.needTeamId ? md`` : md` of ${needTeam}`;
  const asker = reader === 'channel' ? md`Somebody of *${team}*` : md`${person(raisedBy)} of *${team}*`;
  return message(
    md`Blocker ${number}: ${withStop(md`${what}`)} ${stateLine(story, reader)}`,
    section(
      lines(
        md`:construction: *Blocker ${number}* – ${asker} needs ${need}${whose}`,
        withStop(md`${what}`),
        dataset !== undefined && md`:card_file_box: Data set: *${dataset}*`,
      ),
    ),
    section(lines(md`${badly[severity]} since ${when(since)}${blocking(model, blocks)}`, stateLine(story, reader))),
    hops.length > 0 && reader !== 'channel' && section(lines(...hops.map(hopLine))),
    ...(reader === 'channel' ? [] : questions.map((each) => section(lines(...questionLines(each))))),
    withButtons(buttonsFor(story, reader)),
    !isOver(blocker) && footnote(footer(story, reader)),
  );
}

const isOver = ({ state }: Blocker) => state === 'closed' || state === 'withdrawn';
const withButtons = (all: readonly Button[]) => all.length > 0 && buttons(...all);

/** Whoever reads it in private may know the name; a role names nobody. */
function needNamed(need: Need): Mrkdwn {
  return need.kind === 'person' ? md`a word from ${person(need.person)}` : md`${needWords(need)}`;
}

function blocking(model: string | undefined, blocks: string): Mrkdwn {
  if (model === undefined && blocks === '') return md``;
  const rest = blocks === '' ? md`` : md`${model === undefined ? '' : ', '}${blocks}`;
  return md`; it blocks ${model === undefined ? '' : md`*${model}*`}${rest}`;
}

/** Where it is, and what happens next. */
function stateLine({ blocker }: Pick<Story, 'blocker'>, reader: Reader): Mrkdwn {
  const { state, step, askedId, askedAt, takenBy, takenAt, asking, dueAt, endedAt, endedBy, unblocked } = blocker;
  const isPublic = reader === 'channel';
  switch (state) {
    case 'open':
      if (asking !== null)
        return md`:speech_balloon: It waits for an answer of who raised it; the clock stands until then.`;
      if (askedId === null) return md`:grey_question: Nobody is left to ask. It needs somebody to be named.`;
      return md`:hourglass_flowing_sand: ${isPublic ? 'Somebody' : person(askedId)} was asked ${when(askedAt)}.${dueAt ? next(step, dueAt) : ''}`;
    case 'taken':
      return md`:raised_hands: ${isPublic ? 'Somebody' : person(takenBy ?? '')} is on it since ${when(takenAt ?? askedAt)}.${asking === null ? '' : ' An answer of who raised it is awaited.'}`;
    case 'closed':
      return md`:white_check_mark: Solved ${when(endedAt ?? askedAt)}${isPublic ? '' : md`, said by ${person(endedBy ?? '')}`}: ${withStop(md`${unblocked ?? ''}`)}`;
    case 'withdrawn':
      return md`:heavy_minus_sign: Withdrawn ${when(endedAt ?? askedAt)}. Nothing to do.`;
  }
}

function next(step: Blocker['step'], dueAt: Date): Mrkdwn {
  switch (step) {
    case 'holder':
      return md` Without an answer the next one is asked ${when(dueAt)}.`;
    case 'deputy':
      return md` Without an answer the lead is asked ${when(dueAt)}.`;
    case 'lead':
      return md` Without an answer they are reminded ${when(dueAt)}.`;
    case 'nobody':
      return md``;
  }
}

function hopLine({ at, toNeed, reason }: Hop): Mrkdwn {
  const why = reason === '' ? md`` : md`: ${withStop(md`${reason}`)}`;
  return md`:arrow_right: Passed on ${when(at)}, needs ${needNamed(needOf(toNeed))}${why}`;
}

function questionLines({ question, askedBy, answer }: Question): Mrkdwn[] {
  const asked = md`:question: ${person(askedBy)}: ${question}`;
  return answer === null ? [asked] : [asked, md`:speech_balloon: ${answer}`];
}

function buttonsFor({ blocker }: Story, reader: Reader): Button[] {
  const { id, state, asking } = blocker;
  const it = { blockerId: id };
  const take = button('Take it', actions.takeBlocker, it, { style: 'primary' });
  const notUs = button('Not us', actions.passBlocker, it);
  const needMore = asking === null ? [button('Need more', actions.askAboutBlocker, it)] : [];
  const unblocked = button('Unblocked', actions.closeBlocker, it);
  if (state === 'closed') return reader === 'asker' ? [button('It is back', actions.reopenBlocker, it)] : [];
  if (state === 'withdrawn') return [];
  switch (reader) {
    case 'asker':
      return [
        ...(asking === null
          ? []
          : [button('Answer', actions.answerBlocker, { ...it, question: asking }, { style: 'primary' })]),
        unblocked,
        ...(state === 'open' ? [button('Ask somebody else', actions.passBlocker, it)] : []),
        button('Withdraw', actions.withdrawBlocker, it),
      ];
    case 'taker':
      return [unblocked, ...needMore, button('Give back', actions.giveBackBlocker, it)];
    case 'asked':
    case 'channel':
      return state === 'open' ? [take, notUs, ...needMore] : [];
    case 'other':
      return state === 'open' ? [take] : [];
  }
}

function footer({ blocker }: Story, reader: Reader): Mrkdwn {
  if (reader === 'asker')
    return blocker.state === 'open'
      ? md`I keep asking until somebody takes it. *Unblocked* closes it, also if it solved itself.`
      : md`*Unblocked* closes it, whoever solved it.`;
  if (reader === 'taker') return md`*Unblocked* closes it. *Give back* is fine, too: the next one is asked at once.`;
  return md`*Not us* is a good answer: say who instead, and you are not asked again. *Need more* stops the clock.`;
}

/** To somebody whose card stands further up. */
export function askedAgain({ blocker: { number, what } }: Story, why: 'back' | 'again'): Message {
  const words = why === 'back' ? md`is back` : md`comes to you once more`;
  return sentence(
    md`:construction: *Blocker ${number}* ${words}: ${withStop(md`${what}`)} Its card stands further up here.`,
  );
}

export function reminder(story: Story): Message {
  const { blocker } = story;
  return message(
    md`Blocker ${blocker.number} still waits for somebody: ${blocker.what}`,
    section(
      md`:bell: *Blocker ${blocker.number}* still waits for somebody since ${when(blocker.since)}: ${withStop(md`${blocker.what}`)} If it is not for you, *Not us* says who instead.`,
    ),
    withButtons(buttonsFor(story, 'asked')),
  );
}

export function takenNote({ blocker: { number, what, takenBy } }: Story): Message {
  return sentence(md`:raised_hands: ${person(takenBy ?? '')} took *blocker ${number}*: ${withStop(md`${what}`)}`);
}

/** To who raised it; once it is answered, the same message says so. */
export function questionCard({ blocker }: Story, { number, question, askedBy, answer, answeredAt }: Question): Message {
  const head = md`:question: ${person(askedBy)} needs more for *blocker ${blocker.number}* (${blocker.what}):\n${question}`;
  if (answer !== null)
    return message(
      md`You answered the question about blocker ${blocker.number}.`,
      section(lines(head, md`:speech_balloon: You answered${answeredAt ? md` ${when(answeredAt)}` : ''}: ${answer}`)),
    );
  if (isOver(blocker))
    return message(md`The question about blocker ${blocker.number} needs no answer any more.`, section(head));
  return message(
    md`${person(askedBy)} needs more for blocker ${blocker.number}: ${question}`,
    section(head),
    buttons(button('Answer', actions.answerBlocker, { blockerId: blocker.id, question: number }, { style: 'primary' })),
    footnote(md`The clock stands until you answer.`),
  );
}

export function answerNote(story: Story, { question, answer }: Question): Message {
  const { blocker } = story;
  return message(
    md`Your question about blocker ${blocker.number} is answered: ${answer ?? ''}`,
    section(
      lines(
        md`:speech_balloon: *Blocker ${blocker.number}*: your question is answered.`,
        md`You asked: ${question}`,
        md`The answer: ${answer ?? ''}`,
      ),
    ),
    withButtons(buttonsFor(story, blocker.state === 'taken' ? 'taker' : 'asked')),
  );
}

/** To the other side. */
export function endedNote({ blocker: { number, what, state, unblocked, endedBy } }: Story): Message {
  return state === 'closed'
    ? sentence(
        md`:white_check_mark: *Blocker ${number}* is solved, says ${person(endedBy ?? '')}: ${withStop(md`${unblocked ?? ''}`)} It was: ${withStop(md`${what}`)}`,
      )
    : sentence(
        md`:heavy_minus_sign: *Blocker ${number}* is withdrawn: ${withStop(md`${what}`)} Nothing to do any more.`,
      );
}

export function stillOnIt({ blocker }: Story, how: 'asked' | 'kept' | 'asked-anew' | 'over'): Message {
  const { id, number, what, takenAt, since } = blocker;
  const head = md`*Blocker ${number}*: ${withStop(md`${what}`)}`;
  if (how === 'over') return sentence(md`:white_check_mark: You no longer have ${head}`);
  if (how === 'kept') return sentence(md`:eyes: You are still on it. ${head}`);
  if (how === 'asked-anew') return sentence(md`:eyes: Still on it? I asked once more further down. ${head}`);
  const it = { blockerId: id };
  return message(
    md`Are you still on blocker ${number}? ${what}`,
    section(md`:eyes: *Still on it?* ${head} You took it ${when(takenAt ?? since)}.`),
    buttons(
      button('Done', actions.closeBlocker, it, { style: 'primary' }),
      button('Still on it', actions.keepBlocker, it),
      button('Give back', actions.giveBackBlocker, it),
    ),
  );
}

export function nobodyLeft({ blocker: { id, number, what } }: Story): Message {
  return message(
    md`Nobody is left to ask about blocker ${number}: ${what}`,
    section(
      md`:grey_question: Nobody is left to ask about *blocker ${number}*: ${withStop(md`${what}`)} Who else could help? I look again every working day.`,
    ),
    buttons(button('Ask somebody else', actions.passBlocker, { blockerId: id })),
  );
}

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

/** How long ago in words: 5 h, 3 days. */
function age(since: Date, now: Date): string {
  const hours = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 3_600_000));
  return hours < 48 ? `${hours} h` : plural(Math.floor(hours / 24), 'day');
}

export interface Lists {
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

export function waitingLine(row: OpenBlocker, now: Date): Mrkdwn {
  return row.asking !== null
    ? md`:question: *Blocker ${row.number}*: a question of yours to answer. ${withStop(md`${row.what}`)}`
    : md`:construction: *Blocker ${row.number}*: ${row.team} is ${row.severity} for ${age(row.since, now)}. ${withStop(md`${row.what}`)}`;
}

export function raisedNote(story: Story): Message {
  const { blocker } = story;
  const to = blocker.askedId === null ? md`Nobody could be asked yet` : md`${person(blocker.askedId)} is asked`;
  return sentence(
    md`:construction: *Blocker ${blocker.number}* is raised. ${to}; its card is in your direct messages.`,
  );
}

export const reopenWords = md`It is open again. Whoever solved it hears of it first. Within ${reopenDays} days it keeps its age.`;

/** In the channel of a team that has it no longer. */
export function goneElsewhere(number: number): Message {
  return sentence(md`:arrow_right: Blocker ${number} went on to somebody else. Nothing to do here.`);
}

const mostPairs = 15;

/** By pairs of roles, and nobody's name. */
export function pairsReport(pairs: readonly Pair[], days: number): Message {
  if (pairs.length === 0) return sentence(md`:white_check_mark: Nothing was blocked in the last ${days} days.`);
  const solved = pairs.reduce((sum, { n }) => sum + n, 0);
  const open = pairs.reduce((sum, each) => sum + each.open, 0);
  const more = pairs.length - mostPairs;
  return message(
    md`Time blocked in the last ${days} days: ${solved} solved, ${open} open.`,
    section(md`:stopwatch: *Time blocked in the last ${days} days*: ${solved} solved, ${open} open`),
    section(lines(...pairs.slice(0, mostPairs).map(pairLine), more > 0 && md`and ${more} more pairs, in the file.`)),
    buttons(button('CSV', actions.blockerFigures, { days })),
    footnote(
      md`Which role waited for which, never which person. Under ${fewest} there is no mean and no trend: one long wait would be all of it.`,
    ),
  );
}

function pairLine({ fromRole, toRole, n, open, median, p90, mean }: Pair): Mrkdwn {
  const parts = [
    median === null || p90 === null ? 'none solved yet' : `n ${n}, median ${span(median)}, p90 ${span(p90)}`,
    mean !== null && `mean ${span(mean)}`,
    open > 0 && `${open} open`,
  ];
  return md`• *${roleName(fromRole)} → ${roleName(toRole)}*: ${parts.filter((part) => part !== false).join(', ')}`;
}

function roleName(role: string): string {
  const known = roles.find((each) => each === role);
  if (known) return roleNames[known];
  return role === 'owner' ? 'Whoever decides' : 'No role';
}
