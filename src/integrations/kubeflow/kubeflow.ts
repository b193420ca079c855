import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { Pipelines, RunState, RunStatus } from '../../ports.ts';
import { type Ask, type KubeflowAccess, kubeflowClient } from './client.ts';
import { missing, reported } from './errors.ts';

const Pipeline = z.object({
  pipeline_id: z.string(),
  display_name: z.string().default(''),
  description: z.string().default(''),
});
const PipelinesPage = z.object({
  pipelines: z.array(Pipeline).default([]),
  total_size: z.number().default(0),
  next_page_token: z.string().optional(),
});
const Versions = z.object({ pipeline_versions: z.array(z.object({ pipeline_version_id: z.string() })).default([]) });
const Instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .optional()
  .catch(undefined);
const Run = z.object({
  run_id: z.string(),
  display_name: z.string().default(''),
  state: z.string().default('RUNTIME_STATE_UNSPECIFIED'),
  created_at: Instant,
  finished_at: Instant,
  error: z.object({ message: z.string().default('') }).nullish(),
});
type Run = z.infer<typeof Run>;
const Runs = z.object({ runs: z.array(Run).default([]), next_page_token: z.string().optional() });

/** A paused run goes on later, a canceled one has ended: waiting for it would wait for ever. */
const states: Readonly<Record<string, RunState>> = {
  RUNTIME_STATE_UNSPECIFIED: 'queued',
  PENDING: 'queued',
  RUNNING: 'running',
  CANCELING: 'running',
  PAUSED: 'running',
  SUCCEEDED: 'succeeded',
  SKIPPED: 'succeeded',
  FAILED: 'failed',
  CANCELED: 'canceled',
};
const mostListed = 100;

/** Kubeflow Pipelines by its REST API v2beta1. What it refuses is thrown as a Refusal. */
export function kubeflowPipelines(access: KubeflowAccess): Pipelines {
  const ask = kubeflowClient(access);
  const space = access.space ? { namespace: access.space } : undefined;
  const page = (run: string) => `${access.url.replace(/\/+$/, '')}/#/runs/details/${run}`;
  return {
    name: 'Kubeflow',
    check: async () => {
      const { total } = await listed(ask, space, 1);
      return `Kubeflow Pipelines, ${total} ${total === 1 ? 'pipeline' : 'pipelines'}`;
    },
    list: async () =>
      (await listed(ask, space, mostListed)).found
        .map(({ pipeline_id: id, display_name: name, description }) => ({
          id,
          description: [name, description].filter(Boolean).join(': '),
        }))
        .toSorted((a, b) => (a.description < b.description ? -1 : 1)),
    obstacle: (pipeline) => obstacle(ask, pipeline),
    start: async (pipeline, run) => {
      const runId = await start(ask, space, pipeline, run);
      return { runId, url: page(runId) };
    },
    status: async (_pipeline, runId) => {
      const answer = await ask({ method: 'GET', path: `runs/${encodeURIComponent(runId)}` }, Run);
      if (answer.ok) return statusOf(answer.body);
      if (missing(answer.status, answer.error)) return undefined;
      throw new Refusal(reported(answer.error));
    },
    cancel: (_pipeline, runId) => terminate(ask, runId),
    questions: () => Promise.resolve([]),
    answer: () => Promise.reject(new Refusal('Kubeflow asks no questions.')),
  };
}

function statusOf({ state: word, error, created_at: startedAt, finished_at: endedAt }: Run): RunStatus {
  const state = states[word];
  if (!state) throw new Refusal(`Kubeflow says the run is "${word}", which I do not know.`);
  const detail = error?.message || (word === 'PAUSED' ? 'paused in Kubeflow' : '');
  return { state, ...(detail && { detail }), ...(startedAt && { startedAt }), ...(endedAt && { endedAt }) };
}

async function listed(ask: Ask, space: { namespace: string } | undefined, most: number) {
  const query = { page_size: String(most), ...space };
  const answer = await ask({ method: 'GET', path: 'pipelines', query }, PipelinesPage);
  if (!answer.ok) throw new Refusal(reported(answer.error));
  return { found: answer.body.pipelines, total: answer.body.total_size };
}

async function obstacle(ask: Ask, pipeline: string): Promise<string | undefined> {
  const path = `pipelines/${encodeURIComponent(pipeline)}`;
  const found = await ask({ method: 'GET', path }, Pipeline);
  if (!found.ok)
    return missing(found.status, found.error) ? `Kubeflow has no pipeline ${pipeline}.` : reported(found.error);
  const versions = await ask({ method: 'GET', path: `${path}/versions`, query: { page_size: '1' } }, Versions);
  if (!versions.ok) return reported(versions.error);
  return versions.body.pipeline_versions.length > 0
    ? undefined
    : `The pipeline ${pipeline} has no version yet: upload one.`;
}

/**
 * Kubeflow gives every run an id of its own, so a start that is repeated would start twice: the trigger id is the
 * run's name, and it is looked for before a run is made and after.
 */
async function start(
  ask: Ask,
  space: { namespace: string } | undefined,
  pipeline: string,
  { triggerId, params, note }: Parameters<Pipelines['start']>[1],
): Promise<string> {
  const before = await runsNamed(ask, space, triggerId);
  if (before[0]) return before[0].run_id;
  const body = {
    display_name: triggerId,
    description: note,
    pipeline_version_reference: { pipeline_id: pipeline },
    runtime_config: { parameters: params },
  };
  let refusal: unknown;
  try {
    const made = await ask({ method: 'POST', path: 'runs', ...(space && { query: space }), body, onlyOnce: true }, Run);
    if (!made.ok) throw new Refusal(reported(made.error));
  } catch (error) {
    refusal = error;
  }
  // Its answer may have been lost, and another process may have started one at the same instant: the oldest stays.
  const [first, ...others] = await runsNamed(ask, space, triggerId);
  for (const other of others) await terminate(ask, other.run_id);
  if (first) return first.run_id;
  throw refusal ?? new Refusal('Kubeflow took the run, and does not show it.');
}

/** The oldest first. */
async function runsNamed(ask: Ask, space: { namespace: string } | undefined, name: string): Promise<Run[]> {
  const filter = JSON.stringify({
    predicates: [{ operation: 'EQUALS', key: 'display_name', string_value: name }],
  });
  const query = { filter, sort_by: 'created_at asc', page_size: '10', ...space };
  const answer = await ask({ method: 'GET', path: 'runs', query }, Runs);
  if (!answer.ok) throw new Refusal(reported(answer.error));
  return answer.body.runs
    .filter((run) => run.display_name === name)
    .toSorted(
      (a, b) => (a.created_at?.getTime() ?? 0) - (b.created_at?.getTime() ?? 0) || (a.run_id < b.run_id ? -1 : 1),
    );
}

async function terminate(ask: Ask, runId: string): Promise<void> {
  const path = `runs/${encodeURIComponent(runId)}:terminate`;
  const answer = await ask({ method: 'POST', path, body: {} }, z.unknown());
  if (!answer.ok && !missing(answer.status, answer.error)) throw new Refusal(reported(answer.error));
}
