import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onClock, onCommand, onForm, onQuestion, type Who } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { asModal, type Message, sentence } from '../../slack/blocks.ts';
import { personNamed } from '../../slack/command.ts';
import { join, md, person, plural } from '../../slack/mrkdwn.ts';
import { findForm } from '../models/forms.ts';
import { isOrphan, modelById, modelNamed, modelsNamed } from '../models/queries.ts';
import type { Model } from '../models/schema.ts';
import { whoCard } from '../models/views.ts';
import { teamById, teamMeant } from '../teams/queries.ts';
import { checkAsker, checkStandings, mayEdit } from '../teams/store.ts';
import { acceptGap, assign, changeCell, confirm, type Scope, unassign } from './changes.ts';
import { acceptForm, acceptModal, assignForm, assignModal, cellForm, cellModal, modelMeant } from './forms.ts';
import { type DutyId, isDuty, isRole, isTier, matrix, stages, standardOf } from './matrix.ts';
import { coverageOf, type TeamCoverage } from './gaps/queries.ts';
import { onDuty, teamMatrix } from './queries.ts';
import { candidates, type CellInput, checkAssignable } from './rules.ts';
import { type GapKind, gapKinds } from './gaps/rules.ts';
import { tellLeads } from './store.ts';
import { coverageCard, coverageModal } from './gaps/views.ts';
import { matrixModal } from './views.ts';

