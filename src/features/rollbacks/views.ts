import { z } from 'zod';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, fields, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { type Choice, form, selectField, textField } from '../../slack/forms.ts';
import { join, md, type Mrkdwn, person, when, withStop } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import type { Rollback } from './schema.ts';

/** `alsoMay`: named for the duty of approving, beside owner, deputy and lead. */
export function rollbackCard(
  rollback: Rollback,
  model: Model,
  approvedBy: readonly string[],
  alsoMay: readonly string[] = [],
): Message {
  const state = stateLine(rollback, approvedBy);
  return message(
    fullSentence(rollback, model, approvedBy, alsoMay),
    section(md`${mark(rollback)} *Roll back ${model.name}* in ${rollback.environment} – rollback ${rollback.number}`),
    fields(
      md`*${rollback.state === 'requested' ? 'From, live now' : 'From'}*\nversion ${rollback.fromVersion}`,
      md`*Back to*\nversion ${rollback.toVersion}`,
      md`*Asked by*\n${person(rollback.requestedBy)}`,
      rollback.state === 'requested' ? md`*May approve*\n${deciders(rollback, model, alsoMay)}` : undefined,
    ),
    section(md`*Why*\n${rollback.reason}`),
    section(state),
    rollback.state === 'requested' && decisionButtons(rollback, model),
    rollback.state === 'requested' && footnote(md`Expires ${when(rollback.expiresAt)}. Whoever asked cannot approve.`),
    isOver(rollback) && afterwards(rollback, model),
  );
}

/** Whoever asked is not asked again. */
function deciders({ requestedBy }: Rollback, model: Model, alsoMay: readonly string[]): Mrkdwn {
  const named = [...new Set([model.ownerId, model.deputyId, ...alsoMay])]
    .filter((id) => id !== null)
    .filter((id) => id !== requestedBy);
  return join([...named.map(person), md`the team's lead`], ' or ');
}

function decisionButtons(rollback: Rollback, model: Model) {
  const value = { rollbackId: rollback.id };
  return buttons(
    button('Approve', actions.approveRollback, value, {
      style: 'primary',
      confirm: {
        title: 'Approve this rollback?',
        text: md`The alias *${model.alias}* of ${model.registryName} moves from version ${rollback.fromVersion} to ${rollback.toVersion} at once.`,
        yes: 'Approve',
      },
    }),
    button('Reject', actions.rejectRollback, value, { style: 'danger' }),
    button('Withdraw', actions.withdrawRollback, value),
  );
}

function afterwards(rollback: Rollback, model: Model) {
  return buttons(
    ...(rollback.state === 'failed' || rollback.state === 'stale' || rollback.state === 'expired'
      ? [button('Roll back', actions.askForRollback, { modelId: model.id }, { style: 'danger' })]
      : []),
    button('Declare incident', actions.declareIncident, {
      modelId: model.id,
      rollbackId: rollback.id,
      ...(rollback.alertId && { alertId: rollback.alertId }),
    }),
  );
}

function isOver(rollback: Rollback): boolean {
  return ['alias_moved', 'rolled_back', 'failed', 'stale', 'expired'].includes(rollback.state);
}

function mark({ state }: Rollback): Mrkdwn {
  switch (state) {
    case 'requested':
      return md`:raised_hand:`;
    case 'approved':
    case 'executing':
      return md`:hourglass_flowing_sand:`;
    case 'alias_moved':
      return md`:arrows_counterclockwise:`;
    case 'rolled_back':
      return md`:white_check_mark:`;
    case 'failed':
    case 'stale':
      return md`:warning:`;
    case 'rejected':
    case 'withdrawn':
    case 'expired':
      return md`:no_entry_sign:`;
  }
}

function stateLine(rollback: Rollback, approvedBy: readonly string[]): Mrkdwn {
  const ended = rollback.endedAt ?? rollback.requestedAt;
  const approvers = approvedBy.map(person)[0] ?? md`someone`;
  switch (rollback.state) {
    case 'requested':
      return md`*Waiting for a second person* to approve.`;
    case 'approved':
      return md`*Approved* by ${approvers}. It starts now.`;
    case 'executing':
      return md`*Being carried out*, approved by ${approvers}.`;
    case 'alias_moved':
      return md`*Alias moved* to version ${rollback.toVersion}, approved by ${approvers}. Waiting until serving is seen to serve it.`;
    case 'rolled_back':
      return md`*Rolled back*: serving was seen to serve version ${rollback.toVersion} ${when(ended)}. Approved by ${approvers}.`;
    case 'failed':
      return md`*Failed*, approved by ${approvers}. ${rollback.outcome ?? ''}`;
    case 'rejected':
      return md`*Rejected* by ${person(rollback.endedBy ?? '')}: ${rollback.outcome ?? ''}`;
    case 'withdrawn':
      return md`*Withdrawn* by ${person(rollback.endedBy ?? '')}.`;
    case 'expired':
      return md`*Expired* without a decision ${when(ended)}. Ask again if it is still needed.`;
    case 'stale':
      return md`*Not carried out*: ${rollback.outcome ?? 'the live version changed meanwhile'}. Ask again with the current version.`;
  }
}

function fullSentence(
  rollback: Rollback,
  model: Model,
  approvedBy: readonly string[],
  alsoMay: readonly string[],
): Mrkdwn {
  const what = md`Rollback ${rollback.number} of ${model.name} from version ${rollback.fromVersion} to ${rollback.toVersion}`;
  return rollback.state === 'requested'
    ? md`${what}: ${person(rollback.requestedBy)} asks. ${deciders(rollback, model, alsoMay)}, please approve or reject.`
    : withStop(md`${what}: ${stateLine(rollback, approvedBy)}`);
}

export const rollbackForm = form(
  'rollback.form',
  { title: 'Roll back model', submit: 'Ask for approval' },
  z.object({ modelId: z.uuid(), alertId: z.uuid().optional(), fromVersion: z.string() }),
  {
    toVersion: selectField('Back to version'),
    reason: textField('Why', {
      multiline: true,
      min: 10,
      max: 1000,
      hint: 'The second person decides by this. Say what you see and since when.',
    }),
  },
);

export function rollbackModal(
  model: Model,
  ask: { fromVersion: string; alertId?: string; versions: readonly Choice[]; reason?: string },
) {
  const { fromVersion, alertId, versions, reason } = ask;
  const first = versions[0]?.value;
  return rollbackForm.view(
    { modelId: model.id, fromVersion, ...(alertId && { alertId }) },
    {
      above: [
        section(
          md`*${model.name}* in ${model.environment}\nLive now: *version ${fromVersion}* (alias ${model.alias} of ${model.registryName}). A second person has to approve before anything moves.`,
        ),
      ],
      options: { toVersion: versions },
      start: { ...(first && { toVersion: first }), ...(reason && { reason }) },
    },
  );
}

export const rejectForm = form(
  'rollback.reject.form',
  { title: 'Reject this rollback', submit: 'Reject' },
  z.object({ rollbackId: z.uuid() }),
  { reason: textField('Why not', { multiline: true, min: 5, max: 500, hint: 'The person who asked reads this.' }) },
);
