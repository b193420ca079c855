import { and, asc, eq, isNull, lte } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { modelById, orphans } from '../models/queries.ts';
import { membershipOf, membersOf, teamById } from '../teams/queries.ts';
import { absencesOf } from '../teams/away/queries.ts';
import { works } from '../teams/schema.ts';
import { askedSince, openFor, openOnes } from './queries.ts';
import { nextToAsk, nobody } from './rules.ts';
import { handovers, type Offered } from './schema.ts';
import { ask, end, lockModel, note, type PlanFor, tell } from './store.ts';

const dayMs = 86_400_000;

/** For a model whose owner is gone and that is offered to nobody: asks the next one. False when there is none. */
export function askNext(ctx: Context, plan: PlanFor): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const [found] = await orphans(ctx, undefined, openOnes(ctx), 1);
    if (!found) return false;
    const model = await lockModel(ctx, found.id);
    // Another process may have asked while we waited for the lock.
    if (await openFor(ctx, model.id)) return true;
    const team = await teamById(ctx, model.teamId);
    const active = (await membersOf(ctx, team.id))
      .filter(
        ({ person, roles, personId }) => person.standing === 'member' && (personId === model.deputyId || works(roles)),
      )
      .map(({ personId }) => personId);
    const lead = await membershipOf(ctx, team.id, team.leadId);
    const all = lead.standing === 'member' ? [...new Set([...active, team.leadId])] : active;
    const asked = await askedSince(ctx, model);
    const { dueAt, day } = await plan(ctx, model);
    const away = (await absencesOf(ctx, all, day, day)).map(({ personId }) => personId);
    const next = nextToAsk({ deputyId: model.deputyId, leadId: team.leadId, active: all, away }, asked);
    const fromId = model.ownerId;
    if (!next) {
      // Tomorrow there may be somebody new in the team.
      const tomorrow = new Date(ctx.now().getTime() + dayMs);
      await ask(ctx, model, { reason: 'left', fromId, askedId: nobody, dueAt: tomorrow });
      return true;
    }
    await ask(ctx, model, { reason: 'left', fromId, askedId: next, dueAt });
    note(ctx, model, 'pitcrew', 'asked', `looks for a new owner of ${model.name}`);
    return true;
  });
}

/** Ends one offer that nobody answered; what comes next is asked by `askNext`. */
export function expireNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const [handover] = await ctx.db
      .select()
      .from(handovers)
      .where(and(eq(handovers.workspace, ctx.workspace), eq(handovers.state, 'open'), lte(handovers.dueAt, ctx.now())))
      .orderBy(asc(handovers.dueAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!handover) return false;
    await end(ctx, handover, await modelById(ctx, handover.modelId), 'expired', 'pitcrew');
    return true;
  });
}

/** Offers about somebody who left, whose model has found its owner otherwise: mostly they came back. */
export function withdrawNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const open = await ctx.db
      .select()
      .from(handovers)
      .where(and(eq(handovers.workspace, ctx.workspace), eq(handovers.state, 'open'), eq(handovers.reason, 'left')))
      .orderBy(asc(handovers.askedAt))
      .limit(100);
    const ids = open.map(({ modelId }) => modelId);
    const still = new Set((ids.length > 0 ? await orphans(ctx, ids) : []).map(({ id }) => id));
    const over = open.find(({ modelId }) => !still.has(modelId));
    if (!over) return false;
    const model = await modelById(ctx, over.modelId);
    await end(ctx, over, model, 'withdrawn', 'pitcrew');
    note(ctx, model, 'pitcrew', 'withdrawn', `asks nobody any more: ${model.name} has an owner`);
    return true;
  });
}

/** Once a card, as a message of its own: an edit rings no bell. */
export function remind(ctx: Context, { handover, model }: Offered): Promise<void> {
  return within(ctx, async (ctx) => {
    const reminded = await ctx.db
      .update(handovers)
      .set({ remindedAt: ctx.now() })
      .where(
        and(
          eq(handovers.workspace, ctx.workspace),
          eq(handovers.cardId, handover.cardId),
          eq(handovers.state, 'open'),
          isNull(handovers.remindedAt),
        ),
      )
      .returning();
    if (reminded.length > 0) await tell(ctx, handover, model);
  });
}
