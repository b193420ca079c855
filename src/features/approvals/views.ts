import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, fields, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, person, plural, when, withStop } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { isFull, type Seat } from './quorum.ts';
import { reviewButtons, reviewLine } from './reviewing/views.ts';
import { kindNames, mostTries, nameOf } from './rules.ts';
import type { ChangeRequest } from './schema.ts';

/** Who sits in which slot, and who could still take one. */
export interface Board {
  readonly seats: readonly Seat[];
  /** Everybody who approved, also who may no longer. */
  readonly cast: readonly string[];
  /** Who may approve and has not, without who asked. */
  readonly waitingFor: readonly string[];
  /** Slots that nobody could take any more, by their labels. */
  readonly nobodyFor?: readonly string[];
  /** Away today, though they may approve. */
  readonly away?: readonly string[];
}

export function requestCard(request: ChangeRequest, model: Model, board: Board): Message {
  const isOpen = request.state === 'requested';
  return message(
    fullSentence(request, model, board),
    section(
      md`${mark(request)} *${titleOf(request)} ${model.name}* in ${request.environment} – ${request.kind} ${request.number}`,
    ),
    fields(
      md`*${isOpen ? 'From, live now' : 'From'}*\n${fromWords(request)}`,
      md`*${request.kind === 'rollback' ? 'Back to' : 'To'}*\nversion ${request.toVersion}`,
      md`*Asked by*\n${person(request.requestedBy)}`,
      md`*How*\n${howWords(request)}`,
    ),
    section(md`*Why*\n${request.reason}`),
    section(lines(...factLines(request))),
    section(stateLine(request, board)),
    request.incidentId !== null && section(reviewLine(request)),
    buttonsFor(request, model),
    isOpen && footnote(md`Expires ${when(request.expiresAt)}. Whoever asked cannot approve.`),
  );
}

/** In the thread when it is over or stuck, so that whoever asked hears of it. */
export function resultMessage(request: ChangeRequest, model: Model, board: Board): Message {
  const { requestedBy, state } = request;
  // Nobody knows what stands: whoever answers for the model hears of it, too.
  const who = state === 'unclear' && model.ownerId !== requestedBy ? [requestedBy, model.ownerId] : [requestedBy];
  return sentence(
    md`${join(who.map(person), ', ')}, ${nameOf(request).toLowerCase()} of ${model.name}: ${withStop(stateLine(request, board))}`,
  );
}

const fromWords = ({ fromVersion }: ChangeRequest) => (fromVersion === '' ? 'nothing yet' : `version ${fromVersion}`);
const titleOf = ({ kind }: ChangeRequest) => (kind === 'rollback' ? 'Roll back' : 'Promote');

function howWords({ facts, steps, bakeMinutes }: ChangeRequest): Mrkdwn {
  if (steps.length < 2) return md`${facts.deployer}, all at once`;
  const shares = steps.map((share) => `${share} %`).join(', ');
  return md`${facts.deployer}, ${shares}, ${plural(bakeMinutes, 'minute')} between`;
}

function factLines({ facts, toVersion, undoes }: ChangeRequest): Mrkdwn[] {
  return [
    undoes === null
      ? md`• *Last time:* ${facts.lastTime ?? `version ${toVersion} was not live here before`}`
      : undefined,
    md`• *Open alerts:* ${facts.openAlerts.length > 0 ? facts.openAlerts.join(', ') : 'none'}`,
    md`• *Gate of version ${toVersion}:* ${facts.gate}`,
  ].filter((line) => line !== undefined);
}

function buttonsFor(request: ChangeRequest, model: Model) {
  const all = [...ownButtons(request, model), ...reviewButtons(request)];
  return all.length > 0 && buttons(...all);
}

function ownButtons(request: ChangeRequest, model: Model) {
  const value = { requestId: request.id };
  switch (request.state) {
    case 'requested':
      return [
        button(
          'Approve',
          actions.approveRequest,
          { ...value, digest: request.digest },
          {
            style: 'primary',
            confirm: {
              title: `Approve this ${request.kind}?`,
              text: md`${model.name} goes from ${fromWords(request)} to version ${request.toVersion} in ${request.environment} as soon as everyone needed has approved.`,
              yes: 'Approve',
            },
          },
        ),
        button('Reject', actions.rejectRequest, value, { style: 'danger' }),
        button('Withdraw', actions.withdrawRequest, value),
      ];
    case 'approved':
      return [button('Take approval back', actions.revokeRequest, value)];
    case 'executing':
      return request.steps.length > 1 ? [button('Stop', actions.abortRequest, value, { style: 'danger' })] : [];
    case 'unclear':
      return [button('Say what stands', actions.settleRequest, value, { style: 'primary' })];
    case 'rejected':
    case 'withdrawn':
    case 'superseded':
      return [];
    case 'failed':
    case 'stale':
    case 'expired':
    case 'revoked':
      return [again(request, model), declare(request, model)];
    case 'moved':
    case 'done':
      return request.kind === 'rollback'
        ? [declare(request, model)]
        : [button('Roll back', actions.askForRollback, { modelId: model.id }, { style: 'danger' })];
  }
}

function again({ id, kind, toVersion }: ChangeRequest, model: Model) {
  const value = { modelId: model.id, retryOf: id };
  return kind === 'rollback'
    ? button('Roll back', actions.askForRollback, value, { style: 'danger' })
    : button('Promote', actions.askForPromotion, { ...value, version: toVersion });
}