export const duties: Doors = {
  commands: [
    onQuestion('who <model>', 'Who owns a model, who is on duty, who approves', async (ctx, _who, { model = '' }) => ({
      say: await whoIs(ctx, await modelNamed(ctx, model)),
    })),
    onQuestion('coverage [name…]', 'What your team or one of its models lacks', async (ctx, who, { name = '' }) => {
      const model = name === '' ? undefined : (await modelsNamed(ctx, [name])).get(name.toLowerCase());
      const teamId = model?.teamId ?? (await teamMeant(ctx, who, name)).id;
      const found = await coverageFor(ctx, who, teamId);
      if (!model) return { say: coverageCard(found) };
      const gaps = found.gaps.filter(({ modelId }) => modelId === model.id);
      return { say: coverageCard({ ...found, gaps, models: [model] }, model.name) };
    }),
    onCommand(
      'duty <duty> <person> [model]',
      'Name somebody for a duty of your team, or of one model',
      async (ctx, who, words) => {
        const { duty, scope, personId, where } = await meant(ctx, who, words);
        await assign(ctx, scope, duty, [personId], who.id);
        return {
          say: sentence(
            md`${person(personId)} is named to ${standardOf(duty).todo}, for ${where}. Names come before roles: only who is named holds it now.`,
          ),
        };
      },
      checkBoth,
    ),
    onCommand(
      'duty remove <duty> <person> [model]',
      'Take a name off a duty',
      async (ctx, who, words) => {
        const { duty, scope, personId, where } = await meant(ctx, who, words);
        await unassign(ctx, scope, duty, personId, who.id);
        return { say: sentence(md`${person(personId)} is no longer named to ${standardOf(duty).todo}, for ${where}.`) };
      },
      checkBoth,
    ),
    onQuestion('duties [team…]', 'Who does what in your team, and change it', async (ctx, who, { team: name = '' }) => {
      const team = await teamMeant(ctx, who, name);
      return { open: matrixModal(team, await teamMatrix(ctx, team.id), 0) };
    }),
  ],
  actions: [
    onAction(actions.showModel, async (ctx, _who, { modelId }) => ({
      open: asModal('Model', await whoIs(ctx, await modelById(ctx, modelId))),
    })),
    onAction(actions.showCoverage, async (ctx, who, { teamId }) => ({
      open: coverageModal(await coverageFor(ctx, who, teamId)),
    })),
    onAction(actions.turnDuties, async (ctx, _who, { teamId, page }) => ({
      open: matrixModal(await teamById(ctx, teamId), await teamMatrix(ctx, teamId), page),
    })),
    onAction(
      actions.editDuty,
      async (ctx, who, { teamId, duty }) => {
        await mayEdit(ctx, teamId, who.id);
        return { open: cellModal(teamId, await cellOf(ctx, teamId, known(duty))) };
      },
      checkAsker,
    ),
    onAction(
      actions.assignDuty,
      async (ctx, who, { teamId, duties, modelId }) => {
        await mayEdit(ctx, teamId, who.id);
        const ids = duties.map(known);
        const [id] = ids;
        if (!id) return undefined;
        ids.forEach(checkAssignable);
        const { team, models, facts, gaps } = await coverageFor(ctx, who, teamId);
        const gap = gaps.find((each) => each.duty === id && (modelId === undefined || each.modelId === modelId));
        const inTeam = new Set(facts.people.filter((each) => each.inTeam && each.hasAccount).map((each) => each.id));
        const holders = gap?.holders.filter((each) => inTeam.has(each)) ?? [];
        const { cell } = await cellOf(ctx, teamId, id);
        const people = [...holders, ...candidates(cell, holders, facts).slice(0, 1)];
        return { open: assignModal(team, ids, people, models, modelId) };
      },
      checkAsker,
    ),
    onAction(
      actions.confirmDuty,
      async (ctx, who, { duties, ...scope }) => {
        const ids = duties.map(known);
        for (const id of ids) await confirm(ctx, asScope(scope), id, who.id);
        return { say: sentence(md`:white_check_mark: Thank you: the names are confirmed for ${wordsOf(ids)}.`) };
      },
      checkAsker,
    ),
    onAction(
      actions.acceptGap,
      async (ctx, who, { teamId, duties, kind, modelId }) => {
        await mayEdit(ctx, teamId, who.id);
        const of = { teamId, duties: duties.map(known), kind: knownKind(kind) };
        return { open: acceptModal({ ...of, ...(modelId && { modelId }) }) };
      },
      checkAsker,
    ),
  ],
  forms: [
    onForm(findForm, async (ctx, _who, { values }) => ({
      open: asModal('Model', await whoIs(ctx, await modelById(ctx, z.uuid().parse(values.modelId)))),
    })),
    onForm(
      assignForm,
      async (ctx, who, { carries, values }) => {
        if (values.duties.length === 0) throw new Refusal('Choose at least one duty.', { field: 'duties' });
        const duties = values.duties.map(known);
        const scope = { teamId: carries.teamId, ...modelMeant(values.where) };
        for (const duty of duties) await assign(ctx, scope, duty, values.people, who.id);
        const named = join(values.people.map(person), ', ');
        return { say: sentence(md`${named} can ${wordsOf(duties)} now, for ${await whereOf(ctx, scope)}.`) };
      },
      (ctx, who, { values }) => checkStandings(ctx, [who.id, ...values.people]),
    ),
    onForm(
      acceptForm,
      async (ctx, who, { carries, values }) => {
        const scope = asScope(carries);
        const accepted = { duties: carries.duties.map(known), kind: knownKind(carries.kind), ...values };
        const count = await acceptGap(ctx, scope, accepted, who.id);
        return { say: sentence(md`Noted for ${plural(count, 'gap')}: accepted until ${values.until}.`) };
      },
      checkAsker,
    ),
    onForm(
      cellForm,
      async (ctx, who, { carries, values }) => {
        const { teamId, revision } = carries;
        const duty = known(carries.duty);
        const input: CellInput = {
          responsible: values.responsible.filter(isRole),
          accountable: isRole(values.accountable) ? values.accountable : standardOf(duty).accountable,
          consulted: (values.consulted ?? []).filter(isRole),
          informed: (values.informed ?? []).filter(isRole),
          requiredTiers: (values.requiredTiers ?? []).map(Number).filter(isTier),
          mustDifferFrom: (values.mustDifferFrom ?? []).filter(isDuty),
        };
        const isSaved = await changeCell(ctx, teamId, duty, revision, input, who.id);
        if (!isSaved) return { open: cellModal(teamId, await cellOf(ctx, teamId, duty), input, true) };
        const page = stages.indexOf(standardOf(duty).stage);
        return { open: matrixModal(await teamById(ctx, teamId), await teamMatrix(ctx, teamId), page) };
      },
      checkAsker,
    ),
  ],
  jobs: [onClock('duties.week', '20 * * * *', tellLeads, 'none')],
};

