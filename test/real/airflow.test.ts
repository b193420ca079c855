import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { airflowPipelines } from '../../src/integrations/airflow/airflow.ts';
import { installAirflow, type RealAirflow, startRealAirflow } from '../support/airflow.ts';
import { pipelinesSuite } from '../support/pipelines-suite.ts';
import { askingDag, brokenDag, pausedDag, trainDag } from './airflow-dags.ts';

const installed = await installAirflow();
if (!installed.ok) console.warn(`The real Airflow is not tested: ${installed.why}.`);

describe.runIf(installed.ok)('a real Airflow', { timeout: 150_000 }, () => {
  let server: RealAirflow;
  beforeAll(async () => {
    server = await startRealAirflow({
      'train.py': trainDag,
      'sleeping.py': pausedDag,
      'broken.py': brokenDag,
      'asking.py': askingDag,
    });
    const { url, username, password } = server;
    const pipelines = airflowPipelines({ url, auth: { username, password }, allowedHosts: ['127.0.0.1'] });
    const wanted = ['asking', 'sleeping', 'train'];
    await vi.waitFor(async () => expect((await pipelines.list()).map(({ id }) => id)).toEqual(wanted), {
      timeout: 90_000,
      interval: 1000,
    });
  }, 300_000);
  afterAll(() => server?.close());

  pipelinesSuite(() => server, 500);

  it('says what is missing when the account may only look', async () => {
    const { url, viewer: username, password } = server;
    const pipelines = airflowPipelines({ url, auth: { username, password }, allowedHosts: ['127.0.0.1'] });
    expect(await pipelines.check()).toContain('3 DAGs');
    const run = { triggerId: 'pitcrew-onlooker', params: {}, note: '' };
    await expect(pipelines.start('train', run)).rejects.toThrow('give it a role that may see and start DAG runs');
    expect(await pipelines.status('train', run.triggerId)).toBeUndefined();
  });
});
