import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { RunQuestion } from '../../ports.ts';
import type { AirflowClient } from './client.ts';

const Waiting = z.object({
  task_instance: z.object({ task_id: z.string(), map_index: z.number().default(-1) }),
  subject: z.string(),
  body: z.string().nullish(),
  options: z.array(z.string()),
  assigned_users: z.array(z.object({ id: z.string(), name: z.string().nullish() })).default([]),
  response_received: z.boolean().default(false),
});
const Details = z.object({ hitl_details: z.array(Waiting) });

/** Tasks that wait for a person (human in the loop); Airflow has them since 3.1. */
export async function questionsOf(client: AirflowClient, dag: string, runId: string): Promise<RunQuestion[]> {
  if ((await client.api()) === 'v1') return [];
  const query = { response_received: 'false', limit: '20' };
  const answer = await client.ask(
    { method: 'GET', path: ['dags', dag, 'dagRuns', runId, 'hitlDetails'], query },
    Details,
  );
  // Before 3.1 there is no such page.
  if (!answer.ok) return [];
  return answer.body.hitl_details
    .filter(({ response_received: answered }) => !answered)
    .map(({ task_instance: task, subject, body, options, assigned_users: assigned }) => ({
      key: `${task.task_id}:${task.map_index}`,
      subject,
      body: body ?? '',
      options,
      assigned: assigned.map(({ id, name }) => name ?? id),
    }));
}

export async function answerQuestion(
  client: AirflowClient,
  dag: string,
  runId: string,
  { key, option }: { key: string; option: string },
): Promise<void> {
  const split = key.lastIndexOf(':');
  const [task, index] = [key.slice(0, split), key.slice(split + 1)];
  const path = ['dags', dag, 'dagRuns', runId, 'taskInstances', task, index, 'hitlDetails'];
  const body = { chosen_options: [option], params_input: {} };
  const answer = await client.ask({ method: 'PATCH', path, body }, z.unknown());
  if (answer.ok) return;
  if (answer.status === 409) throw new Refusal('Somebody answered this in Airflow already.');
  if (answer.status === 404) throw new Refusal('Airflow no longer waits for this answer.');
  throw new Refusal(`Airflow did not take the answer (${answer.status}): ${answer.says}`);
}
