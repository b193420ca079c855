import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Failure } from '../../lib/outgoing.ts';
import { answerOf, pauseBeforeNext } from '../../lib/persistent.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { KubeflowClient, KubeflowRequest } from './client.ts';
import { reported } from './errors.ts';
import { Run, runsNamed, terminate } from './runs.ts';

/**
 * Kubeflow lets nobody choose the id of a run, so the name is the key: it is looked for before every try, and after
 * one whose answer was lost there is no other try, only more looking.
 */
export async function startOnce(
  client: KubeflowClient,
  name: string,
  requested: () => Promise<KubeflowRequest>,
): Promise<Run> {
  let request: KubeflowRequest | undefined;
  let outcome: Answer | Failure | undefined;
  let pauseMs = 0;
  for (const pause of [...client.pauses, 0]) {
    await wait(pauseMs);
    const found = await theOne(client, name);
    if (found) return found;
    pauseMs = pause;
    if (outcome && isUnclear(outcome)) continue;
    request ??= await requested();
    outcome = await client.send(request);
    if (outcome.kind === 'answer' && outcome.status < 300) {
      const made = client.read(request, outcome, Run);
      if (made.ok) return (await theOne(client, name)) ?? made.body;
    }
    const longer = pauseBeforeNext(outcome, pause);
    if (longer === undefined) break;
    pauseMs = longer;
  }
  return (await theOne(client, name)) ?? refused(client, request, outcome);
}

/**
 * Two processes that looked at the same instant have both started one. All of them then see the same order, so each
 * keeps the oldest and ends the others: two trainings would write two versions of one model.
 */
async function theOne(client: KubeflowClient, name: string): Promise<Run | undefined> {
  const [oldest, ...others] = await runsNamed(client, name);
  for (const other of others) await terminate(client, other);
  return oldest;
}

/** Whether a run may still come of it. An error inside of Kubeflow is its last word; that it was away or late is not. */
function isUnclear(outcome: Answer | Failure): boolean {
  if (outcome.kind === 'failure') return outcome.mayHaveArrived;
  const { status, headers } = outcome;
  return status > 500 || (status === 500 && !(headers['content-type'] ?? '').includes('json'));
}

function refused(client: KubeflowClient, request?: KubeflowRequest, outcome?: Answer | Failure): never {
  if (!request || !outcome) throw new Error('unreachable: the first round sends');
  if (isUnclear(outcome)) {
    throw new Refusal('Kubeflow did not say whether it started the run. At the next try I look for it first.');
  }
  const answer = client.read(request, answerOf('Kubeflow', outcome), Run);
  throw new Refusal(answer.ok ? 'Kubeflow started a run and does not show it.' : reported(answer.error));
}
