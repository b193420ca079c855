import type { Context } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import type { Registry } from '../../../ports.ts';
import { registryFor } from '../../connections/queries.ts';
import { forgetLooks, lookEnded, type Sighting, takeSightings } from './changes.ts';
import { type Followed, followersOf } from './queries.ts';
import { claimLook, everything, lookDone } from './store.ts';

/** Carries out one look that somebody asked for; false when none waits. Never inside a transaction. */
export async function lookNext(ctx: Context): Promise<boolean> {
  const hint = await claimLook(ctx);
  if (!hint) return false;
  const isAll = hint.name === everything;
  const problem = await wordsOf(ctx, () => (isAll ? lookAtAll(ctx) : lookAtOne(ctx, hint.name)));
  if (isAll && problem !== undefined) await lookEnded(ctx, problem);
  // What failed as a whole is asked for again in the next minute.
  await lookDone(ctx, hint, isAll || problem === undefined);
  return true;
}

/** What went wrong; undefined when nothing did. */
async function wordsOf(ctx: Context, look: () => Promise<void>): Promise<string | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) {
      ctx.log.warn({ err: error }, 'the registry could not be looked at');
      return error.message;
    }
    ctx.log.error({ err: error }, 'a look at the registry broke');
    return 'Something broke on our side; the log says what.';
  }
}

/** More models than this has nobody; a registry whose pages never end is broken. */
const mostPages = 1000;

/** What all aliases point to, in one call a page. */
async function lookAtAll(ctx: Context): Promise<void> {
  const registry = await registryFor(ctx);
  if (!registry) return await forgetLooks(ctx);
  // Read before the registry is asked: what changes here meanwhile is newer than what it says.
  const unseen = byName(await followersOf(ctx));
  let page: string | undefined;
  for (let turned = 0; turned < mostPages; turned += 1) {
    const { models, next } = await registry.aliasPage(page);
    const sightings = models.flatMap(({ name, aliases }) => {
      const followers = unseen.get(name) ?? [];
      unseen.delete(name);
      return followers.map((before) => sighting(before, aliases[before.model.alias]));
    });
    await takeSightings(ctx, registry.name, await withVersions(registry, sightings));
    page = next;
    if (page === undefined) break;
  }
  if (page !== undefined) throw new Refusal(`${registry.name} does not come to the end of its list of models.`);
  const gone = [...unseen.values()].flat().map((before): Sighting => ({ before, missing: 'model' }));
  await takeSightings(ctx, registry.name, gone);
  await lookEnded(ctx);
}

async function lookAtOne(ctx: Context, name: string): Promise<void> {
  const followers = await followersOf(ctx, [name]);
  const registry = await registryFor(ctx);
  if (!registry || followers.length === 0) return;
  const sightings: Sighting[] = [];
  for (const before of followers)
    sightings.push(sighting(before, await registry.aliasVersion({ model: name, alias: before.model.alias })));
  await takeSightings(ctx, registry.name, await withVersions(registry, sightings));
}

function byName(followed: readonly Followed[]): Map<string, Followed[]> {
  const found = new Map<string, Followed[]>();
  for (const each of followed) {
    const same = found.get(each.model.registryName);
    if (same) same.push(each);
    else found.set(each.model.registryName, [each]);
  }
  return found;
}

function sighting(before: Followed, version: string | undefined): Sighting {
  return version === undefined ? { before, missing: 'alias' } : { before, version };
}

/** So many calls a page; of the others only the alias is said to be gone. */
const mostAsked = 20;

/** Where an alias has just gone, whether its version went with it. */
async function withVersions(registry: Registry, sightings: readonly Sighting[]): Promise<Sighting[]> {
  let asked = 0;
  const all: Sighting[] = [];
  for (const each of sightings) {
    const { live, model } = each.before;
    const isFresh = 'missing' in each && live?.truth === 'registry' && live.missing === null;
    if (!isFresh || asked >= mostAsked) {
      all.push(each);
      continue;
    }
    asked += 1;
    const isThere = await registry.versionExists({ model: model.registryName, version: live.version });
    all.push(isThere ? each : { before: each.before, missing: 'version' });
  }
  return all;
}
