import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { Pipelines, RunState, RunStatus } from '../../ports.ts';
import { clip } from '../../slack/limits.ts';
import { type AirflowAccess, type AirflowClient, airflowClient, type AirflowRequest } from './client.ts';
import { questionsOf, answerQuestion } from './questions.ts';

const Dag = z.object({
  dag_id: z.string(),
  description: z.string().nullish(),
  is_paused: z.boolean().default(false),
  is_active: z.boolean().nullish(),
  is_stale: z.boolean().nullish(),
  has_import_errors: z.boolean().default(false),
  fileloc: z.string().nullish(),
});
const Dags = z.object({ dags: z.array(Dag), total_entries: z.number() });
const ImportErrors = z.object({
  import_errors: z.array(z.object({ filename: z.string().nullish(), stack_trace: z.string().nullish() })),
});
const Instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .nullish();
const Run = z.object({ dag_run_id: z.string(), state: z.string(), start_date: Instant, end_date: Instant });
const TaskInstances = z.object({
  task_instances: z.array(z.object({ task_id: z.string(), state: z.string().nullish() })),
});
const XComs = z.object({ xcom_entries: z.array(z.object({ task_id: z.string(), key: z.string() })) });
const XCom = z.object({ value: z.unknown() });
const Said = z.record(z.string(), z.union([z.string(), z.number()]).transform(String));

const states: Readonly<Record<string, RunState>> = {
  queued: 'queued',
  running: 'running',
  success: 'succeeded',
  failed: 'failed',
};
const mostListed = 100;
const longestNote = 1000;

