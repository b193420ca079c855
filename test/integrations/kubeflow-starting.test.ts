import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kubeflowPipelines } from '../../src/integrations/kubeflow/kubeflow.ts';
import { fittedTo } from '../../src/integrations/kubeflow/parameters.ts';
import { type LocalKubeflow, startLocalKubeflow } from '../support/kubeflow.ts';

let server: LocalKubeflow;
let clock = new Date('2026-03-01T09:00:00Z');
const start = async (options: Parameters<typeof startLocalKubeflow>[0] = {}) => {
  server = await startLocalKubeflow({ pipelines: [{ name: 'churn', versions: 2 }], now: () => clock, ...options });
};
beforeEach(() => start());
afterEach(() => server.close());

const kubeflow = (more: object = {}) =>
  kubeflowPipelines({ url: server.url, allowedHosts: ['127.0.0.1'], timeoutMs: 200, pauses: [1, 1], ...more });
const trigger = { triggerId: 'pitcrew-1', params: { epochs: 3, drop: ['2026-02'] }, note: 'drift alert 7' };
const posts = () => server.calls.filter(({ method, path }) => method === 'POST' && path === 'runs');
const live = () => server.runs.filter(({ state }) => state !== 'CANCELING' && state !== 'CANCELED');

describe('a start', () => {
  it('runs the newest version with the parameters, under our name', async () => {
    const { runId, url } = await kubeflow().start('churn', trigger);
    expect(url).toBe(`${server.url}/#/runs/details/${runId}`);
    const versions = server.calls.find(({ path }) => path.endsWith('/versions'))?.answer?.body;
    const newest = Object(versions).pipeline_versions[0].pipeline_version_id;
    expect(Object(versions).pipeline_versions).toMatchObject([{ display_name: 'v2' }]);
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.body).toEqual({
      display_name: 'pitcrew-1',
      description: 'drift alert 7',
      pipeline_version_reference: { pipeline_id: expect.any(String), pipeline_version_id: newest },
      runtime_config: { parameters: { epochs: 3, drop: ['2026-02'] } },
    });
  });

  it('asked again is the same run, even after the run failed and the pipeline is gone', async () => {
    const first = await kubeflow().start('churn', trigger);
    Object.assign(server.runs[0] ?? {}, { state: 'FAILED' });
    expect(await kubeflow().start('a pipeline that was deleted', trigger)).toEqual(first);
    expect(posts()).toHaveLength(1);
    const other = await kubeflow().start('churn', { ...trigger, triggerId: 'pitcrew-2' });
    expect(other.runId).not.toBe(first.runId);
  });

  it('finds its run on a later page, also where a proxy drops the filter', async () => {
    await server.close();
    await start({ mostPerPage: 2, dropsFilter: true });
    for (const n of [1, 2, 3, 4, 5]) await kubeflow().start('churn', { ...trigger, triggerId: `pitcrew-${n}` });
    const again = await kubeflow().start('churn', { ...trigger, triggerId: 'pitcrew-4' });
    expect(again.runId).toBe(server.runs[3]?.run_id);
    expect(server.runs).toHaveLength(5);
    expect(server.calls.at(-1)?.query['page_token']).toBe('4');
  });

  it('is not risked where the runs are too many to look through', async () => {
    await kubeflow().start('churn', trigger);
    const [run = never()] = server.runs.splice(0);
    await server.close();
    await start({ mostPerPage: 1, dropsFilter: true });
    for (let n = 0; n < 51; n += 1) server.runs.push({ ...run, run_id: `run-${n}` });
    await expect(kubeflow().start('churn', { ...trigger, triggerId: 'pitcrew-2' })).rejects.toThrow(
      'Kubeflow lists more runs than I can search',
    );
    expect(posts()).toEqual([]);
  });

  it('gives text that people typed in the types that the pipeline declares', async () => {
    await server.close();
    const parameters = { a: 'NUMBER_INTEGER', b: 'NUMBER_DOUBLE', c: 'BOOLEAN', d: 'STRING', e: 'LIST', f: 'STRING' };
    await start({ pipelines: [{ name: 'churn', parameters }] });
    const params = { a: ' 3', b: '1e-3', c: 'True', d: '2026', e: '2026-02, 2026-03', f: 7 };
    await kubeflow().start('churn', { ...trigger, params });
    const given = { a: 3, b: 0.001, c: true, d: '2026', e: ['2026-02', '2026-03'], f: '7' };
    expect(posts()[0]?.body).toMatchObject({ runtime_config: { parameters: given } });
  });

  it.each([
    [
      { epochs: 'many' },
      'Kubeflow says: Failed to create a new run: InvalidInputError: input parameter epochs requires',
    ],
    [{ epochs: '3', rate: '1' }, 'not required by pipeline: rate.'],
  ])('with %j is refused in the words of Kubeflow, and not tried again', async (params, words) => {
    await server.close();
    await start({ pipelines: [{ name: 'churn', parameters: { epochs: 'NUMBER_INTEGER' } }] });
    await expect(kubeflow().start('churn', { ...trigger, params })).rejects.toThrow(words);
    expect(posts()).toHaveLength(1);
  });

  it('is not sent where there is nothing to start', async () => {
    await server.close();
    await start({ pipelines: [{ name: 'churn', versions: 0 }] });
    await expect(kubeflow().start('churn', trigger)).rejects.toThrow(
      'The pipeline "churn" has no version in Kubeflow.',
    );
    await expect(kubeflow().start('other', trigger)).rejects.toThrow('Kubeflow has no pipeline named "other".');
    expect(posts()).toEqual([]);
  });

  it('reads what the pipeline declares also below settings of the platform, and where nothing is declared', () => {
    const root = { inputDefinitions: { parameters: { a: { parameterType: 'NUMBER_INTEGER' } } } };
    expect(fittedTo({ pipeline_spec: { root }, platform_spec: {} }, { a: '1' })).toEqual({ a: 1 });
    expect(fittedTo({ root: {} }, { a: '1' })).toEqual({ a: '1' });
    expect(fittedTo(undefined, { a: '1' })).toEqual({ a: '1' });
  });
});

