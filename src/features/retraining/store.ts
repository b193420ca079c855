import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import type { RunQuestion, RunStatus } from '../../ports.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { teamById } from '../teams/queries.ts';
import { cardKey, change, end, note, questionKey, retrain, tell, threadOf } from './changes.ts';
import {
  alertsToTrain,
  approverOf,
  badStretches,
  lastAsked,
  lockTraining,
  openTraining,
  scheduledPipelines,
  toolOf,
} from './queries.ts';
import {
  beganAt,
  contaminated,
  isDue,
  isOpen,
  longRunMs,
  mayStartAgain,
  mostStarts,
  nextState,
  pauseMs,
} from './rules.ts';
import { type Training, type TrainingPipeline, trainings } from './schema.ts';
import { answeredElsewhere, answeredMessage, lateMessage, questionMessage } from './views.ts';

const later = (ctx: Context, ms: number) => new Date(ctx.now().getTime() + ms);

/** A training that has to be started or looked at; the tool is asked outside this transaction. */
export function claimNext(ctx: Context, forMs: number): Promise<Training | undefined> {
  return within(ctx, async (ctx) => {
    const [due] = await ctx.db
      .select()
      .from(trainings)
      .where(
        and(
          eq(trainings.workspace, ctx.workspace),
          inArray(trainings.state, ['approved', 'queued', 'running']),
          sql`${trainings.nextAt} <= ${ctx.now().toISOString()}::timestamptz`,
          sql`(${trainings.leaseUntil} is null or ${trainings.leaseUntil} < ${ctx.clock})`,
        ),
      )
      .orderBy(asc(trainings.nextAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!due) return undefined;
    return await change(ctx, due, {
      fence: due.fence + 1,
      leaseUntil: new Date(ctx.now().getTime() + forMs),
    });
  });
}

/** Writes what the claimed look saw, unless somebody took over or ended it meanwhile; false then. */
async function ifMine(
  ctx: Context,
  claimed: Training,
  write: (ctx: Context, before: Training) => Promise<void>,
): Promise<boolean> {
  return await within(ctx, async (ctx) => {
    const before = await lockTraining(ctx, claimed.id);
    if (before.fence !== claimed.fence || before.state !== claimed.state) return false;
    await write(ctx, before);
    return true;
  });
}

/** Before the start: whatever is newer afterwards was made by this run. */
export function rememberNewest(ctx: Context, claimed: Training, newest: string | undefined): Promise<boolean> {
  return ifMine(ctx, claimed, async (ctx, before) => {
    await change(ctx, before, { newestBefore: newest ?? '0' });
  });
}

export function started(ctx: Context, claimed: Training, run: { runId: string; url: string }): Promise<boolean> {
  return ifMine(ctx, claimed, async (ctx, before) => {
    const to = { ...run, state: 'queued', tries: 0, detail: null, unseenSince: null } as const;
    const after = await change(ctx, before, { ...to, nextAt: later(ctx, pauseMs(0)), leaseUntil: null });
    note(ctx, after, 'pitcrew', `started ${run.runId}`);
    await tell(ctx, after, await modelById(ctx, after.modelId));
  });
}

/** It could not be started: tried again for a while, because it may only be the network. */
export function notStarted(ctx: Context, claimed: Training, why: string, isFinal: boolean): Promise<boolean> {
  return ifMine(ctx, claimed, async (ctx, before) => {
    const model = await modelById(ctx, before.modelId);
    const tries = before.tries + 1;
    if (isFinal || tries >= mostStarts) return void (await end(ctx, before, model, 'failed', 'pitcrew', why));
    const to = { tries, detail: why, nextAt: later(ctx, 30_000 * tries), leaseUntil: null };
    await tell(ctx, await change(ctx, before, to), model);
  });
}

/** It cannot be seen how it goes, `why` says what is in the way: said from the first time on, and looked for again. */
export function unseen(ctx: Context, claimed: Training, why: string): Promise<boolean> {
  return ifMine(ctx, claimed, async (ctx, before) => {
    const unseenSince = before.unseenSince ?? ctx.now();
    const to = { unseenSince, detail: why, nextAt: later(ctx, 60_000), leaseUntil: null };
    await tell(ctx, await change(ctx, before, to), await modelById(ctx, before.modelId));
  });
}

export interface Seen {
  readonly run: RunStatus;
  readonly questions: readonly RunQuestion[];
}

export function seen(ctx: Context, claimed: Training, { run, questions }: Seen): Promise<boolean> {
  return ifMine(ctx, claimed, async (ctx, before) => {
    const model = await modelById(ctx, before.modelId);
    const startedAt = before.startedAt ?? (run.state === 'running' ? ctx.now() : null);
    const running = ctx.now().getTime() - (startedAt ?? before.askedAt).getTime();
    const isLate = running > longRunMs && before.lateToldAt === null;
    const after = await change(ctx, before, {
      state: nextState(before.state, run.state),
      startedAt,
      unseenSince: null,
      detail: null,
      questions,
      nextAt: later(ctx, pauseMs(running)),
      leaseUntil: null,
      ...(isLate && { lateToldAt: ctx.now() }),
    });
    if (after.state !== before.state) note(ctx, after, 'pitcrew', after.state);
    await showQuestions(ctx, before, model, questions);
    await tell(ctx, after, model);
    if (!isLate) return;
    // An edited card calls nobody, so this is said anew, once.
    const { name: tool } = await toolOf(ctx, after);
    await announce(ctx, `${cardKey(after)}:late`, threadOf(after, model), lateMessage(after, model, tool));
  });
}

async function showQuestions(
  ctx: Context,
  before: Training,
  model: Model,
  questions: readonly RunQuestion[],
): Promise<void> {
  const { name: tool } = await toolOf(ctx, before);
  const to = threadOf(before, model);
  for (const question of questions)
    await announce(ctx, questionKey(before, question.key), to, questionMessage(before, tool, question));
  const open = new Set(questions.map(({ key }) => key));
  for (const { key, subject } of before.questions.filter((each) => !open.has(each.key)))
    await announce(ctx, questionKey(before, key), to, answeredElsewhere(subject, tool));
}

/** Who may answer for a run, and whether it still waits for that. */
export async function mayAnswer(ctx: Context, id: string, key: string, by: string): Promise<Training> {
  return await within(ctx, async (ctx) => {
    const training = await lockTraining(ctx, id);
    const model = await modelById(ctx, training.modelId);
    if (!(await approverOf(ctx, model, by)).isMember)
      throw new Refusal('Only members of the team that owns this model answer for its training.');
    if (!training.questions.some((each) => each.key === key)) throw new Refusal('This was answered already.');
    return training;
  });
}

/** After the tool took it. */
export function answered(ctx: Context, id: string, key: string, option: string, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const before = await lockTraining(ctx, id);
    const subject = before.questions.find((each) => each.key === key)?.subject ?? key;
    const questions = before.questions.filter((each) => each.key !== key);
    // A look that asked the tool before this answer must not bring the question back.
    const looked = { fence: before.fence + 1, nextAt: ctx.now(), leaseUntil: null };
    if (isOpen(before)) await change(ctx, before, { questions, ...looked });
    note(ctx, before, by, `answered "${option}" to "${subject}"`);
    const { name: tool } = await toolOf(ctx, before);
    const model = await modelById(ctx, before.modelId);
    await announce(ctx, questionKey(before, key), threadOf(before, model), answeredMessage(subject, option, by, tool));
  });
}

