import { and, eq, isNull, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { modelById, orphans } from '../models/queries.ts';
import { type Model, models } from '../models/schema.ts';
import { membershipOf, teamById } from '../teams/queries.ts';
import { checkHolder } from '../teams/store.ts';
import { cardFor, onCard, openFor } from './queries.ts';
import { mayAccept, mustBeOpen, nobody, offerDays } from './rules.ts';
import { type Handover, handovers } from './schema.ts';
import { newOwnerCard, nobodyCard, offerCard, reminderCard } from './views.ts';

const dayMs = 86_400_000;

/** The owner, or the lead of the team, offers a model to somebody of the team. */
export function offer(ctx: Context, modelId: string, to: string, by: string): Promise<Handover> {
  return within(ctx, async (ctx) => {
    const model = await lockModel(ctx, modelId);
    const team = await teamById(ctx, model.teamId);
    const { standing, member } = await membershipOf(ctx, model.teamId, by);
    const isOrphaned = (await orphans(ctx, [model.id])).length > 0;
    const open = await openFor(ctx, model.id);
    const isOwner = by === model.ownerId && member !== undefined;
    const stepsIn = isOrphaned && member !== undefined && (by === model.deputyId || open?.askedId === nobody);
    if (standing !== 'member' || !(isOwner || by === team.leadId || stepsIn))
      throw new Refusal(`Only the owner of ${model.name} or the lead of ${team.name} hands it over.`);
    if (to === model.ownerId) throw new Refusal('They own it already.', { field: 'ownerId' });
    await checkHolder(ctx, model.teamId, to, 'ownerId');
    await end(ctx, open, model, 'withdrawn', by);
    const reason = isOrphaned ? 'left' : 'transfer';
    const dueAt = new Date(ctx.now().getTime() + offerDays * dayMs);
    const handover = await ask(ctx, model, { reason, fromId: model.ownerId, askedId: to, dueAt });
    note(ctx, model, by, 'offered', `offered ${model.name} to a new owner`);
    return handover;
  });
}

/** From here on they answer for it. The former deputy who becomes owner leaves the deputy's place open. */
export function accept(ctx: Context, id: string, by: string): Promise<Model> {
  return within(ctx, async (ctx) => {
    const { handover, model } = await lockBoth(ctx, id);
    mayAccept(handover, model, (await orphans(ctx, [model.id])).length > 0, by, ctx.now());
    await checkHolder(ctx, model.teamId, by, 'ownerId');
    const from = model.ownerId;
    const [after] = await ctx.db
      .update(models)
      .set({
        ownerId: by,
        deputyId: model.deputyId === by ? null : model.deputyId,
        confirmedAt: ctx.now(),
        revision: sql`${models.revision} + 1`,
      })
      .where(and(eq(models.workspace, ctx.workspace), eq(models.id, model.id)))
      .returning();
    if (!after) throw new Refusal('That model is no longer registered.');
    await end(ctx, handover, after, 'accepted', by);
    note(ctx, after, by, 'accepted', `took over ${after.name}`);
    await announce(
      ctx,
      `new-owner:${after.id}:${handover.id}`,
      { channel: after.channel, owner: by },
      newOwnerCard(after, from),
    );
    return after;
  });
}

/** The next one is asked at once, unless the owner is still here and only offered it. */
export function decline(ctx: Context, id: string, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const handover = await lock(ctx, id);
    const model = await modelById(ctx, handover.modelId);
    mustBeOpen(handover);
    const isTheirs = handover.askedId === by;
    const team = await teamById(ctx, model.teamId);
    if (!isTheirs && handover.fromId !== by && team.leadId !== by)
      throw new Refusal('This was offered to somebody else.');
    await end(ctx, handover, model, isTheirs ? 'declined' : 'withdrawn', by);
    note(
      ctx,
      model,
      by,
      isTheirs ? 'declined' : 'withdrawn',
      isTheirs ? `declined to take over ${model.name}` : `took back the offer of ${model.name}`,
    );
  });
}

/** Whoever was asked knows a better one. */
export function choose(
  ctx: Context,
  { id, to, by }: { id: string; to: string; by: string },
  plan: PlanFor,
): Promise<Handover> {
  return within(ctx, async (ctx) => {
    const { handover, model } = await lockBoth(ctx, id);
    mustBeOpen(handover);
    if (handover.askedId !== by) throw new Refusal('This was offered to somebody else.');
    if (to === by) throw new Refusal('If it is you, press Accept.', { field: 'ownerId' });
    await checkHolder(ctx, model.teamId, to, 'ownerId');
    await end(ctx, handover, model, 'declined', by);
    note(ctx, model, by, 'offered', `passed on who takes over ${model.name}`);
    const { reason, fromId } = handover;
    const week = new Date(ctx.now().getTime() + offerDays * dayMs);
    const dueAt = reason === 'left' ? (await plan(ctx, model)).dueAt : week;
    return await ask(ctx, model, { reason, fromId, askedId: to, dueAt });
  });
}

