import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { record } from '../../../ledger/ledger.ts';
import { clip } from '../../../slack/limits.ts';
import { seenAs } from '../rules.ts';
import { type LiveVersion, liveVersions, type Missing, registryLooks } from '../schema.ts';
import { aliasMoved } from '../store.ts';
import { expectedOf, type Followed, lastLook, toldAfter } from './queries.ts';

/** What the registry said of one model, and what we thought before it was asked. */
export type Sighting = { readonly before: Followed } & ({ readonly version: string } | { readonly missing: Missing });

const atOnce = 50;

/**
 * The registry is right about what differs. What changed here since it was asked is left alone: whoever changed it
 * knew better than a look that began before.
 */
export async function takeSightings(ctx: Context, registry: string, sightings: readonly Sighting[]): Promise<void> {
  const news = sightings.filter((each) => seenAs(each.before.live, each) !== 'same');
  for (let i = 0; i < news.length; i += atOnce) await takeSome(ctx, registry, news.slice(i, i + atOnce));
}

function takeSome(ctx: Context, registry: string, sightings: readonly Sighting[]): Promise<void> {
  return within(ctx, async (ctx) => {
    const ids = sightings.map(({ before }) => before.model.id);
    const locked = await lockLive(ctx, ids);
    const expected = await expectedOf(ctx, ids);
    const agreed: string[] = [];
    for (const sighting of sightings) {
      const { model, live: before } = sighting.before;
      const live = locked.get(`${model.id} ${model.environment}`) ?? null;
      if (live?.revision !== before?.revision) continue;
      const seen = seenAs(live, sighting);
      if (seen === 'agreed' || seen === 'back') agreed.push(model.id);
      if (seen === 'back') say(ctx, model, registry, `has the alias ${model.alias} on version ${live?.version} again`);
      if ('missing' in sighting) {
        if (seen === 'missing' && live) await keepMissing(ctx, registry, sighting.before, live, sighting.missing);
        continue;
      }
      if (seen !== 'moved' || expected.has(`${model.id} ${sighting.version}`)) continue;
      await aliasMoved(ctx, {
        modelId: model.id,
        environment: model.environment,
        version: sighting.version,
        who: registry,
        why: live ? `moved in ${registry}` : `live in ${registry} when I first looked`,
        truth: 'registry',
      });
    }
    await agree(ctx, sightings, agreed);
  });
}

/** In the order of their models, as everybody who needs several of them. */
async function lockLive(ctx: Context, ids: readonly string[]): Promise<Map<string, LiveVersion>> {
  const rows = await ctx.db
    .select()
    .from(liveVersions)
    .where(and(eq(liveVersions.workspace, ctx.workspace), inArray(liveVersions.modelId, [...ids])))
    .orderBy(asc(liveVersions.modelId), asc(liveVersions.environment))
    .for('update');
  return new Map(rows.map((row) => [`${row.modelId} ${row.environment}`, row]));
}

async function agree(ctx: Context, sightings: readonly Sighting[], ids: readonly string[]): Promise<void> {
  const places = sightings.map(({ before }) => before.model).filter(({ id }) => ids.includes(id));
  if (places.length === 0) return;
  const pairs = places.map(({ id, environment }) => sql`(${id}::uuid, ${environment}::text)`);
  await ctx.db
    .update(liveVersions)
    .set({ truth: 'registry', missing: null, missingSince: null })
    .where(
      and(
        eq(liveVersions.workspace, ctx.workspace),
        sql`(${liveVersions.modelId}, ${liveVersions.environment}) in (${sql.join(pairs, sql`, `)})`,
      ),
    );
}

async function keepMissing(
  ctx: Context,
  registry: string,
  { model }: Followed,
  live: LiveVersion,
  missing: Missing,
): Promise<void> {
  await ctx.db
    .update(liveVersions)
    .set({ missing, missingSince: live.missingSince ?? ctx.now() })
    .where(
      and(
        eq(liveVersions.workspace, ctx.workspace),
        eq(liveVersions.modelId, model.id),
        eq(liveVersions.environment, model.environment),
      ),
    );
  const what: Readonly<Record<Missing, string>> = {
    alias: `has no alias ${model.alias} any more`,
    version: `has no version ${live.version} any more, so the alias ${model.alias} is gone with it`,
    model: `no longer lists the model ${model.registryName}`,
  };
  say(ctx, model, registry, what[missing]);
}

function say(ctx: Context, model: Followed['model'], who: string, summary: string): void {
  record(ctx, { who, what: 'release.alias_missing', modelId: model.id, subject: `model:${model.id}`, summary });
}

/** Said once to the operator when the registry stays silent, and once when it is back. */
export function lookEnded(ctx: Context, problem?: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const { workspace } = ctx;
    const now = ctx.now();
    const before = await lastLook(ctx);
    const failures = problem === undefined ? 0 : (before?.failures ?? 0) + 1;
    const row =
      problem === undefined
        ? { failures, failingSince: null, problem: '', lookedAt: now }
        : { failures, failingSince: before?.failingSince ?? now, problem: clip(problem, 500) };
    await ctx.db
      .insert(registryLooks)
      .values({ workspace, ...row })
      .onConflictDoUpdate({ target: [registryLooks.workspace], set: row });
    const note = (what: string, summary: string) =>
      record(ctx, { who: 'pitcrew', what: `registry.${what}`, subject: 'registry', summary });
    if (failures === toldAfter) note('silent', `the registry could not be looked at: ${row.problem}`);
    if (failures === 0 && (before?.failures ?? 0) >= toldAfter) note('back', 'the registry can be looked at again');
  });
}

/** No registry is connected any more: what it did not answer is no longer anybody's trouble. */
export async function forgetLooks(ctx: Context): Promise<void> {
  await ctx.db.delete(registryLooks).where(eq(registryLooks.workspace, ctx.workspace));
}
