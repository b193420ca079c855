import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, footnote, type Message, message, section, sentence } from '../../../slack/blocks.ts';
import { lines, md, type Mrkdwn, when } from '../../../slack/mrkdwn.ts';
import type { Postmortem } from '../schema.ts';
import { fewestAnswers, questionWords, shownOf } from './rules.ts';
import { type Poll, type PollCounts, type PollQuestion, pollQuestions } from './schema.ts';

/** To each who took part, alone. It never changes, so that it says nothing of the answer. */
export function pollMessage({ id, document }: Postmortem, { closesAt }: Poll): Message {
  return message(
    md`Two questions about the talk on "${document.title}", counted without your name.`,
    section(md`:question: *The talk about "${document.title}"*\nIf you were not there, leave this as it is.`),
    ...pollQuestions.flatMap((question) => [
      section(md`*${questionWords[question]}*`),
      buttons(
        button('Yes', actions.pollYes, { postmortemId: id, question }),
        button('No', actions.pollNo, { postmortemId: id, question }),
      ),
    ]),
    section(md`*Is a question left?*`),
    buttons(button('Ask without your name', actions.speak, { postmortemId: id, kind: 'question' })),
    footnote(
      md`One answer each, which you can change until ${when(closesAt, '{date_short}')}. Only numbers are shown, from ${fewestAnswers} answers on; where all say the same, that says what each said. Your name is not kept with your answer.`,
    ),
  );
}

export function pollKept(question: PollQuestion, isYes: boolean, { closesAt }: Poll): Message {
  return sentence(
    md`:ok_hand: "${questionWords[question]}" ${isYes ? 'Yes' : 'No'}: it counts. You can change it until ${when(closesAt, '{date_short}')}.`,
  );
}

export function pollResult(counts: PollCounts, isOver: boolean): Message {
  return message(
    md`What those who took part say about the review: ${resultOf(counts, 'learned')}; ${resultOf(counts, 'again')}.`,
    section(
      lines(
        isOver ? md`*What those who took part said*` : md`*What those who took part say so far*`,
        ...pollQuestions.map((question) => md`• ${questionWords[question]} ${resultOf(counts, question)}`),
      ),
    ),
    isOver && footnote(md`Who answered what is forgotten: only these numbers are left.`),
  );
}

function resultOf(counts: PollCounts, question: PollQuestion): Mrkdwn {
  const shown = shownOf(counts, question);
  return shown ? md`${shown.yes} of ${shown.of} said yes` : md`fewer than ${fewestAnswers} answered`;
}

export function pollNotAsked({ document }: Postmortem): Message {
  return sentence(
    md`:information_source: After the talk about "${document.title}" nobody was asked what they learnt: without a key, answers cannot be kept apart from names. Whoever runs Pitcrew sets PITCREW_SECRET_KEY to what \`openssl rand -base64 32\` prints.`,
  );
}
