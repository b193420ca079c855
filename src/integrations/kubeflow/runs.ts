import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { RunState, RunStatus } from '../../ports.ts';
import { clip } from '../../slack/limits.ts';
import type { KubeflowClient, KubeflowRequest } from './client.ts';
import { invalid, missing, reported } from './errors.ts';

/** Kubeflow says 1970 for what has not happened yet. */
const Instant = z.iso
  .datetime({ offset: true })
  .transform((text) => (new Date(text).getTime() > 0 ? new Date(text) : undefined))
  .optional();
const Problem = z.object({ message: z.string().default('') }).optional();
const unknownYet = 'RUNTIME_STATE_UNSPECIFIED';
const State = z.string().default(unknownYet);
export const Run = z.object({
  run_id: z.string().min(1),
  display_name: z.string().default(''),
  state: State,
  created_at: Instant,
  finished_at: Instant,
  error: Problem,
  state_history: z.array(z.object({ update_time: Instant, state: State, error: Problem })).default([]),
  run_details: z
    .object({
      task_details: z
        .array(
          z.object({
            display_name: z.string().default(''),
            state: State,
            child_tasks: z.array(z.object({ pod_name: z.string().default('') })).default([]),
          }),
        )
        .default([]),
    })
    .default({ task_details: [] }),
});
export type Run = z.output<typeof Run>;
const Runs = z.object({ runs: z.array(Run).default([]), next_page_token: z.string().default('') });

const states: Readonly<Record<string, RunState>> = {
  [unknownYet]: 'queued',
  PENDING: 'queued',
  RUNNING: 'running',
  PAUSED: 'running',
  CANCELING: 'running',
  SUCCEEDED: 'succeeded',
  SKIPPED: 'succeeded',
  FAILED: 'failed',
  CANCELED: 'canceled',
};
/** Of the states that people cannot guess from ours. */
const words: Readonly<Record<string, string>> = {
  PAUSED: 'paused in Kubeflow',
  CANCELING: 'being canceled',
  SKIPPED: 'skipped, as nothing had changed',
};

const hasEnded = ({ state }: Run) => ['succeeded', 'failed', 'canceled'].includes(states[state] ?? '');
export const isCanceled = ({ state }: Run) => state === 'CANCELED' || state === 'CANCELING';

/** One predicate of the API's own filter language. */
export const equal = (key: string, value: string) =>
  JSON.stringify({ predicates: [{ operation: 'EQUALS', key, string_value: value }] });

const pageLength = 100;
const mostPages = 50;

/** All runs of this name, the one that counts first. */
export async function runsNamed(client: KubeflowClient, name: string): Promise<readonly Run[]> {
  const found: Run[] = [];
  let page: string | undefined;
  for (let read = 0; read < mostPages; read += 1) {
    const query = {
      namespace: client.namespace,
      filter: equal('display_name', name),
      sort_by: 'created_at asc',
      page_size: pageLength,
      page_token: page,
    };
    const answer = await client.ask({ method: 'GET', path: 'runs', query }, Runs);
    if (!answer.ok) throw new Refusal(reported(answer.error));
    // A proxy that drops the filter must not make us take a stranger's run for ours.
    found.push(...answer.body.runs.filter((run) => run.display_name === name));
    page = answer.body.next_page_token || undefined;
    if (page === undefined) return found.toSorted(byAge);
  }
  throw new Refusal('Kubeflow lists more runs than I can search; a proxy before it may drop the filter of the call.');
}

/** By Kubeflow's clock alone, which counts whole seconds; who started both in one second must come to the same order. */
function byAge(a: Run, b: Run): number {
  const age = (a.created_at?.getTime() ?? 0) - (b.created_at?.getTime() ?? 0);
  return age === 0 ? (a.run_id < b.run_id ? -1 : 1) : age;
}

export const isId = (text: string) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);

/** By its id or by its name, which is all that is known where the answer of a start was lost. */
export async function runOf(client: KubeflowClient, run: string): Promise<Run | undefined> {
  return isId(run) ? await runById(client, run) : (await runsNamed(client, run))[0];
}

async function runById(client: KubeflowClient, runId: string): Promise<Run | undefined> {
  const answer = await client.ask({ method: 'GET', path: `runs/${encodeURIComponent(runId)}` }, Run);
  if (answer.ok) return answer.body;
  if (missing(answer.error)) return undefined;
  throw new Refusal(reported(answer.error));
}

/** Of a run that has ended or is being canceled already, Kubeflow says that the request is invalid. */
export async function terminate(client: KubeflowClient, run: Run): Promise<void> {
  if (hasEnded(run) || isCanceled(run)) return;
  const request: KubeflowRequest = { method: 'POST', path: `runs/${encodeURIComponent(run.run_id)}:terminate` };
  const answer = await client.ask(request, z.unknown());
  if (answer.ok || missing(answer.error)) return;
  const now = invalid(answer.error) ? await runById(client, run.run_id) : run;
  if (now && !hasEnded(now) && !isCanceled(now)) throw new Refusal(reported(answer.error));
}

export function statusOf(run: Run): RunStatus {
  const problem = run.error?.message;
  // Kubeflow could not read its own row: that says nothing of the run.
  if (run.state === unknownYet && problem)
    throw new Refusal(`Kubeflow cannot tell how the run is: ${clip(problem, 300)}`);
  const state = states[run.state];
  if (!state) throw new Refusal(`Kubeflow says the run is "${run.state}", which I do not know.`);
  const endedAt = hasEnded(run) ? run.finished_at : undefined;
  const startedAt = run.state_history.find((each) => each.state === 'RUNNING')?.update_time;
  const detail = state === 'failed' ? failureOf(run) : words[run.state];
  return {
    state,
    ...(detail && { detail: clip(detail, 300) }),
    // Two clocks of the cluster say these; a run that ended before it began would be nonsense.
    ...(startedAt && !(endedAt && startedAt > endedAt) && { startedAt }),
    ...(endedAt && { endedAt }),
  };
}

function failureOf({ error, state_history: history, run_details: details }: Run): string | undefined {
  const said = error?.message || history.findLast((each) => each.error?.message)?.error?.message;
  if (said) return said;
  const names = details.task_details.filter((task) => task.state === 'FAILED' && !isPlumbing(task));
  return names.length === 0 ? undefined : `failed: ${names.map((task) => task.display_name).join(', ')}`;
}

/** What Kubeflow adds to the tasks that people wrote; the pods below the workflow itself are named after it. */
function isPlumbing({
  display_name: name,
  child_tasks: children,
}: Run['run_details']['task_details'][number]): boolean {
  const isWorkflow = children.some(
    ({ pod_name: pod }) => pod.startsWith(`${name}-`) && /^\d+$/.test(pod.slice(name.length + 1)),
  );
  return isWorkflow || /^(root|executor|system-.*|)$|-driver$/.test(name);
}
