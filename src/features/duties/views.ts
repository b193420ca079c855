import type { ModalView } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { asModal, buttons, footnote, section } from '../../slack/blocks.ts';
import { lines, md, type Mrkdwn, person } from '../../slack/mrkdwn.ts';
import { roleNames } from '../teams/rules.ts';
import { type Cell, type RoleId, type Stage, stages } from './matrix.ts';
import type { TeamCell } from './queries.ts';

export const allRoleNames: Readonly<Record<RoleId, string>> = { ...roleNames, owner: 'Model owner' };

const stageNames: Readonly<Record<Stage, string>> = {
  framing: 'Framing',
  data: 'Data',
  training: 'Training',
  validation: 'Validation',
  deployment: 'Deployment',
  monitoring: 'Monitoring',
  retraining: 'Retraining',
  rollback: 'Rollback',
  incident: 'Incidents',
  communication: 'Communication',
  governance: 'Governance',
};

/** The matrix of a team, one stage a page. It shares the id of the form of a row, so that one takes the other's place. */
export function matrixModal(team: { id: string; name: string }, cells: readonly TeamCell[], page: number): ModalView {
  const stage = stages[page] ?? stages[0];
  const at = stages.indexOf(stage);
  const rowsShown = cells
    .filter(({ cell }) => cell.stage === stage)
    .map(({ cell, revision, changedBy }) => ({
      ...section(
        lines(
          md`*${cell.text}*  \`${cell.id}\``,
          md`Does it: ${roleList(cell.responsible)}. Answers for it: ${allRoleNames[cell.accountable]}.`,
          (cell.consulted.length > 0 || cell.informed.length > 0) &&
            md`Asked: ${roleList(cell.consulted)}. Told: ${roleList(cell.informed)}.`,
          md`${tierLine(cell)}${apartLine(cell)}`,
          revision > 0 && changedBy !== undefined && md`_Changed by ${person(changedBy)}._`,
        ),
      ),
      accessory: button('Edit', actions.editDuty, { teamId: team.id, duty: cell.id }),
    }));
  const turn = (to: number) => ({ teamId: team.id, page: to });
  const [earlier, later] = [stages[at - 1], stages[at + 1]];
  return {
    ...asModal('Duties', {
      blocks: [
        section(md`*${stageNames[stage]}* – duties of ${team.name}, page ${at + 1} of ${stages.length}`),
        ...rowsShown,
        // One block each: an action id stands once in a block.
        ...(earlier ? [buttons(button(`Back: ${stageNames[earlier]}`, actions.turnDuties, turn(at - 1)))] : []),
        ...(later ? [buttons(button(`Next: ${stageNames[later]}`, actions.turnDuties, turn(at + 1)))] : []),
        footnote(md`Names come before roles: \`/ml duty <duty> @person [model]\` names somebody.`),
      ],
    }),
    callback_id: matrixId,
  };
}

export const matrixId = 'duty.matrix';

function roleList(roles: readonly RoleId[]): string {
  return roles.length > 0 ? roles.map((role) => allRoleNames[role]).join(', ') : 'nobody';
}

function tierLine({ requiredTiers }: Cell): Mrkdwn {
  return requiredTiers.length > 0 ? md`Asked of models of tier ${requiredTiers.join(', ')}.` : md`Asked of no model.`;
}

function apartLine({ mustDifferFrom }: Cell): Mrkdwn | string {
  return mustDifferFrom.length > 0 ? md` Kept apart from ${mustDifferFrom.join(', ')}.` : '';
}