/** Everything that is still open on one card. */
export function acceptAll(ctx: Context, cardId: string, by: string): Promise<Model[]> {
  return within(ctx, async (ctx) => {
    const open = (await onCard(ctx, cardId)).filter(({ handover }) => handover.state === 'open');
    if (open.length === 0) throw new Refusal('Everything here is settled already.');
    const taken: Model[] = [];
    // In one order, so that two of us never wait for each other.
    for (const { handover } of open.toSorted((a, b) => (a.model.id < b.model.id ? -1 : 1)))
      taken.push(await accept(ctx, handover.id, by));
    return taken;
  });
}

export interface Plan {
  /** When somebody else is asked. */
  readonly dueAt: Date;
  /** The day it is where the team works: who is away then is asked last. */
  readonly day: string;
}

export type PlanFor = (ctx: Context, model: Model) => Promise<Plan>;

export async function ask(
  ctx: Context,
  model: Model,
  to: Pick<Handover, 'reason' | 'fromId' | 'askedId' | 'dueAt'>,
): Promise<Handover> {
  const cardId = to.reason === 'left' ? await cardFor(ctx, to.askedId, to.fromId) : undefined;
  const card = cardId === undefined ? {} : { cardId };
  const [handover] = await ctx.db
    .insert(handovers)
    .values({ workspace: ctx.workspace, modelId: model.id, askedAt: ctx.now(), ...to, ...card })
    .returning();
  if (!handover) throw new Error('the handover was not kept');
  await tell(ctx, handover, model);
  return handover;
}

export async function end(
  ctx: Context,
  handover: Handover | undefined,
  model: Model,
  state: 'accepted' | 'declined' | 'withdrawn' | 'expired',
  by: string,
): Promise<void> {
  if (!handover) return;
  const [after] = await ctx.db
    .update(handovers)
    .set({ state, endedBy: by, endedAt: ctx.now() })
    .where(and(eq(handovers.workspace, ctx.workspace), eq(handovers.id, handover.id), eq(handovers.state, 'open')))
    .returning();
  if (!after) throw new Refusal('Somebody answered this just before you.');
  if (after.askedId !== nobody) await tell(ctx, after, model);
}

export async function tell(ctx: Context, { askedId, cardId, fromId }: Handover, model: Model): Promise<void> {
  if (askedId === nobody) {
    const key = `handover-nobody:${model.id}:${fromId}`;
    return await announce(ctx, key, { channel: model.channel, owner: model.ownerId }, nobodyCard(model));
  }
  const rows = await onCard(ctx, cardId);
  const to = { channel: askedId, owner: askedId };
  await announce(ctx, `handover:${cardId}`, to, offerCard(rows));
  if (rows.some(({ handover }) => handover.remindedAt))
    await announce(ctx, `handover-reminder:${cardId}`, to, reminderCard(rows));
}

async function lock(ctx: Context, id: string): Promise<Handover> {
  const [handover] = await ctx.db
    .select()
    .from(handovers)
    .where(and(eq(handovers.workspace, ctx.workspace), eq(handovers.id, id)))
    .for('update');
  if (!handover) throw new Refusal('That offer is gone.');
  return handover;
}

/** The model before what is offered of it, as everywhere, so that two of us never wait for each other. */
async function lockBoth(ctx: Context, id: string): Promise<{ handover: Handover; model: Model }> {
  const [found] = await ctx.db
    .select({ modelId: handovers.modelId })
    .from(handovers)
    .where(and(eq(handovers.workspace, ctx.workspace), eq(handovers.id, id)));
  if (!found) throw new Refusal('That offer is gone.');
  const model = await lockModel(ctx, found.modelId);
  return { handover: await lock(ctx, id), model };
}

export async function lockModel(ctx: Context, id: string): Promise<Model> {
  const [model] = await ctx.db
    .select()
    .from(models)
    .where(and(eq(models.workspace, ctx.workspace), eq(models.id, id), isNull(models.retiredAt)))
    .for('update');
  if (!model) throw new Refusal('That model is no longer registered.');
  return model;
}

export function note(ctx: Context, model: Model, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `handover.${verb}`, modelId: model.id, subject: `model:${model.id}`, summary });
}
