import { and, desc, eq, gt, isNotNull, isNull, lt, notInArray } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { keepable, keptBodies, problemWords } from './rules.ts';
import { deliveries } from './schema.ts';

interface Came {
  readonly sourceId: string | null;
  readonly said?: number;
  readonly problem?: string;
}

/** In the transaction of its work. */
export async function noteTaken(ctx: Context, outcome: 'taken' | 'duplicate', came: Came): Promise<void> {
  const problem = problemWords(came.problem ?? '');
  await ctx.db.insert(deliveries).values({ workspace: ctx.workspace, at: ctx.now(), outcome, ...came, problem });
}

/** After its work was rolled back: the note and the beginning of the body stay, so that somebody can look. */
export function noteRefused(ctx: Context, came: Came, raw: Uint8Array): Promise<void> {
  return within(ctx, async (ctx) => {
    const { workspace } = ctx;
    const problem = problemWords(came.problem ?? '');
    const body = raw.length > 0 ? keepable(raw) : null;
    await ctx.db.insert(deliveries).values({ workspace, at: ctx.now(), outcome: 'refused', body, ...came, problem });
    if (body === null) return;
    const withBody = and(eq(deliveries.workspace, workspace), ofSource(came), isNotNull(deliveries.body));
    const newest = ctx.db
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(withBody)
      .orderBy(desc(deliveries.at), desc(deliveries.id))
      .limit(keptBodies);
    await ctx.db
      .update(deliveries)
      .set({ body: null })
      .where(and(withBody, notInArray(deliveries.id, newest)));
  });
}

const quietMs = 60_000;

/**
 * Somebody who knows the address and has no proof: once a minute is enough to see it, and nothing that they sent
 * is kept.
 */
export function noteUnproven(ctx: Context, sourceId: string, problem: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const { workspace } = ctx;
    const lately = new Date(ctx.now().getTime() - quietMs);
    const same = and(eq(deliveries.workspace, workspace), eq(deliveries.sourceId, sourceId), gt(deliveries.at, lately));
    const [before] = await ctx.db
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(and(same, eq(deliveries.problem, problem)))
      .limit(1);
    if (before) return;
    await ctx.db.insert(deliveries).values({ workspace, sourceId, at: ctx.now(), outcome: 'refused', problem });
  });
}

function ofSource({ sourceId }: Came) {
  return sourceId === null ? isNull(deliveries.sourceId) : eq(deliveries.sourceId, sourceId);
}

export async function forgetDeliveries(ctx: Context, before: Date): Promise<void> {
  await ctx.db.delete(deliveries).where(and(eq(deliveries.workspace, ctx.workspace), lt(deliveries.at, before)));
}
