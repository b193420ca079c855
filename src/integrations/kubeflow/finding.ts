import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { KubeflowClient } from './client.ts';
import { exists, invalid, missing, reported } from './errors.ts';
import { equal, isId } from './runs.ts';

/** Servers before 2.5 know only the name that is shown. */
const Pipeline = z
  .object({
    pipeline_id: z.string().min(1),
    name: z.string().optional(),
    display_name: z.string().default(''),
    description: z.string().default(''),
    created_at: z.iso.datetime({ offset: true }).default('1970-01-01T00:00:00Z'),
  })
  .transform(({ pipeline_id: id, name, display_name: shown, description, created_at: at }) => ({
    id,
    name: name || shown || id,
    description,
    createdAt: new Date(at),
  }));
export type Pipeline = z.output<typeof Pipeline>;
const Pipelines = z.object({ pipelines: z.array(Pipeline).default([]), next_page_token: z.string().default('') });
const Version = z.object({ pipeline_version_id: z.string().min(1), pipeline_spec: z.unknown().optional() });
type Version = z.output<typeof Version>;
const Versions = z.object({ pipeline_versions: z.array(Version).default([]) });
const Experiment = z.object({ experiment_id: z.string().min(1) });
const Experiments = z.object({ experiments: z.array(Experiment).default([]) });

/** What is listed at most. */
const pageLength = 100;

/** By its id or by its name. */
export async function pipelineOf(client: KubeflowClient, pipeline: string): Promise<Pipeline | undefined> {
  if (isId(pipeline)) {
    const answer = await client.ask({ method: 'GET', path: `pipelines/${pipeline}` }, Pipeline);
    if (answer.ok) return answer.body;
    if (missing(answer.error)) return undefined;
    throw new Refusal(reported(answer.error));
  }
  const { found } = await pipelinesIn(client, { filter: equal('name', pipeline) });
  return found.find(({ name }) => name === pipeline);
}

/** The newest of our namespace and of those that all share; of one name, ours. */
export async function pipelinesIn(
  client: KubeflowClient,
  query: { readonly filter?: string },
): Promise<{ readonly found: readonly Pipeline[]; readonly more: boolean }> {
  const found = new Map<string, Pipeline>();
  let more = false;
  for (const namespace of new Set([client.namespace, undefined])) {
    const answer = await client.ask(
      {
        method: 'GET',
        path: 'pipelines',
        query: { namespace, ...query, sort_by: 'created_at desc', page_size: pageLength },
      },
      Pipelines,
    );
    // Some servers share nothing and want a namespace with every question.
    if (!answer.ok && invalid(answer.error) && client.namespace !== undefined && namespace === undefined) continue;
    if (!answer.ok) throw new Refusal(reported(answer.error));
    for (const each of answer.body.pipelines) found.set(each.name, found.get(each.name) ?? each);
    more ||= answer.body.next_page_token !== '';
  }
  return { found: [...found.values()], more };
}

/** The one that Kubeflow calls the latest. */
export async function newestVersion(client: KubeflowClient, { id }: Pipeline): Promise<Version | undefined> {
  const query = { page_size: 1, sort_by: 'created_at desc' };
  const path = `pipelines/${encodeURIComponent(id)}/versions`;
  const answer = await client.ask({ method: 'GET', path, query }, Versions);
  if (!answer.ok) throw new Refusal(reported(answer.error));
  return answer.body.pipeline_versions[0];
}

const experimentName = 'Pitcrew';

/** A server with namespaces takes no run outside of an experiment; the others have one of their own for that. */
export async function experimentOf(client: KubeflowClient): Promise<string | undefined> {
  const { namespace } = client;
  if (namespace === undefined) return undefined;
  const known = await experimentIn(client, namespace);
  if (known !== undefined) return known;
  const body = { display_name: experimentName, description: 'Runs that Pitcrew started.', namespace };
  const made = await client.ask({ method: 'POST', path: 'experiments', body }, Experiment);
  if (made.ok) return made.body.experiment_id;
  // Another process of ours, or our own try whose answer was lost, was first.
  const other = exists(made.error) ? await experimentIn(client, namespace) : undefined;
  if (other === undefined) throw new Refusal(reported(made.error));
  return other;
}

async function experimentIn(client: KubeflowClient, namespace: string): Promise<string | undefined> {
  const query = { namespace, filter: equal('display_name', experimentName), page_size: 1 };
  const answer = await client.ask({ method: 'GET', path: 'experiments', query }, Experiments);
  if (!answer.ok) throw new Refusal(reported(answer.error));
  return answer.body.experiments[0]?.experiment_id;
}
