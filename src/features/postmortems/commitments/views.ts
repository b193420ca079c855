import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, fields, type Message, message, section, sentence } from '../../../slack/blocks.ts';
import { lines, linkTo, md, type Mrkdwn, person, plural } from '../../../slack/mrkdwn.ts';
import type { Incident } from '../../incidents/schema.ts';
import type { Model } from '../../models/schema.ts';
import type { Commitment } from '../schema.ts';
import { isLate, priorityWords, stateOf, typeWords } from './rules.ts';

function mark({ state }: Commitment): Mrkdwn {
  switch (state) {
    case 'offered':
      return md`:raised_hand:`;
    case 'open':
      return md`:hourglass_flowing_sand:`;
    case 'said_done':
      return md`:eyes:`;
    case 'done':
      return md`:white_check_mark:`;
    case 'waived':
    case 'declined':
      return md`:no_entry_sign:`;
  }
}

export function commitmentCard(commitment: Commitment, model: Model, incident: Incident): Message {
  const { number, text, ownerId, due, verification, type, priority, tracker } = commitment;
  return message(
    fullSentence(commitment, model),
    section(md`${mark(commitment)} *Commitment ${number}* from incident ${incident.number}, ${model.name}\n${text}`),
    fields(
      md`*Owner*\n${person(ownerId)}`,
      md`*Due*\n${due}`,
      md`*What for*\n${typeWords[type]}`,
      md`*How urgent*\n${priorityWords[priority]}`,
      md`*We will know that it worked by*\n${verification}`,
      tracker === null ? undefined : md`*Tracked*\n${linkTo(tracker, 'its issue') ?? tracker}`,
    ),
    section(stateLine(commitment)),
    cardButtons(commitment),
  );
}

function stateLine({ state, evidence, reason, endedBy, ownerId, madeBy }: Commitment): Mrkdwn {
  switch (state) {
    case 'offered':
      return md`${person(madeBy)} asks ${person(ownerId)} to take it on.`;
    case 'open':
      return reason ? md`*Open* again: ${reason}` : md`*Open*. Next: say when it is done, with what shows it.`;
    case 'said_done':
      return md`*Said to be done*: ${evidence ?? ''}\nSomebody else than ${person(ownerId)}, please look whether it worked.`;
    case 'done':
      return md`*Done*, seen by ${person(endedBy ?? '')}: ${evidence ?? ''}`;
    case 'waived':
      return md`*Waived* by ${person(endedBy ?? '')}: ${reason ?? ''}`;
    case 'declined':
      return md`*Declined* by ${person(ownerId)}: ${reason ?? ''}`;
  }
}

function cardButtons({ id: commitmentId, state }: Commitment) {
  const value = { commitmentId };
  const waive = button('Waive', actions.waiveCommitment, value);
  const give = button('Give to', actions.reassignCommitment, value);
  switch (state) {
    case 'offered':
      return buttons(
        button('Accept', actions.acceptCommitment, value, { style: 'primary' }),
        button('Decline', actions.declineCommitment, value),
        give,
      );
    case 'open':
      return buttons(button('Done', actions.commitmentDone, value, { style: 'primary' }), give, waive);
    case 'said_done':
      return buttons(
        button('It worked', actions.verifyCommitment, value, { style: 'primary' }),
        button('Not yet', actions.refuteCommitment, value),
        waive,
      );
    case 'declined':
      return buttons(give, waive);
    case 'done':
    case 'waived':
      return undefined;
  }
}

function fullSentence(commitment: Commitment, model: Model): Mrkdwn {
  const what = md`Commitment ${commitment.number} for ${model.name}, ${commitment.text}`;
  switch (commitment.state) {
    case 'offered':
      return md`${what}: ${person(commitment.ownerId)}, please accept or decline.`;
    case 'open':
      return md`${what}: ${person(commitment.ownerId)} sees to it until ${commitment.due}.`;
    case 'said_done':
      return md`${what}: said to be done. Somebody, please look whether it worked.`;
    case 'done':
    case 'waived':
    case 'declined':
      return md`${what}: ${stateOf(commitment)}.`;
  }
}

/** One line where many stand. */
export function commitmentLine(commitment: Commitment, today?: string): Mrkdwn {
  const late = today !== undefined && isLate(commitment, today) ? md` *late*,` : md``;
  return md`${mark(commitment)} *${commitment.number}* ${commitment.text} – ${person(commitment.ownerId)},${late} due ${commitment.due}, ${stateOf(commitment)}`;
}

export function commitmentReminder(owner: string, due: readonly Commitment[], today: string): Message {
  return message(
    md`${person(owner)}, ${plural(due.length, 'commitment waits', 'commitments wait')} for you: ${due[0]?.text ?? ''}${due.length > 1 ? ` and ${due.length - 1} more` : ''}.`,
    section(
      lines(
        md`:calendar: *What you promised after incidents*`,
        ...due.map((each) => md`• ${commitmentLine(each, today)}`),
        md`Their buttons are in your messages above; \`/ml commitments\` lists all.`,
      ),
    ),
  );
}

const mostInTeam = 10;

/** Where the team talks: what is late, the longest first, to see where help is needed. */
export function lateInTeam(all: readonly Commitment[]): Message {
  const left = all.length - mostInTeam;
  return message(
    md`${plural(all.length, 'commitment of the team is', 'commitments of the team are')} late: ${all[0]?.text ?? ''}${all.length > 1 ? ` and ${all.length - 1} more` : ''}.`,
    section(
      lines(
        md`:calendar: *Promised after incidents, and late*`,
        ...all.slice(0, mostInTeam).map((each) => md`• ${commitmentLine(each)}`),
        left > 0 && md`_and ${left} more_`,
        md`Is somebody in need of help or of another day? It can be given to somebody else, or waived with a reason: \`/ml commitments\`.`,
      ),
    ),
  );
}

export function commitmentList(all: readonly Commitment[], today: string): Message {
  if (all.length === 0) return sentence(md`:white_check_mark: No commitment is open.`);
  return message(
    md`${plural(all.length, 'commitment is', 'commitments are')} open.`,
    section(lines(...all.slice(0, 25).map((each) => commitmentLine(each, today)))),
  );
}
