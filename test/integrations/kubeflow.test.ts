import { afterEach, describe, expect, it } from 'vitest';
import { reported } from '../../src/integrations/kubeflow/errors.ts';
import { kubeflowPipelines } from '../../src/integrations/kubeflow/kubeflow.ts';
import { Run, statusOf } from '../../src/integrations/kubeflow/runs.ts';
import { Refusal } from '../../src/lib/refusal.ts';
import { type LocalKubeflow, startLocalKubeflow } from '../support/kubeflow.ts';

let server: LocalKubeflow;
afterEach(() => server.close());

const start = async (options: Parameters<typeof startLocalKubeflow>[0] = {}) => {
  server = await startLocalKubeflow({ pipelines: [{ name: 'churn', description: 'Trains churn.' }], ...options });
};
const kubeflow = (more: object = {}) =>
  kubeflowPipelines({ url: server.url, allowedHosts: ['127.0.0.1'], timeoutMs: 200, pauses: [1, 1], ...more });
const trigger = { triggerId: 'pitcrew-1', params: { epochs: 3 }, note: 'drift alert 7' };
const aRun = async (state: string, more: object = {}) => {
  const { runId } = await kubeflow().start('churn', trigger);
  Object.assign(server.runs[0] ?? {}, { state, ...more });
  return runId;
};

describe('what can be started', () => {
  it('is listed by name, with what it is for', async () => {
    await start({ pipelines: [{ name: 'uplift' }, { name: 'churn', description: 'Trains churn.' }] });
    expect(await kubeflow().list()).toEqual([
      { id: 'churn', description: 'Trains churn.' },
      { id: 'uplift', description: '' },
    ]);
    expect(await kubeflow().check()).toBe('Kubeflow Pipelines, 2 pipelines');
  });

  it('is the newest hundred of more', async () => {
    const pipelines = Array.from({ length: 130 }, (_, i) => ({ name: `p${1000 + i}` }));
    await start({ pipelines });
    expect(await kubeflow().list()).toEqual(pipelines.slice(30).map(({ name: id }) => ({ id, description: '' })));
    expect(await kubeflow().check()).toBe('Kubeflow Pipelines, more than 100 pipelines');
    expect(await kubeflow().obstacle('p1000')).toBeUndefined();
  });

  it('is one, or none', async () => {
    await start();
    expect(await kubeflow().check()).toBe('Kubeflow Pipelines, 1 pipeline');
    await server.close();
    await start({ pipelines: [] });
    expect(await kubeflow().check()).toBe('Kubeflow Pipelines, 0 pipelines');
    expect(await kubeflow().list()).toEqual([]);
  });

  it('needs to be there and to have a version', async () => {
    const id = '0d2d6f4e-95ac-4a5d-bd33-3a0b1a1f2c11';
    await start({
      pipelines: [
        { name: 'churn', id },
        { name: 'empty', versions: 0 },
      ],
    });
    expect(await kubeflow().obstacle('churn')).toBeUndefined();
    expect(await kubeflow().obstacle(id)).toBeUndefined();
    expect(await kubeflow().obstacle('nothing')).toBe('Kubeflow has no pipeline named "nothing".');
    expect(await kubeflow().obstacle(id.replace('0d', 'ff'))).toContain('Kubeflow has no pipeline named "ff2d6f4e');
    expect(await kubeflow().obstacle('empty')).toBe(
      'The pipeline "empty" has no version in Kubeflow. Upload one there, then start it again.',
    );
    await expect(kubeflow().start('nothing', trigger)).rejects.toThrow('Kubeflow has no pipeline named "nothing".');
    expect(server.runs).toEqual([]);
  });
});

