import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { airflowPipelines } from '../../src/integrations/airflow/airflow.ts';
import type { Pipelines, RunStatus } from '../../src/ports.ts';
import { installAirflow, type RealAirflow, startRealAirflow } from '../support/airflow.ts';
import { askingDag, brokenDag, pausedDag, trainDag } from './airflow-dags.ts';

const installed = await installAirflow();
if (!installed.ok) console.warn(`The real Airflow is not tested: ${installed.why}.`);

describe.runIf(installed.ok)('a real Airflow', () => {
  let server: RealAirflow;
  let pipelines: Pipelines;
  beforeAll(async () => {
    server = await startRealAirflow({
      'train.py': trainDag,
      'sleeping.py': pausedDag,
      'broken.py': brokenDag,
      'asking.py': askingDag,
    });
    const { url, username, password } = server;
    pipelines = airflowPipelines({ url, auth: { username, password }, allowedHosts: ['127.0.0.1'] });
    const wanted = ['asking', 'sleeping', 'train'];
    await vi.waitFor(async () => expect((await pipelines.list()).map(({ id }) => id)).toEqual(wanted), {
      timeout: 90_000,
      interval: 1000,
    });
  }, 300_000);
  afterAll(() => server?.close());

  const ended = (dag: string, id: string): Promise<RunStatus | undefined> =>
    expect
      .poll(() => pipelines.status(dag, id), { timeout: 120_000, interval: 500 })
      .toSatisfy((run?: RunStatus) => run?.state === 'succeeded' || run?.state === 'failed')
      .then(() => pipelines.status(dag, id));
  const started = async (dag: string, params: Record<string, string | boolean> = {}) => {
    const triggerId = `pitcrew-${randomUUID()}`;
    return await pipelines.start(dag, { triggerId, params, note: 'drift alert 7' });
  };

  it('says what it is', async () => {
    expect(await pipelines.check()).toBe('Airflow 3, 3 DAGs');
  });

  it('is followed to success, and says what it made', async () => {
    expect(await pipelines.obstacle('train')).toBeUndefined();
    const { runId, url } = await started('train', { version: '7' });
    expect(url).toBe(`${server.url}/dags/train/runs/${runId}`);
    expect(await ended('train', runId)).toMatchObject({ state: 'succeeded', said: { version: '7' } });
  }, 150_000);

  it('is followed to failure, and names the task', async () => {
    const { runId } = await started('train', { fail: true });
    expect(await ended('train', runId)).toMatchObject({ state: 'failed', detail: 'failed: fit' });
  }, 150_000);

  it('starts once for one trigger, however often it is asked', async () => {
    const run = { triggerId: `pitcrew-${randomUUID()}`, params: {}, note: '' };
    const first = await pipelines.start('train', run);
    expect(await pipelines.start('train', run)).toEqual(first);
    await ended('train', first.runId);
    expect(await pipelines.start('train', run)).toEqual(first);
  }, 150_000);

  it('says what stands in the way: paused, missing, broken', async () => {
    expect(await pipelines.obstacle('sleeping')).toContain(
      'The DAG "sleeping" is paused, so a run would wait for ever',
    );
    expect(await pipelines.obstacle('nothing')).toBe('Airflow has no DAG named "nothing".');
    expect(await pipelines.obstacle('broken')).toContain(
      "cannot be loaded: ModuleNotFoundError: No module named 'a_package_that_is_not_there'",
    );
    await expect(started('nothing')).rejects.toThrow('Airflow has no DAG named "nothing"');
  });

  it('knows no run that was never started', async () => {
    expect(await pipelines.status('train', 'pitcrew-nobody')).toBeUndefined();
  });

  it('stops a run', async () => {
    const { runId } = await started('asking');
    await pipelines.cancel('asking', runId);
    expect(await pipelines.status('asking', runId)).toMatchObject({ state: 'failed' });
  });

  it('waits for a person, and takes the answer once', async () => {
    const { runId } = await started('asking');
    await expect
      .poll(() => pipelines.questions('asking', runId), { timeout: 120_000, interval: 500 })
      .toMatchObject([{ subject: 'Is the new model good?', body: 'AUC 0.93', options: ['Approve', 'Reject'] }]);
    const [question] = await pipelines.questions('asking', runId);
    const answer = { key: question?.key ?? '', option: 'Approve', note: '' };
    await pipelines.answer('asking', runId, answer);
    expect(await pipelines.questions('asking', runId)).toEqual([]);
    await expect(pipelines.answer('asking', runId, answer)).rejects.toThrow(
      'Somebody answered this in Airflow already',
    );
  }, 150_000);

  it('says in words that the password is wrong', async () => {
    const wrong = airflowPipelines({
      url: server.url,
      auth: { username: server.username, password: 'no' },
      allowedHosts: ['127.0.0.1'],
    });
    await expect(wrong.check()).rejects.toThrow('Airflow did not accept the user name and password, or the token.');
  });
});
