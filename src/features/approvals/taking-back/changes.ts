import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import type { Model } from '../../models/schema.ts';
import { membershipOf, teamById } from '../../teams/queries.ts';
import { lockedModel, lockRequest, votesOn } from '../queries.ts';
import { mayAbort, mayRevoke, mayWithdraw, tooLate } from '../rules.ts';
import { type ChangeRequest, requests } from '../schema.ts';
import { end, note, still, tell } from '../store.ts';

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

async function stillMember(ctx: Context, model: Model, by: string): Promise<void> {
  const { standing, member } = await membershipOf(ctx, model.teamId, by);
  if (standing !== 'member' || !member) throw new Refusal('Only members of the team that owns this model can do that.');
}

async function inCharge(ctx: Context, model: Model): Promise<string[]> {
  const { leadId } = await teamById(ctx, model.teamId);
  return [model.ownerId, leadId];
}
