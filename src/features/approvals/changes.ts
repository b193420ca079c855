import { and, eq, gt } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { gateStanding } from '../gates/queries.ts';
import { nextNumber } from '../installations/store.ts';
import type { Model } from '../models/schema.ts';
import { expectMove, lockLiveVersion } from '../releases/store.ts';
import { membershipOf, peopleAway, teamById } from '../teams/queries.ts';
import type { Plan } from './planning.ts';
import { lockedModel, lockRequest, openRequest, possibleVoters, votersAmong, votesOn } from './queries.ts';
import { emptySlots, isFull, seatsFor, slotsFor } from './quorum.ts';
import {
  ago,
  checkAsk,
  checkReachable,
  digestOf,
  executeWithinMs,
  isEntitled,
  isStale,
  mayAbort,
  mayAct,
  mayDecide,
  mayRevoke,
  mayWithdraw,
  nameOf,
  openForMs,
  reviewWithinMs,
  tooLate,
} from './rules.ts';
import { type ChangeRequest, type RequestKind, requests, votes } from './schema.ts';
import { type Board, requestCard, resultMessage } from './views.ts';

export interface Ask {
  readonly kind: RequestKind;
  readonly modelId: string;
  readonly environment: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly reason: string;
  readonly alertId?: string | undefined;
  readonly retryOf?: string;
  /** Takes back what another request began. */
  readonly undoes?: string;
  /** An older open request of the same person gives way to this one. */
  readonly replace?: boolean;
  /** Without a quorum, for this open incident: whoever asks takes it on themselves. */
  readonly incidentId?: string;
}

/** Opens a request; with an incident it is approved at once, and somebody else has to look at it within a day. */
export function ask(ctx: Context, input: Ask, plan: Plan, by: string): Promise<ChangeRequest> {
  return within(ctx, async (ctx) => {
    const { kind, environment, incidentId } = input;
    const { workspace } = ctx;
    if (incidentId !== undefined && kind !== 'rollback')
      throw new Refusal('Only a rollback can be done without approval. Ask for one.');
    await makeRoom(ctx, input, by);
    const model = await lockedModel(ctx, input.modelId);
    if (by !== 'pitcrew') await checkMember(ctx, model, kind, by);
    const slots = slotsFor(kind, model.tier);
    const voters = await possibleVoters(ctx, model, { kind, requestedBy: by });
    if (incidentId === undefined) checkReachable(slots, voters, { by, kind });
    const live = checkAsk(await lockLiveVersion(ctx, model.id, environment), input);
    const { facts, steps, bakeMinutes, gateHash } = plan;
    const frozen = {
      kind,
      modelId: model.id,
      environment,
      fromVersion: input.undoes === undefined ? live.version : input.fromVersion,
      toVersion: input.toVersion,
      aliasRevision: live.revision,
      steps: [...steps],
      bakeMinutes,
      gateHash,
    };
    const now = ctx.now();
    const broken = incidentId !== undefined;
    const [request] = await ctx.db
      .insert(requests)
      .values({
        workspace,
        ...frozen,
        digest: digestOf({ ...frozen, deployer: facts.deployer }),
        number: await nextNumber(ctx, kind),
        alertId: input.alertId ?? null,
        reason: input.reason,
        requestedBy: by,
        requestedAt: now,
        slots,
        facts,
        retryOf: input.retryOf ?? null,
        undoes: input.undoes ?? null,
        expiresAt: new Date(now.getTime() + (broken ? executeWithinMs : openForMs)),
        ...(broken && {
          incidentId,
          state: 'approved' as const,
          approvedAt: now,
          reviewDueAt: new Date(now.getTime() + reviewWithinMs),
        }),
      })
      .onConflictDoNothing()
      .returning();
    if (!request) throw new Refusal(`Somebody asked for a change of this model just now. Please look at the channel.`);
    const way = kind === 'rollback' ? 'to go back' : 'to promote the model';
    const what = broken ? `goes back without approval, for an incident,` : `asked ${way}`;
    const from = request.fromVersion === '' ? '' : ` from version ${request.fromVersion}`;
    note(ctx, request, by, `${what}${from} to version ${request.toVersion}: ${request.reason}`);
    return await tell(ctx, request, model);
  });
}

