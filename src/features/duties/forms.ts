import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { section } from '../../slack/blocks.ts';
import { dateField, optional, selectField, selectManyField, textField, usersField } from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { join, lines, md, type Mrkdwn, person } from '../../slack/mrkdwn.ts';
import { tiers } from '../models/schema.ts';
import { type DutyId, matrix, type RoleId, roleIds, standardOf } from './matrix.ts';
import type { TeamCell } from './queries.ts';
import type { CellInput } from './rules.ts';
import type { GapKind } from './gaps/rules.ts';
import { allRoleNames, matrixId } from './views.ts';

const everywhere = 'all';

export const assignForm = form(
  'duty.assign.form',
  { title: 'Name somebody', submit: 'Save' },
  z.object({ teamId: z.uuid() }),
  {
    duties: selectManyField('Duties'),
    people: usersField('People', 'Names come before roles: only who is named holds it then.'),
    where: selectField('For'),
  },
);

/** Starts with who holds it and who could help, so that saving it as it is closes the gap. */
export function assignModal(
  team: { readonly id: string; readonly name: string },
  duties: readonly DutyId[],
  people: readonly string[],
  models: readonly { readonly id: string; readonly name: string }[],
  modelId?: string,
): ModalView {
  const all = { text: `All models of ${team.name}`, value: everywhere };
  const meant = models.toSorted((a, b) => Number(b.id === modelId) - Number(a.id === modelId)).slice(0, 99);
  return assignForm.view(
    { teamId: team.id },
    {
      options: {
        duties: duties.map((id) => ({ text: standardOf(id).todo, value: id })),
        where: [all, ...meant.map(({ id, name }) => ({ text: name, value: id }))],
      },
      start: { duties: duties.join(' '), people: people.join(' '), where: modelId ?? everywhere },
    },
  );
}

export function modelMeant(where: string): { modelId?: string } {
  return where === everywhere ? {} : { modelId: where };
}

export const acceptForm = form(
  'duty.accept.form',
  { title: 'Accept this gap', submit: 'Accept' },
  z.object({ teamId: z.uuid(), duties: z.array(z.string()), kind: z.string(), modelId: z.uuid().optional() }),
  {
    until: dateField('Until', 'The last day. After it the gap is said again.'),
    reason: textField('Why', { multiline: true, min: 5, max: 500, hint: 'What makes it bearable until then.' }),
  },
);

export function acceptModal(of: {
  teamId: string;
  duties: readonly DutyId[];
  kind: GapKind;
  modelId?: string;
}): ModalView {
  const texts = of.duties.map((id) => md`• ${standardOf(id).text}`);
  return acceptForm.view({ ...of, duties: [...of.duties] }, { above: [section(join(texts, '\n'))] });
}

const roleChoices = roleIds.map((value) => ({ value, text: allRoleNames[value] }));

export const cellForm = form(
  matrixId,
  { title: 'Change a duty', submit: 'Save' },
  z.object({ teamId: z.uuid(), duty: z.string(), revision: z.int() }),
  {
    responsible: selectManyField('Does it', roleChoices),
    accountable: selectField('Answers for it', roleChoices),
    consulted: optional(selectManyField('Is asked', roleChoices)),
    informed: optional(selectManyField('Is told', roleChoices)),
    requiredTiers: optional(
      selectManyField(
        'Asked of models of tier',
        tiers.map((tier) => ({ value: String(tier), text: String(tier) })),
        'Without any tier it is asked of nobody.',
      ),
    ),
    mustDifferFrom: optional(
      selectManyField(
        'Kept apart from',
        matrix.map(({ id }) => ({ value: id, text: id })),
        'Whoever does these for a version or an incident leaves this one to somebody else.',
      ),
    ),
  },
);

/** `others`: what somebody else saved meanwhile; the writer sees both and decides. */
export function cellModal(teamId: string, now: TeamCell, mine: CellInput = now.cell, others = false): ModalView {
  const { cell, revision } = now;
  return cellForm.view(
    { teamId, duty: cell.id, revision },
    {
      above: [
        section(lines(md`*${cell.text}*`, md`\`${cell.id}\`, after ${cell.sources.join('; ')}`)),
        ...(others ? [section(bothVersions(now))] : []),
      ],
      start: {
        responsible: mine.responsible.join(' '),
        accountable: mine.accountable,
        consulted: mine.consulted.join(' '),
        informed: mine.informed.join(' '),
        requiredTiers: mine.requiredTiers.join(' '),
        mustDifferFrom: mine.mustDifferFrom.join(' '),
      },
    },
  );
}

function bothVersions({ cell, changedBy }: TeamCell): Mrkdwn {
  const names = (roles: readonly RoleId[]) => roles.map((role) => allRoleNames[role]).join(', ') || 'nobody';
  const theirs: readonly [string, string][] = [
    ['Does it', names(cell.responsible)],
    ['Answers for it', allRoleNames[cell.accountable]],
    ['Is asked', names(cell.consulted)],
    ['Is told', names(cell.informed)],
    ['Tiers', words(cell.requiredTiers)],
    ['Kept apart from', words(cell.mustDifferFrom)],
  ];
  return md`:warning: *${person(changedBy ?? 'somebody')} saved this while you wrote.* Below stands what you chose; *Save* keeps yours, *Cancel* keeps theirs:\n${join(
    theirs.map(([label, value]) => md`• ${label}: ${value}`),
    '\n',
  )}`;
}

const words = (list: readonly (string | number)[]) => list.join(', ') || 'none';
