import { and, desc, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { type AliasMove, aliasMoves, type LiveVersion, liveVersions, releases } from './schema.ts';

export async function liveVersion(
  ctx: Context,
  modelId: string,
  environment: string,
): Promise<LiveVersion | undefined> {
  const [live] = await ctx.db
    .select()
    .from(liveVersions)
    .where(ofModel(ctx, modelId, environment));
  return live;
}

/** The same, locked until the end of the transaction: nobody moves the alias meanwhile. */
export async function lockLiveVersion(
  ctx: Context,
  modelId: string,
  environment: string,
): Promise<LiveVersion | undefined> {
  const [live] = await ctx.db
    .select()
    .from(liveVersions)
    .where(ofModel(ctx, modelId, environment))
    .for('update');
  return live;
}

export interface Move {
  readonly modelId: string;
  readonly environment: string;
  readonly version: string;
  readonly who: string;
  readonly why: string;
}

/** The alias points elsewhere now: the registry forgets where it pointed before, so we keep it. */
export function aliasMoved(ctx: Context, move: Move): Promise<LiveVersion> {
  return within(ctx, async (ctx) => {
    const { workspace } = ctx;
    const { modelId, environment, version, who, why } = move;
    const before = await lockLiveVersion(ctx, modelId, environment);
    if (before?.version === version) return await settled(ctx, before);
    const at = ctx.now();
    const [after] = await ctx.db
      .insert(liveVersions)
      .values({ workspace, modelId, environment, version, since: at })
      .onConflictDoUpdate({
        target: [liveVersions.workspace, liveVersions.modelId, liveVersions.environment],
        set: {
          version,
          since: at,
          revision: sql`${liveVersions.revision} + 1`,
          expectedVersion: null,
          missingSince: null,
        },
      })
      .returning();
    if (!after) throw new Error('the live version was not kept');
    const fromVersion = before?.version ?? null;
    await ctx.db
      .insert(aliasMoves)
      .values({ workspace, modelId, environment, fromVersion, toVersion: version, at, who, why });
    record(ctx, {
      who,
      what: 'release.alias_moved',
      modelId,
      subject: `model:${modelId}`,
      summary: `the alias moved from ${fromVersion ?? 'nothing'} to version ${version}: ${why}`,
      data: { from: fromVersion, to: version, environment },
    });
    return after;
  });
}

/** It points there already, whoever said so first. */
async function settled(ctx: Context, live: LiveVersion): Promise<LiveVersion> {
  if (live.expectedVersion === null && live.missingSince === null) return live;
  const [after] = await ctx.db
    .update(liveVersions)
    .set({ expectedVersion: null, missingSince: null })
    .where(ofModel(ctx, live.modelId, live.environment))
    .returning();
  return after ?? live;
}

/** An approved request is about to move it there; null when it no longer is. */
export async function expectMove(
  ctx: Context,
  { modelId, environment }: { modelId: string; environment: string },
  expectedVersion: string | null,
): Promise<void> {
  await ctx.db
    .update(liveVersions)
    .set({ expectedVersion })
    .where(ofModel(ctx, modelId, environment));
}

/** Serving was seen to serve this version. An older sighting than the last one changes nothing. */
export function servedVersionSeen(
  ctx: Context,
  seen: { modelId: string; environment: string; version: string; at: Date },
): Promise<void> {
  return within(ctx, async (ctx) => {
    const { modelId, environment, version, at } = seen;
    const before = await lockLiveVersion(ctx, modelId, environment);
    if (before?.servedAt && before.servedAt >= at) return;
    if (before) {
      await ctx.db
        .update(liveVersions)
        .set({ servedVersion: version, servedAt: at })
        .where(
          and(ofModel(ctx, modelId, environment), or(isNull(liveVersions.servedAt), lt(liveVersions.servedAt, at))),
        );
    } else {
      await ctx.db.insert(liveVersions).values({
        workspace: ctx.workspace,
        modelId,
        environment,
        version,
        since: at,
        servedVersion: version,
        servedAt: at,
      });
    }
    if (before?.servedVersion === version) return;
    await ctx.db
      .update(releases)
      .set({ servedAt: at })
      .where(
        and(
          eq(releases.workspace, ctx.workspace),
          eq(releases.modelId, modelId),
          eq(releases.environment, environment),
          eq(releases.version, version),
          isNull(releases.servedAt),
        ),
      );
    record(ctx, {
      who: 'serving',
      what: 'release.served',
      modelId,
      subject: `model:${modelId}`,
      summary: `was seen to serve version ${version}`,
      data: { version, environment },
    });
  });
}

/** Newest first. */
export function movesOf(ctx: Context, modelId: string, environment: string): Promise<AliasMove[]> {
  return ctx.db
    .select()
    .from(aliasMoves)
    .where(
      and(
        eq(aliasMoves.workspace, ctx.workspace),
        eq(aliasMoves.modelId, modelId),
        eq(aliasMoves.environment, environment),
      ),
    )
    .orderBy(desc(aliasMoves.at))
    .limit(20);
}

function ofModel(ctx: Context, modelId: string, environment: string) {
  return and(
    eq(liveVersions.workspace, ctx.workspace),
    eq(liveVersions.modelId, modelId),
    eq(liveVersions.environment, environment),
  );
}
