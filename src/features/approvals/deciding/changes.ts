import { and, eq, gt } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { gateStanding } from '../../gates/queries.ts';
import type { Model } from '../../models/schema.ts';
import { lockLiveVersion } from '../../releases/store.ts';
import { lockedModel, lockRequest, votersAmong, votesOn } from '../queries.ts';
import { isFull, seatsFor } from '../quorum.ts';
import { ago, executeWithinMs, isEntitled, isStale, mayDecide, nameOf, tooLate } from '../rules.ts';
import { type ChangeRequest, requests, votes } from '../schema.ts';
import { end, note, still, tell } from '../store.ts';

/** A vote. All that it depends on is read under locks: request, membership, model, live version. */
export function approve(ctx: Context, id: string, digest: string, by: string): Promise<ChangeRequest> {
  return within(ctx, async (ctx) => {
    const before = await lockRequest(ctx, id);
    const now = ctx.now();
    if (before.state !== 'requested') throw new Refusal(tooLate(before, now));
    if (before.digest !== digest)
      throw new Refusal('This button belongs to another plan than the one that waits. Please look at the newest card.');
    const cast = await votesOn(ctx, id);
    const mine = cast.find(({ personId }) => personId === by);
    if (mine) throw new Refusal(`You already approved ${nameOf(before).toLowerCase()}; that was ${ago(mine.at, now)}.`);
    const model = await lockedModel(ctx, before.modelId);
    const voters = await votersAmong(ctx, model, before, [...cast.map(({ personId }) => personId), by]);
    const voter = voters.find((each) => each.id === by);
    if (!voter) throw new Error('the voter is not among the voters');
    mayDecide(before, voter, now);
    const over = await overtaken(ctx, before);
    if (over !== undefined) return await end(ctx, before, model, 'stale', by, over);
    if (!(await isInTime(ctx, before)))
      return await end(ctx, before, model, 'expired', 'clock', 'nobody decided in time');
    await ctx.db.insert(votes).values({ workspace: ctx.workspace, requestId: id, personId: by, at: now });
    note(ctx, before, by, `approved ${goingTo(before)}`);
    const counted = voters.filter((each) => isEntitled(each, before.kind));
    if (!isFull(seatsFor(before.slots, counted))) return await tell(ctx, before, model);
    const [after] = await ctx.db
      .update(requests)
      .set({
        state: 'approved',
        approvedAt: now,
        expiresAt: new Date(now.getTime() + executeWithinMs),
      })
      .where(and(still(ctx, before), gt(requests.expiresAt, ctx.clock)))
      .returning();
    if (!after) return await end(ctx, before, model, 'expired', 'clock', 'nobody decided in time');
    note(ctx, after, 'quorum', `has everyone it needs for ${goingTo(after)}`);
    return await tell(ctx, after, model);
  });
}

/** The database's clock decides. */
async function isInTime(ctx: Context, { id }: ChangeRequest): Promise<boolean> {
  const inTime = await ctx.db
    .select({ id: requests.id })
    .from(requests)
    .where(and(eq(requests.workspace, ctx.workspace), eq(requests.id, id), gt(requests.expiresAt, ctx.clock)));
  return inTime.length > 0;
}

/** Why the approval is for something that no longer stands; undefined when all is as it was shown. */
export async function overtaken(ctx: Context, request: ChangeRequest): Promise<string | undefined> {
  const { modelId, environment, toVersion, gateHash } = request;
  if (isStale(request, await lockLiveVersion(ctx, modelId, environment)))
    return 'the live version changed after this was asked for';
  if (gateHash === '') return undefined;
  const gate = await gateStanding(ctx, modelId, environment, toVersion);
  return gate.hash === gateHash ? undefined : `the gate says something else now: ${gate.words}`;
}

const goingTo = ({ kind, toVersion }: ChangeRequest) =>
  kind === 'rollback' ? `going back to version ${toVersion}` : `the promotion of version ${toVersion}`;

export function reject(ctx: Context, id: string, reason: string, by: string): Promise<ChangeRequest> {
  return within(ctx, async (ctx) => {
    const { before, model } = await decider(ctx, id, by);
    return (await isInTime(ctx, before))
      ? await end(ctx, before, model, 'rejected', by, reason)
      : await end(ctx, before, model, 'expired', 'clock', 'nobody decided in time');
  });
}

/** Before the form for a reason opens: the same answer as the decision itself would get. */
export async function mayReject(ctx: Context, id: string, by: string): Promise<void> {
  await within(ctx, async (ctx) => void (await decider(ctx, id, by)));
}

async function decider(ctx: Context, id: string, by: string): Promise<{ before: ChangeRequest; model: Model }> {
  const before = await lockRequest(ctx, id);
  const model = await lockedModel(ctx, before.modelId);
  const [voter] = await votersAmong(ctx, model, before, [by]);
  if (!voter) throw new Error('the voter is not among the voters');
  mayDecide(before, voter, ctx.now());
  return { before, model };
}
