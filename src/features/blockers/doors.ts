import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onForm, onLookup, onQuestion, onWork, type Who } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { sentence } from '../../slack/blocks.ts';
import { findDatasets } from '../datasets/queries.ts';
import { modelById } from '../models/queries.ts';
import { teamById, teamNamed } from '../teams/queries.ts';
import { checkMember, checkStanding } from '../teams/store.ts';
import { answerBlocker, askAboutBlocker } from './questions/changes.ts';
import { closeBlocker, reopenBlocker, withdrawBlocker } from './closing/changes.ts';
import { giveBackBlocker, keepBlocker, takeBlocker } from './taking/changes.ts';
import { passBlocker } from './passing/changes.ts';
import { passOverNext, tickNext } from './escalating/changes.ts';
import { raiseBlocker } from './raising/changes.ts';
import { answerForm, answerModal, askForm, closeForm, passForm, raiseForm, raiseModal } from './forms.ts';
import { type Need, needOf } from './needs.ts';
import { blockerById, questionsOf, teamsOfPerson } from './queries.ts';
import {
  blockersAround,
  blockersOnPage,
  blockersTakenBy,
  blockersWaitingFor,
  openBlockersBy,
} from './listing/queries.ts';
import { stretchesSince } from './figures/queries.ts';
import { pairsCsv, pairsOf } from './figures/rules.ts';
import { isOver } from './rules.ts';
import { severities } from './schema.ts';
import { storyOf } from './store.ts';
import { blockerCard, readerOf } from './views.ts';
import { blockerList } from './listing/views.ts';
import { pairsReport } from './figures/views.ts';
import { raisedNote } from './raising/views.ts';
import { reopenWords } from './closing/views.ts';

const usualDays = 90;
const dayMs = 86_400_000;

export const blockers: Doors = {
  lookups: [
    onLookup('blocker-dataset', async (ctx, _who, typed) =>
      (await findDatasets(ctx, typed)).map(({ id, name, namespace }) => ({
        text: name,
        value: id,
        description: namespace,
      })),
    ),
  ],
  commands: [
    onCommand(
      'blocker [what…]',
      'Say what stands in your way; it finds who can help',
      (_ctx, _who, { what = '' }) => Promise.resolve({ open: raiseModal({ what, model: undefined }) }),
      checkMember,
    ),
    onQuestion('blockers [team…]', 'What is blocked: yours, and of your teams', async (ctx, who, { team = '' }) => ({
      say: await listFor(ctx, who, await namedTeam(ctx, team), 0),
    })),
    onQuestion('blockers report', 'How long roles waited for roles in the last 90 days', async (ctx) => ({
      say: pairsReport(pairsOf(await stretchesSince(ctx, daysAgo(ctx, usualDays))), usualDays),
    })),
  ],
  actions: [
    onAction(
      actions.raiseBlocker,
      async (ctx, _who, { modelId }) => {
        const model = modelId === undefined ? undefined : await modelById(ctx, modelId);
        return { open: raiseModal({ what: '', model: model && { value: model.id, text: model.name } }) };
      },
      checkMember,
    ),
    onAction(actions.showBlocker, async (ctx, who, { blockerId }) => {
      const story = await storyOf(ctx, await blockerById(ctx, blockerId));
      return { say: blockerCard(story, readerOf(story, who.id)) };
    }),
    onAction(actions.listBlockers, async (ctx, who, { teamId, page }) => ({
      say: await listFor(ctx, who, teamId === undefined ? undefined : await teamById(ctx, teamId), page),
    })),
    onAction(
      actions.takeBlocker,
      async (ctx, who, { blockerId }) => void (await takeBlocker(ctx, blockerId, who.id)),
      checkMember,
    ),
    onAction(
      actions.passBlocker,
      async (ctx, _who, { blockerId }) => ({ open: passForm.view({ blockerId: await open(ctx, blockerId) }) }),
      checkMember,
    ),
    onAction(
      actions.askAboutBlocker,
      async (ctx, _who, { blockerId }) => ({ open: askForm.view({ blockerId: await open(ctx, blockerId) }) }),
      checkMember,
    ),
    onAction(
      actions.answerBlocker,
      async (ctx, _who, { blockerId, question }) => {
        const found = (await questionsOf(ctx, await open(ctx, blockerId))).find(({ number }) => number === question);
        if (!found || found.answer !== null) throw new Refusal('This question is answered already. Thank you.');
        return { open: answerModal(await blockerById(ctx, blockerId), found) };
      },
      checkMember,
    ),
    onAction(
      actions.closeBlocker,
      async (ctx, _who, { blockerId }) => ({ open: closeForm.view({ blockerId: await open(ctx, blockerId) }) }),
      checkMember,
    ),
    onAction(
      actions.keepBlocker,
      async (ctx, who, { blockerId }) => void (await keepBlocker(ctx, blockerId, who.id)),
      checkMember,
    ),
    onAction(
      actions.giveBackBlocker,
      async (ctx, who, { blockerId }) => void (await giveBackBlocker(ctx, blockerId, who.id)),
      checkMember,
    ),
    onAction(
      actions.withdrawBlocker,
      async (ctx, who, { blockerId }) => void (await withdrawBlocker(ctx, blockerId, who.id)),
      checkMember,
    ),
    onAction(
      actions.reopenBlocker,
      async (ctx, who, { blockerId }) => {
        await reopenBlocker(ctx, blockerId, who.id);
        return { say: sentence(reopenWords) };
      },
      checkMember,
    ),
    onAction(actions.blockerFigures, async (ctx, _who, { days }) => {
      const stretches = await stretchesSince(ctx, daysAgo(ctx, days));
      const title = `Time blocked in the last ${days} days`;
      return {
        say: pairsReport(pairsOf(stretches), days),
        files: {
          words: `${title}: one row for each blocker, by role. Nobody is named in it.`,
          files: [{ name: 'blockers.csv', title, text: pairsCsv(stretches) }],
        },
      };
    }),
  ],
  forms: [
    onForm(
      raiseForm,
      async (ctx, who, { values }) => {
        const { what, model, dataset, needTeam, blocks, since } = values;
        const severity = severities.find((each) => each === values.severity) ?? 'stopped';
        const need = chosen(values.need, values.person);
        if (need === undefined) throw new Refusal('Choose what you need.', { field: 'need' });
        const blocker = await raiseBlocker(
          ctx,
          { what, need, severity, modelId: model, datasetId: dataset, needTeamId: needTeam, blocks, since },
          who.id,
        );
        return { say: raisedNote(await storyOf(ctx, blocker)) };
      },
      (ctx, who, { values }) => checkBoth(ctx, who, values.person),
    ),
    onForm(
      passForm,
      async (ctx, who, { carries, values }) => {
        const { needTeam, reason } = values;
        const need = chosen(values.need, values.person);
        await passBlocker(ctx, carries.blockerId, { need, needTeamId: needTeam, reason }, who.id);
      },
      (ctx, who, { values }) => checkBoth(ctx, who, values.person),
    ),
    onForm(
      askForm,
      async (ctx, who, { carries, values }) =>
        void (await askAboutBlocker(ctx, carries.blockerId, values.question, who.id)),
      checkMember,
    ),
    onForm(
      answerForm,
      async (ctx, who, { carries, values }) =>
        void (await answerBlocker(ctx, carries.blockerId, carries.question, values.answer, who.id)),
      checkMember,
    ),
    onForm(
      closeForm,
      async (ctx, who, { carries, values }) =>
        void (await closeBlocker(ctx, carries.blockerId, values.unblocked, who.id)),
      checkMember,
    ),
  ],
  workers: [onWork('blockers.pass-over', passOverNext), onWork('blockers.clock', tickNext)],
};

