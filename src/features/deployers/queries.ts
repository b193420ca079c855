import { and, eq } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { hookOf, pipelinesOf, registryFor } from '../connections/queries.ts';
import type { Model } from '../models/schema.ts';
import { aliasDeployer } from './alias.ts';
import type { Deployer } from './deployer.ts';
import { hookDeployer } from './hook.ts';
import { pipelineDeployer } from './pipeline.ts';
import { atOnce, type Settings } from './rules.ts';
import { type DeployerRow, deployers } from './schema.ts';

export async function deployerRow(
  ctx: Context,
  modelId: string,
  environment: string,
): Promise<DeployerRow | undefined> {
  const [row] = await ctx.db
    .select()
    .from(deployers)
    .where(
      and(
        eq(deployers.workspace, ctx.workspace),
        eq(deployers.modelId, modelId),
        eq(deployers.environment, environment),
      ),
    );
  return row;
}

export async function settingsOf(ctx: Context, modelId: string, environment: string): Promise<Settings> {
  return (await deployerRow(ctx, modelId, environment)) ?? atOnce;
}

/** What makes versions of this model live; asks nobody yet. */
export async function deployerOf(ctx: Context, model: Model, environment: string): Promise<Deployer> {
  const row = await deployerRow(ctx, model.id, environment);
  const connectionId = row?.connectionId ?? '';
  switch (row?.kind ?? 'alias') {
    case 'alias': {
      const registry = await registryFor(ctx);
      if (!registry) throw new Refusal('No model registry is connected. `/ml connect mlflow` connects one.');
      return aliasDeployer(registry, { model: model.registryName, alias: model.alias }, ctx.log);
    }
    case 'webhook':
      return hookDeployer(ctx, { model, environment, hook: await hookOf(ctx, connectionId) });
    case 'pipeline': {
      const { connection, pipelines } = await pipelinesOf(ctx, connectionId);
      const name = `${connection.name}, ${row?.pipeline ?? ''}`;
      return pipelineDeployer({ name, pipelines, pipeline: row?.pipeline ?? '', model, environment });
    }
  }
}
