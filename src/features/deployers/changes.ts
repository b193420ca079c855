import { and, desc, eq } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { clip } from '../../slack/limits.ts';
import { isLater } from './rules.ts';
import { type CallState, type DeployCall, deployCalls } from './schema.ts';

/** Before it is sent, so that a quick callback finds it; again for the same step it stays as it is. */
export async function callSent(
  ctx: Context,
  call: Pick<DeployCall, 'key' | 'connectionId' | 'modelId' | 'environment' | 'version' | 'percent'>,
): Promise<void> {
  await ctx.db
    .insert(deployCalls)
    .values({ workspace: ctx.workspace, ...call, sentAt: ctx.now() })
    .onConflictDoNothing();
}

/** What the other side says of it; undefined where it was never asked. Older news change nothing. */
export function callAnswered(
  ctx: Context,
  { key, connectionId, state, detail }: { key: string; connectionId: string; state: CallState; detail: string },
): Promise<DeployCall | undefined> {
  return within(ctx, async (ctx) => {
    const same = and(
      eq(deployCalls.workspace, ctx.workspace),
      eq(deployCalls.key, key),
      eq(deployCalls.connectionId, connectionId),
    );
    const [before] = await ctx.db.select().from(deployCalls).where(same).for('update');
    if (!before || !isLater(before.state, state)) return before;
    const [after] = await ctx.db
      .update(deployCalls)
      .set({ state, detail: clip(detail, 500), answeredAt: ctx.now() })
      .where(same)
      .returning();
    return after;
  });
}

export async function callOf(ctx: Context, key: string): Promise<DeployCall | undefined> {
  const [call] = await ctx.db
    .select()
    .from(deployCalls)
    .where(and(eq(deployCalls.workspace, ctx.workspace), eq(deployCalls.key, key)));
  return call;
}

/** The last version that the web-hook said it had made live as a whole. */
export async function lastConfirmed(ctx: Context, modelId: string, environment: string): Promise<string | undefined> {
  const [call] = await ctx.db
    .select({ version: deployCalls.version })
    .from(deployCalls)
    .where(
      and(
        eq(deployCalls.workspace, ctx.workspace),
        eq(deployCalls.modelId, modelId),
        eq(deployCalls.environment, environment),
        eq(deployCalls.state, 'done'),
        eq(deployCalls.percent, 100),
      ),
    )
    .orderBy(desc(deployCalls.answeredAt))
    .limit(1);
  return call?.version;
}