async function whoIs(ctx: Context, model: Model): Promise<Message> {
  const now = ctx.now();
  const [team, { awake, approvers }, isOrphaned] = await Promise.all([
    teamById(ctx, model.teamId),
    onDuty(ctx, model, now),
    isOrphan(ctx, model.id),
  ]);
  const { name: teamName, channel: teamChannel } = team;
  return whoCard({ model, teamName, teamChannel, onDuty: awake, approvers, isOrphan: isOrphaned, now });
}

/** Nothing of it is public: only the people of a team see what their team lacks. */
async function coverageFor(ctx: Context, { id }: Who, teamId: string): Promise<TeamCoverage> {
  const found = await coverageOf(ctx, teamId);
  if (!found) throw new Refusal('That team is gone.');
  if (!found.facts.people.some((each) => each.id === id && each.inTeam && each.hasAccount))
    throw new Refusal(`What a team lacks is shown to its own people only. Ask the lead of ${found.team.name}.`);
  return found;
}

interface Meant {
  readonly duty: DutyId;
  readonly scope: Scope;
  readonly personId: string;
  readonly where: string;
}

async function meant(ctx: Context, who: Who, words: Readonly<Record<string, string>>): Promise<Meant> {
  const duty = known(words['duty'] ?? '');
  const personId = personNamed(words['person'] ?? '');
  const model = words['model'] ? await modelNamed(ctx, words['model']) : undefined;
  const team = model ? undefined : await teamMeant(ctx, who, '');
  const scope = model ? { teamId: model.teamId, modelId: model.id } : { teamId: team?.id ?? '' };
  return { duty, scope, personId, where: model?.name ?? `all models of ${team?.name}` };
}

function checkBoth(ctx: Context, who: Who, words: Readonly<Record<string, string>>): Promise<void> {
  return checkStandings(ctx, [who.id, personNamed(words['person'] ?? '')]);
}

async function whereOf(ctx: Context, { teamId, modelId }: Scope): Promise<string> {
  return modelId === undefined
    ? `all models of ${(await teamById(ctx, teamId)).name}`
    : (await modelById(ctx, modelId)).name;
}

function asScope({ teamId, modelId }: { teamId: string; modelId?: string | undefined }): Scope {
  return { teamId, ...(modelId !== undefined && { modelId }) };
}

/** A duty as people type it; an unknown one gets the nearest. */
function known(typed: string): DutyId {
  const id = typed.toLowerCase();
  if (isDuty(id)) return id;
  const near = matrix
    .map((cell) => ({ id: cell.id, off: distance(cell.id, id) }))
    .toSorted((a, b) => a.off - b.off)
    .slice(0, 3)
    .map((each) => each.id);
  throw new Refusal(`I know no duty "${typed}". Near are ${near.join(', ')}; /ml duties shows all.`, { field: 'duty' });
}

function wordsOf(duties: readonly DutyId[]): string {
  const [first, ...more] = duties.map((id) => standardOf(id).todo);
  return more.length > 0 ? `${first} and ${plural(more.length, 'more duty', 'more duties')}` : `${first}`;
}

function knownKind(typed: string): GapKind {
  const kind = gapKinds.find((each) => each === typed);
  if (!kind) throw new Refusal('I no longer know this kind of gap. Look again with /ml coverage.');
  return kind;
}

async function cellOf(ctx: Context, teamId: string, duty: DutyId) {
  const cell = (await teamMatrix(ctx, teamId)).find((each) => each.cell.id === duty);
  if (!cell) throw new Refusal('I no longer know this duty. Look again with /ml duties.');
  return cell;
}