/** Airflow 3 by its REST API v2, Airflow 2 by v1. What it refuses is thrown as a Refusal. */
export function airflowPipelines(access: AirflowAccess): Pipelines {
  const client = airflowClient(access);
  const page = (dag: string, run: string) =>
    `${access.url.replace(/\/+$/, '')}/dags/${encodeURIComponent(dag)}/runs/${encodeURIComponent(run)}`;
  return {
    name: 'Airflow',
    check: async () => {
      const { dags } = await listDags(client, 1);
      const api = await client.api();
      return `Airflow ${api === 'v2' ? '3' : '2'}, ${dags} ${dags === 1 ? 'DAG' : 'DAGs'}`;
    },
    list: async () =>
      (await listDags(client, mostListed)).found
        .map(({ dag_id: id, description }) => ({ id, description: description ?? '' }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    obstacle: (dag) => obstacle(client, dag),
    start: async (dag, run) => {
      const runId = run.triggerId;
      await start(client, dag, { ...run, note: clip(run.note, longestNote) });
      return { runId, url: page(dag, runId) };
    },
    status: (dag, runId) => status(client, dag, runId),
    cancel: async (dag, runId) => {
      const answer = await client.ask(
        { method: 'PATCH', path: ['dags', dag, 'dagRuns', runId], body: { state: 'failed' } },
        z.unknown(),
      );
      if (!answer.ok) throw new Refusal(refused(answer, dag));
    },
    questions: (dag, runId) => questionsOf(client, dag, runId),
    answer: (dag, runId, answer) => answerQuestion(client, dag, runId, answer),
  };
}

const get = (...path: string[]): AirflowRequest => ({ method: 'GET', path });

async function listDags(client: AirflowClient, most: number) {
  const answer = await client.ask({ ...get('dags'), query: { limit: String(most) } }, Dags);
  if (!answer.ok) throw new Refusal(`Airflow does not list its DAGs: ${answer.says}`);
  return { found: answer.body.dags, dags: answer.body.total_entries };
}

/** A paused DAG takes every run and starts none, so it is asked about before. */
async function obstacle(client: AirflowClient, dag: string): Promise<string | undefined> {
  const answer = await client.ask(get('dags', dag), Dag);
  if (!answer.ok) {
    const broken = await importError(client, dag);
    return broken ?? `Airflow has no DAG named "${dag}".`;
  }
  const { is_paused: paused, is_stale: stale, is_active: active, has_import_errors: broken } = answer.body;
  if (broken)
    return (
      (await importError(client, dag)) ??
      `The file of the DAG "${dag}" cannot be loaded; look at Airflow's import errors.`
    );
  if (stale === true || active === false) return `Airflow no longer finds the file of the DAG "${dag}".`;
  if (paused)
    return `The DAG "${dag}" is paused, so a run would wait for ever. Unpause it in Airflow, then start it again.`;
  return undefined;
}

/** Of a file that names this DAG: the last line of its trace says what is wrong. */
async function importError(client: AirflowClient, dag: string): Promise<string | undefined> {
  const answer = await client.ask({ ...get('importErrors'), query: { limit: '100' } }, ImportErrors);
  if (!answer.ok) return undefined;
  const name = (file: string) => file.split('/').at(-1)?.replace(/\.py$/, '') ?? '';
  const found = answer.body.import_errors.find(({ filename, stack_trace: trace }) => {
    return name(filename ?? '') === dag || (trace ?? '').includes(dag);
  });
  if (!found) return undefined;
  const last = (found.stack_trace ?? '').trimEnd().split('\n').at(-1)?.trim() ?? '';
  return `The file of the DAG "${dag}" cannot be loaded: ${clip(last, 200)}`;
}

/** The run's id is ours: asked again, Airflow says that it is there (409), and that is as good as having started it. */
async function start(
  client: AirflowClient,
  dag: string,
  { triggerId, params, note }: Parameters<Pipelines['start']>[1],
): Promise<void> {
  // Version 3 wants the date said as null; version 2 refuses two runs of one date, so it is left out.
  const dated = (await client.api()) === 'v2' ? { logical_date: null } : {};
  const body = { dag_run_id: triggerId, ...dated, conf: params, note };
  const answer = await client.ask({ method: 'POST', path: ['dags', dag, 'dagRuns'], body }, Run);
  if (answer.ok) return;
  if (answer.status === 409 && (await status(client, dag, triggerId)) !== undefined) return;
  throw new Refusal(refused(answer, dag));
}

function refused({ status: code, says }: { status: number; says: string }, dag: string): string {
  if (code === 404) return `Airflow has no DAG named "${dag}", or no such run of it.`;
  return `Airflow did not take that (${code}): ${says || 'it gave no reason'}`;
}

async function status(client: AirflowClient, dag: string, runId: string): Promise<RunStatus | undefined> {
  const answer = await client.ask(get('dags', dag, 'dagRuns', runId), Run);
  if (!answer.ok) {
    if (answer.status === 404) return undefined;
    throw new Refusal(refused(answer, dag));
  }
  const { state: word, start_date: startedAt, end_date: endedAt } = answer.body;
  const state = states[word];
  if (!state) throw new Refusal(`Airflow says the run is "${word}", which I do not know.`);
  return {
    state,
    ...(startedAt && { startedAt }),
    ...(endedAt && { endedAt }),
    ...(state === 'failed' && (await failedTasks(client, dag, runId))),
    ...(state === 'succeeded' && (await saidBy(client, dag, runId))),
  };
}

async function failedTasks(client: AirflowClient, dag: string, runId: string): Promise<{ detail?: string }> {
  const query = { state: 'failed', limit: '20' };
  const answer = await client.ask({ ...get('dags', dag, 'dagRuns', runId, 'taskInstances'), query }, TaskInstances);
  const names = answer.ok ? answer.body.task_instances.map(({ task_id: id }) => id) : [];
  return names.length > 0 ? { detail: `failed: ${names.join(', ')}` } : {};
}

/** A task says what it made by pushing an XCom named `pitcrew`, such as {"version": "15"}. */
async function saidBy(client: AirflowClient, dag: string, runId: string): Promise<{ said?: Record<string, string> }> {
  const tasks = ['dags', dag, 'dagRuns', runId, 'taskInstances'];
  const listed = await client.ask(
    { ...get(...tasks, '~', 'xcomEntries'), query: { xcom_key: 'pitcrew', limit: '10' } },
    XComs,
  );
  const entry = listed.ok ? listed.body.xcom_entries.find(({ key }) => key === 'pitcrew') : undefined;
  if (!entry) return {};
  const answer = await client.ask(get(...tasks, entry.task_id, 'xcomEntries', 'pitcrew'), XCom);
  if (!answer.ok) return {};
  const { value } = answer.body;
  const said = Said.safeParse(typeof value === 'string' ? parsed(value) : value);
  return said.success ? { said: said.data } : {};
}

/** Airflow 2 gives every value as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll("'", '"'));
  } catch {
    return undefined;
  }
}
