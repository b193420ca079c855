import { Refusal } from '../../lib/refusal.ts';
import type { Pipelines } from '../../ports.ts';
import type { Model } from '../models/schema.ts';
import type { Deployer, Op } from './deployer.ts';

interface At {
  readonly name: string;
  readonly pipelines: Pipelines;
  readonly pipeline: string;
  readonly model: Model;
  readonly environment: string;
}

/** A DAG that deploys. The run's id is made of the step's key, so that it starts once, and is found again. */
export function pipelineDeployer({ name, pipelines, pipeline, model, environment }: At): Deployer {
  const triggerOf = (key: string) => `pitcrew-${key.replaceAll(':', '-')}`;
  async function status(runId: string): Promise<Op> {
    const run = await pipelines.status(pipeline, runId);
    switch (run?.state) {
      case undefined:
        return { state: 'unclear', says: `${pipelines.name} knows no run ${runId} any more.` };
      case 'queued':
      case 'running':
        return { state: 'running', ref: runId, says: `${pipeline} is ${run.state} in ${pipelines.name}` };
      case 'succeeded':
        return { state: 'done', says: `${pipeline} succeeded in ${pipelines.name}` };
      case 'failed':
      case 'canceled':
        return {
          state: 'failed',
          says: `${pipeline} ${run.state} in ${pipelines.name}${run.detail ? `, ${run.detail}` : ''}.`,
        };
    }
  }
  return {
    name,
    staged: true,
    current: () => Promise.resolve(undefined),
    apply: async ({ key, kind, number, from, to, percent, reason }) => {
      const triggerId = triggerOf(key);
      const before = await pipelines.status(pipeline, triggerId);
      if (before) return await status(triggerId);
      const obstacle = await pipelines.obstacle(pipeline);
      if (obstacle !== undefined) return { state: 'failed', says: obstacle };
      const params = { kind, model: model.registryName, environment, from, to, percent, number };
      try {
        const run = await pipelines.start(pipeline, { triggerId, params, note: `${kind} ${number}: ${reason}` });
        return { state: 'running', ref: run.runId, says: `${pipeline} is queued in ${pipelines.name}` };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const begun = await pipelines.status(pipeline, triggerId).catch(() => 'unknown' as const);
        if (begun === undefined) return { state: 'failed', says: error.message };
        return begun === 'unknown' ? { state: 'unclear', says: error.message } : await status(triggerId);
      }
    },
    status: (ref) => status(ref),
  };
}
