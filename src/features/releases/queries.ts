import { and, asc, desc, eq, inArray, isNull, lte } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { type Model, models } from '../models/schema.ts';
import { type LiveVersion, liveVersions, registryHints, type Release, releases } from './schema.ts';

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
    .orderBy(desc(releases.startedAt))
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

export interface Followed {
  readonly model: Model;
  readonly live: LiveVersion | null;
}

/** Models that follow these registered ones, with what we think is live of them; in one read. */
export function followersOf(ctx: Context, registryNames: readonly string[]): Promise<Followed[]> {
  if (registryNames.length === 0) return Promise.resolve([]);
  return ctx.db
    .select({ model: models, live: liveVersions })
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
        inArray(models.registryName, [...registryNames]),
      ),
    )
    .orderBy(asc(models.id));
}

/** Registered models that were named by a web-hook, the oldest first. */
export async function nextHint(ctx: Context): Promise<{ name: string; tries: number } | undefined> {
  const [hint] = await ctx.db
    .select({ name: registryHints.name, tries: registryHints.tries })
    .from(registryHints)
    .where(and(eq(registryHints.workspace, ctx.workspace), lte(registryHints.at, ctx.now())))
    .orderBy(asc(registryHints.at))
    .limit(1);
  return hint;
}