describe('a Kubeflow that several people share', () => {
  const pipelines = [
    { name: 'churn', namespace: 'team-a', description: 'ours' },
    { name: 'churn', description: 'for all' },
    { name: 'shared' },
    { name: 'secret', namespace: 'team-b' },
  ];
  const shared = { pipelines, multiUser: true, token: 'abc', closed: 'team-b' };
  const access = { auth: { token: 'abc\n' }, space: 'team-a' };

  it('shows what is in our namespace and what is for all', async () => {
    await start(shared);
    expect(await kubeflow(access).list()).toEqual([
      { id: 'churn', description: 'ours' },
      { id: 'shared', description: '' },
    ]);
    expect(await kubeflow(access).obstacle('secret')).toBe('Kubeflow has no pipeline named "secret".');
  });

  it('shows the newest hundred of both together', async () => {
    const named = (n: number, more: object) => ({ name: `p${1000 + n}`, ...more });
    const team = Array.from({ length: 60 }, (_, i) => named(i, { namespace: 'team-a' }));
    const all = Array.from({ length: 60 }, (_, i) => named(60 + i, {}));
    await start({ ...shared, pipelines: [...team, ...all] });
    const names = (await kubeflow(access).list()).map(({ id }) => id);
    expect(names).toEqual([...team, ...all].slice(20).map(({ name }) => name));
    expect(await kubeflow(access).check()).toBe('Kubeflow Pipelines, 120 pipelines');
  });

  it('may have nothing for all', async () => {
    await start({ ...shared, wantsNamespace: true });
    expect(await kubeflow(access).list()).toEqual([{ id: 'churn', description: 'ours' }]);
    await expect(kubeflow({ ...access, space: undefined }).list()).rejects.toThrow('it has to know the namespace');
  });

  it('runs our own pipeline before one of the same name for all, in an experiment that is made once', async () => {
    await start(shared);
    server.meet('POST experiments', 2);
    const [first, second] = await Promise.all([
      kubeflow(access).start('churn', trigger),
      kubeflow(access).start('churn', { ...trigger, triggerId: 'pitcrew-2' }),
    ]);
    await kubeflow(access).start('shared', { ...trigger, triggerId: 'pitcrew-3' });
    expect(server.experiments).toMatchObject([{ name: 'Pitcrew', namespace: 'team-a' }]);
    expect(server.runs.map(({ namespace }) => namespace)).toEqual(['team-a', 'team-a', 'team-a']);
    expect(new Set(server.runs.slice(0, 2).map(({ run_id }) => run_id))).toEqual(new Set([first.runId, second.runId]));
    const started = server.calls.filter(({ method, path }) => method === 'POST' && path === 'runs');
    const ours = server.calls.find(
      ({ query }) => query['namespace'] === 'team-a' && query['filter']?.includes('"churn"'),
    );
    const [mine] = Object(ours?.answer?.body).pipelines;
    expect(started[0]?.body).toMatchObject({ pipeline_version_reference: { pipeline_id: mine.pipeline_id } });
  });

  it('wants a namespace, a token and rights, and each is said', async () => {
    await start(shared);
    const problem = async (more: object, words: string | RegExp) =>
      await expect(kubeflow(more).check()).rejects.toThrow(words);
    await problem(
      { auth: { token: 'abc' } },
      'Several people share this Kubeflow, so it has to know the namespace: add it with /ml connect edit.',
    );
    await problem(
      { ...access, space: 'team-b' },
      'may not do that in the namespace "team-b": bind its service account to the cluster role kubeflow-pipelines-edit',
    );
    await problem({ ...access, auth: { token: 'old' } }, /^Kubeflow did not accept the token: it may have run/);
    await problem({ ...access, auth: { token: 'old' } }, '--audience pipelines.kubeflow.org');
    await problem({ space: 'team-a' }, 'Kubeflow wants callers to sign in: give the token');
    await problem(
      { ...access, auth: { username: 'ann', password: 'x' } },
      'I cannot sign in at Kubeflow with a user name and password',
    );
  });

  it('may start nothing without its namespace', async () => {
    await start(shared);
    await expect(kubeflow({ auth: { token: 'abc' } }).start('shared', trigger)).rejects.toThrow('know the namespace');
    expect(server.runs).toEqual([]);
  });
});

describe('trouble that passes', () => {
  it.each(['500', '502', '503', '429', 'hang', 'lostAnswer'] as const)('%s: a read is tried again', async (kind) => {
    await start();
    const runId = await aRun('RUNNING');
    const before = server.calls.length;
    server.fault({ kind, times: 2 });
    expect((await kubeflow().status('churn', runId))?.state).toBe('running');
    expect(server.calls).toHaveLength(before + 3);
  });
});

