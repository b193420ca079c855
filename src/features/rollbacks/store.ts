import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { nextNumber } from '../installations/store.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/store.ts';
import { liveVersion, lockLiveVersion } from '../releases/store.ts';
import { membershipOf, teamById } from '../teams/store.ts';
import {
  isStale,
  mayAct,
  mayDecide,
  mayRequest,
  mayWithdraw,
  openForMs,
  openStates,
  tooLate,
  type Voter,
} from './rules.ts';
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

/** Ends one request whose time is over; false when none is. */
export function expireNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const [late] = await ctx.db
      .select()
      .from(rollbacks)
      .where(
        and(
          eq(rollbacks.workspace, ctx.workspace),
          inArray(rollbacks.state, ['requested', 'approved']),
          sql`${rollbacks.expiresAt} <= ${ctx.clock}`,
        ),
      )
      .limit(1)
      .for('update', { skipLocked: true });
    if (!late) return false;
    await end(ctx, late, await modelById(ctx, late.modelId), 'expired', 'clock', 'nobody decided in time');
    return true;
  });
}

/** Turns "alias moved" into "rolled back" once serving was seen with the version, after the move. */
export function verifyNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const waiting = await ctx.db
      .select()
      .from(rollbacks)
      .where(and(eq(rollbacks.workspace, ctx.workspace), eq(rollbacks.state, 'alias_moved')))
      .for('update', { skipLocked: true });
    for (const rollback of waiting) {
      const live = await liveVersion(ctx, rollback.modelId, rollback.environment);
      const model = await modelById(ctx, rollback.modelId);
      if (live && live.version !== rollback.toVersion) {
        await end(
          ctx,
          rollback,
          model,
          'failed',
          'monitor',
          `the alias moved on to version ${live.version} before serving was seen`,
        );
        return true;
      }
      const seen =
        live?.servedVersion === rollback.toVersion &&
        live.servedAt &&
        live.servedAt >= (rollback.endedAt ?? rollback.requestedAt);
      if (seen) {
        await end(
          ctx,
          rollback,
          model,
          'rolled_back',
          'serving',
          `serving was seen to serve version ${rollback.toVersion}`,
        );
        return true;
      }
    }
    return false;
  });
}

export async function openRollback(ctx: Context, modelId: string, environment: string): Promise<Rollback | undefined> {
  const [open] = await ctx.db
    .select()
    .from(rollbacks)
    .where(
      and(
        eq(rollbacks.workspace, ctx.workspace),
        eq(rollbacks.modelId, modelId),
        eq(rollbacks.environment, environment),
        inArray(rollbacks.state, [...openStates]),
      ),
    );
  return open;
}

/** What waits for a decision, oldest first. */
export function requestedRollbacks(ctx: Context): Promise<Rollback[]> {
  return ctx.db
    .select()
    .from(rollbacks)
    .where(and(eq(rollbacks.workspace, ctx.workspace), eq(rollbacks.state, 'requested')))
    .orderBy(asc(rollbacks.requestedAt))
    .limit(20);
}

export async function lockRollback(ctx: Context, id: string): Promise<Rollback> {
  const [rollback] = await ctx.db
    .select()
    .from(rollbacks)
    .where(and(eq(rollbacks.workspace, ctx.workspace), eq(rollbacks.id, id)))
    .for('update');
  if (!rollback) throw new Refusal('That rollback is gone.');
  return rollback;
}

async function voter(ctx: Context, model: Model, id: string): Promise<Voter> {
  const team = await teamById(ctx, model.teamId);
  const { standing, member } = await membershipOf(ctx, model.teamId, id);
  return {
    id,
    standing,
    inTeam: member !== undefined,
    entitled: [model.ownerId, model.deputyId, team.leadId].includes(id),
  };
}

export async function votesFor(ctx: Context, rollbackId: string): Promise<string[]> {
  const votes = await ctx.db
    .select()
    .from(approvals)
    .where(and(eq(approvals.workspace, ctx.workspace), eq(approvals.rollbackId, rollbackId)))
    .orderBy(asc(approvals.at));
  return votes.map((vote) => vote.personId);
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

function still(ctx: Context, before: Rollback) {
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

async function tell(ctx: Context, rollback: Rollback, model: Model): Promise<Rollback> {
  const card = rollbackCard(rollback, model, await votesFor(ctx, rollback.id));
  await announce(ctx, `rollback:${rollback.id}`, { channel: model.channel, owner: model.ownerId }, card);
  return rollback;
}

/** Approved → executing, or a lease that ran out taken over; the registry is called outside this transaction. */
export function claimNext(ctx: Context, forMs: number): Promise<Rollback | undefined> {
  return within(ctx, async (ctx) => {
    const [due] = await ctx.db
      .select()
      .from(rollbacks)
      .where(
        and(
          eq(rollbacks.workspace, ctx.workspace),
          sql`(${rollbacks.state} = 'approved' and ${rollbacks.expiresAt} > ${ctx.clock}
            or ${rollbacks.state} = 'executing' and ${rollbacks.leaseUntil} < ${ctx.clock})`,
        ),
      )
      .orderBy(asc(rollbacks.approvedAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!due) return undefined;
    const model = await modelById(ctx, due.modelId);
    if (due.state === 'approved') {
      for (const id of await votesFor(ctx, due.id)) {
        const now = await voter(ctx, model, id);
        try {
          mayAct(now);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          await end(ctx, due, model, 'failed', 'executor', 'An approver may no longer approve. Ask again.');
          return undefined;
        }
      }
    }
    const [claimed] = await ctx.db
      .update(rollbacks)
      .set({
        state: 'executing',
        fence: sql`${rollbacks.fence} + 1`,
        leaseUntil: sql`${ctx.clock} + make_interval(secs => ${forMs / 1000})`,
      })
      .where(still(ctx, due))
      .returning();
    if (claimed) await tell(ctx, claimed, model);
    return claimed;
  });
}
