import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, footnote, type Message, message, section, sentence } from '../../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, when } from '../../../slack/mrkdwn.ts';
import { factLines, missingLine } from '../../facts/views.ts';
import type { Prompt, Ritual, RitualRun, ShownFact } from '../../rituals/schema.ts';
import { dateWords } from '../../../time/date-words.ts';
import { openRows, startingPlan } from '../rules.ts';
import type { Answer, Row } from '../schema.ts';

const mostFacts = 12;
const mostRows = 10;

export interface Asking {
  readonly ritual: Ritual;
  readonly run: RitualRun;
  readonly prompt: Prompt;
  /** What this person said the time before. */
  readonly last: Answer | undefined;
}

/** What happened since, what was planned, and three ways to answer; two clicks are enough. */
export function promptMessage({ ritual, run, prompt, last }: Asking): Message {
  const facts = prompt.facts ?? [];
  const missing = missingLine(prompt.missing);
  const carried = { ritualId: run.ritualId, date: run.date };
  const plan = startingPlan(openRows(last), facts);
  const hasPlan = plan.length > 0;
  return message(
    md`${ritual.name} of ${dateWords(run.date, run.date)}: how does it go? Answer until ${when(run.digestAt, '{time}')}.`,
    section(md`:speech_balloon: *${ritual.name}*, ${dateWords(run.date, run.date)}: how does it go?`),
    section(knownLines(facts, prompt.since)),
    missing && footnote(missing),
    hasPlan && section(lines(md`*Your plan so far*`, rowLines(plan))),
    buttons(
      button('Answer', actions.answerStandup, carried, { style: 'primary' }),
      ...(hasPlan ? [button('As planned', actions.standupAsPlanned, carried)] : []),
      button('Away today', actions.awayToday, carried),
      button('Later', actions.standupLater, carried),
    ),
    footnote(
      lines(
        md`The digest comes once all have answered. Latest time: ${when(run.digestAt)}.`,
        hasPlan && md`*As planned* says: nothing changed, it goes on as planned.`,
        md`\`/ml standup settings\` says how you want to be asked.`,
      ),
    ),
  );
}

export function knownLines(facts: readonly ShownFact[], since: Date): Mrkdwn {
  if (facts.length === 0) return md`Nothing new that I know of since ${when(since)}.`;
  return lines(
    md`*Since ${when(since)}*`,
    factLines(facts.slice(0, mostFacts)),
    facts.length > mostFacts && md`… and ${facts.length - mostFacts} more.`,
  );
}

export function rowLines(rows: readonly Row[]): Mrkdwn {
  return join(
    [
      ...rows.slice(0, mostRows).map(({ text }) => md`• ${text}`),
      ...(rows.length > mostRows ? [md`• … and ${rows.length - mostRows} more`] : []),
    ],
    '\n',
  );
}

/** What somebody said, in place of the question. */
export function answeredMessage(ritual: Ritual, run: RitualRun, answer: Answer): Message {
  const { done, plan, obstacle, note } = answer;
  return message(
    md`You answered ${ritual.name} of ${dateWords(run.date, run.date)}.`,
    section(
      md`:white_check_mark: *${ritual.name}*, ${dateWords(run.date, run.date)}: thank you${answer.asPlanned ? ', it goes on as planned' : ''}.`,
    ),
    section(
      lines(
        done.length > 0 && md`*Done*\n${rowLines(done)}`,
        md`*Plan*\n${plan.length > 0 ? rowLines(plan) : md`nothing planned`}`,
        obstacle !== '' && md`*In the way*\n${obstacle}`,
        note !== '' && md`*To the next zone*\n${note}`,
      ),
    ),
    buttons(button('Change', actions.answerStandup, { ritualId: run.ritualId, date: run.date })),
  );
}

export function awayMessage(ritual: Ritual, run: RitualRun): Message {
  return message(
    md`You are away on ${dateWords(run.date, run.date)}: ${ritual.name} does not wait for you.`,
    section(
      md`:palm_tree: *${ritual.name}*, ${dateWords(run.date, run.date)}: you are away, so nothing waits for you. \`/ml back\` if you are there after all.`,
    ),
    buttons(button('Answer all the same', actions.answerStandup, { ritualId: run.ritualId, date: run.date })),
  );
}

/** Over: the digest is out, and an answer still counts. */
export function closedMessage(ritual: Ritual, run: RitualRun): Message {
  return message(
    md`${ritual.name} of ${dateWords(run.date, run.date)} is over. You can still add something.`,
    section(
      md`:envelope: *${ritual.name}*, ${dateWords(run.date, run.date)}: its digest is out. You can still add something.`,
    ),
    buttons(button('Answer', actions.answerStandup, { ritualId: run.ritualId, date: run.date })),
  );
}

export function reminderMessage(ritual: Ritual, run: RitualRun): Message {
  return sentence(
    md`:bell: *${ritual.name}* of ${dateWords(run.date, run.date)} waits for you, until ${when(run.digestAt, '{time}')}. Two clicks are enough: *As planned* or *Answer*, in the message above.`,
  );
}
