import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { airflowPipelines } from '../../src/integrations/airflow/airflow.ts';
import { Refusal } from '../../src/lib/refusal.ts';
import {
  type LocalAirflow,
  type LocalAirflowOptions,
  startLocalAirflow,
} from '../../src/local-airflow/local-airflow.ts';
import { pipelinesSuite } from '../support/pipelines-suite.ts';

const signIn = { username: 'pitcrew', password: 'let me in' };
const users = { [signIn.username]: signIn.password };
const trace = `Traceback (most recent call last):
  File "/dags/broken.py", line 3, in <module>
ModuleNotFoundError: No module named 'a_package_that_is_not_there'
`;
const dags = [
  { dag_id: 'train', fails: ({ fail }: Readonly<Record<string, unknown>>) => (fail === true ? ['fit'] : []) },
  { dag_id: 'sleeping', is_paused: true },
  { dag_id: 'broken', import_error: trace },
  { dag_id: 'asking', asks: { task: 'look', subject: 'Is the new model good?', body: 'AUC 0.93' } },
];

let server: LocalAirflow;
const begin = async (options: Partial<LocalAirflowOptions> = {}) => {
  await server?.close();
  server = await startLocalAirflow({ dags, users, ...options });
};
afterEach(() => server.close());

const airflow = (more: object = {}) =>
  airflowPipelines({
    url: server.url,
    auth: signIn,
    allowedHosts: ['127.0.0.1'],
    timeoutMs: 200,
    pauses: [1, 1],
    ...more,
  });
const run = { triggerId: 'pitcrew-1', params: { model: 'churn' }, note: 'drift alert 7' };
const start = () => airflow().start('train', run);
const posts = () => server.calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/dagRuns'));

describe('the stand-in', () => {
  beforeEach(async () => {
    server = await startLocalAirflow({
      dags,
      users,
      autoMs: 20,
      onSuccess: ({ conf }) => ({ version: typeof conf['version'] === 'string' ? conf['version'] : '2' }),
    });
  });
  pipelinesSuite(() => ({ url: server.url, ...signIn }), 10);
});

describe('trouble that passes', () => {
  beforeEach(() => begin());

  it.each(['500', '503', '429', 'hang', 'lostAnswer'] as const)('%s: a read is tried again', async (kind) => {
    await start();
    server.fault({ kind, match: /GET .*dagRuns/, times: 2 });
    expect(await airflow().status('train', 'pitcrew-1')).toEqual({ state: 'queued' });
  });

  it.each(['500', '503', '429', 'hang', 'lostAnswer'] as const)(
    '%s at the start: one run comes of it',
    async (kind) => {
      server.fault({ kind, match: /POST .*dagRuns/, times: 2 });
      expect(await start()).toMatchObject({ runId: 'pitcrew-1' });
      expect(posts()).toHaveLength(3);
      expect(server.runs()).toMatchObject([
        { dag_run_id: 'pitcrew-1', conf: { model: 'churn' }, note: 'drift alert 7', by: 'pitcrew' },
      ]);
    },
  );

  it('starts the run that an answer was lost of, also from another process later', async () => {
    server.fault({ kind: 'lostAnswer', match: /POST .*dagRuns/, times: 3 });
    await expect(start()).rejects.toThrow('Airflow could not be asked');
    expect(await start()).toMatchObject({ runId: 'pitcrew-1' });
    expect(server.runs()).toHaveLength(1);
  });

  it('a 409 that cannot be looked after is not taken for a start', async () => {
    await airflow().start('train', run);
    server.fault({ kind: 'html', match: /GET .*pitcrew-1/, times: 1 });
    await expect(start()).rejects.toThrow(/^A web page answered at/);
  });
});

it('cuts a note to what Airflow keeps, and names a task that failed in many copies once', async () => {
  await begin();
  await airflow().start('train', { ...run, note: 'x'.repeat(1500) });
  expect(server.runs()[0]?.note).toHaveLength(1000);
  server.finish('pitcrew-1', 'failed', { failedTasks: ['fit', 'fit', 'push'] });
  expect(await airflow().status('train', 'pitcrew-1')).toMatchObject({ detail: 'failed: fit, push' });
});

