import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { modelById } from '../models/queries.ts';
import type { Model } from '../models/schema.ts';
import { expectMove } from '../releases/store.ts';
import { peopleAway } from '../teams/away/queries.ts';
import { lockRequest, possibleVoters, votersAmong, votesOn } from './queries.ts';
import { emptySlots, seatsFor } from './quorum.ts';
import { isEntitled, tooLate } from './rules.ts';
import { type ChangeRequest, requests } from './schema.ts';
import { type Board, requestCard, resultMessage } from './views.ts';

export const ours = (ctx: Context) => eq(requests.workspace, ctx.workspace);

/** Who may approve changes while a request waits: its card says who it is now. */
export async function retell(ctx: Context): Promise<void> {
  const waiting = await ctx.db
    .select({ id: requests.id })
    .from(requests)
    .where(and(ours(ctx), eq(requests.state, 'requested')));
  for (const { id } of waiting)
    await within(ctx, async (ctx) => {
      const request = await lockRequest(ctx, id);
      if (request.state === 'requested') await tell(ctx, request, await modelById(ctx, request.modelId));
    });
}

type End = 'moved' | 'done' | 'failed' | 'rejected' | 'withdrawn' | 'expired' | 'stale' | 'superseded' | 'revoked';

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
