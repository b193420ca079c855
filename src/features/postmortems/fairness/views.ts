import type { KnownBlock, ModalView } from '@slack/types';
import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { asModal, footnote, type Message, message, section, sentence } from '../../../slack/blocks.ts';
import { lines, linkTo, md, type Mrkdwn, plural } from '../../../slack/mrkdwn.ts';
import type { Tally } from './queries.ts';
import { mostNudges, noVocabulary, ruleIds, type Vocabulary } from './rules.ts';
import { vocabularyBlocks } from './vocabulary/views.ts';
import { type AskId, askIds, measured, type Question, sources, words } from './words.ts';

/** To the writer alone, after it was saved: nothing is held up or told to anybody. */
export function nudgeMessage(postmortemId: string, questions: readonly Question[]): Message {
  return asking(
    postmortemId,
    questions,
    md`It is saved. A question about how it is written:`,
    md`:bulb: *It is saved.* If you like, look at this once more:`,
  );
}

/** To whoever asked for the review, alone, while the others begin to read. */
export function reviewQuestions(postmortemId: string, questions: readonly Question[]): Message {
  return asking(
    postmortemId,
    questions,
    md`The review is asked for. A question about the whole of it:`,
    md`:bulb: *The review is asked for.* If you like, look at this while the others begin to read:`,
  );
}

function asking(postmortemId: string, questions: readonly Question[], heard: Mrkdwn, opening: Mrkdwn): Message {
  const shown = questions.slice(0, mostNudges);
  return message(
    md`${heard} ${shown[0] ? words[shown[0].rule].asks : ''}`,
    section(opening),
    ...shown.map(({ rule, place, words: written }): KnownBlock => {
      const { asks, because, source } = words[rule];
      return {
        ...section(
          lines(
            md`• ${written === undefined ? '' : md`_${written}_ – `}${asks}`,
            md`_${because}_ ${linkTo(sources[source], 'Why?') ?? ''}`,
          ),
        ),
        accessory: button('Not useful here', actions.dismissQuestion, { postmortemId, rule, place }),
      };
    }),
    footnote(
      md`Only you see this. That a rule asked is counted for all of the workspace, never who was asked. ${shown.some(({ rule }) => isOfWords(rule)) ? 'The rules about words read English, and are wrong now and then. ' : ''}\`/ml postmortem rules\` says what each asks, and switches it off.`,
    ),
  );
}

const isOfWords = (rule: AskId) => ruleIds.some((each) => each === rule);

export const notAskedAgain = sentence(md`:ok_hand: That is not asked again at this place.`);

/** Every rule with what it asks, what is known of its worth, and its switch. */
export function rulesModal(
  off: readonly AskId[],
  tallies: ReadonlyMap<string, Tally>,
  vocabulary: Vocabulary = noVocabulary,
): ModalView {
  return {
    ...asModal(
      'What is asked',
      message(
        md`What is asked about post-mortems`,
        section(
          md`*Questions about post-mortems.* They go to the writer alone, and hold nothing up. The numbers are those of the whole workspace; nobody's name is kept. No rule makes an organisation blameless.`,
        ),
        ...vocabularyBlocks(vocabulary),
        ...askIds.map((id) => ruleLine(id, off.includes(id), tallies.get(id))),
        footnote(md`A switch counts for everybody in this workspace, and stands in the ledger.`),
      ),
    ),
    // With a name, it is drawn anew in its place.
    callback_id: 'postmortem.rules',
  };
}

function ruleLine(id: AskId, isOff: boolean, tally: Tally | undefined): KnownBlock {
  const { finds, asks } = words[id];
  return {
    ...section(
      lines(
        isOff ? md`:no_bell: *${id}, off:* ${finds}` : md`*${id}:* ${finds}`,
        md`_${asks}_`,
        precision(id),
        counted(tally),
      ),
    ),
    accessory: button(`${isOff ? 'Switch on' : 'Switch off'} ${id}`, actions.switchQuestion, {
      rule: id,
      isOff: !isOff,
    }),
  };
}

function precision(id: AskId): Mrkdwn | undefined {
  const rule = ruleIds.find((each) => each === id);
  if (rule === undefined) return undefined;
  const [right, asked] = measured[rule];
  return md`Right ${right} times of ${asked} on sentences of ours.`;
}

function counted(tally: Tally | undefined): Mrkdwn {
  if (!tally) return md`Not asked so far.`;
  const { asked, edited, kept, dismissed } = tally;
  const all = asked + edited + kept + dismissed;
  const became = [
    [edited, 'edited'],
    [kept, 'kept'],
    [dismissed, 'not useful'],
    [asked, 'still open'],
  ] as const;
  const said = became.filter(([times]) => times > 0).map(([times, word]) => `${times} ${word}`);
  return md`Asked at ${plural(all, 'place')}: ${said.join(', ')}.`;
}