/** One open request for a model: an older one of the same person may give way, any other is in the way. */
async function makeRoom(ctx: Context, input: Ask, by: string): Promise<void> {
  const found = await openRequest(ctx, input.modelId, input.environment);
  if (!found) return;
  const open = await lockRequest(ctx, found.id);
  const mayReplace = input.replace && open.requestedBy === by;
  if (open.state === 'requested' && (mayReplace || input.incidentId !== undefined)) {
    await end(ctx, open, await lockedModel(ctx, open.modelId), 'superseded', by, 'a newer request took its place');
    return;
  }
  if (open.endedAt !== null) return;
  throw new Refusal(
    open.state === 'requested'
      ? `${nameOf(open)} to version ${open.toVersion} is already waiting. Decide that one first.`
      : `${nameOf(open)} to version ${open.toVersion} is approved and not over yet. Wait until its card says how it ended.`,
  );
}

async function checkMember(ctx: Context, model: Model, kind: RequestKind, by: string): Promise<void> {
  const { standing, member } = await membershipOf(ctx, model.teamId, by);
  if (standing !== 'member' || !member)
    throw new Refusal(`Only members of the team that owns this model can ask for a ${kind}.`);
}

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

export function withdraw(ctx: Context, id: string, by: string): Promise<ChangeRequest> {
  return within(ctx, async (ctx) => {
    const before = await lockRequest(ctx, id);
    const model = await lockedModel(ctx, before.modelId);
    // What nobody asked for in person can be withdrawn by whoever answers for the model.
    const also = before.requestedBy === 'pitcrew' ? await inCharge(ctx, model) : [];
    mayWithdraw(before, by, ctx.now(), also);
    return await end(ctx, before, model, 'withdrawn', by, 'withdrawn');
  });
}

/** Takes an approval back before anything was done. */
export function revoke(ctx: Context, id: string, by: string): Promise<ChangeRequest> {
  return within(ctx, async (ctx) => {
    const before = await lockRequest(ctx, id);
    const model = await lockedModel(ctx, before.modelId);
    const voters = (await votesOn(ctx, id)).map(({ personId }) => personId);
    // Whoever stood in for somebody need not be of the team.
    if (!voters.includes(by)) await stillMember(ctx, model, by);
    mayRevoke(before, by, ctx.now(), [...voters, ...(await inCharge(ctx, model))]);
    return await end(ctx, before, model, 'revoked', by, 'the approval was taken back');
  });
}

/** No further step is taken; the executor ends it and asks to take back what was done. */
export function abort(ctx: Context, id: string, reason: string, by: string): Promise<ChangeRequest> {
  return within(ctx, async (ctx) => {
    const before = await lockRequest(ctx, id);
    const model = await lockedModel(ctx, before.modelId);
    await stillMember(ctx, model, by);
    mayAbort(before, ctx.now());
    const [after] = await ctx.db
      .update(requests)
      .set({ abortedBy: by, abortReason: reason, nextAt: ctx.now() })
      .where(still(ctx, before))
      .returning();
    if (!after) throw new Refusal(tooLate(await lockRequest(ctx, id), ctx.now()));
    note(ctx, after, by, `stopped it at ${after.steps[after.step - 1] ?? 0} %: ${reason}`);
    return await tell(ctx, after, model);
  });
}

export function review(
  ctx: Context,
  id: string,
  verdict: 'acknowledged' | 'disputed',
  words: string,
  by: string,
): Promise<ChangeRequest> {
  return within(ctx, async (ctx) => {
    const { before, model } = await reviewer(ctx, id, by);
    const [after] = await ctx.db
      .update(requests)
      .set({ reviewVerdict: verdict, reviewNote: words, reviewedBy: by, reviewedAt: ctx.now() })
      .where(and(eq(requests.workspace, ctx.workspace), eq(requests.id, id)))
      .returning();
    if (!after) throw new Refusal('That request is gone.');
    note(ctx, before, by, `${verdict} that it was done without approval: ${words}`);
    return await tell(ctx, after, model);
  });
}

export async function mayReview(ctx: Context, id: string, by: string): Promise<void> {
  await within(ctx, async (ctx) => void (await reviewer(ctx, id, by)));
}

