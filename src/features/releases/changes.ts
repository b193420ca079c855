import { and, eq, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { clip } from '../../slack/limits.ts';
import { registryFor } from '../connections/queries.ts';
import type { Model } from '../models/schema.ts';
import { followersOf } from './queries.ts';
import { isNews, isRegistryVersion, seenAs } from './rules.ts';
import {
  liveVersions,
  registryHints,
  registryLooks,
  type Release,
  releases,
  type ReleaseState,
  type Strategy,
} from './schema.ts';
import { aliasMoved, servedVersionSeen } from './store.ts';

export interface Said {
  readonly model: Pick<Model, 'id' | 'environment'>;
  readonly environment: string;
  readonly key: string;
  readonly version: string;
  readonly state: ReleaseState;
  readonly at: Date;
  readonly by: string;
  readonly source: string;
  readonly strategy?: Strategy | undefined;
  readonly percent?: number | undefined;
  readonly commit?: string | undefined;
  readonly url?: string | undefined;
  /** Carried out by ourselves: whoever does it says what is live. */
  readonly isOurs?: boolean;
}

const ended = (state: ReleaseState) => state === 'succeeded' || state === 'failed' || state === 'canceled';
const longestKey = 300;

/** News of a release from wherever; the same news again, and older news, change nothing. */
export function releaseReported(ctx: Context, said: Said): Promise<Release> {
  return within(ctx, async (ctx) => {
    const { model, environment, version, state, at, by, source } = said;
    const key = clip(said.key, longestKey);
    const kept = {
      version,
      state,
      by,
      saidAt: at,
      ...(said.strategy && { strategy: said.strategy }),
      ...(said.percent !== undefined && { percent: said.percent }),
      ...(said.commit && { commit: said.commit }),
      ...(said.url && { url: said.url }),
      ...(ended(state) && { endedAt: at }),
    };
    const [made] = await ctx.db
      .insert(releases)
      .values({ workspace: ctx.workspace, modelId: model.id, environment, key, source, startedAt: at, ...kept })
      .onConflictDoNothing()
      .returning();
    if (made) return await note(ctx, made, said);
    const same = and(
      eq(releases.workspace, ctx.workspace),
      eq(releases.modelId, model.id),
      eq(releases.environment, environment),
      eq(releases.key, key),
    );
    const [before] = await ctx.db.select().from(releases).where(same).for('update');
    if (!before) throw new Error('the release was neither made nor found');
    if (!isNews(before, { ...said, percent: said.percent ?? before.percent })) return before;
    const [after] = await ctx.db.update(releases).set(kept).where(same).returning();
    if (!after) throw new Error('the release is gone');
    return await note(ctx, after, said);
  });
}

async function note(
  ctx: Context,
  release: Release,
  { model, by, source, url, commit, isOurs }: Said,
): Promise<Release> {
  const { version, environment, state, percent, key, saidAt } = release;
  const share = percent === null || percent === 100 ? '' : `, ${percent} % of the traffic`;
  record(ctx, {
    who: by,
    what: `release.deploy_${state}`,
    modelId: model.id,
    subject: `model:${model.id}`,
    summary: clip(`the release of version ${version} to ${environment}${share} ${stateWords[state]} (${source})`, 500),
    data: { key, version, environment, url, commit },
  });
  const isWhole = release.strategy !== 'shadow' && (percent === null || percent === 100);
  if (isOurs || state !== 'succeeded' || !isWhole) return release;
  // Where no registry says what is live, whoever brings it there does.
  const isFollowed = environment === model.environment && (await registryFor(ctx)) !== undefined;
  const here = { modelId: model.id, environment, version };
  if (!isFollowed) await aliasMoved(ctx, { ...here, who: by, why: `release of version ${version} (${source})` });
  if (!isFollowed || isRegistryVersion(version)) await servedVersionSeen(ctx, { ...here, at: saidAt });
  return release;
}

const stateWords: Readonly<Record<ReleaseState, string>> = {
  pending: 'is waiting',
  running: 'is under way',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'was canceled',
};

export interface Listed {
  readonly name: string;
  /** Alias → version. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** Compares what the registry says with what we think is live; the registry is right. */
export function takeAliases(ctx: Context, registry: string, listed: readonly Listed[]): Promise<number> {
  return within(ctx, async (ctx) => {
    const named = new Map(listed.map((each) => [each.name, each.aliases]));
    let moved = 0;
    for (const { model, live } of await followersOf(ctx, [...named.keys()])) {
      const version = named.get(model.registryName)?.[model.alias];
      const here = { modelId: model.id, environment: model.environment };
      switch (seenAs(live, version)) {
        case 'moved':
          if (version === undefined) break;
          moved += 1;
          await aliasMoved(ctx, {
            ...here,
            version,
            who: registry,
            why: live ? `moved in ${registry}` : `live in ${registry} when I first looked`,
          });
          break;
        case 'missing':
          await missing(ctx, here, ctx.now());
          say(ctx, model, registry, `has no alias ${model.alias} any more`);
          break;
        case 'back':
          await missing(ctx, here, null);
          say(ctx, model, registry, `has the alias ${model.alias} again`);
          break;
        case 'same':
        case 'expected':
          break;
      }
    }
    return moved;
  });
}

async function missing(
  ctx: Context,
  { modelId, environment }: { modelId: string; environment: string },
  missingSince: Date | null,
): Promise<void> {
  await ctx.db
    .update(liveVersions)
    .set({ missingSince })
    .where(
      and(
        eq(liveVersions.workspace, ctx.workspace),
        eq(liveVersions.modelId, modelId),
        eq(liveVersions.environment, environment),
      ),
    );
}

function say(ctx: Context, model: Model, who: string, summary: string): void {
  record(ctx, { who, what: 'release.alias_missing', modelId: model.id, subject: `model:${model.id}`, summary });
}

/** A web-hook named this registered model: it is looked at as soon as the delivery is committed. */
export async function hint(ctx: Context, name: string): Promise<void> {
  const at = ctx.now();
  await ctx.db
    .insert(registryHints)
    .values({ workspace: ctx.workspace, name, at })
    .onConflictDoUpdate({ target: [registryHints.workspace, registryHints.name], set: { at, tries: 0 } });
}

const mostHintTries = 3;

/** After a look; a look that failed is tried again for a while, and the next minute looks at everything anyway. */
export async function hintDone(ctx: Context, { name, tries }: { name: string; tries: number }, isDone: boolean) {
  const same = and(eq(registryHints.workspace, ctx.workspace), eq(registryHints.name, name));
  if (isDone || tries + 1 >= mostHintTries) await ctx.db.delete(registryHints).where(same);
  else
    await ctx.db
      .update(registryHints)
      .set({ tries: tries + 1, at: new Date(ctx.now().getTime() + 5000) })
      .where(same);
}

/** Misses in a row after which it is said. */
const toldAfter = 3;

/** Said once when the registry stays silent, and once when it is back. */
export function lookEnded(ctx: Context, problem: string | undefined): Promise<void> {
  return within(ctx, async (ctx) => {
    const { workspace } = ctx;
    const [before] = await ctx.db
      .select()
      .from(registryLooks)
      .where(eq(registryLooks.workspace, workspace))
      .for('update');
    const failures = problem === undefined ? 0 : (before?.failures ?? 0) + 1;
    const failingSince = problem === undefined ? null : (before?.failingSince ?? ctx.now());
    const row = { failures, failingSince, problem: clip(problem ?? '', 500), lookedAt: ctx.now() };
    await ctx.db
      .insert(registryLooks)
      .values({ workspace, ...row })
      .onConflictDoUpdate({ target: [registryLooks.workspace], set: row });
    const note = (what: string, summary: string) =>
      record(ctx, { who: 'pitcrew', what: `registry.${what}`, subject: 'registry', summary });
    if (failures === toldAfter) note('silent', `the registry could not be looked at: ${problem ?? ''}`);
    if (failures === 0 && (before?.failures ?? 0) >= toldAfter) note('back', 'the registry can be looked at again');
  });
}

/** Since when the registry is silent; undefined when the last look went well. */
export async function silentSince(ctx: Context): Promise<Date | undefined> {
  const [row] = await ctx.db
    .select({ since: registryLooks.failingSince })
    .from(registryLooks)
    .where(and(eq(registryLooks.workspace, ctx.workspace), sql`${registryLooks.failures} >= ${toldAfter}`));
  return row?.since ?? undefined;
}
