import { and, eq, gt } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { namedFor } from '../duties/queries.ts';
import { nextNumber } from '../installations/store.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { lockLiveVersion } from '../releases/store.ts';
import { membershipOf } from '../teams/queries.ts';
import { lockRollback, openRollback, voter, votesFor } from './queries.ts';
import { isStale, mayDecide, mayRequest, mayWithdraw, openForMs, tooLate } from './rules.ts';
import { approvals, type Rollback, rollbacks } from './schema.ts';
import { rollbackCard } from './views.ts';

export interface Ask {
  readonly modelId: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly reason: string;
  readonly alertId?: string;
}

export function request(ctx: Context, ask: Ask, by: string): Promise<Rollback> {
  return within(ctx, async (ctx) => {
    const model = await modelById(ctx, ask.modelId);
    const { standing, member } = await membershipOf(ctx, model.teamId, by);
    if (standing !== 'member' || !member) {
      throw new Refusal('Only members of the team that owns this model can ask for a rollback.');
    }
    const live = mayRequest(await lockLiveVersion(ctx, model.id, model.environment), ask);
    if (live.version !== ask.fromVersion) {
      throw new Refusal(
        `Version ${live.version} is live now, no longer ${ask.fromVersion}. Please open the form again.`,
      );
    }
    const open = await openRollback(ctx, model.id, model.environment);
    if (open)
      throw new Refusal(
        `Rollback ${open.number} to version ${open.toVersion} is already waiting. Decide that one first.`,
      );
    const [rollback] = await ctx.db
      .insert(rollbacks)
      .values({
        workspace: ctx.workspace,
        number: await nextNumber(ctx, 'rollback'),
        modelId: model.id,
        environment: model.environment,
        alertId: ask.alertId ?? null,
        fromVersion: live.version,
        toVersion: ask.toVersion,
        aliasRevision: live.revision,
        reason: ask.reason,
        requestedBy: by,
        requestedAt: ctx.now(),
        expiresAt: new Date(ctx.now().getTime() + openForMs),
      })
      .onConflictDoNothing()
      .returning();
    if (!rollback)
      throw new Refusal('Somebody asked for a rollback of this model just now. Please look at the channel.');
    note(
      ctx,
      rollback,
      by,
      `asked to go back from version ${rollback.fromVersion} to ${rollback.toVersion}: ${ask.reason}`,
    );
    return await tell(ctx, rollback, model);
  });
}

/** The vote of the second person. Everything it depends on is read under locks: request, membership, live version. */
export function approve(ctx: Context, id: string, by: string): Promise<Rollback> {
  return within(ctx, async (ctx) => {
    const before = await lockRollback(ctx, id);
    const model = await modelById(ctx, before.modelId);
    mayDecide(before, await voter(ctx, model, by), ctx.now());
    if (isStale(before, await lockLiveVersion(ctx, model.id, before.environment))) {
      return await end(ctx, before, model, 'stale', by, 'the live version changed after this was asked for');
    }
    const [after] = await ctx.db
      .update(rollbacks)
      .set({ state: 'approved', approvedAt: ctx.now() })
      .where(and(still(ctx, before), gt(rollbacks.expiresAt, ctx.clock)))
      .returning();
    if (!after) return await end(ctx, before, model, 'expired', 'clock', 'nobody decided in time');
    await ctx.db.insert(approvals).values({ workspace: ctx.workspace, rollbackId: id, personId: by, at: ctx.now() });
    note(ctx, after, by, `approved going back to version ${after.toVersion}`);
    return await tell(ctx, after, model);
  });
}

export function reject(ctx: Context, id: string, reason: string, by: string): Promise<Rollback> {
  return within(ctx, async (ctx) => {
    const before = await lockRollback(ctx, id);
    const model = await modelById(ctx, before.modelId);
    mayDecide(before, await voter(ctx, model, by), ctx.now());
    return await end(ctx, before, model, 'rejected', by, reason);
  });
}

/** Before the form for a reason opens: the same answer as the decision itself would get. */
export async function mayReject(ctx: Context, id: string, by: string): Promise<void> {
  const rollback = await lockRollback(ctx, id);
  mayDecide(rollback, await voter(ctx, await modelById(ctx, rollback.modelId), by), ctx.now());
}

export function withdraw(ctx: Context, id: string, by: string): Promise<Rollback> {
  return within(ctx, async (ctx) => {
    const before = await lockRollback(ctx, id);
    mayWithdraw(before, by, ctx.now());
    return await end(ctx, before, await modelById(ctx, before.modelId), 'withdrawn', by, 'withdrawn');
  });
}

type End = 'alias_moved' | 'rolled_back' | 'failed' | 'rejected' | 'withdrawn' | 'expired' | 'stale';

export async function end(
  ctx: Context,
  before: Rollback,
  model: Model,
  state: End,
  by: string,
  outcome: string,
): Promise<Rollback> {
  const [after] = await ctx.db
    .update(rollbacks)
    .set({ state, outcome, endedBy: by, endedAt: ctx.now(), leaseUntil: null })
    .where(and(still(ctx, before), eq(rollbacks.fence, before.fence)))
    .returning();
  if (!after) throw new Refusal(tooLate(await lockRollback(ctx, before.id), ctx.now()));
  note(ctx, after, by, `${state.replace('_', ' ')}: ${outcome}`);
  return await tell(ctx, after, model);
}

/** In the state as read: the database settles who was first. */
export function still(ctx: Context, before: Rollback) {
  return and(eq(rollbacks.workspace, ctx.workspace), eq(rollbacks.id, before.id), eq(rollbacks.state, before.state));
}

function note(ctx: Context, rollback: Rollback, who: string, summary: string): void {
  record(ctx, {
    who,
    what: `rollback.${rollback.state}`,
    modelId: rollback.modelId,
    subject: `rollback:${rollback.id}`,
    summary: `rollback ${rollback.number}: ${summary}`,
  });
}

export async function tell(ctx: Context, rollback: Rollback, model: Model): Promise<Rollback> {
  const named = await namedFor(ctx, model, 'rollback.approve');
  const card = rollbackCard(rollback, model, await votesFor(ctx, rollback.id), named);
  await announce(ctx, `rollback:${rollback.id}`, { channel: model.channel, owner: model.ownerId }, card);
  return rollback;
}
