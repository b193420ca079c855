import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAirflow } from '../../src/integrations/airflow/callback.ts';
import { readGithub } from '../../src/integrations/github/github.ts';
import { readGitlab } from '../../src/integrations/gitlab/gitlab.ts';
import { readMlflowEvent } from '../../src/integrations/mlflow/web-hook.ts';
import { Refusal } from '../../src/lib/refusal.ts';

const json = (value: unknown) => JSON.stringify(value);
const received = new Date('2026-03-02T12:00:00Z');
const fieldOf = (read: () => unknown) => {
  try {
    read();
  } catch (error) {
    if (error instanceof Refusal) return error.field;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('GitHub', () => {
  const repository = { full_name: 'northwind/churn' };
  const deployment = {
    id: 7,
    sha: '0123456789abcdef',
    ref: 'main',
    environment: 'production',
    payload: {},
    created_at: '2026-03-02T09:00:00Z',
    creator: { login: 'olga' },
  };
  const status = (state: string, more: object = {}) =>
    json({ repository, deployment, deployment_status: { state, updated_at: '2026-03-02T09:05:00Z', ...more } });

  it('a deployment that succeeded has its commit, its place and who made it', () => {
    expect(readGithub('deployment_status', status('success', { log_url: 'https://github.example/1' }))).toEqual([
      {
        kind: 'deployment',
        key: 'northwind/churn/7',
        version: '01234567',
        environment: 'production',
        state: 'succeeded',
        at: new Date('2026-03-02T09:05:00Z'),
        repository: 'northwind/churn',
        by: 'olga',
        url: 'https://github.example/1',
      },
    ]);
  });

  it.each([
    [{ ref: 'v1.4.0' }, 'v1.4.0'],
    [{ ref: 'release-x' }, '01234567'],
    [{ payload: { version: 14, model: 'churn-model' } }, '14'],
    [{ payload: '' }, '01234567'],
    [{ ref: '0123456789abcdef' }, '01234567'],
  ])('%j is version %s', (more, version) => {
    const body = json({ repository, deployment: { ...deployment, ...more } });
    expect(readGithub('deployment', body)[0]).toMatchObject({ version, state: 'pending' });
  });

  it.each([
    [
      { strategy: 'canary', percent: 20 },
      { strategy: 'canary', percent: 20 },
    ],
    [{ strategy: 'shadow' }, { strategy: 'shadow' }],
    [{ strategy: 'slowly', percent: 120, version: 14 }, { version: '14' }],
    [{ percent: 0 }, { percent: 0 }],
  ])('the payload %j says how it takes over: %j', (payload, said) => {
    const body = json({ repository, deployment: { ...deployment, payload } });
    const { strategy, percent, version } = { strategy: undefined, percent: undefined, version: '01234567', ...said };
    const [read] = readGithub('deployment', body);
    expect(read).toMatchObject({ version });
    expect(read && 'version' in read ? [read.strategy, read.percent] : []).toEqual([strategy, percent]);
  });

  it.each([
    ['pending', 'pending'],
    ['in_progress', 'running'],
    ['failure', 'failed'],
    ['error', 'failed'],
  ])('%s is %s', (said, state) => expect(readGithub('deployment_status', status(said))[0]).toMatchObject({ state }));

  it.each([
    ['deployment_status', status('inactive')],
    ['ping', json({ zen: 'x' })],
    ['push', json({})],
  ])('%s may say nothing of interest', (event, body) => expect(readGithub(event, body)).toEqual([]));

  const run = (action: string, conclusion: string | null) =>
    json({
      action,
      repository,
      workflow: { name: 'train' },
      workflow_run: {
        id: 5,
        run_attempt: 2,
        conclusion,
        updated_at: '2026-03-02T09:00:00Z',
        html_url: 'https://x.example',
      },
    });
  it.each([
    ['requested', null, 'queued'],
    ['in_progress', null, 'running'],
    ['completed', 'success', 'succeeded'],
    ['completed', 'cancelled', 'canceled'],
    ['completed', 'timed_out', 'failed'],
  ])('a run that is %s with %s is %s', (action, conclusion, state) => {
    expect(readGithub('workflow_run', run(action, conclusion))[0]).toMatchObject({
      kind: 'run',
      key: 'northwind/churn/5/2',
      pipeline: 'train',
      state,
    });
  });
  it('a failed one says how it ended', () =>
    expect(readGithub('workflow_run', run('completed', 'timed_out'))[0]).toMatchObject({
      detail: 'It ended as "timed_out".',
    }));

  it('names the field it cannot read', () => {
    const body = json({ repository, deployment: { ...deployment, environment: undefined } });
    expect(fieldOf(() => readGithub('deployment', body))).toBe('deployment.environment');
  });
});

describe('GitLab', () => {
  const project = { path_with_namespace: 'ml/churn' };
  const deployment = {
    object_kind: 'deployment',
    status: 'success',
    status_changed_at: '2026-03-02 10:00:00 +0100',
    deployment_id: 3,
    environment: 'production',
    short_sha: '279484c0',
    user: { username: 'dev' },
    project,
  };
  it('a deployment', () => {
    expect(readGitlab(json(deployment))).toEqual([
      {
        kind: 'deployment',
        key: 'ml/churn/3',
        version: '279484c0',
        environment: 'production',
        state: 'succeeded',
        at: new Date('2026-03-02T09:00:00Z'),
        repository: 'ml/churn',
        by: 'dev',
      },
    ]);
  });
  it.each([
    ['2026-03-02 09:00:00 UTC', '2026-03-02T09:00:00.000Z'],
    ['2026-03-02T09:00:00Z', '2026-03-02T09:00:00.000Z'],
    ['2026-03-02 09:00:00 -0530', '2026-03-02T14:30:00.000Z'],
  ])('reads the time %s', (status_changed_at, wanted) => {
    expect(readGitlab(json({ ...deployment, status_changed_at }))[0]?.at.toISOString()).toBe(wanted);
  });
  it('refuses a time of no zone', () =>
    expect(fieldOf(() => readGitlab(json({ ...deployment, status_changed_at: '2026-03-02 09:00:00' })))).toBe(
      'status_changed_at',
    ));
  it.each([
    ['success', 'succeeded'],
    ['failed', 'failed'],
    ['running', 'running'],
    ['skipped', 'canceled'],
    ['manual', 'queued'],
  ])('a pipeline that is %s is %s', (status, state) => {
    const attributes = { id: 9, ref: 'main', status, created_at: '2026-03-02 09:00:00 UTC' };
    expect(readGitlab(json({ object_kind: 'pipeline', object_attributes: attributes, project }))[0]).toMatchObject({
      kind: 'run',
      pipeline: 'ml/churn main',
      state,
    });
  });
  it('another event is nothing', () => expect(readGitlab(json({ object_kind: 'push' }))).toEqual([]));
  it('what is no event is refused', () => expect(fieldOf(() => readGitlab('{}'))).toBe('object_kind'));
});

describe('Airflow', () => {
  const failed = {
    dag_id: 'retrain_churn',
    dag_run_id: 'manual__1',
    state: 'failed',
    end_date: '2026-03-02T09:00:00+00:00',
    model: 'churn-model',
    failed_tasks: [{ task_id: 'train', log_url: 'https://airflow.example/train' }],
  };
  it('a failed run says which task, and where its log is', () => {
    expect(readAirflow(json(failed), received)).toEqual([
      {
        kind: 'run',
        key: 'retrain_churn/manual__1',
        pipeline: 'retrain_churn',
        state: 'failed',
        at: new Date('2026-03-02T09:00:00Z'),
        detail: 'Failed: train.',
        model: 'churn-model',
        url: 'https://airflow.example/train',
      },
    ]);
  });
  it('a run without times is of now', () => {
    const bare = { dag_id: 'd', dag_run_id: 'r', state: 'success' };
    expect(readAirflow(json(bare), received)).toEqual([
      { kind: 'run', key: 'd/r', pipeline: 'd', state: 'succeeded', at: received },
    ]);
  });
  it.each(['dag_id', 'dag_run_id', 'state'])('without %s it is refused', (field) => {
    expect(fieldOf(() => readAirflow(json({ ...failed, [field]: undefined }), received))).toBe(field);
  });
});

describe('MLflow', () => {
  const event = (entity: string, action: string, data: object) =>
    json({ entity, action, timestamp: '2026-03-02T09:00:00.123456+00:00', data: { name: 'churn', ...data } });
  const at = new Date('2026-03-02T09:00:00.123Z');
  it.each([
    ['registered_model', 'created', {}, { entity: 'model', action: 'set', name: 'churn' }],
    ['model_version', 'created', { version: '3' }, { entity: 'version', action: 'set', name: 'churn', version: '3' }],
    [
      'model_version_alias',
      'created',
      { alias: 'champion', version: '3' },
      { entity: 'alias', action: 'set', name: 'churn', alias: 'champion', version: '3' },
    ],
    [
      'model_version_alias',
      'deleted',
      { alias: 'champion' },
      { entity: 'alias', action: 'deleted', name: 'churn', alias: 'champion' },
    ],
  ])('%s.%s', (entity, action, data, wanted) => {
    expect(readMlflowEvent(event(entity, action, data))).toEqual([{ kind: 'registry', at, ...wanted }]);
  });
  it.each(['prompt', 'model_version_tag', 'budget_policy'])('%s is nothing', (entity) => {
    expect(readMlflowEvent(event(entity, 'created', {}))).toEqual([]);
  });
  it('names the field it cannot read', () =>
    expect(fieldOf(() => readMlflowEvent(event('model_version', 'created', {})))).toBe('data.version'));
});

const samples = new URL('../../../shared/samples/', import.meta.url);
describe.runIf(existsSync(samples))('real payloads', () => {
  const names = existsSync(samples) ? readdirSync(samples) : [];
  const text = (name: string) => readFileSync(new URL(name, samples));
  it.each(names.filter((name) => name.startsWith('github-')))('%s', (name) => {
    const event = /^github-([a-z_]+)/.exec(name)?.[1] ?? '';
    const said = readGithub(event, text(name));
    if (event === 'deployment_review') expect(said).toEqual([]);
    else expect(said[0]).toMatchObject({ repository: expect.stringContaining('/'), at: expect.any(Date) });
  });
  it.each(names.filter((name) => name.startsWith('gitlab-')))('%s', (name) => {
    expect(readGitlab(text(name))[0]).toMatchObject({ state: 'succeeded', environment: 'staging' });
  });
  it.each(names.filter((name) => name === 'airflow-callback.json'))('%s', (name) => {
    expect(readAirflow(text(name), received)[0]).toMatchObject({ state: 'failed', pipeline: 'retrain_fraud' });
  });
  it.each(names.filter((name) => name === 'mlflow-webhooks.json'))('%s', (name) => {
    const all: unknown = JSON.parse(text(name).toString());
    const said = (Array.isArray(all) ? all : []).map((one) => readMlflowEvent(json(one)));
    expect(said.flat().length).toBeGreaterThanOrEqual(4);
  });
});
