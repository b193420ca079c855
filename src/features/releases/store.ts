import { and, desc, eq, isNull, lte, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import {
  type AliasMove,
  aliasMoves,
  expectedMoves,
  type LiveVersion,
  liveVersions,
  releases,
  type Truth,
} from './schema.ts';

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
  /** When it happened; now unless said. */
  readonly at?: Date;
  /** Who says so; it stays what it was unless said. */
  readonly truth?: Truth;
}

/** The alias points elsewhere now: the registry forgets where it pointed before, so we keep it. */
export function aliasMoved(ctx: Context, move: Move): Promise<LiveVersion> {
  return within(ctx, async (ctx) => {
    const { workspace } = ctx;
    const { modelId, environment, version, who, why, at = ctx.now(), truth } = move;
    const before = await lockLiveVersion(ctx, modelId, environment);
    if (before?.version === version) return await settled(ctx, before, truth);
    const there = { version, since: at, missing: null, missingSince: null, ...(truth && { truth }) };
    const [after] = before
      ? await ctx.db
          .update(liveVersions)
          .set({ ...there, revision: sql`${liveVersions.revision} + 1` })
          .where(ofModel(ctx, modelId, environment))
          .returning()
      : await ctx.db
          .insert(liveVersions)
          .values({ workspace, modelId, environment, ...there })
          .onConflictDoNothing()
          .returning();
    // Somebody else was the first to say what is live: now there is a row to compare with.
    if (!after) return await aliasMoved(ctx, move);
    const fromVersion = before?.version ?? null;
    await ctx.db
      .insert(aliasMoves)
      .values({ workspace, modelId, environment, fromVersion, toVersion: version, at, who, why });
    const what = after.truth === 'release' || after.truth === 'deployer' ? 'what is live' : 'the alias';
    record(ctx, {
      who,
      what: 'release.alias_moved',
      modelId,
      subject: `model:${modelId}`,
      summary: `${what} moved from ${fromVersion ?? 'nothing'} to version ${version}: ${why}`,
      data: { from: fromVersion, to: version, environment },
    });
    return after;
  });
}

/** It points there already, whoever said so first. */
async function settled(ctx: Context, live: LiveVersion, truth: Truth | undefined): Promise<LiveVersion> {
  if (live.missing === null && (truth === undefined || truth === live.truth)) return live;
  const [after] = await ctx.db
    .update(liveVersions)
    .set({ missing: null, missingSince: null, ...(truth && { truth }) })
    .where(ofModel(ctx, live.modelId, live.environment))
    .returning();
  return after ?? live;
}

/** An approved request is about to bring it there and will say so itself; null when it no longer is. */
export async function expectMove(
  ctx: Context,
  { modelId, environment }: { modelId: string; environment: string },
  version: string | null,
): Promise<void> {
  const { workspace } = ctx;
  const same = and(
    eq(expectedMoves.workspace, workspace),
    eq(expectedMoves.modelId, modelId),
    eq(expectedMoves.environment, environment),
  );
  if (version === null) return void (await ctx.db.delete(expectedMoves).where(same));
  await ctx.db
    .insert(expectedMoves)
    .values({ workspace, modelId, environment, version })
    .onConflictDoUpdate({
      target: [expectedMoves.workspace, expectedMoves.modelId, expectedMoves.environment],
      set: { version },
    });
}

/** Serving was seen to serve this version. An older sighting than the last one changes nothing. */
export function servedVersionSeen(
  ctx: Context,
  seen: { modelId: string; environment: string; version: string; at: Date },
): Promise<void> {
  return within(ctx, async (ctx) => {
    const { modelId, environment, version, at } = seen;
    // The live version before its releases: whoever needs both locks them in this order.
    const before = await lockLiveVersion(ctx, modelId, environment);
    await markServed(ctx, seen);
    if (before?.servedAt && before.servedAt >= at) return;
    const served = { servedVersion: version, servedAt: at };
    if (before) {
      await ctx.db
        .update(liveVersions)
        .set(served)
        .where(ofModel(ctx, modelId, environment));
    } else {
      const [made] = await ctx.db
        .insert(liveVersions)
        .values({ workspace: ctx.workspace, modelId, environment, version, since: at, ...served })
        .onConflictDoNothing()
        .returning();
      if (!made) return await servedVersionSeen(ctx, seen);
    }
    if (before?.servedVersion === version) return;
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

/** Releases of this version that had begun by then, and were not seen yet. */
async function markServed(
  ctx: Context,
  { modelId, environment, version, at }: { modelId: string; environment: string; version: string; at: Date },
): Promise<void> {
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
        lte(releases.startedAt, at),
      ),
    );
}

/** Newest first; of one environment or of all. */
export function movesOf(ctx: Context, modelId: string, environment?: string): Promise<AliasMove[]> {
  return ctx.db
    .select()
    .from(aliasMoves)
    .where(
      and(
        eq(aliasMoves.workspace, ctx.workspace),
        eq(aliasMoves.modelId, modelId),
        environment === undefined ? undefined : eq(aliasMoves.environment, environment),
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
