import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../../slack/blocks.ts';
import { lines, md, person, when } from '../../../slack/mrkdwn.ts';
import type { Question } from '../schema.ts';
import { isOver } from '../rules.ts';
import { buttonsFor, type Story, withButtons } from '../views.ts';

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