describe('trouble that lasts', () => {
  it.each([
    { kind: '500', tries: 3, sentence: 'Kubeflow says: Failed to list runs: InternalServerError: db is away.' },
    { kind: '502', tries: 3, sentence: /^127\.0\.0\.1:\d+ answered with status 502 instead of Kubeflow Pipelines\.$/ },
    { kind: '503', tries: 3, sentence: 'Kubeflow says: starting.' },
    { kind: '429', tries: 3, sentence: 'Kubeflow says: too many.' },
    { kind: 'hang', tries: 3, sentence: 'Kubeflow could not be asked: 127.0.0.1 did not answer within 0.2 s.' },
    { kind: 'lostAnswer', tries: 3, sentence: /^Kubeflow could not be asked: 127\.0\.0\.1 broke the connection/ },
    { kind: 'html', tries: 1, sentence: /^A web page answered at 127\.0\.0\.1:\d+ instead of the API of Kubeflow/ },
    { kind: 'redirect', tries: 1, sentence: /sends me to another page, probably the sign-in page of Dex or Istio/ },
    { kind: 'istio', tries: 1, sentence: 'may not do that (RBAC: access denied): where several people share it' },
  ] as const)('$kind is told in a sentence after $tries tries', async ({ kind, tries, sentence }) => {
    await start();
    server.fault({ kind, times: 9 });
    const outcome = kubeflow().check();
    await expect(outcome).rejects.toBeInstanceOf(Refusal);
    await expect(outcome).rejects.toThrow(sentence);
    expect(server.calls).toHaveLength(tries);
  });

  it('keeps the end of a long sentence, where the reason stands', async () => {
    await start();
    const words = reported({ code: 3, message: `${'Failed to create a run: '.repeat(30)}epochs is no number` });
    expect(words).toMatch(/^Kubeflow says: ….{200,300}: epochs is no number\.$/);
  });

  it('does not wait for minutes', async () => {
    await start();
    server.fault({ kind: '429', times: 9, retryAfter: 600 });
    await expect(kubeflow().list()).rejects.toThrow('Kubeflow says: too many.');
    expect(server.calls).toHaveLength(1);
  });

  it('names a server that has no such API, or another address', async () => {
    await start();
    const url = `${server.url}/apis/v2beta1`;
    await expect(kubeflow({ url }).check()).rejects.toThrow('it never ends with /apis.');
    await expect(kubeflow({ url }).status('churn', 'x')).rejects.toThrow('There is no API of Kubeflow Pipelines 2');
  });

  it('says that nobody is there, and what may not be called', async () => {
    await start();
    await expect(kubeflow({ allowedHosts: [] }).check()).rejects.toThrow('127.0.0.1 is called by https only');
    await server.close();
    await expect(kubeflow().check()).rejects.toThrow('127.0.0.1 refused the connection.');
    await start();
  });
});

