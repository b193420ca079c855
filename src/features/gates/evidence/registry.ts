import type { Context } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import type { VersionFacts } from '../../../ports.ts';
import { registryFor } from '../../connections/queries.ts';
import type { Model } from '../../models/schema.ts';
import { liveVersion } from '../../releases/store.ts';
import { loggedName } from '../checks/metric.ts';
import type { Check, Facts, Said } from '../schema.ts';

interface Asked {
  readonly said: Said;
  /** What is live now. */
  readonly baseline: string | null;
}

/** What the registry says of a version and of the one that is live. It calls out: never inside a transaction. */
export async function askRegistry(ctx: Context, model: Model, environment: string, version: string): Promise<Asked> {
  const live = (await liveVersion(ctx, model.id, environment))?.version ?? null;
  const nothing = { registry: null, trouble: null, isBaselineKnown: true, candidate: null, baseline: null };
  const { registryName, alias } = model;
  // The alias is that of the main environment; of the others only our own records know.
  const isMain = environment === model.environment;
  let name = 'the registry';
  try {
    const registry = await registryFor(ctx);
    if (!registry) return { baseline: live, said: nothing };
    name = registry.name;
    const pointed = isMain ? await registry.aliasVersion({ model: registryName, alias }) : undefined;
    const baseline = pointed ?? live;
    const factsOf = (of: string) => registry.versionFacts({ model: registryName, version: of });
    const [candidate, base] = await Promise.all([factsOf(version), baseline === null ? undefined : factsOf(baseline)]);
    return { baseline, said: { ...nothing, registry: name, candidate: kept(candidate), baseline: kept(base) } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const trouble = error.message.replace(/\.$/, '');
    return { baseline: live, said: { ...nothing, registry: name, trouble, isBaselineKnown: !isMain } };
  }
}

/** Whether the registry has it; without a registry, or without an answer, nobody says that it has not. */
export async function isNowhere(ctx: Context, model: Model, version: string): Promise<boolean> {
  try {
    const registry = await registryFor(ctx);
    return registry !== undefined && !(await registry.versionExists({ model: model.registryName, version }));
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** The names of the metrics that the run of the live version logged; none where that is not known. */
export async function metricsOfLive(ctx: Context, { registryName: model, alias }: Model): Promise<string[]> {
  try {
    const registry = await registryFor(ctx);
    const version = await registry?.aliasVersion({ model, alias });
    const facts = version === undefined ? undefined : await registry?.versionFacts({ model, version });
    return Object.keys(facts?.metrics ?? {}).toSorted();
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

function kept(facts: VersionFacts | undefined): Facts | null {
  if (!facts) return null;
  const { createdAt, metrics, datasets, tags, url } = facts;
  return { at: createdAt.toISOString(), metrics, datasets, tags, ...(url !== undefined && { url }) };
}

const keptTags = new Set(['dataset', 'trained_by', 'mlflow.user']);

/** What an evaluation keeps of it: what its checks ask for. */
export function usedOf(said: Said, checks: readonly Check[]): Said {
  const names = new Set<string>();
  for (const check of checks) {
    if (check.kind !== 'metric') continue;
    names.add(loggedName(check.name, check.slice)).add(loggedName('example_count', check.slice));
  }
  const only = (facts: Facts | null): Facts | null =>
    facts && {
      ...facts,
      metrics: picked(facts.metrics, names),
      tags: picked(facts.tags, keptTags),
    };
  return { ...said, candidate: only(said.candidate), baseline: only(said.baseline) };
}

function picked<T>(of: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => names.has(name)));
}
