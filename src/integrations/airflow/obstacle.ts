import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import { clip } from '../../slack/limits.ts';
import type { AirflowClient } from './client.ts';
import { refused } from './errors.ts';

const Dag = z.object({
  is_paused: z.boolean().nullish(),
  /** Of Airflow 2; Airflow 3 has is_stale. */
  is_active: z.boolean().nullish(),
  is_stale: z.boolean().nullish(),
  has_import_errors: z.boolean().nullish(),
  fileloc: z.string().nullish(),
});
const Broken = z.object({ filename: z.string().nullish(), stack_trace: z.string().nullish() });
const ImportErrors = z.object({ import_errors: z.array(Broken) });
type Broken = z.infer<typeof Broken>;

/** Asked before a start: a paused DAG takes every run and starts none. */
export async function obstacleOf(client: AirflowClient, dag: string): Promise<string | undefined> {
  const answer = await client.ask({ method: 'GET', path: ['dags', dag] }, Dag);
  if (!answer.ok && answer.status !== 404) throw new Refusal(refused(answer, dag));
  if (!answer.ok) return missing(dag, await brokenFiles(client));
  const { is_paused: paused, is_stale: stale, is_active: active, has_import_errors: broken, fileloc } = answer.body;
  if (broken === true) {
    const file = (await brokenFiles(client)).find(({ filename }) => filename && fileloc?.endsWith(filename));
    return file
      ? unloadable(dag, file)
      : `The file of the DAG "${dag}" cannot be loaded: Airflow's start page says why.`;
  }
  if (stale === true || active === false) return `Airflow no longer finds the file of the DAG "${dag}".`;
  if (paused === true) {
    return `The DAG "${dag}" is paused, so a run would wait for ever. Unpause it in Airflow, then start it again.`;
  }
  return undefined;
}

/** Empty also where the app's account may not see them. */
async function brokenFiles(client: AirflowClient): Promise<readonly Broken[]> {
  const answer = await client.ask({ method: 'GET', path: ['importErrors'], query: { limit: '100' } }, ImportErrors);
  return answer.ok ? answer.body.import_errors : [];
}

/** Nobody knows which DAGs a file that does not load would have; mostly its name says. */
function missing(dag: string, broken: readonly Broken[]): string {
  const own = broken.find((file) => nameOf(file).replace(/\.py$/, '') === dag);
  if (own) return unloadable(dag, own);
  const [first] = broken;
  const none = `Airflow has no DAG named "${dag}".`;
  return first
    ? `${none} Perhaps it is in a file that cannot be loaded, such as ${nameOf(first)}: ${reason(first)}`
    : none;
}

const unloadable = (dag: string, file: Broken) => `The file of the DAG "${dag}" cannot be loaded: ${reason(file)}`;
const nameOf = ({ filename }: Broken) => filename?.split('/').at(-1) ?? '';

/** The last line of a trace of Python says what is wrong. */
function reason({ stack_trace: trace }: Broken): string {
  return clip((trace ?? '').trimEnd().split('\n').at(-1)?.trim() ?? '', 200);
}
