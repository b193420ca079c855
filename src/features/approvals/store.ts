import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { announce } from '../../messages/announce.ts';
import { settingsOf } from '../deployers/queries.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { releaseReported } from '../releases/changes.ts';
import { aliasMoved, expectMove, liveVersion } from '../releases/store.ts';
import { alertNow } from '../drift/queries.ts';
import { end, note, overtaken, still, tell } from './changes.ts';
import { lockedModel, lockRequest, possibleVoters, votersAmong, votesOn } from './queries.ts';
import { isFull, seatsFor } from './quorum.ts';
import { isEntitled, isStale, mostTries, nameOf, remindersDue, reviewReminders, unclearMs } from './rules.ts';
import { type ChangeRequest, requests } from './schema.ts';
import { reviewReminder } from './views.ts';

const ours = (ctx: Context) => eq(requests.workspace, ctx.workspace);

/** Ends one request whose time is over; false when none is. */
export function expireNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const [late] = await ctx.db
      .select()
      .from(requests)
      .where(
        and(ours(ctx), inArray(requests.state, ['requested', 'approved']), sql`${requests.expiresAt} <= ${ctx.clock}`),
      )
      .limit(1)
      .for('update', { skipLocked: true });
    if (!late) return false;
    const outcome = late.state === 'requested' ? 'nobody decided in time' : 'it was approved, but not begun in time';
    await end(ctx, late, await modelById(ctx, late.modelId), 'expired', 'clock', outcome);
    return true;
  });
}

/** Turns "moved" into "done" once serving was seen with the version, after the change. */
export function verifyNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const waiting = await ctx.db
      .select()
      .from(requests)
      .where(and(ours(ctx), eq(requests.state, 'moved')))
      .for('update', { skipLocked: true });
    for (const request of waiting) {
      const live = await liveVersion(ctx, request.modelId, request.environment);
      const model = await modelById(ctx, request.modelId);
      if (live && live.version !== request.toVersion) {
        const why = `the alias moved on to version ${live.version} before serving was seen`;
        await end(ctx, request, model, 'failed', 'monitor', why);
        return true;
      }
      const since = request.endedAt ?? request.requestedAt;
      if (live?.servedVersion === request.toVersion && live.servedAt && live.servedAt >= since) {
        await end(ctx, request, model, 'done', 'serving', `serving was seen to serve version ${request.toVersion}`);
        return true;
      }
    }
    return false;
  });
}

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
          ours(ctx),
          sql`(${requests.state} = 'approved' and ${requests.expiresAt} > ${ctx.clock}
            or ${requests.state} in ('executing', 'unclear') and ${free} and ${due}
              and ${requests.tries} < ${mostTries})`,
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

/** What became of the claimed step; nothing is written when another executor took over meanwhile. */
export type Outcome =
  | { readonly kind: 'moved'; readonly says: string }
  | { readonly kind: 'next'; readonly says: string }
  | { readonly kind: 'running'; readonly ref: string; readonly says: string; readonly inMs: number }
  | { readonly kind: 'again' }
  | { readonly kind: 'unclear'; readonly says: string }
  | { readonly kind: 'stale' | 'failed'; readonly says: string; readonly undo?: boolean };

/** True when the outcome was ours to write. */
export function settleStep(ctx: Context, claimed: ChangeRequest, outcome: Outcome): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const before = await lockRequest(ctx, claimed.id);
    if (before.fence !== claimed.fence || before.state !== claimed.state) {
      ctx.log.warn({ request: claimed.id }, 'another executor took over; its outcome stands');
      return false;
    }
    const model = await modelById(ctx, before.modelId);
    switch (outcome.kind) {
      case 'moved':
        await reportShare(ctx, before, model, 'succeeded');
        await aliasMoved(ctx, {
          modelId: before.modelId,
          environment: before.environment,
          version: before.toVersion,
          who: before.requestedBy,
          why: `${nameOf(before).toLowerCase()}: ${before.reason}`,
        });
        await end(ctx, before, model, 'moved', 'executor', outcome.says);
        return true;
      case 'stale':
      case 'failed':
        await reportShare(ctx, before, model, 'failed');
        await end(ctx, before, model, outcome.kind, 'executor', outcome.says);
        return true;
      case 'next':
        await reportShare(ctx, before, model, 'running');
        await go(ctx, before, {
          step: before.step + 1,
          tries: 0,
          ref: null,
          nextAt: bakedAt(ctx, before),
          outcome: outcome.says,
        });
        return true;
      case 'running':
        await go(ctx, before, { ref: outcome.ref, nextAt: inMs(ctx, outcome.inMs), outcome: outcome.says });
        return true;
      case 'again':
        await go(ctx, before, { tries: 0, ref: null, nextAt: ctx.now() });
        return true;
      case 'unclear':
        await go(ctx, before, { state: 'unclear', nextAt: inMs(ctx, unclearMs), outcome: outcome.says });
        return true;
    }
  });
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

/** Asks one approver group for the review of a break-glass that is due; false when none is. */
export function remindNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const open = await ctx.db
      .select()
      .from(requests)
      .where(
        and(
          ours(ctx),
          isNotNull(requests.incidentId),
          isNull(requests.reviewVerdict),
          sql`${requests.reminders} < ${reviewReminders.length}`,
        ),
      )
      .orderBy(asc(requests.requestedAt))
      .limit(50)
      .for('update', { skipLocked: true });
    const due = open.find((each) => each.reminders < remindersDue(each.requestedAt, ctx.now()));
    if (!due) return false;
    const reminders = remindersDue(due.requestedAt, ctx.now());
    await ctx.db
      .update(requests)
      .set({ reminders })
      .where(and(ours(ctx), eq(requests.id, due.id)));
    const model = await modelById(ctx, due.modelId);
    const voters = await possibleVoters(ctx, model, due);
    const who = voters.filter((each) => each.id !== due.requestedBy && isEntitled(each, due.kind)).map(({ id }) => id);
    const key = `${due.kind}:${due.id}`;
    await announce(
      ctx,
      `${key}:review:${reminders}`,
      { channel: model.channel, owner: model.ownerId, thread: key },
      reviewReminder(due, model, who, reminders >= reviewReminders.length),
    );
    return true;
  });
}
