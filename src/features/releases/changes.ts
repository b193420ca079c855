import { and, desc, eq, gt, inArray, lt, ne } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { clip } from '../../slack/limits.ts';
import { connectionsOf } from '../connections/queries.ts';
import type { Model } from '../models/schema.ts';
import { expectedOf, lastLook } from './registry/queries.ts';
import { hasEnded, isNews, isRegistryVersion, isUnderWay, isWhole } from './rules.ts';
import { type LiveVersion, type Release, releases, type ReleaseState, type Strategy } from './schema.ts';
import { aliasMoved, lockLiveVersion, servedVersionSeen } from './store.ts';

export interface Said {
  readonly model: Pick<Model, 'id' | 'environment' | 'registeredAt'>;
  readonly environment: string;
  /** The same for all news of one release, and for those of no other. */
  readonly key: string;
  readonly version: string;
  readonly state: ReleaseState;
  readonly at: Date;
  readonly by: string;
  /** In the history of what is live; `by` unless said. */
  readonly who?: string;
  readonly source: string;
  readonly strategy?: Strategy | undefined;
  readonly percent?: number | undefined;
  readonly commit?: string | undefined;
  readonly url?: string | undefined;
  /** Carried out by ourselves: whoever does it writes down what is live, and how it went. */
  readonly isOurs?: boolean;
}

const longestKey = 300;
const longestWords = 500;

/** News of a release from wherever; the same news again, and older news, change nothing. */
export function releaseReported(ctx: Context, said: Said): Promise<Release> {
  return within(ctx, async (ctx) => {
    const { workspace } = ctx;
    const { model, environment, version, state, by, source } = said;
    // No clock of others runs ahead of ours: what comes after it must not look older.
    const at = said.at > ctx.now() ? ctx.now() : said.at;
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
      ...(hasEnded(state) && { endedAt: at }),
    };
    const live = await lockLiveVersion(ctx, model.id, environment);
    const [made] = await ctx.db
      .insert(releases)
      .values({
        workspace,
        modelId: model.id,
        environment,
        key,
        source,
        isOurs: said.isOurs ?? false,
        startedAt: at,
        ...kept,
      })
      .onConflictDoNothing()
      .returning();
    if (made) return await taken(ctx, made, live, said);
    const same = and(ofPlace(ctx, said), eq(releases.key, key));
    const [before] = await ctx.db.select().from(releases).where(same).for('update');
    if (!before) throw new Error('the release was neither made nor found');
    if (!isNews(before, { state, at, version, percent: said.percent ?? before.percent })) {
      if (at < before.startedAt) await ctx.db.update(releases).set({ startedAt: at }).where(same);
      return before;
    }
    const [after] = await ctx.db.update(releases).set(kept).where(same).returning();
    if (!after) throw new Error('the release is gone');
    return await taken(ctx, after, live, said);
  });
}

function ofPlace(ctx: Context, { model, environment }: Pick<Said, 'model' | 'environment'>) {
  return and(
    eq(releases.workspace, ctx.workspace),
    eq(releases.modelId, model.id),
    eq(releases.environment, environment),
  );
}

async function taken(ctx: Context, release: Release, live: LiveVersion | undefined, said: Said): Promise<Release> {
  if (!release.isOurs) note(ctx, release, said);
  if (release.state !== 'succeeded' || !isWhole(release)) return release;
  await supersede(ctx, release, said);
  if (release.isOurs || !(await isNewest(ctx, release, live, said))) return release;
  const { model, environment, by, who = by, source } = said;
  const { version, saidAt: at } = release;
  const here = { modelId: model.id, environment, version };
  const isFollowed = await followsRegistry(ctx, live, said);
  const isExpected = (await expectedOf(ctx, [model.id])).has(`${model.id} ${version}`);
  if (!isFollowed && !isExpected) {
    const why = clip(`release of version ${version} (${source})`, longestWords);
    await aliasMoved(ctx, { ...here, who, why, at, truth: 'release' });
  }
  if (!isFollowed || isRegistryVersion(version)) await servedVersionSeen(ctx, { ...here, at });
  return release;
}

/** What is only on its way is news for those who look; the ledger keeps how it went, and each share of the traffic. */
function note(ctx: Context, release: Release, { model, by, source }: Said): void {
  const { version, environment, state, percent, strategy, key, url, commit } = release;
  if (isUnderWay(state) && percent === null) return;
  const share = percent === null || percent === 100 ? '' : ` (${percent} % of the traffic)`;
  record(ctx, {
    who: source,
    what: `release.deploy_${state}`,
    modelId: model.id,
    subject: `model:${model.id}`,
    summary: clip(
      `the deployment of version ${version} to ${environment}${share} by ${by} ${stateWords[state]}`,
      longestWords,
    ),
    data: { key, version, environment, strategy, url, commit },
  });
}

const stateWords: Readonly<Record<ReleaseState, string>> = {
  pending: 'is waiting',
  running: 'is under way',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'was canceled',
  superseded: 'was overtaken',
};

/** Of those that began before it nobody said how they ended; ours say that themselves. */
async function supersede(ctx: Context, { id, startedAt, saidAt }: Release, said: Said): Promise<void> {
  await ctx.db
    .update(releases)
    .set({ state: 'superseded', endedAt: saidAt })
    .where(
      and(
        ofPlace(ctx, said),
        ne(releases.id, id),
        lt(releases.startedAt, startedAt),
        inArray(releases.state, ['pending', 'running']),
        eq(releases.isOurs, false),
      ),
    );
}

/** Late news of an older release do not bring it back, neither over a newer one nor over a rollback. */
async function isNewest(ctx: Context, release: Release, live: LiveVersion | undefined, said: Said): Promise<boolean> {
  if (live && live.since > release.saidAt) return false;
  const newer = await ctx.db
    .select()
    .from(releases)
    .where(
      and(
        ofPlace(ctx, said),
        ne(releases.id, release.id),
        eq(releases.state, 'succeeded'),
        gt(releases.saidAt, release.saidAt),
      ),
    )
    .orderBy(desc(releases.saidAt))
    .limit(mostNewer);
  return !newer.some(isWhole);
}

const mostNewer = 20;

/** Where the registry says what is live, CI does not. A model that a whole look did not find there is not followed. */
async function followsRegistry(
  ctx: Context,
  live: LiveVersion | undefined,
  { model, environment }: Said,
): Promise<boolean> {
  if (environment !== model.environment) return false;
  if (live?.truth === 'registry') return true;
  if (!ctx.registry && (await connectionsOf(ctx, ['mlflow'])).length === 0) return false;
  const looked = await lastLook(ctx);
  return !looked?.lookedAt || looked.lookedAt < model.registeredAt;
}
