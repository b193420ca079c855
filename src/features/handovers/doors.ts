import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onForm, onWork } from '../../doors.ts';
import { sentence } from '../../slack/blocks.ts';
import { personNamed } from '../../slack/command.ts';
import { md, person } from '../../slack/mrkdwn.ts';
import { modelById, modelNamed } from '../models/queries.ts';
import type { Model } from '../models/schema.ts';
import { personById, teamById } from '../teams/queries.ts';
import { afterWorkdays, dayIn, isAtWork } from '../teams/rules.ts';
import { checkAsker, checkStandings } from '../teams/store.ts';
import { askNext, expireNext, remind, withdrawNext } from './changes.ts';
import { unanswered } from './queries.ts';
import { escalateAfterWorkdays, remindAfterMs } from './rules.ts';
import { accept, acceptAll, choose, decline, offer, type Plan } from './store.ts';
import { chooseForm, offeredCard, offerForm } from './views.ts';

/** Slack is asked who this is before the decision's transaction begins. */
export const handovers: Doors = {
  commands: [
    onCommand(
      'model transfer <model> <person>',
      'Hand over a model; they are asked first',
      async (ctx, who, { model = '', person: whom = '' }) => {
        const { id, name } = await modelNamed(ctx, model);
        return { say: offeredCard(await offer(ctx, id, personNamed(whom), who.id), name) };
      },
      (ctx, who, { person: whom = '' }) => checkStandings(ctx, [who.id, personNamed(whom)]),
    ),
  ],
  actions: [
    onAction(
      actions.acceptHandover,
      async (ctx, who, { handoverId }) => void (await accept(ctx, handoverId, who.id)),
      checkAsker,
    ),
    onAction(
      actions.acceptAllHandovers,
      async (ctx, who, { cardId }) => void (await acceptAll(ctx, cardId, who.id)),
      checkAsker,
    ),
    onAction(actions.declineHandover, (ctx, who, { handoverId }) => decline(ctx, handoverId, who.id), checkAsker),
    onAction(actions.handOver, (_ctx, _who, carried) => Promise.resolve({ open: offerForm.view(carried) })),
    onAction(actions.chooseOwner, (_ctx, _who, carried) => Promise.resolve({ open: chooseForm.view(carried) })),
  ],
  forms: [
    onForm(
      offerForm,
      async (ctx, who, { carries, values }) => {
        const { name } = await modelById(ctx, carries.modelId);
        return { say: offeredCard(await offer(ctx, carries.modelId, values.ownerId, who.id), name) };
      },
      (ctx, who, { values }) => checkStandings(ctx, [who.id, values.ownerId]),
    ),
    onForm(
      chooseForm,
      async (ctx, who, { carries, values }) => {
        const { askedId } = await choose(ctx, { id: carries.handoverId, to: values.ownerId, by: who.id }, planFor);
        return { say: sentence(md`${person(askedId)} is asked. Thank you.`) };
      },
      (ctx, who, { values }) => checkStandings(ctx, [who.id, values.ownerId]),
    ),
  ],
  workers: [
    onWork('handovers.expire', expireNext),
    onWork('handovers.withdraw', withdrawNext),
    onWork('handovers.ask', (ctx) => askNext(ctx, planFor)),
    onWork('handovers.remind', remindNext),
  ],
};

async function planFor(ctx: Context, model: Model): Promise<Plan> {
  const team = await teamById(ctx, model.teamId);
  return { dueAt: afterWorkdays(team, ctx.now(), escalateAfterWorkdays), day: dayIn(team.zone, ctx.now()) };
}

/** A day later, once they are at work where they are. */
async function remindNext(ctx: Context): Promise<boolean> {
  for (const offered of await unanswered(ctx, new Date(ctx.now().getTime() - remindAfterMs))) {
    const team = await teamById(ctx, offered.model.teamId);
    const { zone } = await personById(ctx, offered.handover.askedId);
    if (!isAtWork({ ...team, zone }, ctx.now())) continue;
    await remind(ctx, offered);
    return true;
  }
  return false;
}
