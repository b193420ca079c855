import { describe, expect, it } from 'vitest';
import { readGithub } from '../../src/integrations/github/github.ts';

const repository = { full_name: 'northwind/churn' };
const deployment = {
  id: 7,
  sha: 'abcdef0123456789',
  ref: 'main',
  environment: 'production',
  payload: {},
  created_at: '2026-04-01T08:00:00Z',
};
const status = { state: 'success', updated_at: '2026-04-01T08:05:00Z' };
const run = { id: 5, conclusion: 'failure', updated_at: '2026-04-01T08:00:00Z', path: '.github/workflows/train.yml' };
const readStatus = (more: object, ofDeployment: object = {}) =>
  readGithub(
    'deployment_status',
    JSON.stringify({
      repository,
      deployment: { ...deployment, ...ofDeployment },
      deployment_status: { ...status, ...more },
    }),
  );
const readRun = (more: object, around: object = {}) =>
  readGithub(
    'workflow_run',
    JSON.stringify({ action: 'completed', repository, workflow_run: { ...run, ...more }, ...around }),
  )[0];
const refused = (field: string) => expect.objectContaining({ name: 'Refusal', field });

describe('a deployment', () => {
  it('that waits for somebody is pending', () =>
    expect(readStatus({ state: 'waiting' })[0]).toMatchObject({ state: 'pending' }));
  it('in a state that GitHub has yet to invent says nothing', () =>
    expect(readStatus({ state: 'paused' })).toEqual([]));
  it.each([
    [{ log_url: 'https://github.example/log', target_url: 'https://x.example' }, 'https://github.example/log'],
    [{ log_url: '', target_url: 'javascript:alert(1)', environment_url: 'https://x.example' }, 'https://x.example'],
    [{ log_url: 'logs/1', target_url: null }, undefined],
  ])('with %j leads to %s', (more, url) => expect(readStatus(more)[0]?.url).toBe(url));
  it('has the model that its maker gave it, as it is written', () => {
    expect(readStatus({}, { payload: { model: '<!channel>', more: 1 }, creator: null })[0]).toEqual({
      kind: 'deployment',
      key: 'northwind/churn/7',
      version: 'abcdef01',
      environment: 'production',
      state: 'succeeded',
      at: new Date('2026-04-01T08:05:00Z'),
      repository: 'northwind/churn',
      model: '<!channel>',
    });
  });
  it.each(['{"model": 3}', null, [], { model: 3 }])('is not lost over the payload %j', (payload) => {
    expect(readStatus({}, { payload })[0]).not.toHaveProperty('model');
  });
});

describe('a workflow run', () => {
  it('without a name is called by its file', () =>
    expect(readRun({ name: null })).toMatchObject({ pipeline: run.path, key: 'northwind/churn/5/1', state: 'failed' }));
  it('that nobody has allowed yet has not failed', () =>
    expect(readRun({ conclusion: 'action_required' })).toMatchObject({ state: 'queued' }));
  it.each([
    ['startup_failure', 'failed'],
    ['neutral', 'succeeded'],
    ['skipped', 'canceled'],
    ['stale', 'canceled'],
    [null, 'failed'],
  ])('that ended as %s is %s', (conclusion, state) => expect(readRun({ conclusion })).toMatchObject({ state }));
  it('leads nowhere that a browser does not open', () =>
    expect(readRun({ html_url: 'javascript:alert(1)' })).not.toHaveProperty('url'));
  it('has text as it is, however long', () => {
    const name = '<!here>'.repeat(20_000);
    expect(readRun({}, { workflow: { name } })).toMatchObject({ pipeline: name });
  });
});

it.each([
  'ping',
  'push',
  'deployment_review',
  'deployment_protection_rule',
  'workflow_job',
  'toString',
  '',
  'no such event',
])('the event "%s" is nothing to us, whatever it holds', (event) => {
  expect(readGithub(event, '{"action": "requested", "deployment": 3}')).toEqual([]);
});

it.each([
  ['deployment', { repository, deployment: { ...deployment, sha: 3 } }, 'deployment.sha'],
  ['deployment', { deployment }, 'repository'],
  ['deployment_status', { repository, deployment }, 'deployment_status'],
  ['workflow_run', { action: 'completed', repository, workflow_run: { id: 'x' } }, 'workflow_run.id'],
])('a %s that cannot be read names the field', (event, body, field) => {
  expect(() => readGithub(event, JSON.stringify(body))).toThrow(refused(field));
});

it.each(['', 'payload=%7B%7D', '[]', 'null', '"x"'])('%j is no event', (body) => {
  expect(() => readGithub('workflow_run', body)).toThrow(refused('body'));
});
