import { footnote, type Message, message, section } from '../../../slack/blocks.ts';
import { lines, md } from '../../../slack/mrkdwn.ts';
import { mostNudges, type Nudge, type RuleId } from './rules.ts';

const questions: Readonly<Record<RuleId, string>> = {
  L1: 'Often a place to start, not an end. What made this action look right at the time?',
  L2: 'This describes a person. What did the situation look like from inside?',
  L3: 'This looks for who. What did the situation look like from inside?',
  L4: 'This describes what did not happen. What happened instead, and what made that sensible? A proposal belongs to the ideas.',
  L5: 'This says what somebody did not do. What did they have before them, and what else did they have to do?',
  L6: 'This tells another story than the one that happened. What made sense with what was known then?',
  L7: 'This relies on people never slipping. Which change of the system would make it unnecessary, or visible?',
  L8: 'Try what or how: what did the screen show when it was decided?',
  L9: 'Work as it is thought of, and work as it is done. What made the usual way hard?',
  S0: 'A person is not a factor. Use the role, and say which conditions applied.',
};

/** To the writer alone, after it was saved: nothing is held up, counted or told to anybody. */
export function nudgeMessage(nudges: readonly Nudge[]): Message {
  const shown = nudges.slice(0, mostNudges);
  return message(
    md`It is saved. A question about how it is written: ${questions[shown[0]?.rule ?? 'L1']}`,
    section(
      lines(
        md`:bulb: *It is saved.* If you like, look at this once more:`,
        ...shown.map(({ rule, words }) => md`• _${words}_ – ${questions[rule]}`),
      ),
    ),
    footnote(md`Only you see this, and nobody counts it. These rules read English and are wrong now and then.`),
  );
}