export interface Ended {
  readonly state: 'succeeded' | 'failed' | 'canceled' | 'lost';
  readonly detail: string | null;
  /** What the tool says of it, if it knows it. */
  readonly run?: RunStatus;
  readonly candidate?: string | undefined;
  readonly gate?: string | undefined;
}

export function ended(ctx: Context, claimed: Training, outcome: Ended): Promise<boolean> {
  return ifMine(ctx, claimed, async (ctx, before) => {
    const model = await modelById(ctx, before.modelId);
    const { state, detail, candidate, gate, run } = outcome;
    await end(ctx, before, model, state, 'pitcrew', detail, {
      startedAt: run ? beganAt(before, run, ctx.now()) : before.startedAt,
      ...(candidate && { candidate }),
      ...(gate && { gate }),
    });
  });
}

/** Starts what policies want started now, as far as nothing is under way; one at a time, false when none is. */
export async function startByPolicy(ctx: Context): Promise<boolean> {
  for (const { pipeline, alert } of await alertsToTrain(ctx)) {
    if (await start(ctx, pipeline, `drift alert ${alert.number} was raised`, alert.id)) return true;
  }
  return false;
}

export async function startScheduled(ctx: Context, isAtWork: (team: Team) => boolean): Promise<void> {
  for (const pipeline of await scheduledPipelines(ctx)) {
    const { asked } = await lastAsked(ctx, pipeline.modelId);
    if (!isDue(pipeline, asked, ctx.now())) continue;
    const { teamId } = await modelById(ctx, pipeline.modelId);
    if (!isAtWork(await teamById(ctx, teamId))) continue;
    await start(ctx, pipeline, `${pipeline.everyDays} days passed since the last one`);
  }
}
type Team = Awaited<ReturnType<typeof teamById>>;

async function start(ctx: Context, pipeline: TrainingPipeline, reason: string, alertId?: string): Promise<boolean> {
  const model = await modelById(ctx, pipeline.modelId);
  if (model.retiredAt || (await openTraining(ctx, model.id, model.environment))) return false;
  const { started } = await lastAsked(ctx, model.id);
  if (!mayStartAgain(pipeline, started, ctx.now())) return false;
  const excluded = contaminated(await badStretches(ctx, model), ctx.now());
  try {
    await retrain(ctx, { modelId: model.id, reason, excluded, alertId }, 'policy');
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    ctx.log.warn({ err: error, model: model.id }, 'a policy could not start a training');
    return false;
  }
}
