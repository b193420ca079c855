import { z } from 'zod';
import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type ActionDoor, type Doors, onAction, onCommand, onForm, onQuestion, type Who } from '../../doors.ts';
import { parseOrRefuse } from '../../lib/refusal.ts';
import type { Address } from '../../slack/address.ts';
import { teamById, teamMeant } from '../teams/queries.ts';
import type { Team } from '../teams/schema.ts';
import { checkMember, checkStanding } from '../teams/store.ts';
import { giveWork, makeWork, moveWork } from './changes.ts';
import { findingForm, giveForm, makeForm, makeModal } from './forms.ts';
import { itemNumbered, itemShown, workPage } from './queries.ts';
import { mayGive } from './rules.ts';
import { outcomes, type State, types } from './schema.ts';
import { givenNote, madeNote, movedNote, workCard, workList } from './views.ts';

const Number = z.object({
  number: z.coerce.number('Say the number of the work item, as in /ml work item 7.').int().positive(),
});

export const work: Doors = {
  commands: [
    onQuestion('work [team…]', 'What your team works on, and what is yours', async (ctx, who, { team = '' }) => ({
      say: workList(await workPage(ctx, await teamMeant(ctx, who, team), who.id, 0)),
    })),
    onQuestion('work item <number>', 'A work item: move it, or give it to somebody', async (ctx, _who, words) => ({
      say: workCard(await itemShown(ctx, (await itemNumbered(ctx, parseOrRefuse(Number, words).number)).id)),
    })),
    onCommand(
      'work new [title…]',
      'Make a work item',
      async (ctx, who, { title = '' }) => newItem(await teamMeant(ctx, who, ''), title),
      checkMember,
    ),
  ],
  actions: [
    onAction(actions.listWork, async (ctx, who, { teamId, page }) => ({
      say: workList(await workPage(ctx, await teamById(ctx, teamId), who.id, page)),
    })),
    onAction(actions.showWork, async (ctx, _who, { itemId }) => ({ say: workCard(await itemShown(ctx, itemId)) })),
    onAction(actions.newWork, async (ctx, _who, { teamId }) => newItem(await teamById(ctx, teamId), ''), checkMember),
    moveDoor(actions.shelveWork, 'backlog'),
    moveDoor(actions.readyWork, 'ready'),
    moveDoor(actions.startWork, 'doing'),
    moveDoor(actions.reviewWork, 'review'),
    moveDoor(actions.dropWork, 'dropped'),
    onAction(
      actions.finishWork,
      async (ctx, who, about) =>
        (await itemShown(ctx, about.itemId)).item.type === 'spike'
          ? { open: findingForm.view(about) }
          : await move(ctx, about, 'done', who),
      checkMember,
    ),
    onAction(
      actions.giveWork,
      async (ctx, _who, about) => {
        mayGive((await itemShown(ctx, about.itemId)).item);
        return { open: giveForm.view(about) };
      },
      checkMember,
    ),
  ],
  forms: [
    onForm(
      makeForm,
      async (ctx, who, { carries, values }) => {
        const { title, details = '', team, model, ownerId } = values;
        const type = types.find((each) => each === values.type) ?? 'feature';
        const input = { title, details, type, teamId: team, modelId: model, ownerId, ...carries };
        const { item, isNew } = await makeWork(ctx, input, who.id);
        return isNew && item.ownerId === who.id ? undefined : { say: madeNote(item, isNew) };
      },
      (ctx, who, { values }) => checkBoth(ctx, who, values.ownerId),
    ),
    onForm(
      giveForm,
      async (ctx, who, { carries, values }) => ({
        say: givenNote(await giveWork(ctx, carries.itemId, values.ownerId, who.id)),
      }),
      (ctx, who, { values }) => checkBoth(ctx, who, values.ownerId),
    ),
    onForm(
      findingForm,
      async (ctx, who, { carries: { itemId, seen }, values }) => {
        const outcome = outcomes.find((each) => each === values.outcome) ?? 'inconclusive';
        const found = { outcome, finding: values.finding };
        return { say: movedNote(await moveWork(ctx, itemId, { seen, to: 'done', found }, who.id)) };
      },
      checkMember,
    ),
  ],
};

const newItem = ({ id, name }: Team, title: string) => ({
  open: makeModal({}, { title, team: { value: id, text: name } }),
});

type MoveAddress = typeof actions.startWork;
type Move = MoveAddress extends Address<infer T> ? T : never;

function moveDoor(address: MoveAddress, to: State): ActionDoor {
  return onAction(address, (ctx, who, about) => move(ctx, about, to, who), checkMember);
}

async function move(ctx: Context, { itemId, seen }: Move, to: State, who: Who) {
  return { say: movedNote(await moveWork(ctx, itemId, { seen, to }, who.id)) };
}

async function checkBoth(ctx: Context, who: Who, ownerId: string | undefined): Promise<void> {
  await checkMember(ctx, who);
  if (ownerId !== undefined) await checkStanding(ctx, ownerId);
}