describe('trouble that lasts', () => {
  beforeEach(() => begin());

  it.each([
    { kind: '500', tries: 3, sentence: /answered with status 500 instead of Airflow's API/ },
    { kind: '503', tries: 3, sentence: 'Airflow answered with status 503. The scheduler is starting' },
    { kind: '429', tries: 3, sentence: 'Airflow answered with status 429. Too many requests' },
    { kind: 'hang', tries: 3, sentence: 'Airflow could not be asked: 127.0.0.1 did not answer within 0.2 s.' },
    { kind: 'lostAnswer', tries: 3, sentence: /^Airflow could not be asked: 127\.0\.0\.1 broke the connection/ },
    { kind: 'html', tries: 1, sentence: /^A web page answered at 127\.0\.0\.1:\d+ instead of Airflow's API/ },
    { kind: 'forbidden', tries: 1, sentence: /may not do that \(Forbidden\): give it a role/ },
  ] as const)('$kind is told in a sentence after $tries tries', async ({ kind, tries, sentence }) => {
    server.fault({ kind, match: /dagRuns/, times: 9 });
    const outcome = airflow().status('train', 'pitcrew-1');
    await expect(outcome).rejects.toBeInstanceOf(Refusal);
    await expect(outcome).rejects.toThrow(sentence);
    expect(server.calls.filter(({ path }) => path.includes('dagRuns'))).toHaveLength(tries);
  });

  it('a test of the connection says that runs may not be seen', async () => {
    server.fault({ kind: 'forbidden', match: /GET .*dagRuns/, times: 1 });
    await expect(airflow().check()).rejects.toThrow('give it a role that may see and start DAG runs');
  });

  it.each([/taskInstances/, /xcomEntries/])('a run has ended also where %s may not be seen', async (match) => {
    await start();
    server.finish('pitcrew-1', 'success', { said: { version: '15' } });
    server.fault({ kind: 'forbidden', match, times: 1 });
    expect(await airflow().status('train', 'pitcrew-1')).toEqual({
      state: 'succeeded',
      startedAt: expect.any(Date),
      endedAt: expect.any(Date),
    });
  });

  it.each([/version/, /auth/])('while %s is broken nothing is guessed, and later all is well', async (match) => {
    const pipelines = airflow();
    server.fault({ kind: '503', match, times: 3 });
    await expect(pipelines.obstacle('train')).rejects.toThrow('Airflow answered with status 503.');
    expect(await pipelines.obstacle('train')).toBeUndefined();
  });

  it('says that nobody is there, and what may not be called', async () => {
    const { url } = server;
    await server.close();
    await expect(airflow({ url }).check()).rejects.toThrow('Airflow could not be asked: 127.0.0.1 refused');
    await expect(airflow({ url, allowedHosts: [] }).check()).rejects.toThrow('is called by https only');
    server = await startLocalAirflow({ dags: [] });
  });
});

describe('signing in', () => {
  beforeEach(() => begin());

  it.each(['expired', 'unknown'] as const)('a token that is %s in the middle is renewed, unseen', async (state) => {
    const pipelines = airflow();
    await pipelines.start('train', run);
    server.spoilTokens(state);
    const both = await Promise.all([pipelines.status('train', run.triggerId), pipelines.obstacle('sleeping')]);
    expect(both).toEqual([{ state: 'queued' }, expect.stringContaining('is paused')]);
    expect(server.calls.filter(({ path }) => path === '/auth/token').length).toBeLessThanOrEqual(3);
    expect(server.runs()).toHaveLength(1);
  });

  it.each(['expired', 'unknown'] as const)('a fixed token that is %s is told, and asked for once', async (state) => {
    const headers = { 'content-type': 'application/json' };
    const given = await fetch(`${server.url}/auth/token`, { method: 'POST', headers, body: JSON.stringify(signIn) });
    const { access_token: token } = z.object({ access_token: z.string() }).parse(await given.json());
    const pipelines = airflow({ auth: { token } });
    expect(await pipelines.obstacle('train')).toBeUndefined();
    server.spoilTokens(state);
    server.calls.length = 0;
    await expect(pipelines.obstacle('train')).rejects.toThrow(
      'did not accept the user name and password, or the token',
    );
    expect(server.calls).toHaveLength(1);
  });

  it('a password that was changed is told', async () => {
    const pipelines = airflow({ auth: { ...signIn, password: 'old' } });
    await expect(pipelines.obstacle('train')).rejects.toThrow('did not accept the user name and password');
  });
});

describe('a DAG that changed', () => {
  beforeEach(() => begin());

  it.each([
    [{ dag_id: 'train', is_paused: true }, 'The DAG "train" is paused'],
    [{ dag_id: 'train', is_stale: true }, 'Airflow no longer finds the file of the DAG "train".'],
    [{ dag_id: 'train', import_error: trace, was_loaded: true }, 'cannot be loaded: ModuleNotFoundError'],
    [{ dag_id: 'train', import_error: trace }, 'cannot be loaded: ModuleNotFoundError'],
  ])('%j is said before a start', async (dag, words) => {
    server.put(dag);
    expect(await airflow().obstacle('train')).toContain(words);
  });

  it('a DAG that is gone is said, and no run is looked for under another', async () => {
    await start();
    server.drop('train');
    expect(await airflow().obstacle('train')).toContain('Airflow has no DAG named "train".');
    expect(await airflow().status('sleeping', run.triggerId)).toBeUndefined();
  });

  it('a file that broke after it was loaded refuses the start in words', async () => {
    server.put({ dag_id: 'train', import_error: trace, was_loaded: true });
    await expect(start()).rejects.toThrow(
      "Airflow did not take that (400): DAG with dag_id: 'train' has import errors and cannot be triggered",
    );
  });
});

describe('Airflow 2', () => {
  beforeEach(() => begin({ api: 'v1' }));

  it('is found, started once, followed, and says what it made', async () => {
    expect(await airflow().check()).toBe('Airflow 2.10.5, 3 DAGs');
    server.fault({ kind: 'lostAnswer', match: /POST/, times: 1 });
    const { url } = await start();
    expect(url).toContain('/dags/train/grid?dag_run_id=pitcrew-1');
    expect(server.runs()).toHaveLength(1);
    expect(posts().map(({ body }) => body)).toEqual([posts()[0]?.body, posts()[0]?.body]);
    expect(posts()[0]?.body).not.toHaveProperty('logical_date');
    server.begin('pitcrew-1');
    expect(await airflow().status('train', 'pitcrew-1')).toMatchObject({ state: 'running' });
    expect(await airflow().questions('train', 'pitcrew-1')).toEqual([]);
    server.finish('pitcrew-1', 'success', { said: { version: '15' } });
    expect(await airflow().status('train', 'pitcrew-1')).toMatchObject({
      state: 'succeeded',
      said: { version: '15' },
    });
  });

  it('names what failed, what is missing and what stands in the way', async () => {
    await start();
    server.finish('pitcrew-1', 'failed', { failedTasks: ['fit', 'push'] });
    expect(await airflow().status('train', 'pitcrew-1')).toMatchObject({ detail: 'failed: fit, push' });
    expect(await airflow().status('train', 'nobody')).toBeUndefined();
    expect(await airflow().obstacle('sleeping')).toContain('is paused');
    expect(await airflow().obstacle('nothing')).toContain('Airflow has no DAG named "nothing".');
    expect(await airflow().obstacle('broken')).toContain('cannot be loaded: ModuleNotFoundError');
    await airflow()
      .cancel('train', 'nobody')
      .catch(() => {});
  });

  it('says what to look at when the password is refused', async () => {
    const wrong = airflow({ auth: { ...signIn, password: 'no' } });
    await expect(wrong.check()).rejects.toThrow('Airflow 2 takes a password only with basic_auth');
  });

  it('says that there is no API under a wrong address', async () => {
    const lost = airflow({ url: `${server.url}/prefix` });
    await expect(lost.check()).rejects.toThrow(/^There is no Airflow API at 127\.0\.0\.1:\d+: check the address/);
  });

  it('is asked anew after it became Airflow 3', async () => {
    const { port } = new URL(server.url);
    const pipelines = airflow();
    expect(await pipelines.check()).toBe('Airflow 2.10.5, 3 DAGs');
    await begin({ port: Number(port) });
    await expect(pipelines.obstacle('train')).rejects.toBeInstanceOf(Refusal);
    expect(await pipelines.obstacle('train')).toBeUndefined();
  });
});

describe('a question', () => {
  const question = { task: 'look', subject: 'Is the new model good?' };
  const answer = { key: 'look:-1', option: 'Approve', note: 'answered in Slack by Olga' };
  beforeEach(async () => {
    await begin();
    await start();
  });
  const questions = () => airflow().questions('train', 'pitcrew-1');
  const give = (more: object = {}) => airflow().answer('train', 'pitcrew-1', { ...answer, ...more });

  it('is asked until it is answered, and the note says by whom', async () => {
    server.ask('pitcrew-1', question);
    expect(await questions()).toMatchObject([{ key: 'look:-1', options: ['Approve', 'Reject'], assigned: [] }]);
    await give();
    expect(await questions()).toEqual([]);
    expect(server.runs()[0]?.questions).toMatchObject([
      { answer: { by: 'pitcrew', options: ['Approve'] }, note: 'answered in Slack by Olga' },
    ]);
  });

  it('that was answered in Airflow meanwhile says by whom, and how', async () => {
    server.ask('pitcrew-1', question);
    server.answer('pitcrew-1', { task: 'look', option: 'Reject', by: 'mara' });
    expect(await questions()).toEqual([]);
    await expect(give()).rejects.toThrow('mara answered this in Airflow already: Reject.');
  });

  it('stands once although the answer to it was lost', async () => {
    server.ask('pitcrew-1', question);
    server.fault({ kind: 'lostAnswer', match: /PATCH .*hitlDetails/, times: 1 });
    await give();
    expect(server.runs()[0]?.questions[0]?.answer?.options).toEqual(['Approve']);
  });

  it('that names who may answer is left to them', async () => {
    server.ask('pitcrew-1', { ...question, assigned: ['mara', 'otto'] });
    expect(await questions()).toMatchObject([{ assigned: ['mara', 'otto'] }]);
    await expect(give()).rejects.toThrow('Airflow lets only mara, otto answer this: please answer it in Airflow.');
  });

  it('that wants more than a choice is shown without choices', async () => {
    server.ask('pitcrew-1', { ...question, params: { threshold: '0.5' } });
    expect(await questions()).toMatchObject([{ key: 'look:-1', options: [] }]);
    await expect(give()).rejects.toThrow('Airflow asks for more than a choice here: please answer it there.');
  });

  it('of a run that was stopped waits for nobody', async () => {
    server.ask('pitcrew-1', question);
    await expect(give({ option: 'Perhaps' })).rejects.toThrow('Airflow offers Approve, Reject here, not "Perhaps".');
    await airflow().cancel('train', 'pitcrew-1');
    expect(await questions()).toEqual([]);
    server.remove('pitcrew-1');
    await expect(give()).rejects.toThrow('Airflow no longer waits for this answer.');
  });
});

it('a clock that is wrong there changes nothing', async () => {
  const wrong = new Date('2001-01-01T00:00:00Z');
  await begin({ now: () => wrong });
  await start();
  server.begin('pitcrew-1');
  expect(await airflow().status('train', 'pitcrew-1')).toEqual({ state: 'running', startedAt: wrong });
  expect(await start()).toMatchObject({ runId: 'pitcrew-1' });
});
