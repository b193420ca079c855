import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { Pipelines } from '../../ports.ts';
import { type AirflowAccess, type AirflowClient, airflowClient } from './client.ts';
import { refused } from './errors.ts';
import { obstacleOf } from './obstacle.ts';
import { answerQuestion, questionsOf } from './questions.ts';
import { cancelRun, startRun, statusOf } from './runs.ts';

const Dags = z.object({
  dags: z.array(z.object({ dag_id: z.string(), description: z.string().nullish() })),
  total_entries: z.number(),
});
const mostListed = 100;

/** Airflow 3 by its REST API v2, Airflow 2 by v1. What it refuses is thrown as a Refusal. */
export function airflowPipelines(access: AirflowAccess): Pipelines {
  const client = airflowClient(access);
  const site = access.url.replace(/\/+$/, '');
  return {
    name: 'Airflow',
    check: () => check(client),
    list: async () =>
      (await listDags(client, mostListed)).dags
        .map(({ dag_id: id, description }) => ({ id, description: description ?? '' }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    obstacle: (dag) => obstacleOf(client, dag),
    start: async (dag, run) => {
      await startRun(client, dag, run);
      const { api } = await client.server();
      const [page, id] = [`${site}/dags/${encodeURIComponent(dag)}`, encodeURIComponent(run.triggerId)];
      return { runId: run.triggerId, url: api === 'v2' ? `${page}/runs/${id}` : `${page}/grid?dag_run_id=${id}` };
    },
    status: (dag, runId) => statusOf(client, dag, runId),
    cancel: (dag, runId) => cancelRun(client, dag, runId),
    questions: (dag, runId) => questionsOf(client, dag, runId),
    answer: (dag, runId, answer) => answerQuestion(client, dag, runId, answer),
  };
}

/** Whether the account may also start runs shows at the first start only: to ask would be to start one. */
async function check(client: AirflowClient): Promise<string> {
  const { version } = await client.server();
  const { total_entries: count } = await listDags(client, 1);
  const path = ['dags', '~', 'dagRuns'];
  const runs = await client.ask({ method: 'GET', path, query: { limit: '1' } }, z.unknown());
  if (!runs.ok) throw new Refusal(refused(runs, '~'));
  const dags = count === 0 ? 'no DAG that this account may see' : count === 1 ? '1 DAG' : `${count} DAGs`;
  return `Airflow ${version}, ${dags}`;
}

async function listDags(client: AirflowClient, most: number): Promise<z.infer<typeof Dags>> {
  const answer = await client.ask({ method: 'GET', path: ['dags'], query: { limit: String(most) } }, Dags);
  if (!answer.ok) throw new Refusal(refused(answer, '~'));
  return answer.body;
}