describe('a start whose answer is lost', () => {
  it.each(['lostAnswer', 'hang', '502', '503'] as const)('%s: nothing is sent a second time', async (kind) => {
    server.fault({ kind, on: 'POST runs', times: 9 });
    const started = kubeflow().start('churn', trigger);
    if (kind === 'lostAnswer') {
      const { runId } = await started;
      expect(server.runs.map(({ run_id }) => run_id)).toEqual([runId]);
    } else {
      await expect(started).rejects.toThrow(
        'Kubeflow did not say whether it started the run. At the next try I look for it first.',
      );
      expect(server.runs).toEqual([]);
    }
    expect(posts()).toHaveLength(1);
  });

  it('is found when it shows late, and by whoever asks next', async () => {
    server.fault({ kind: 'lostAnswer', on: 'POST runs', times: 1 });
    const earlier = await kubeflow().start('churn', trigger);
    const [slow = never()] = server.runs.splice(0);
    server.fault({ kind: 'hang', on: 'POST runs', times: 1 });
    const started = kubeflow().start('churn', trigger);
    await expect.poll(posts).toHaveLength(2);
    server.runs.push(slow);
    expect(await started).toEqual(earlier);
    expect(await kubeflow().start('churn', trigger)).toEqual(earlier);
    expect(posts()).toHaveLength(2);
  });

  it('and cannot be looked for is not sent again', async () => {
    server.fault({ kind: 'lostAnswer', on: 'POST runs', times: 1 });
    server.fault({ kind: '500', on: 'GET runs', after: 1, times: 9 });
    await expect(kubeflow().start('churn', trigger)).rejects.toThrow('db is away');
    expect(server.runs).toHaveLength(1);
    expect(posts()).toHaveLength(1);
  });
});

describe('a start that Kubeflow did not take', () => {
  it.each(['500', '429'] as const)('%s: is sent again, after a look', async (kind) => {
    server.fault({ kind, on: 'POST runs', times: 2 });
    const { runId } = await kubeflow().start('churn', trigger);
    expect(server.runs.map(({ run_id }) => run_id)).toEqual([runId]);
    const kinds = server.calls.filter(({ path }) => path === 'runs').map(({ method }) => method);
    expect(kinds).toEqual(['GET', 'POST', 'GET', 'POST', 'GET', 'POST', 'GET']);
  });

  it('three times is told', async () => {
    server.fault({ kind: '500', on: 'POST runs', times: 9 });
    await expect(kubeflow().start('churn', trigger)).rejects.toThrow('db is away');
    expect(posts()).toHaveLength(3);
  });
});

describe('two processes that start at the same instant', () => {
  // Of the second in which both were made, or of the next: who is older must not depend on who looks.
  it.each([0, 1000])('leave one run, %i ms apart on the clock of Kubeflow', async (apart) => {
    clock = new Date('2026-03-01T09:00:00.100Z');
    await server.close();
    await start({ now: () => (clock = new Date(clock.getTime() + apart)) });
    server.meet('POST runs', 2);
    const started = await Promise.all([kubeflow().start('churn', trigger), kubeflow().start('churn', trigger)]);
    expect(server.runs).toHaveLength(2);
    expect(live()).toHaveLength(1);
    const states = await Promise.all(started.map(({ runId }) => kubeflow().status('churn', runId)));
    expect(states).toEqual([{ state: 'queued' }, { state: 'queued' }]);
    const again = await kubeflow().start('churn', trigger);
    expect(again.runId).toBe(live()[0]?.run_id);
  });

  it('are followed to the end of the run that was kept, and stopped with it', async () => {
    server.meet('POST runs', 2);
    const started = await Promise.all([kubeflow().start('churn', trigger), kubeflow().start('churn', trigger)]);
    for (const run of server.runs) run.state = run.state === 'CANCELING' ? 'CANCELED' : 'RUNNING';
    const ids = [...new Set([...started.map(({ runId }) => runId), ...server.runs.map(({ run_id }) => run_id)])];
    expect(ids).toHaveLength(2);
    for (const id of ids) expect((await kubeflow().status('churn', id))?.state).toBe('running');
    await kubeflow().cancel('churn', server.runs.find(({ state }) => state === 'CANCELED')?.run_id ?? '');
    expect(live()).toEqual([]);
  });

  it('of which one died in between leave one run as soon as anybody asks again', async () => {
    await kubeflow().start('churn', trigger);
    server.runs.push({ ...structuredClone(server.runs[0] ?? never()), run_id: 'ffffffff-made-by-the-other' });
    await kubeflow().start('churn', trigger);
    expect(live().map(({ run_id }) => run_id)).toEqual([server.runs[0]?.run_id]);
  });
});

function never(): never {
  throw new Error('there is a run');
}
