import type { Button } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { lines, md, type Mrkdwn, person, when, withStop } from '../../slack/mrkdwn.ts';
import { type Need, needOf, needWords } from './needs.ts';
import { isOver } from './rules.ts';
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

export const badly: Readonly<Record<Severity, string>> = {
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

export const withButtons = (all: readonly Button[]) => all.length > 0 && buttons(...all);

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

export function next(step: Blocker['step'], dueAt: Date): Mrkdwn {
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

export function buttonsFor({ blocker }: Story, reader: Reader): Button[] {
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

export function nobodyLeft({ blocker: { id, number, what } }: Story): Message {
  return message(
    md`Nobody is left to ask about blocker ${number}: ${what}`,
    section(
      md`:grey_question: Nobody is left to ask about *blocker ${number}*: ${withStop(md`${what}`)} Who else could help? I look again every working day.`,
    ),
    buttons(button('Ask somebody else', actions.passBlocker, { blockerId: id })),
  );
}
