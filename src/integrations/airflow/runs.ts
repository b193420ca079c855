import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { Pipelines, RunState, RunStatus } from '../../ports.ts';
import { clip } from '../../slack/limits.ts';
import type { AirflowClient, AirflowRequest, Outcome } from './client.ts';
import { refused } from './errors.ts';
import { saidBy } from './said.ts';

const Instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .nullish();
const Run = z.object({ state: z.string(), start_date: Instant, end_date: Instant });
type Run = z.infer<typeof Run>;
const TaskInstances = z.object({ task_instances: z.array(z.object({ task_id: z.string() })) });

/** Of a run there are no others; up_for_retry and its like are states of tasks. */
const states: Readonly<Record<string, RunState>> = {
  queued: 'queued',
  running: 'running',
  success: 'succeeded',
  failed: 'failed',
};
const longestNote = 1000;

const runPath = (dag: string, runId: string) => ['dags', dag, 'dagRuns', runId];

/** The run's id is ours: asked again, Airflow says that it is there (409), and that is as good as having started it. */
export async function startRun(
  client: AirflowClient,
  dag: string,
  { triggerId, params, note }: Parameters<Pipelines['start']>[1],
): Promise<void> {
  const { api } = await client.server();
  // Version 3 wants the date said as null; version 2 refuses two runs of one date, so it is left out.
  const dated = api === 'v2' ? { logical_date: null } : {};
  const body = { dag_run_id: triggerId, ...dated, conf: params, note: clip(note, longestNote) };
  const answer = await client.ask({ method: 'POST', path: ['dags', dag, 'dagRuns'], body }, Run);
  if (answer.ok) return;
  if (answer.status === 409 && (await runOf(client, dag, triggerId)) !== undefined) return;
  throw new Refusal(refused(answer, dag));
}

export async function statusOf(client: AirflowClient, dag: string, runId: string): Promise<RunStatus | undefined> {
  const run = await runOf(client, dag, runId);
  if (!run) return undefined;
  const { start_date: startedAt, end_date: endedAt } = run;
  const state = states[run.state];
  if (!state) throw new Refusal(`Airflow says the run is "${run.state}", which I do not know.`);
  return {
    state,
    ...(startedAt && { startedAt }),
    ...(endedAt && { endedAt }),
    ...(state === 'failed' && (await failedTasks(client, dag, runId))),
    ...(state === 'succeeded' && (await saidBy(client, runPath(dag, runId)))),
  };
}

/** A run that has ended stays as it is: Airflow would call a success failed afterwards. */
export async function cancelRun(client: AirflowClient, dag: string, runId: string): Promise<void> {
  const run = await runOf(client, dag, runId);
  if (run?.state === 'success' || run?.state === 'failed') return;
  const request: AirflowRequest = { method: 'PATCH', path: runPath(dag, runId), body: { state: 'failed' } };
  const answer = await client.ask(request, z.unknown());
  if (!answer.ok) throw new Refusal(refused(answer, dag));
}

async function runOf(client: AirflowClient, dag: string, runId: string): Promise<Run | undefined> {
  const answer: Outcome<Run> = await client.ask({ method: 'GET', path: runPath(dag, runId) }, Run);
  if (answer.ok) return answer.body;
  if (answer.status === 404) return undefined;
  throw new Refusal(refused(answer, dag));
}

async function failedTasks(client: AirflowClient, dag: string, runId: string): Promise<{ detail?: string }> {
  const query = { state: 'failed', limit: '20' };
  const path = [...runPath(dag, runId), 'taskInstances'];
  const answer = await client.ask({ method: 'GET', path, query }, TaskInstances);
  const names = answer.ok ? [...new Set(answer.body.task_instances.map(({ task_id: id }) => id))] : [];
  return names.length > 0 ? { detail: `failed: ${names.join(', ')}` } : {};
}
