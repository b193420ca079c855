import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { type Model, models } from '../../models/schema.ts';
import { expectedMoves, type LiveVersion, liveVersions, registryLooks } from '../schema.ts';

export interface Followed {
  readonly model: Pick<Model, 'id' | 'name' | 'registryName' | 'alias' | 'environment'>;
  readonly live: LiveVersion | null;
}

/** Models that follow registered ones, these or all, with what we think is live of them; in one read. */
export async function followersOf(ctx: Context, registryNames?: readonly string[]): Promise<Followed[]> {
  const { id, name, registryName, alias, environment } = models;
  return await ctx.db
    .select({ model: { id, name, registryName, alias, environment }, live: liveVersions })
    .from(models)
    .leftJoin(
      liveVersions,
      and(
        eq(liveVersions.workspace, models.workspace),
        eq(liveVersions.modelId, models.id),
        eq(liveVersions.environment, models.environment),
      ),
    )
    .where(
      and(
        eq(models.workspace, ctx.workspace),
        isNull(models.retiredAt),
        registryNames && inArray(models.registryName, [...registryNames]),
      ),
    )
    .orderBy(asc(models.id));
}

/** "modelId version" of what approved requests are carrying out right now. */
export async function expectedOf(ctx: Context, modelIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await ctx.db
    .select({ modelId: expectedMoves.modelId, version: expectedMoves.version })
    .from(expectedMoves)
    .where(and(eq(expectedMoves.workspace, ctx.workspace), inArray(expectedMoves.modelId, [...modelIds])));
  return new Set(rows.map(({ modelId, version }) => `${modelId} ${version}`));
}

export async function lastLook(ctx: Context): Promise<typeof registryLooks.$inferSelect | undefined> {
  const [look] = await ctx.db.select().from(registryLooks).where(eq(registryLooks.workspace, ctx.workspace));
  return look;
}

/** Misses in a row after which it is said. */
export const toldAfter = 3;

/** Since when the registry is silent; undefined when the last look went well, or it is too early to say. */
export async function silentSince(ctx: Context): Promise<Date | undefined> {
  const look = await lastLook(ctx);
  return look && look.failures >= toldAfter ? (look.failingSince ?? undefined) : undefined;
}
