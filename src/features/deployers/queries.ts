import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { registryFor } from '../connections/queries.ts';
import type { Model } from '../models/schema.ts';
import { aliasDeployer } from './alias.ts';
import type { Deployer } from './deployer.ts';
import type { Settings } from './rules.ts';

export function settingsOf(_ctx: Context, _modelId: string, _environment: string): Promise<Settings> {
  return Promise.resolve({ strategy: 'all_at_once', steps: [100], bakeMinutes: 0 });
}

/** What makes versions of this model live; asks nobody yet. */
export async function deployerOf(ctx: Context, model: Model, _environment: string): Promise<Deployer> {
  const registry = await registryFor(ctx);
  if (!registry) throw new Refusal('No model registry is connected. `/ml connect mlflow` connects one.');
  return aliasDeployer(registry, { model: model.registryName, alias: model.alias }, ctx.log);
}
