import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce, draw } from '../../messages/announce.ts';
import type { SeriesDrawing } from '../../messages/schema.ts';
import { takeReadings } from '../drift/intake.ts';
import { Reference } from '../drift/detectors/reference.ts';
import { rulesOf } from '../drift/queries.ts';
import type { Watch } from '../drift/schema.ts';
import type { Model } from '../models/schema.ts';
import { movesOf } from '../releases/store.ts';
import { modelById } from '../models/queries.ts';
import { membershipOf } from '../teams/queries.ts';
import { agreedTo, goalById, goalsNow } from './queries.ts';
import { checkGoal } from './rules.ts';
import { agreements, type Goal, goals } from './schema.ts';
import { drawingOf, goalCard, picturesOf } from './views.ts';
import { targetWords } from './words.ts';

export type Wording = Pick<
  Goal,
  'name' | 'kind' | 'measure' | 'metric' | 'column' | 'unit' | 'direction' | 'target' | 'limit' | 'periodDays'
>;

/** Keeps a new goal of a model. Whoever sets it agrees to it. */
export function setGoal(ctx: Context, modelId: string, wording: Wording, by: string): Promise<Goal> {
  return within(ctx, async (ctx) => {
    const model = await modelById(ctx, modelId);
    await mayHaveASay(ctx, model, by);
    checkGoal(wording);
    const fresh = { ...wording, setBy: by, setAt: ctx.now(), retiredAt: null };
    const [goal] = await ctx.db
      .insert(goals)
      .values({ workspace: ctx.workspace, modelId, environment: model.environment, ...fresh })
      .onConflictDoUpdate({
        target: [goals.workspace, goals.modelId, goals.environment, goals.metric, goals.column],
        set: { ...fresh, revision: sql`${goals.revision} + 1` },
        setWhere: isNotNull(goals.retiredAt),
      })
      .returning();
    if (!goal)
      throw new Refusal(
        `${model.name} has a goal for "${wording.metric}" already. Open it with /ml metrics and change it.`,
        {
          field: 'metric',
        },
      );
    return await agreedBySetting(ctx, goal, model, by);
  });
}

/** Changes the wording, unless somebody changed it since it was read: then everybody has to agree anew. */
export function changeGoal(ctx: Context, id: string, revision: number, wording: Wording, by: string): Promise<Goal> {
  return within(ctx, async (ctx) => {
    const before = await goalById(ctx, id);
    const model = await modelById(ctx, before.modelId);
    await mayHaveASay(ctx, model, by);
    checkGoal(wording);
    const [after] = await ctx.db
      .update(goals)
      .set({ ...wording, setBy: by, setAt: ctx.now(), revision: sql`${goals.revision} + 1` })
      .where(and(ofGoal(ctx, id), eq(goals.revision, revision)))
      .returning();
    if (!after)
      throw new Refusal(
        `Somebody changed this goal while you wrote: it is now ${targetWords(before)}. Close this and open it again to decide.`,
        { field: 'target' },
      );
    return await agreedBySetting(ctx, after, model, by);
  });
}

async function agreedBySetting(ctx: Context, goal: Goal, model: Model, by: string): Promise<Goal> {
  note(ctx, goal, by, 'set', `set the goal ${goal.name} of ${model.name}: ${targetWords(goal)}`);
  await keepAgreement(ctx, goal, by);
  return await tell(ctx, goal, model);
}

/** Agrees to the goal as the person saw it. */
export function agree(ctx: Context, id: string, revision: number, by: string): Promise<Goal> {
  return within(ctx, async (ctx) => {
    const goal = await goalById(ctx, id);
    const model = await modelById(ctx, goal.modelId);
    await mayHaveASay(ctx, model, by);
    if (goal.revision !== revision)
      throw new Refusal(`This goal was changed since: it is now ${targetWords(goal)}. Look at it again, then agree.`);
    if (!(await keepAgreement(ctx, goal, by))) throw new Refusal('You agreed to this goal already. Thank you.');
    note(ctx, goal, by, 'agreed', `agreed to the goal ${goal.name} of ${model.name}: ${targetWords(goal)}`);
    return await tell(ctx, goal, model);
  });
}

async function keepAgreement(ctx: Context, { id, revision }: Goal, by: string): Promise<boolean> {
  const kept = await ctx.db
    .insert(agreements)
    .values({ workspace: ctx.workspace, goalId: id, revision, personId: by, at: ctx.now() })
    .onConflictDoNothing()
    .returning({ at: agreements.at });
  return kept.length > 0;
}