describe('a run', () => {
  it.each([
    ['RUNTIME_STATE_UNSPECIFIED', { state: 'queued' }],
    ['PENDING', { state: 'queued' }],
    ['RUNNING', { state: 'running' }],
    ['PAUSED', { state: 'running', detail: 'paused in Kubeflow' }],
    ['CANCELING', { state: 'running', detail: 'being canceled' }],
    ['SUCCEEDED', { state: 'succeeded' }],
    ['SKIPPED', { state: 'succeeded', detail: 'skipped, as nothing had changed' }],
    ['FAILED', { state: 'failed' }],
    ['CANCELED', { state: 'canceled' }],
  ])('that Kubeflow calls %s', async (state, expected) => {
    await start();
    const runId = await aRun(state);
    expect(await kubeflow().status('churn', runId)).toEqual(expected);
  });

  it('is found by the name of its trigger, too', async () => {
    await start();
    const runId = await aRun('RUNNING');
    expect(await kubeflow().status('churn', 'pitcrew-1')).toEqual(await kubeflow().status('churn', runId));
    expect(await kubeflow().status('churn', 'pitcrew-2')).toBeUndefined();
    await kubeflow().cancel('churn', 'pitcrew-1');
    expect(server.runs[0]?.state).toBe('CANCELING');
  });

  it('that is not there is said to be so', async () => {
    await start();
    expect(await kubeflow().status('churn', 'ffffffff-0000-0000-0000-000000000000')).toBeUndefined();
  });

  it('whose state we do not know is not guessed', async () => {
    await start();
    expect(() => statusOf(Run.parse({ run_id: '1', state: 'DREAMING' }))).toThrow('"DREAMING", which I do not know');
  });

  it('says when it began and ended, by whatever clock the cluster has', async () => {
    await start({ now: () => new Date('2031-05-01T10:00:00.700Z') });
    const began = { update_time: '2031-05-01T10:00:20Z', state: 'RUNNING' };
    const runId = await aRun('RUNNING', { state_history: [began] });
    const startedAt = new Date('2031-05-01T10:00:20Z');
    expect(await kubeflow().status('churn', runId)).toEqual({ state: 'running', startedAt });
    Object.assign(server.runs[0] ?? {}, { state: 'SUCCEEDED', finished_at: '2031-05-01T11:00:00Z' });
    const endedAt = new Date('2031-05-01T11:00:00Z');
    expect(await kubeflow().status('churn', runId)).toEqual({ state: 'succeeded', startedAt, endedAt });
    Object.assign(server.runs[0] ?? {}, { finished_at: '2031-05-01T10:00:01Z' });
    const early = { state: 'succeeded', endedAt: new Date('2031-05-01T10:00:01Z') };
    expect(await kubeflow().status('churn', runId)).toEqual(early);
  });

  it('that failed says why, or which tasks did', async () => {
    await start();
    const task = (display_name: string, state: string, ...pods: string[]) => ({
      display_name,
      state,
      child_tasks: pods.map((pod_name) => ({ pod_name })),
    });
    const task_details = [
      task('train-x7k2p', 'FAILED', 'train-x7k2p-3735928559'),
      task('root', 'FAILED', 'train-x7k2p-1'),
      task('root-driver', 'SUCCEEDED'),
      task('train', 'FAILED', 'train-x7k2p-2'),
      task('executor', 'FAILED'),
      task('load', 'SUCCEEDED'),
    ];
    const runId = await aRun('FAILED', { run_details: { task_details } });
    const detail = async () => (await kubeflow().status('churn', runId))?.detail;
    expect(await detail()).toBe('failed: train');
    Object.assign(server.runs[0] ?? {}, {
      state_history: [
        { state: 'RUNNING', error: { code: 13, message: 'a pod was evicted' } },
        { state: 'FAILED', error: { code: 13, message: 'out of memory' } },
      ],
    });
    expect(await detail()).toBe('out of memory');
    Object.assign(server.runs[0] ?? {}, { error: { code: 13, message: 'the whole run broke' } });
    expect(await detail()).toBe('the whole run broke');
  });

  it('that Kubeflow cannot read is not taken for one that waits', async () => {
    await start();
    const runId = await aRun('RUNNING');
    server.runs[0] = { run_id: runId, display_name: '', namespace: '', state: 'RUNTIME_STATE_UNSPECIFIED' };
    Object.assign(server.runs[0], { error: { code: 13, message: 'Failed to parse runtime config' } });
    await expect(kubeflow().status('churn', runId)).rejects.toThrow(
      'Kubeflow cannot tell how the run is: Failed to parse runtime config',
    );
  });

  it('is stopped, also when that was asked twice or its answer was lost', async () => {
    await start();
    const runId = await aRun('RUNNING');
    server.fault({ kind: 'lostAnswer', on: `POST runs/${runId}:terminate`, times: 1 });
    await kubeflow().cancel('churn', runId);
    expect(server.runs[0]?.state).toBe('CANCELING');
    await kubeflow().cancel('churn', runId);
    Object.assign(server.runs[0] ?? {}, { state: 'CANCELED' });
    await kubeflow().cancel('churn', runId);
    expect((await kubeflow().status('churn', runId))?.state).toBe('canceled');
    expect(server.calls.filter(({ path }) => path.endsWith(':terminate'))).toHaveLength(2);
    await expect(kubeflow().cancel('churn', 'nobody')).rejects.toThrow('Kubeflow has no such run any more.');
  });

  it('asks nothing', async () => {
    await start();
    const runId = await aRun('RUNNING');
    expect(await kubeflow().questions('churn', runId)).toEqual([]);
    const answer = { key: 'k', option: 'Approve', note: '' };
    await expect(kubeflow().answer('churn', runId, answer)).rejects.toThrow('Runs of Kubeflow ask nothing.');
  });
});