async function reviewer(ctx: Context, id: string, by: string): Promise<{ before: ChangeRequest; model: Model }> {
  const before = await lockRequest(ctx, id);
  if (before.incidentId === null) throw new Refusal('This was approved, so there is nothing to look back at.');
  if (before.reviewedBy !== null) throw new Refusal(`<@${before.reviewedBy}> looked back at it already.`);
  if (before.requestedBy === by) throw new Refusal('You did it yourself, so somebody else has to look back at it.');
  const model = await lockedModel(ctx, before.modelId);
  const [voter] = await votersAmong(ctx, model, before, [by]);
  if (voter) mayAct(voter, before.kind);
  return { before, model };
}

async function stillMember(ctx: Context, model: Model, by: string): Promise<void> {
  const { standing, member } = await membershipOf(ctx, model.teamId, by);
  if (standing !== 'member' || !member) throw new Refusal('Only members of the team that owns this model can do that.');
}

async function inCharge(ctx: Context, model: Model): Promise<string[]> {
  const { leadId } = await teamById(ctx, model.teamId);
  return [model.ownerId, leadId];
}

export type End =
  | 'moved'
  | 'done'
  | 'failed'
  | 'rejected'
  | 'withdrawn'
  | 'expired'
  | 'stale'
  | 'superseded'
  | 'revoked';

export async function end(
  ctx: Context,
  before: ChangeRequest,
  model: Model,
  state: End,
  by: string,
  outcome: string,
): Promise<ChangeRequest> {
  const [after] = await ctx.db
    .update(requests)
    .set({ state, outcome, endedBy: by, endedAt: ctx.now(), leaseUntil: null, nextAt: null })
    .where(and(still(ctx, before), eq(requests.fence, before.fence)))
    .returning();
  if (!after) throw new Refusal(tooLate(await lockRequest(ctx, before.id), ctx.now()));
  if (before.state !== 'requested') await expectMove(ctx, after, null);
  note(ctx, after, by, `${endWords(after)}: ${outcome}`);
  return await tell(ctx, after, model);
}

function endWords({ kind, state, facts }: ChangeRequest): string {
  if (state === 'moved') return facts.movesAlias ? 'alias moved' : 'carried out';
  if (state === 'done') return kind === 'rollback' ? 'rolled back' : 'live';
  return state;
}

/** In the state as read: the database settles who was first. */
export function still(ctx: Context, before: ChangeRequest) {
  return and(eq(requests.workspace, ctx.workspace), eq(requests.id, before.id), eq(requests.state, before.state));
}

export function note(ctx: Context, request: ChangeRequest, who: string, summary: string): void {
  const { kind, state, modelId, id, number } = request;
  record(ctx, {
    who,
    what: `${kind}.${state}`,
    modelId,
    subject: `${kind}:${id}`,
    summary: `${kind} ${number}: ${summary}`,
    data: { from: request.fromVersion, to: request.toVersion },
  });
}

const silent = new Set(['requested', 'approved', 'executing', 'withdrawn', 'superseded']);

/** One card that is only edited; when it is over or stuck, whoever asked hears of it below the card. */
export async function tell(ctx: Context, request: ChangeRequest, model: Model): Promise<ChangeRequest> {
  const board = await boardOf(ctx, request, model);
  const key = `${request.kind}:${request.id}`;
  const to = { channel: model.channel, owner: model.ownerId };
  await announce(ctx, key, to, requestCard(request, model, board));
  if (!silent.has(request.state))
    await announce(ctx, `${key}:result`, { ...to, thread: key }, resultMessage(request, model, board));
  return request;
}

async function boardOf(ctx: Context, request: ChangeRequest, model: Model): Promise<Board> {
  const cast = (await votesOn(ctx, request.id)).map(({ personId }) => personId);
  const counted = cast.length > 0 ? await votersAmong(ctx, model, request, cast) : [];
  if (request.state !== 'requested') return { seats: seatsFor(request.slots, counted), cast, waitingFor: [] };
  const voters = await possibleVoters(ctx, model, request);
  const entitled = voters.filter((each) => each.id !== request.requestedBy && isEntitled(each, request.kind));
  const waitingFor = entitled.map(({ id }) => id).filter((id) => !cast.includes(id));
  return {
    seats: seatsFor(
      request.slots,
      counted.filter((each) => isEntitled(each, request.kind)),
    ),
    cast,
    waitingFor,
    nobodyFor: emptySlots(request.slots, entitled),
    away: await peopleAway(ctx, waitingFor),
  };
}