function declare(request: ChangeRequest, model: Model) {
  const alert = request.alertId === null ? {} : { alertId: request.alertId };
  return button('Declare incident', actions.declareIncident, { modelId: model.id, rollbackId: request.id, ...alert });
}

function mark({ state }: ChangeRequest): Mrkdwn {
  switch (state) {
    case 'requested':
      return md`:raised_hand:`;
    case 'approved':
    case 'executing':
      return md`:hourglass_flowing_sand:`;
    case 'moved':
      return md`:arrows_counterclockwise:`;
    case 'done':
      return md`:white_check_mark:`;
    case 'unclear':
      return md`:grey_question:`;
    case 'failed':
    case 'stale':
      return md`:warning:`;
    case 'rejected':
    case 'withdrawn':
    case 'expired':
    case 'superseded':
    case 'revoked':
      return md`:no_entry_sign:`;
  }
}

function stateLine(request: ChangeRequest, board: Board): Mrkdwn {
  const { state, toVersion, outcome } = request;
  const ended = request.endedAt ?? request.requestedAt;
  const approved = request.incidentId === null ? md`approved by ${approvers(board)}` : md`without approval`;
  const share = request.steps[request.step] ?? 100;
  switch (state) {
    case 'requested':
      return waitingLine(board);
    case 'approved':
      return md`*Approved* by ${approvers(board)}. It starts now.`;
    case 'executing':
      return request.steps.length > 1
        ? md`*Being carried out*, ${approved}: ${outcome ?? `${share} % of the traffic go to version ${toVersion}`}.`
        : md`*Being carried out*, ${approved}.`;
    case 'unclear':
      return md`*Nobody can read whether it worked*: ${outcome ?? ''} ${person(request.requestedBy)}, ${lookWords(request)}.`;
    case 'moved':
      return md`*${request.facts.movesAlias ? 'Alias moved' : 'Carried out'}* to version ${toVersion}, ${approved}. Waiting until serving is seen to serve it.`;
    case 'done':
      return md`*${request.kind === 'rollback' ? 'Rolled back' : 'Live'}*: serving was seen to serve version ${toVersion} ${when(ended)}, ${approved}.`;
    case 'failed':
      return md`*Failed*, ${approved}. ${outcome ?? ''}`;
    case 'rejected':
      return md`*Rejected* by ${person(request.endedBy ?? '')}: ${outcome ?? ''}`;
    case 'withdrawn':
      return md`*Withdrawn* by ${person(request.endedBy ?? '')}.`;
    case 'expired':
      return md`*Expired* ${request.approvedAt === null ? 'without a decision' : 'before it was begun, though approved'} ${when(ended)}. Ask again if it is still needed.`;
    case 'stale':
      return md`*Not carried out*: ${outcome ?? 'the live version changed meanwhile'}. Ask again with what stands now.`;
    case 'superseded':
      return md`*Replaced* by a newer request of ${person(request.endedBy ?? '')}.`;
    case 'revoked':
      return md`*Approval taken back* by ${person(request.endedBy ?? '')}. Nothing was changed.`;
  }
}

function lookWords({ tries }: ChangeRequest): string {
  return tries < mostTries
    ? 'please look there; I look again by myself'
    : 'please look there and press "Say what stands": I have stopped looking';
}

function waitingLine({ seats, waitingFor, nobodyFor = [], away = [] }: Board): Mrkdwn {
  const names = waitingFor.map((id) => (away.includes(id) ? md`${person(id)} (away)` : person(id)));
  return lines(
    md`*Waiting for ${needWords(seats)} to approve*`,
    seats.length > 1 && lines(...seats.map(seatWords)),
    nobodyFor.length > 0 &&
      md`:warning: *Nobody is left to approve as ${nobodyFor.join(' and as ')}.* Name a deputy with \`/ml model edit\`, or withdraw it.`,
    names.length > 0 && md`*May approve*\n${join(names, ' or ')}`,
  );
}

function needWords(seats: readonly Seat[]): string {
  const open = seats.filter(({ by }) => by === undefined).length;
  if (open > 1) return `${open} people`;
  return seats.length === 1 ? 'a second person' : 'one more person';
}

function seatWords({ slot, by, for: lender }: Seat): Mrkdwn {
  if (by === undefined) return md`:white_large_square: ${slot.label}: not yet`;
  return md`:white_check_mark: ${slot.label}: ${lender === undefined ? person(by) : md`${person(by)} for ${person(lender)}`}`;
}

function approvers({ seats, cast }: Board): Mrkdwn {
  if (!isFull(seats)) return cast.length > 0 ? join(cast.map(person), ' and ') : md`nobody`;
  const names = seats.flatMap(({ by, for: lender }) =>
    by === undefined ? [] : [lender === undefined ? person(by) : md`${person(by)} for ${person(lender)}`],
  );
  return join(names, ' and ');
}

function fullSentence(request: ChangeRequest, model: Model, board: Board): Mrkdwn {
  const what = md`${kindNames[request.kind]} ${request.number} of ${model.name} from ${fromWords(request)} to version ${request.toVersion}`;
  const open = board.seats.filter(({ by }) => by === undefined).length;
  return request.state === 'requested'
    ? md`${what}: ${person(request.requestedBy)} asks. ${join(board.waitingFor.map(person), ' or ')}, please approve or reject.${open > 1 ? ` It takes ${open} people.` : ''}`
    : withStop(md`${what}: ${stateLine(request, board)}`);
}
