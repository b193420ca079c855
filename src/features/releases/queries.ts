import { and, asc, desc, eq, gt, like, lte } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { type AliasMove, aliasMoves, type LiveVersion, liveVersions, type Release, releases } from './schema.ts';

/** The newest first; of one environment or of all. */
export function releasesOf(ctx: Context, modelId: string, environment?: string, most = 20): Promise<Release[]> {
  return ctx.db
    .select()
    .from(releases)
    .where(
      and(
        eq(releases.workspace, ctx.workspace),
        eq(releases.modelId, modelId),
        environment === undefined ? undefined : eq(releases.environment, environment),
      ),
    )
    .orderBy(desc(releases.startedAt), desc(releases.id))
    .limit(most);
}

/** What is live of a model, by environment. */
export function liveEverywhere(ctx: Context, modelId: string): Promise<LiveVersion[]> {
  return ctx.db
    .select()
    .from(liveVersions)
    .where(and(eq(liveVersions.workspace, ctx.workspace), eq(liveVersions.modelId, modelId)))
    .orderBy(asc(liveVersions.environment));
}

/** The release that began last among those whose key begins like this. */
export async function newestFrom(
  ctx: Context,
  modelId: string,
  environment: string,
  keyStart: string,
): Promise<Release | undefined> {
  const [newest] = await ctx.db
    .select()
    .from(releases)
    .where(
      and(
        eq(releases.workspace, ctx.workspace),
        eq(releases.modelId, modelId),
        eq(releases.environment, environment),
        like(releases.key, `${keyStart}%`),
      ),
    )
    .orderBy(desc(releases.startedAt), desc(releases.saidAt))
    .limit(1);
  return newest;
}

/** The last moves of the alias between two instants, the newest first. */
export function lastMoves(
  ctx: Context,
  of: Pick<AliasMove, 'modelId' | 'environment'>,
  { since, until }: { readonly since: Date; readonly until: Date },
  most: number,
): Promise<AliasMove[]> {
  return moves(ctx, of, since, until).orderBy(desc(aliasMoves.at)).limit(most);
}

/** How the alias went from version to version between two instants, the oldest first. */
export function movesBetween(
  ctx: Context,
  modelId: string,
  environment: string,
  since: Date,
  until: Date,
): Promise<AliasMove[]> {
  return moves(ctx, { modelId, environment }, since, until).orderBy(asc(aliasMoves.at)).limit(20);
}

function moves(
  ctx: Context,
  { modelId, environment }: Pick<AliasMove, 'modelId' | 'environment'>,
  since: Date,
  until: Date,
) {
  return ctx.db
    .select()
    .from(aliasMoves)
    .where(
      and(
        eq(aliasMoves.workspace, ctx.workspace),
        eq(aliasMoves.modelId, modelId),
        eq(aliasMoves.environment, environment),
        gt(aliasMoves.at, since),
        lte(aliasMoves.at, until),
      ),
    );
}
