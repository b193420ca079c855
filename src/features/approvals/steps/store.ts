import { and, asc, eq, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { settingsOf } from '../../deployers/queries.ts';
import { alertNow } from '../../drift/queries.ts';
import { modelById } from '../../models/queries.ts';
import type { Model } from '../../models/schema.ts';
import { releaseReported } from '../../releases/changes.ts';
import { aliasMoved, expectMove, liveVersion } from '../../releases/store.ts';
import { ask } from '../asking/changes.ts';
import { end, note, still, tell } from '../store.ts';
import { overtaken } from '../deciding/changes.ts';
import { planFor } from '../planning.ts';
import { lockedModel, lockRequest, requestById, votersAmong, votesOn } from '../queries.ts';
import { isFull, seatsFor } from '../quorum.ts';
import { isEntitled, isLastStep, isStale, mayAct, mostTries, nameOf, tooLate, unclearMs } from '../rules.ts';
import { type ChangeRequest, requests } from '../schema.ts';
import { notUndone } from './views.ts';

/**
 * Approved → executing, a step that is due, or one whose executor is gone. All that was approved is asked once more
 * under locks; the deployer is called outside this transaction.
 */
export function claimNext(ctx: Context, forMs: number): Promise<ChangeRequest | undefined> {
  return within(ctx, async (ctx) => {
    const free = sql`(${requests.leaseUntil} is null or ${requests.leaseUntil} < ${ctx.clock})`;
    const due = sql`(${requests.nextAt} is null or ${requests.nextAt} <= ${ctx.now().toISOString()}::timestamptz)`;
    const [before] = await ctx.db
      .select()
      .from(requests)
      .where(
        and(
          eq(requests.workspace, ctx.workspace),
          sql`(${requests.state} = 'approved' and ${requests.expiresAt} > ${ctx.clock}
            or ${requests.state} in ('executing', 'unclear') and ${free} and ${due}
              and (${requests.state} = 'executing' or ${requests.tries} < ${mostTries}))`,
        ),
      )
      .orderBy(asc(requests.approvedAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!before) return undefined;
    const model = await lockedModel(ctx, before.modelId);
    const problem = before.state === 'approved' ? await noLongerApproved(ctx, before) : await movedOn(ctx, before);
    if (problem) {
      await end(ctx, before, model, problem.state, 'executor', problem.says);
      return undefined;
    }
    const [claimed] = await ctx.db
      .update(requests)
      .set({
        state: before.state === 'unclear' ? 'unclear' : 'executing',
        fence: sql`${requests.fence} + 1`,
        tries: before.state === 'unclear' ? sql`${requests.tries} + 1` : before.tries,
        leaseUntil: sql`${ctx.clock} + make_interval(secs => ${forMs / 1000})`,
      })
      .where(still(ctx, before))
      .returning();
    if (claimed && before.state === 'approved') {
      await expectMove(ctx, claimed, claimed.toVersion);
      note(ctx, claimed, 'executor', `is being carried out`);
      await tell(ctx, claimed, model);
    }
    return claimed;
  });
}

interface Problem {
  readonly state: 'failed' | 'stale';
  readonly says: string;
}

async function noLongerApproved(ctx: Context, request: ChangeRequest): Promise<Problem | undefined> {
  const model = await lockedModel(ctx, request.modelId);
  const cast = (await votesOn(ctx, request.id)).map(({ personId }) => personId);
  if (request.incidentId === null) {
    const voters = await votersAmong(ctx, model, request, cast);
    const counted = voters.filter((each) => isEntitled(each, request.kind));
    if (!isFull(seatsFor(request.slots, counted)))
      return { state: 'failed', says: 'An approver may no longer approve. Ask again.' };
  }
  const over = await overtaken(ctx, request);
  return over === undefined ? undefined : { state: 'stale', says: over };
}

/** An executor died before its first step was seen, and the alias moved elsewhere since. */
async function movedOn(ctx: Context, request: ChangeRequest): Promise<Problem | undefined> {
  if (request.state !== 'executing' || request.step > 0 || request.ref !== null) return undefined;
  const live = await liveVersion(ctx, request.modelId, request.environment);
  if (live?.version === request.toVersion || !isStale(request, live)) return undefined;
  return { state: 'stale', says: `version ${live?.version ?? 'none'} went live meanwhile` };
}

/** What became of a step. */
export type Outcome =
  | { readonly kind: 'moved' | 'next' | 'unclear' | 'stale' | 'failed'; readonly says: string }
  | { readonly kind: 'running'; readonly ref: string; readonly says: string; readonly inMs: number }
  | { readonly kind: 'again' };

/** True when the outcome was ours to write: false when another executor or a person was first. */
export function settleStep(ctx: Context, claimed: ChangeRequest, outcome: Outcome): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const before = await lockRequest(ctx, claimed.id);
    if (before.fence !== claimed.fence || before.state !== claimed.state) {
      ctx.log.warn({ request: claimed.id }, 'another executor took over; its outcome stands');
      return false;
    }
    await writeOutcome(ctx, before, outcome, 'executor');
    return true;
  });
}

/** Nobody could read whether it worked: a person looked and says what stands. */
export function settle(
  ctx: Context,
  id: string,
  saw: 'moved' | 'failed' | 'again',
  reason: string,
  by: string,
): Promise<ChangeRequest> {
  return within(ctx, async (ctx) => {
    const before = await lockRequest(ctx, id);
    if (before.state !== 'unclear') throw new Refusal(tooLate(before, ctx.now()));
    const model = await lockedModel(ctx, before.modelId);
    const [voter] = await votersAmong(ctx, model, { ...before, requestedBy: '' }, [by]);
    if (voter) mayAct({ ...voter, apartFrom: undefined }, before.kind);
    note(ctx, before, by, `looked and says "${saw}": ${reason}`);
    await writeOutcome(ctx, { ...before, tries: 0 }, sawWhat(before, saw, reason), by);
    return await requestById(ctx, id);
  });
}

