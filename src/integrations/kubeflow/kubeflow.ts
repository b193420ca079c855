import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { Pipelines } from '../../ports.ts';
import { clip } from '../../slack/limits.ts';
import { type KubeflowAccess, type KubeflowClient, kubeflowClient, type KubeflowRequest } from './client.ts';
import { reported } from './errors.ts';
import { experimentOf, newestVersion, pipelineOf, pipelinesIn } from './finding.ts';
import { fittedTo } from './parameters.ts';
import { isCanceled, runOf, runsNamed, statusOf, terminate } from './runs.ts';
import { startOnce } from './starting.ts';

const mostListed = 100;
const longestNote = 1000;
const noSuchPipeline = (pipeline: string) => `Kubeflow has no pipeline named "${pipeline}".`;

const noVersion = (pipeline: string) =>
  `The pipeline "${pipeline}" has no version in Kubeflow. Upload one there, then start it again.`;

/** Kubeflow Pipelines 2 by its REST API v2beta1. A pipeline is called by its name or its id. */
export function kubeflowPipelines(access: KubeflowAccess): Pipelines {
  const client = kubeflowClient(access);
  const page = (runId: string) => `${access.url.replace(/\/+$/, '')}/#/runs/details/${encodeURIComponent(runId)}`;
  return {
    name: 'Kubeflow',
    check: () => check(client),
    list: async () =>
      (await pipelinesIn(client, {})).found
        .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
        .slice(0, mostListed)
        .map(({ name: id, description }) => ({ id, description }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    obstacle: async (pipeline) => {
      const found = await pipelineOf(client, pipeline);
      if (!found) return noSuchPipeline(pipeline);
      return (await newestVersion(client, found)) ? undefined : noVersion(found.name);
    },
    start: async (pipeline, run) => {
      const { run_id: runId } = await startOnce(client, run.triggerId, () => requestFor(client, pipeline, run));
      return { runId, url: page(runId) };
    },
    status: async (_pipeline, runId) => {
      const run = await runOf(client, runId);
      // Ended as one of two that were started at once: the one that was kept is the run.
      const kept = run && isCanceled(run) && run.display_name ? (await runsNamed(client, run.display_name))[0] : run;
      return run && statusOf(kept ?? run);
    },
    cancel: async (_pipeline, runId) => {
      const run = await runOf(client, runId);
      if (!run) throw new Refusal('Kubeflow has no such run any more.');
      const all = run.display_name === '' ? [run] : await runsNamed(client, run.display_name);
      for (const each of all) await terminate(client, each);
    },
    questions: () => Promise.resolve([]),
    answer: () => Promise.reject(new Refusal('Runs of Kubeflow ask nothing.')),
  };
}

/** Runs are read, too: pipelines that all share can be read by those who may start nothing. */
async function check(client: KubeflowClient): Promise<string> {
  const { found, more } = await pipelinesIn(client, {});
  const query = { namespace: client.namespace, page_size: 1 };
  const runs = await client.ask({ method: 'GET', path: 'runs', query }, z.object({}));
  if (!runs.ok) throw new Refusal(reported(runs.error));
  if (more) return `Kubeflow Pipelines, more than ${mostListed} pipelines`;
  return `Kubeflow Pipelines, ${found.length} ${found.length === 1 ? 'pipeline' : 'pipelines'}`;
}

/** The version is named, because its parameters were read. */
async function requestFor(
  client: KubeflowClient,
  pipeline: string,
  { triggerId, params, note }: Parameters<Pipelines['start']>[1],
): Promise<KubeflowRequest> {
  const found = await pipelineOf(client, pipeline);
  if (!found) throw new Refusal(noSuchPipeline(pipeline));
  const version = await newestVersion(client, found);
  if (!version) throw new Refusal(noVersion(found.name));
  const experimentId = await experimentOf(client);
  return {
    method: 'POST',
    path: 'runs',
    body: {
      display_name: triggerId,
      ...(note !== '' && { description: clip(note, longestNote) }),
      ...(experimentId !== undefined && { experiment_id: experimentId }),
      pipeline_version_reference: { pipeline_id: found.id, pipeline_version_id: version.pipeline_version_id },
      runtime_config: { parameters: fittedTo(version.pipeline_spec, params) },
    },
  };
}
