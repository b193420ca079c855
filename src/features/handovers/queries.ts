import { and, asc, desc, eq, gt, isNull, lte, ne } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { type Model, models } from '../models/schema.ts';
import { nobody } from './rules.ts';
import { type Handover, handovers, type Offered } from './schema.ts';

const dayMs = 86_400_000;

/** What waits for this person's word. */
export function offeredTo(ctx: Context, who: string): Promise<Offered[]> {
  return ctx.db
    .select({ handover: handovers, model: models })
    .from(handovers)
    .innerJoin(models, and(eq(models.workspace, handovers.workspace), eq(models.id, handovers.modelId)))
    .where(and(eq(handovers.workspace, ctx.workspace), eq(handovers.state, 'open'), eq(handovers.askedId, who)))
    .orderBy(asc(handovers.dueAt))
    .limit(6);
}

/** What one person was asked in one message, in the order of the models' weight. */
export function onCard(ctx: Context, cardId: string): Promise<Offered[]> {
  return ctx.db
    .select({ handover: handovers, model: models })
    .from(handovers)
    .innerJoin(models, and(eq(models.workspace, handovers.workspace), eq(models.id, handovers.modelId)))
    .where(and(eq(handovers.workspace, ctx.workspace), eq(handovers.cardId, cardId)))
    .orderBy(asc(models.tier), asc(models.name), asc(handovers.askedAt));
}

/** A card of the last day goes on; what comes later is a new one. */
export async function cardFor(ctx: Context, askedId: string, fromId: string): Promise<string | undefined> {
  const [latest] = await ctx.db
    .select({ cardId: handovers.cardId })
    .from(handovers)
    .where(
      and(
        eq(handovers.workspace, ctx.workspace),
        eq(handovers.askedId, askedId),
        eq(handovers.fromId, fromId),
        eq(handovers.reason, 'left'),
        gt(handovers.askedAt, new Date(ctx.now().getTime() - dayMs)),
      ),
    )
    .orderBy(desc(handovers.askedAt))
    .limit(1);
  return latest?.cardId;
}

/** Offers that nobody answered nor was reminded of since then, one of each card. */
export async function unanswered(ctx: Context, since: Date): Promise<Offered[]> {
  const rows = await ctx.db
    .select({ handover: handovers, model: models })
    .from(handovers)
    .innerJoin(models, and(eq(models.workspace, handovers.workspace), eq(models.id, handovers.modelId)))
    .where(
      and(
        eq(handovers.workspace, ctx.workspace),
        eq(handovers.state, 'open'),
        isNull(handovers.remindedAt),
        lte(handovers.askedAt, since),
        ne(handovers.askedId, nobody),
      ),
    )
    .orderBy(asc(handovers.askedAt))
    .limit(100);
  return [...new Map(rows.map((row) => [row.handover.cardId, row])).values()];
}

/** Who was asked already since this owner left, so that nobody is asked twice. */
export async function askedSince(ctx: Context, model: Model): Promise<string[]> {
  const rows = await ctx.db
    .select({ askedId: handovers.askedId })
    .from(handovers)
    .where(
      and(
        eq(handovers.workspace, ctx.workspace),
        eq(handovers.modelId, model.id),
        eq(handovers.fromId, model.ownerId),
        eq(handovers.reason, 'left'),
        ne(handovers.state, 'accepted'),
      ),
    );
  return rows.map(({ askedId }) => askedId);
}

export function openOnes(ctx: Context) {
  return ctx.db
    .select({ id: handovers.modelId })
    .from(handovers)
    .where(and(eq(handovers.workspace, ctx.workspace), eq(handovers.state, 'open')));
}

export async function openFor(ctx: Context, modelId: string): Promise<Handover | undefined> {
  const [open] = await ctx.db
    .select()
    .from(handovers)
    .where(and(eq(handovers.workspace, ctx.workspace), eq(handovers.modelId, modelId), eq(handovers.state, 'open')))
    .for('update');
  return open;
}
