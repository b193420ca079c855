import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { airflowPipelines } from '../../src/integrations/airflow/airflow.ts';
import type { Pipelines, RunParams, RunState } from '../../src/ports.ts';

interface Server {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

const Token = z.object({ access_token: z.string() });
const One = z.record(z.string(), z.unknown());
const Waiting = z.object({ hitl_details: z.array(One).min(1) });
const Tasks = z.object({ task_instances: z.array(One).min(1) });
const Dags = z.object({ dags: z.array(One) });

/** Asks a server by hand, as another client of it would. */
async function rest({ url, username, password }: Server, method: string, path: string, body?: unknown) {
  const headers = { 'content-type': 'application/json' };
  const signIn = { method: 'POST', headers, body: JSON.stringify({ username, password }) };
  const { access_token } = Token.parse(await (await fetch(`${url}/auth/token`, signIn)).json());
  const response = await fetch(`${url}/api/v2/${path}`, {
    method,
    headers: { ...headers, authorization: `Bearer ${access_token}` },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

/**
 * What must hold of the stand-in and of a real Airflow 3 alike, with the DAGs of test/real/airflow-dags.ts: `train`
 * (fails where it is told to), `sleeping` (paused), `broken` (does not load), `asking` (waits for a person).
 */
export function pipelinesSuite(server: () => Server, every: number): void {
  const patience = { timeout: 120_000, interval: every };
  const pipelines = (): Pipelines => {
    const { url, username, password } = server();
    return airflowPipelines({ url, auth: { username, password }, allowedHosts: ['127.0.0.1'] });
  };
  const start = async (dag: string, params: RunParams = {}) =>
    await pipelines().start(dag, { triggerId: `pitcrew-${randomUUID()}`, params, note: 'drift alert 7' });
  const becomes = async (dag: string, runId: string, state: RunState) => {
    await expect.poll(async () => (await pipelines().status(dag, runId))?.state, patience).toBe(state);
    return await pipelines().status(dag, runId);
  };
  const asking = async () => {
    const { runId } = await start('asking');
    await expect.poll(() => pipelines().questions('asking', runId), patience).toHaveLength(1);
    const [question] = await pipelines().questions('asking', runId);
    return { runId, question };
  };

  it('says what it is and which DAGs it has', async () => {
    expect(await pipelines().check()).toBe('Airflow 3.1.5, 3 DAGs');
    expect((await pipelines().list()).map(({ id }) => id)).toEqual(['asking', 'sleeping', 'train']);
  });

  it('is followed to success, and says what it made and when', async () => {
    expect(await pipelines().obstacle('train')).toBeUndefined();
    const { runId, url } = await start('train', { version: '7' });
    expect(url).toBe(`${server().url}/dags/train/runs/${runId}`);
    const run = await becomes('train', runId, 'succeeded');
    expect(run).toMatchObject({ said: { version: '7' } });
    expect(run?.startedAt?.getTime()).toBeLessThanOrEqual(run?.endedAt?.getTime() ?? 0);
  });

  it('is followed to failure, and names the task', async () => {
    const { runId } = await start('train', { fail: true });
    expect(await becomes('train', runId, 'failed')).toMatchObject({ detail: 'failed: fit' });
    const { body } = await rest(server(), 'GET', `dags/train/dagRuns/${runId}/taskInstances?state=failed`);
    const [task = {}] = Tasks.parse(body).task_instances;
    expect(Object.keys(task).toSorted()).toEqual(taskKeys);
  });

  it('starts once for one trigger, however often it is asked', async () => {
    const run = { triggerId: `pitcrew-${randomUUID()}`, params: {}, note: '' };
    const all = await Promise.all([1, 2, 3].map(() => pipelines().start('train', run)));
    expect(all).toEqual([all[0], all[0], all[0]]);
    await becomes('train', run.triggerId, 'succeeded');
    expect(await pipelines().start('train', run)).toEqual(all[0]);
  });

  it('says what stands in the way: paused, missing, broken', async () => {
    expect(await pipelines().obstacle('sleeping')).toContain(
      'The DAG "sleeping" is paused, so a run would wait for ever',
    );
    expect(await pipelines().obstacle('nothing')).toContain('Airflow has no DAG named "nothing".');
    expect(await pipelines().obstacle('broken')).toContain(
      "cannot be loaded: ModuleNotFoundError: No module named 'a_package_that_is_not_there'",
    );
    await expect(start('nothing')).rejects.toThrow('Airflow has no DAG named "nothing"');
    await expect(start('broken')).rejects.toThrow('Airflow has no DAG named "broken"');
  });

  it('a paused DAG takes a run and starts none', async () => {
    const { runId } = await start('sleeping');
    await new Promise((done) => setTimeout(done, every * 4));
    expect(await pipelines().status('sleeping', runId)).toEqual({ state: 'queued' });
  });

  it('knows no run that was never started', async () => {
    expect(await pipelines().status('train', 'pitcrew-nobody')).toBeUndefined();
    expect(await pipelines().questions('train', 'pitcrew-nobody')).toEqual([]);
  });

  it('stops a run, and leaves one alone that is over', async () => {
    const { runId } = await start('asking');
    await pipelines().cancel('asking', runId);
    expect(await pipelines().status('asking', runId)).toMatchObject({ state: 'failed' });
    const over = await start('train');
    await becomes('train', over.runId, 'succeeded');
    await pipelines().cancel('train', over.runId);
    expect(await pipelines().status('train', over.runId)).toMatchObject({ state: 'succeeded' });
  });

  it('a run that was deleted is not there', async () => {
    const { runId } = await start('sleeping');
    expect((await rest(server(), 'DELETE', `dags/sleeping/dagRuns/${runId}`)).status).toBe(204);
    expect(await pipelines().status('sleeping', runId)).toBeUndefined();
  });

  it('waits for a person, and takes one answer', async () => {
    const { runId, question } = await asking();
    expect(question).toMatchObject({ subject: 'Is the new model good?', body: 'AUC 0.93', assigned: [] });
    expect(question?.options).toEqual(['Approve', 'Reject']);
    const answer = { key: question?.key ?? '', option: 'Approve', note: 'answered in Slack by Olga' };
    await expect(pipelines().answer('asking', runId, { ...answer, option: 'Perhaps' })).rejects.toThrow('"Perhaps"');
    await pipelines().answer('asking', runId, answer);
    expect(await pipelines().questions('asking', runId)).toEqual([]);
    const { body } = await rest(server(), 'GET', `dags/asking/dagRuns/${runId}/hitlDetails`);
    expect(Waiting.parse(body).hitl_details[0]).toMatchObject({ task_instance: { note: answer.note } });
    await expect(pipelines().answer('asking', runId, answer)).rejects.toThrow('answered this in Airflow already');
    await expect(pipelines().answer('asking', runId, { ...answer, key: 'nobody:-1' })).rejects.toThrow('no longer');
  });

  it('says in words that the password is wrong', async () => {
    const { url, username } = server();
    const wrong = airflowPipelines({ url, auth: { username, password: 'no' }, allowedHosts: ['127.0.0.1'] });
    await expect(wrong.check()).rejects.toThrow('Airflow did not accept the user name and password, or the token.');
    const odd = airflowPipelines({ url, auth: { token: 'no' }, allowedHosts: ['127.0.0.1'] });
    await expect(odd.check()).rejects.toThrow('Airflow did not accept the user name and password, or the token.');
  });

  it('says what answers under a wrong address', async () => {
    const lost = airflowPipelines({ url: `${server().url}/prefix`, allowedHosts: ['127.0.0.1'] });
    await expect(lost.check()).rejects.toThrow(/^A web page answered at 127\.0\.0\.1:\d+/);
  });

  const runs = 'dags/train/dagRuns';
  const wrongIn = (name: string, type: string) => [{ type, loc: ['body', name] }];
  const stem = { logical_date: null };
  it.each([
    ['POST', runs, { dag_run_id: 'r' }, 422, wrongIn('logical_date', 'missing')],
    ['POST', runs, { ...stem, partition_key: 'x' }, 422, wrongIn('partition_key', 'extra_forbidden')],
    ['POST', runs, { ...stem, dag_run_id: 5 }, 422, wrongIn('dag_run_id', 'string_type')],
    ['POST', runs, { ...stem, conf: [] }, 422, wrongIn('conf', 'dict_type')],
    ['POST', runs, { logical_date: 'yesterday' }, 422, wrongIn('logical_date', 'datetime_from_date_parsing')],
    ['POST', runs, '{', 422, [{ type: 'json_invalid', msg: 'JSON decode error' }]],
    ['POST', 'dags/nothing/dagRuns', stem, 404, "DAG with dag_id: 'nothing' not found"],
    ['POST', 'dags/broken/dagRuns', stem, 404, "DAG with dag_id: 'broken' not found"],
    ['GET', 'dags/nothing', undefined, 404, 'The Dag with ID: `nothing` was not found'],
    ['GET', `${runs}/none`, undefined, 404, 'The DagRun with dag_id: `train` and run_id: `none` was not found'],
    ['PATCH', `${runs}/none`, { state: 'canceled' }, 422, wrongIn('state', 'enum')],
    ['PATCH', `${runs}/none`, { state: 'failed', x: 1 }, 422, wrongIn('x', 'extra_forbidden')],
    [
      'PATCH',
      `${runs}/none`,
      { state: 'failed' },
      404,
      'The DagRun with dag_id: `train` and run_id: `none` was not found',
    ],
    ['GET', `${runs}/none/taskInstances`, undefined, 404, 'DagRun with run_id: `none` was not found'],
    [
      'GET',
      `${runs}/none/taskInstances/fit/xcomEntries/pitcrew`,
      undefined,
      404,
      'XCom entry with key: `pitcrew` not found',
    ],
    ['GET', 'dags?limit=abc', undefined, 422, [{ type: 'int_parsing', loc: ['query', 'limit'] }]],
    ['PUT', runs, {}, 405, 'Method Not Allowed'],
  ])('answers %s %s of %j with %d', async (method, path, body, status, detail) => {
    expect(await rest(server(), method, path, body)).toMatchObject({ status, body: { detail } });
  });

  it('answers 409 to the same id, and says so in the same form', async () => {
    const body = { dag_run_id: `r-${randomUUID()}`, logical_date: null };
    expect((await rest(server(), 'POST', 'dags/sleeping/dagRuns', body)).status).toBe(200);
    expect(await rest(server(), 'POST', 'dags/sleeping/dagRuns', body)).toMatchObject({
      status: 409,
      body: { detail: { reason: 'Unique constraint violation', message: expect.stringContaining('Serious error') } },
    });
  });

  it('has the same shapes in its answers', async () => {
    const { runId } = await start('train', { version: '8' });
    await becomes('train', runId, 'succeeded');
    const ask = async (path: string) => (await rest(server(), 'GET', path)).body;
    const keys = (body: unknown) => Object.keys(One.parse(body)).toSorted();
    expect(keys(await ask(`${runs}/${runId}`))).toEqual(runKeys);
    expect(keys(Dags.parse(await ask('dags')).dags[0])).toEqual(dagKeys);
    expect(keys(await ask('dags/train'))).toEqual(dagKeys);
    const xcoms = `${runs}/${runId}/taskInstances/~/xcomEntries?xcom_key=pitcrew`;
    expect(await ask(xcoms)).toMatchObject({ xcom_entries: [{ task_id: 'fit', map_index: -1 }], total_entries: 1 });
    expect(await ask(`${runs}/${runId}/taskInstances/~/xcomEntries?xcom_key=other`)).toMatchObject({
      total_entries: 0,
    });
    const xcom = await ask(`${runs}/${runId}/taskInstances/fit/xcomEntries/pitcrew`);
    expect(xcom).toMatchObject({ value: { version: '8' } });
    expect(keys(xcom)).toEqual(xcomKeys);
    const asked = await asking();
    const waiting = Waiting.parse(await ask(`dags/asking/dagRuns/${asked.runId}/hitlDetails`)).hitl_details[0];
    expect(keys(waiting)).toEqual(questionKeys);
    expect(keys(waiting?.['task_instance'])).toEqual(taskKeys);
    expect(waiting).toMatchObject({ task_instance: { state: 'deferred', map_index: -1 }, response_received: false });
  });
}

const sorted = (text: string) => text.trim().split(/\s+/).toSorted();
const runKeys = sorted(`dag_run_id dag_id logical_date queued_at start_date end_date duration data_interval_start
  data_interval_end run_after last_scheduling_decision run_type state triggered_by triggering_user_name conf note
  dag_versions bundle_version dag_display_name`);
const dagKeys = sorted(`dag_id dag_display_name is_paused is_stale last_parsed_time last_parse_duration last_expired
  bundle_name bundle_version relative_fileloc fileloc description timetable_summary timetable_description tags
  max_active_tasks max_active_runs max_consecutive_failed_dag_runs has_task_concurrency_limits has_import_errors
  next_dagrun_logical_date next_dagrun_data_interval_start next_dagrun_data_interval_end next_dagrun_run_after owners
  file_token`);
const taskKeys =
  sorted(`id task_id dag_id dag_run_id map_index logical_date run_after start_date end_date duration state
  try_number max_tries task_display_name dag_display_name hostname unixname pool pool_slots queue priority_weight operator
  operator_name queued_when scheduled_when pid executor executor_config note rendered_map_index rendered_fields trigger
  triggerer_job dag_version`);
const xcomKeys = sorted(
  'key timestamp logical_date map_index task_id dag_id run_id dag_display_name task_display_name value',
);
const questionKeys = sorted(`task_instance options subject body defaults multiple params assigned_users created_at
  responded_by_user responded_at chosen_options params_input response_received`);
