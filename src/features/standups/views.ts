import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { md, type Mrkdwn, when } from '../../slack/mrkdwn.ts';
import { dateWords } from '../../time/date-words.ts';
import type { Waiting } from './queries.ts';

export const sentWords: Message = sentence(
  md`:white_check_mark: Thank you, it is kept. *Change* in our direct messages opens it again.`,
);
export const exportWords: Message = sentence(md`The files are on their way to you as a direct message.`);

export const nothingToAnswer: Message = sentence(
  md`Nothing asks you here: your team has no standup yet. \`/ml standup new\` sets one up.`,
);

/** Several wait, or none does and the next ones can be answered early. */
export function chooseMessage(all: readonly Waiting[], now: Date): Message {
  const today = now.toISOString().slice(0, 10);
  return message(
    md`What you can answer.`,
    section(md`:speech_balloon: *What you can answer*`),
    ...all.slice(0, 10).map((each) => ({
      ...section(line(each, today)),
      accessory: button(each.prompt?.state === 'answered' ? 'Change' : 'Answer', actions.answerStandup, {
        ritualId: each.run.ritualId,
        date: each.run.date,
      }),
    })),
    footnote(md`\`/ml standup settings\` says how you want to be asked, \`/ml rituals\` when they are.`),
  );
}

function line({ ritual, run, prompt }: Waiting, today: string): Mrkdwn {
  const what = md`*${ritual.name}*, ${dateWords(run.date, today)}`;
  if (prompt?.state === 'answered') return md`:white_check_mark: ${what}: you answered.`;
  switch (run.state) {
    case 'planned':
      return md`:arrow_right: ${what}: the next one, if you want to answer early.`;
    case 'open':
      return md`:hourglass_flowing_sand: ${what}: waits for you until ${when(run.digestAt)}.`;
    case 'posted':
    case 'closed':
    case 'missed':
      return md`:envelope: ${what}: the digest is out, you can still add something.`;
  }
}
