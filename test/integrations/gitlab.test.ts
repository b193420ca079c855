import { describe, expect, it } from 'vitest';
import { readGitlab } from '../../src/integrations/gitlab/gitlab.ts';

const project = { path_with_namespace: 'ml/churn' };
const deployment = {
  object_kind: 'deployment',
  status: 'success',
  status_changed_at: '2026-04-01 10:00:00 +0200',
  deployment_id: 3,
  environment: 'production',
  short_sha: 'abcdef01',
  project,
};
const attributes = { id: 9, ref: 'main', status: 'failed', created_at: '2026-04-01 08:00:00 UTC' };
const readDeployment = (more: object) => readGitlab(JSON.stringify({ ...deployment, ...more }))[0];
const readPipeline = (more: object, around: object = {}) =>
  readGitlab(
    JSON.stringify({ object_kind: 'pipeline', object_attributes: { ...attributes, ...more }, project, ...around }),
  )[0];
const refused = (field: string) => expect.objectContaining({ name: 'Refusal', field });

describe('a deployment', () => {
  it.each([
    ['created', 'pending'],
    ['blocked', 'pending'],
    ['running', 'running'],
    ['failed', 'failed'],
    ['canceled', 'canceled'],
  ])('that is %s is %s', (status, state) => expect(readDeployment({ status })).toMatchObject({ state }));
  it('that was skipped says nothing', () => expect(readDeployment({ status: 'skipped' })).toBeUndefined());
  it.each([
    ['v1.4.0', 'v1.4.0'],
    ['main', 'abcdef01'],
    [null, 'abcdef01'],
  ])('of the ref %s is version %s', (ref, version) => expect(readDeployment({ ref })).toMatchObject({ version }));
  it('leads to its job, and nowhere that a browser does not open', () => {
    const url = 'https://gitlab.example/ml/churn/-/jobs/1';
    expect(readDeployment({ deployable_url: url })).toMatchObject({ url });
    expect(readDeployment({ deployable_url: 'javascript:alert(1)' })).not.toHaveProperty('url');
  });
  it('has text as it is, however long, and passes over what is not known', () => {
    const environment = `<!channel>${'x'.repeat(100_000)}`;
    expect(readDeployment({ environment, user: null, environment_tier: 3 })).toMatchObject({ environment });
  });
});

describe('a pipeline', () => {
  it('that failed says which jobs did, without those that may', () => {
    const builds = [
      { name: 'train', status: 'failed', allow_failure: false },
      { name: 'lint', status: 'failed', allow_failure: true },
      { name: 'evaluate', status: 'skipped' },
      { name: 'publish', status: 'failed' },
    ];
    expect(readPipeline({}, { builds })).toMatchObject({ state: 'failed', detail: 'Failed: train, publish.' });
  });
  it('that failed without jobs says how it ended', () =>
    expect(readPipeline({ detailed_status: 'config error' })).toMatchObject({
      detail: 'It ended as "config error".',
    }));
  it('that is being canceled still runs', () =>
    expect(readPipeline({ status: 'canceling' })).toMatchObject({ state: 'running' }));
  it('has its own name where it has one, and is of when it ended', () => {
    expect(readPipeline({ name: 'nightly', finished_at: '2026-04-01 09:00:00 UTC' })).toMatchObject({
      kind: 'run',
      key: 'ml/churn/9',
      pipeline: 'nightly',
      at: new Date('2026-04-01T09:00:00Z'),
      repository: 'ml/churn',
    });
  });
});

it.each([
  [{ ...deployment, deployment_id: undefined }, 'deployment_id'],
  [{ ...deployment, project: {} }, 'project.path_with_namespace'],
  [{ object_kind: 'pipeline', object_attributes: { ...attributes, id: '9' }, project }, 'object_attributes.id'],
  [{ object_kind: 'pipeline', object_attributes: attributes, builds: [{ name: 3 }], project }, 'builds[0].name'],
])('what cannot be read names the field', (body, field) => {
  expect(() => readGitlab(JSON.stringify(body))).toThrow(refused(field));
});

it.each(['', '{', '[]', 'null'])('%j is no event', (body) => {
  expect(() => readGitlab(body)).toThrow(refused('body'));
});