/** The readings stay; they are just held against nothing any more. */
export function retireGoal(ctx: Context, id: string, by: string): Promise<Goal> {
  return within(ctx, async (ctx) => {
    const before = await goalById(ctx, id);
    const model = await modelById(ctx, before.modelId);
    await mayHaveASay(ctx, model, by);
    const [goal] = await ctx.db.update(goals).set({ retiredAt: ctx.now() }).where(ofGoal(ctx, id)).returning();
    if (!goal) throw new Refusal('That goal is no longer kept.');
    note(ctx, goal, by, 'retired', `took back the goal ${goal.name} of ${model.name}`);
    return await tell(ctx, goal, model);
  });
}

/** A number that a person brings: of a survey, a report, a meeting. */
export function enterResult(
  ctx: Context,
  id: string,
  result: { readonly at: Date } & Readonly<Record<string, unknown>>,
  by: string,
): Promise<{ goal: Goal; model: Model }> {
  return within(ctx, async (ctx) => {
    const goal = await goalById(ctx, id);
    const model = await modelById(ctx, goal.modelId);
    await mayHaveASay(ctx, model, by);
    const { metric, column, environment } = goal;
    const item = { ...result, at: result.at.toISOString(), model: model.name, metric, column, environment };
    const { rejected } = await takeReadings(ctx, [item]);
    const [reason] = rejected.map((each) => each.reason);
    if (reason) {
      const [field = '', ...words] = reason.split(': ');
      throw new Refusal(words.join(': '), { field: field === 'value' ? 'day' : field });
    }
    note(ctx, goal, by, 'measured', `entered a result of ${goal.name} of ${model.name}`);
    return { goal, model };
  });
}

const mostPictures = 5;

/** The goals of a model as pictures, by direct message: an answer that only one sees cannot hold a picture. */
export function sendPictures(ctx: Context, modelId: string, to: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const model = await modelById(ctx, modelId);
    const shown = (await goalsNow(ctx, [modelId]))
      .filter(({ stand }) => stand.points.length > 1)
      .slice(0, mostPictures);
    if (shown.length === 0) throw new Refusal(`There is nothing to draw for ${model.name} yet: a line needs two days.`);
    const day = ctx.now().toISOString().slice(0, 10);
    const releases = (await movesOf(ctx, model.id, model.environment)).map(({ at, toVersion }) => ({
      at: at.getTime(),
      version: toVersion,
    }));
    const rules = await rulesOf(ctx, model.id);
    const drawn = shown.map((each) => ({
      ...drawingOf(model, each, { releases, ...rulesDrawn(each.goal, rules) }),
      key: `goal:${each.goal.id}:${each.goal.revision}:${day}:${each.stand.at?.getTime()}`,
    }));
    for (const { key, drawing } of drawn) await draw(ctx, key, drawing);
    await announce(ctx, `goal-pictures:${model.id}:${to}:${day}`, { channel: to, owner: to }, picturesOf(model, drawn));
  });
}

/** What rules over the same numbers hold them against: a fixed limit, and what is taken for normal. */
function rulesDrawn(goal: Goal, rules: readonly Watch[]): Pick<SeriesDrawing, 'limit' | 'baseline'> {
  if (goal.measure !== 'value') return {};
  const same = rules.filter(
    (rule) => rule.metric === goal.metric && rule.column === goal.column && rule.environment === goal.environment,
  );
  const fixed = same.find(({ method }) => method === 'threshold');
  const [normal] = same.flatMap(({ reference }) => Reference.safeParse(reference).data ?? []);
  return {
    ...(fixed && { limit: { value: fixed.raiseAt, label: 'limit', side: fixed.direction } }),
    ...(normal && { baseline: { mean: normal.mean, sigma: normal.std } }),
  };
}

/** Goals are the team's own: who is active in it may set them and agree, stakeholders too. */
async function mayHaveASay(ctx: Context, model: Model, by: string): Promise<void> {
  const { standing, member } = await membershipOf(ctx, model.teamId, by);
  if (standing !== 'member' || !member)
    throw new Refusal(`Only the team of ${model.name} and its stakeholders set and agree its goals.`);
}

function ofGoal(ctx: Context, id: string) {
  return and(eq(goals.workspace, ctx.workspace), eq(goals.id, id));
}

function note(ctx: Context, goal: Goal, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `goal.${verb}`, modelId: goal.modelId, subject: `goal:${goal.id}`, summary });
}

async function tell(ctx: Context, goal: Goal, model: Model): Promise<Goal> {
  await announce(
    ctx,
    `goal:${goal.id}`,
    { channel: model.channel, owner: goal.setBy },
    goalCard(goal, model, await agreedTo(ctx, goal)),
  );
  return goal;
}
