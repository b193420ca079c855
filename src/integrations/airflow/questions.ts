import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { RunQuestion } from '../../ports.ts';
import { clip } from '../../slack/limits.ts';
import type { AirflowClient } from './client.ts';
import { refused } from './errors.ts';

const User = z.object({ id: z.string(), name: z.string().nullish() });
const Detail = z.object({
  task_instance: z.object({ task_id: z.string(), map_index: z.number().default(-1), state: z.string().nullish() }),
  subject: z.string(),
  body: z.string().nullish(),
  options: z.array(z.string()),
  params: z.record(z.string(), z.unknown()).nullish(),
  assigned_users: z.array(User).nullish(),
  response_received: z.boolean().default(false),
  chosen_options: z.array(z.string()).nullish(),
  responded_by_user: User.nullish(),
});
type Detail = z.infer<typeof Detail>;
const Details = z.object({ hitl_details: z.array(Detail) });

/** Of a task that ended without an answer, as after its time ran out: nobody waits any more. */
const ended = new Set(['success', 'failed', 'skipped', 'upstream_failed', 'removed']);
const nameOf = ({ id, name }: z.infer<typeof User>) => name ?? id;
/** What wants words or numbers beside the choice has its form in Airflow, and is only shown here. */
const offered = ({ options, params }: Detail) => (Object.keys(params ?? {}).length > 0 ? [] : options);
const assignedOf = ({ assigned_users: users }: Detail) => (users ?? []).map(nameOf);

/** Tasks that wait for a person (human in the loop); Airflow has them since 3.1. */
export async function questionsOf(client: AirflowClient, dag: string, runId: string): Promise<RunQuestion[]> {
  if ((await client.server()).api === 'v1') return [];
  const path = ['dags', dag, 'dagRuns', runId, 'hitlDetails'];
  const query = { response_received: 'false', limit: '20' };
  const answer = await client.ask({ method: 'GET', path, query }, Details);
  // Before 3.1 there is no such page, and where it may not be seen nothing can be answered either.
  if (!answer.ok) return [];
  return answer.body.hitl_details
    .filter(({ response_received: answered, task_instance: task }) => !answered && !ended.has(task.state ?? ''))
    .map((detail) => ({
      key: `${detail.task_instance.task_id}:${detail.task_instance.map_index}`,
      subject: detail.subject,
      body: detail.body ?? '',
      options: offered(detail),
      assigned: assignedOf(detail),
    }));
}

/** Airflow takes any text as an answer and then lets the task fail, so it is compared with the options here. */
export async function answerQuestion(
  client: AirflowClient,
  dag: string,
  runId: string,
  { key, option, note }: { key: string; option: string; note: string },
): Promise<void> {
  const split = key.lastIndexOf(':');
  const task = ['dags', dag, 'dagRuns', runId, 'taskInstances', key.slice(0, split), key.slice(split + 1)];
  const detail = await detailOf(client, task);
  if (detail.response_received) throw answered(detail);
  if (!offered(detail).includes(option)) {
    throw new Refusal(
      offered(detail).length > 0
        ? `Airflow offers ${detail.options.join(', ')} here, not "${option}".`
        : 'Airflow asks for more than a choice here: please answer it there.',
    );
  }
  const body = { chosen_options: [option], params_input: {} };
  const answer = await client.ask({ method: 'PATCH', path: [...task, 'hitlDetails'], body }, z.unknown());
  if (!answer.ok) await checkTaken(client, task, answer, detail, option);
  if (note) await noted(client, task, note);
}

/** Who it was in Slack, for those who look in Airflow; the answer stands also where this fails. */
async function noted(client: AirflowClient, task: readonly string[], note: string): Promise<void> {
  const body = { note: clip(note, 1000) };
  await client.ask({ method: 'PATCH', path: task, body }, z.unknown()).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
  });
}

/** A 409 is also what a repeated call gets whose first answer was lost. */
async function checkTaken(
  client: AirflowClient,
  task: readonly string[],
  answer: { status: number; says: string },
  before: Detail,
  option: string,
): Promise<void> {
  const names = assignedOf(before);
  if (answer.status === 409) {
    const now = await detailOf(client, task);
    if (now.chosen_options?.length === 1 && now.chosen_options[0] === option) return;
    throw answered(now);
  }
  if (answer.status === 403 && names.length > 0) {
    throw new Refusal(`Airflow lets only ${names.join(', ')} answer this: please answer it in Airflow.`);
  }
  throw new Refusal(refused(answer, task[1] ?? ''));
}

async function detailOf(client: AirflowClient, task: readonly string[]): Promise<Detail> {
  const answer = await client.ask({ method: 'GET', path: [...task, 'hitlDetails'] }, Detail);
  if (answer.ok) return answer.body;
  if (answer.status === 404) throw new Refusal('Airflow no longer waits for this answer.');
  throw new Refusal(refused(answer, task[1] ?? ''));
}

function answered({ responded_by_user: by, chosen_options: chosen }: Detail): Refusal {
  const who = by ? nameOf(by) : 'Somebody';
  return new Refusal(`${who} answered this in Airflow already: ${(chosen ?? []).join(', ')}.`);
}
