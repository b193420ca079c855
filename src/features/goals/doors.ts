import { z } from 'zod';
import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onClock, onCommand, onForm, onQuestion, type Who } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { asModal, type Message, sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { modelById, modelNamed, modelsOfTeam } from '../models/queries.ts';
import { checkAsker } from '../teams/store.ts';
import { watchBudgets } from './burning.ts';
import { csatForm, goalForm, goalFormFor, npsForm, resultFormFor, shareForm, valueForm } from './forms.ts';
import { agreedTo, goalById, goalsNow, loneMetrics, teamHere, withStands } from './queries.ts';
import { directions, type Goal, kinds, measures } from './schema.ts';
import { agree, changeGoal, enterResult, retireGoal, sendPictures, setGoal, type Wording } from './store.ts';
import { goalView, modelMetrics, teamMetrics } from './views.ts';

export const goals: Doors = {
  commands: [
    onQuestion('metrics', 'The goals of your team, met and missed', async (ctx, who) => {
      const team = await teamHere(ctx, who.id, who.channel);
      if (!team) throw new Refusal('I do not know which team you mean. Ask in its channel, or name a model.');
      const models = await modelsOfTeam(ctx, team.id);
      const all = await goalsNow(
        ctx,
        models.map(({ id }) => id),
      );
      const own = ({ id, name }: { id: string; name: string }) => ({
        name,
        goals: all.filter(({ goal }) => goal.modelId === id),
      });
      return { say: teamMetrics(team.name, models.map(own)) };
    }),
    onQuestion(
      'metrics <model>',
      'Each shared metric of a model against its goal',
      async (ctx, _who, { model = '' }) => {
        const found = await modelNamed(ctx, model);
        const [now, lone] = await Promise.all([goalsNow(ctx, [found.id]), loneMetrics(ctx, found.id)]);
        return { say: modelMetrics(found, now, lone) };
      },
    ),
    onCommand('metrics add <model>', 'Set a goal for a metric of a model', async (ctx, _who, { model = '' }) => ({
      open: goalFormFor(await modelNamed(ctx, model)),
    })),
  ],
  jobs: [onClock('goals.burn', '*/2 * * * *', watchBudgets)],
  actions: [
    onAction(actions.showMetrics, async (ctx, _who, { modelId }) => ({
      open: asModal('Metrics', await metricsOfModel(ctx, await modelById(ctx, modelId))),
    })),
    onAction(actions.addGoal, async (ctx, _who, { modelId }) => ({ open: goalFormFor(await modelById(ctx, modelId)) })),
    onAction(actions.openGoal, async (ctx, _who, { goalId }) => {
      const { goal, model } = await withModel(ctx, goalId);
      const [now] = await withStands(ctx, [goal]);
      return now && { open: goalView(now, model, await agreedTo(ctx, goal)) };
    }),
    onAction(
      actions.agreeToGoal,
      async (ctx, who, { goalId, revision }) => {
        const goal = await agree(ctx, goalId, revision, who.id);
        return { say: sentence(md`:handshake: Thank you: you agreed to *${goal.name}*.`) };
      },
      checkAsker,
    ),
    onAction(actions.changeGoal, async (ctx, _who, { goalId }) => {
      const { goal, model } = await withModel(ctx, goalId);
      return { open: goalFormFor(model, goal) };
    }),
    onAction(
      actions.retireGoal,
      async (ctx, who, { goalId }) => {
        const goal = await retireGoal(ctx, goalId, who.id);
        return { say: sentence(md`The goal *${goal.name}* is taken back. Its readings are kept.`) };
      },
      checkAsker,
    ),
    onAction(actions.enterGoalResult, async (ctx, _who, { goalId }) => {
      const { goal, model } = await withModel(ctx, goalId);
      return { open: resultFormFor(goal, model, ctx.now().toISOString().slice(0, 10)) };
    }),
    onAction(actions.sendGoalPictures, async (ctx, who, { modelId }) => {
      await sendPictures(ctx, modelId, who.id);
      return { say: sentence(md`The pictures are on their way to you as a direct message.`) };
    }),
  ],
  forms: [
    onForm(
      goalForm,
      async (ctx, who, { carries, values }) => {
        const wording = wordingOf(values);
        const goal = carries.goal
          ? await changeGoal(ctx, carries.goal.id, carries.goal.revision, wording, who.id)
          : await setGoal(ctx, carries.modelId, wording, who.id);
        return { say: sentence(md`:dart: *${goal.name}* is kept. The team is asked to agree in its channel.`) };
      },
      checkAsker,
    ),
    onForm(valueForm, (ctx, who, { carries, values }) => entered(ctx, who, carries.goalId, values), checkAsker),
    onForm(shareForm, (ctx, who, { carries, values }) => entered(ctx, who, carries.goalId, values), checkAsker),
    onForm(csatForm, (ctx, who, { carries, values }) => entered(ctx, who, carries.goalId, values), checkAsker),
    onForm(npsForm, (ctx, who, { carries, values }) => entered(ctx, who, carries.goalId, values), checkAsker),
  ],
};

async function metricsOfModel(ctx: Context, model: Model): Promise<Message> {
  const [now, lone] = await Promise.all([goalsNow(ctx, [model.id]), loneMetrics(ctx, model.id)]);
  return modelMetrics(model, now, lone);
}

const Words = z.object({ kind: z.enum(kinds), measure: z.enum(measures), direction: z.enum(directions) });

function wordingOf(values: ReturnType<typeof goalForm.read>['values']): Wording {
  const { period, limit, ...rest } = values;
  return { ...rest, ...Words.parse(values), limit: limit ?? null, periodDays: period };
}

async function withModel(ctx: Context, goalId: string): Promise<{ goal: Goal; model: Model }> {
  const goal = await goalById(ctx, goalId);
  return { goal, model: await modelById(ctx, goal.modelId) };
}

async function entered(ctx: Context, who: Who, goalId: string, typed: { readonly day: string }) {
  const { day, ...result } = typed;
  const { goal, model } = await enterResult(ctx, goalId, { ...result, at: instantOf(day, ctx.now()) }, who.id);
  return { say: sentence(md`Thank you: the result of *${goal.name}* is kept. See \`/ml metrics ${model.name}\`.`) };
}

const furthestAheadMs = 14 * 3_600_000;

/** The beginning of that day in UTC; where today has begun already for the person, but not in UTC, it is now. */
function instantOf(day: string, now: Date): Date {
  const at = new Date(`${day}T00:00:00Z`);
  const early = at.getTime() - now.getTime();
  return early > 0 && early <= furthestAheadMs ? now : at;
}