const daysAgo = (ctx: Context, days: number) => new Date(ctx.now().getTime() - days * dayMs);

/** Before a form opens: what is over needs no words any more. */
async function open(ctx: Context, blockerId: string): Promise<string> {
  const blocker = await blockerById(ctx, blockerId);
  if (isOver(blocker)) throw new Refusal(`Blocker ${blocker.number} is over already. Nothing to do.`);
  return blockerId;
}

/** Undefined: they do not know. */
function chosen(value: string, person: string | undefined): Need | undefined {
  if (value === 'unknown') return undefined;
  if (value !== 'person') return needOf(value);
  if (person === undefined) throw new Refusal('Choose the person.', { field: 'person' });
  return { kind: 'person', person };
}

async function checkBoth(ctx: Context, who: Who, person: string | undefined): Promise<void> {
  await checkMember(ctx, who);
  if (person !== undefined) await checkStanding(ctx, person);
}

async function namedTeam(ctx: Context, name: string) {
  if (name.trim() === '') return undefined;
  const team = await teamNamed(ctx, name);
  if (!team) throw new Refusal(`There is no team named "${name}".`, { field: 'team' });
  return team;
}

const mostOwn = 20;

async function listFor(ctx: Context, who: Who, team: { id: string; name: string } | undefined, page: number) {
  const teams = team ? [team] : await teamsOfPerson(ctx, who.id);
  const ids = teams.map(({ id }) => id);
  const [waiting, taken, raised, around] = await Promise.all([
    blockersWaitingFor(ctx, who.id, mostOwn),
    blockersTakenBy(ctx, who.id, mostOwn),
    openBlockersBy(ctx, [who.id]),
    blockersAround(ctx, ids, page),
  ]);
  const pages = Math.ceil(around.total / blockersOnPage);
  return blockerList({ waiting, taken, raised: raised.slice(0, mostOwn), around, team, pages, now: ctx.now() });
}