function sawWhat(request: ChangeRequest, saw: 'moved' | 'failed' | 'again', reason: string): Outcome {
  if (saw === 'again') return { kind: saw };
  if (saw === 'failed') return { kind: saw, says: `Nothing happened: ${reason}` };
  // Only the last step brings all of the traffic.
  return { kind: isLastStep(request) ? 'moved' : 'next', says: reason };
}

async function writeOutcome(ctx: Context, before: ChangeRequest, outcome: Outcome, by: string): Promise<void> {
  const model = await modelById(ctx, before.modelId);
  const { modelId, environment, toVersion: version, requestedBy: who } = before;
  switch (outcome.kind) {
    case 'moved':
      await reportShare(ctx, before, model, 'succeeded');
      await aliasMoved(ctx, {
        modelId,
        environment,
        version,
        who,
        why: `${nameOf(before).toLowerCase()}: ${before.reason}`,
      });
      await end(ctx, before, model, 'moved', by, outcome.says);
      if (before.abortedBy !== null)
        await askToUndo(ctx, before, model, { percent: 100, why: before.abortReason ?? '' });
      return;
    case 'stale':
    case 'failed':
      await reportShare(ctx, before, model, 'failed');
      await end(ctx, before, model, outcome.kind, by, outcome.says);
      if (before.step > 0)
        await askToUndo(ctx, before, model, { percent: before.steps[before.step - 1] ?? 0, why: outcome.says });
      return;
    case 'next':
      await reportShare(ctx, before, model, 'running');
      return await go(ctx, before, {
        step: before.step + 1,
        tries: 0,
        ref: null,
        // Whoever stopped it meanwhile does not wait for a bake time.
        nextAt: before.abortedBy === null ? bakedAt(ctx, before) : ctx.now(),
        outcome: outcome.says,
      });
    case 'running':
      return await go(ctx, before, { ref: outcome.ref, nextAt: inMs(ctx, outcome.inMs), outcome: outcome.says });
    case 'again':
      return await go(ctx, before, { tries: before.tries, ref: null, nextAt: ctx.now() });
    case 'unclear':
      return await go(ctx, before, { state: 'unclear', nextAt: inMs(ctx, unclearMs), outcome: outcome.says });
  }
}

/** What its steps did is still there: taking it back is a request like any other, or else the channel is told. */
async function askToUndo(
  ctx: Context,
  request: ChangeRequest,
  model: Model,
  { percent, why }: { percent: number; why: string },
): Promise<void> {
  const { id, kind, modelId, environment, fromVersion, toVersion, abortedBy } = request;
  const back = { kind: 'rollback', modelId, environment, fromVersion: toVersion, toVersion: fromVersion } as const;
  const reason = `${nameOf(request)} was stopped ${percent === 100 ? 'too late' : 'on its way'}: ${why}`;
  let refusal = 'nothing was live before it.';
  // Where nobody besides who stopped it could approve, it is asked in nobody's name.
  const askers = abortedBy === null ? ['pitcrew'] : [abortedBy, 'pitcrew'];
  for (const by of fromVersion === '' ? [] : askers) {
    try {
      return void (await ask(ctx, { ...back, reason, undoes: id }, await planFor(ctx, model, back), by));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal = error.message;
    }
  }
  const key = `${kind}:${id}`;
  const to = { channel: model.channel, owner: model.ownerId, thread: key };
  await announce(ctx, `${key}:undo`, to, notUndone(request, model, percent, refusal));
}

/** A promotion is a release like any other; a rollback is not one. */
async function reportShare(
  ctx: Context,
  request: ChangeRequest,
  model: Model,
  state: 'running' | 'succeeded' | 'failed',
): Promise<void> {
  if (request.kind !== 'promotion') return;
  const { environment, toVersion: version, requestedBy: by, steps, step } = request;
  const { strategy } = await settingsOf(ctx, model.id, environment);
  await releaseReported(ctx, {
    model,
    environment,
    version,
    state,
    by,
    strategy,
    percent: steps[step] ?? 100,
    key: `promotion:${request.id}`,
    at: ctx.now(),
    source: nameOf(request).toLowerCase(),
    // What is served is said by whoever asks serving.
    isOurs: true,
  });
}

async function go(ctx: Context, before: ChangeRequest, to: Partial<ChangeRequest>): Promise<void> {
  const [after] = await ctx.db
    .update(requests)
    .set({ state: 'executing', ...to, leaseUntil: null })
    .where(still(ctx, before))
    .returning();
  if (!after) return;
  if (after.state !== before.state || after.step !== before.step)
    note(ctx, after, 'executor', after.outcome ?? 'goes on');
  await tell(ctx, after, await modelById(ctx, after.modelId));
}

const inMs = (ctx: Context, ms: number) => new Date(ctx.now().getTime() + ms);
const bakedAt = (ctx: Context, { bakeMinutes }: ChangeRequest) => inMs(ctx, bakeMinutes * 60_000);

/** Between two steps: who stopped it, or what was raised since it began; undefined when it may go on. */
export async function whyStop(ctx: Context, request: ChangeRequest): Promise<string | undefined> {
  if (request.abortedBy !== null) return `${request.abortReason ?? 'no reason given'}`;
  const alert = await alertNow(ctx, request);
  if (!alert || alert.severity === 'warning' || alert.raisedAt < (request.approvedAt ?? request.requestedAt))
    return undefined;
  return `drift alert ${alert.number} was raised meanwhile`;
}
