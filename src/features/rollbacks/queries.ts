import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { mayApprove } from '../duties/queries.ts';
import type { Model } from '../models/schema.ts';
import { movesOf } from '../releases/store.ts';
import { membershipOf, teamById } from '../teams/queries.ts';
import { openStates, type Voter } from './rules.ts';
import { approvals, type Rollback, rollbacks } from './schema.ts';

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

export async function lockRollback(ctx: Context, id: string): Promise<Rollback> {
  const [rollback] = await ctx.db
    .select()
    .from(rollbacks)
    .where(and(eq(rollbacks.workspace, ctx.workspace), eq(rollbacks.id, id)))
    .for('update');
  if (!rollback) throw new Refusal('That rollback is gone.');
  return rollback;
}

/** Who this is for the decision, as our records say now; locked until it is written. */
export async function voter(ctx: Context, model: Model, id: string): Promise<Voter> {
  const team = await teamById(ctx, model.teamId);
  const { standing, member } = await membershipOf(ctx, model.teamId, id);
  const [release] = await movesOf(ctx, model.id, model.environment);
  const done = { 'deploy.release': release ? [release.who] : [] };
  const { isNamed, apartFrom } = await mayApprove(ctx, model, 'rollback.approve', id, done);
  return {
    id,
    standing,
    inTeam: member !== undefined,
    entitled: isNamed || [model.ownerId, model.deputyId, team.leadId].includes(id),
    apartFrom,
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
