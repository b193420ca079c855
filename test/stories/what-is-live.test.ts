import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { modelNamed } from '../../src/features/models/queries.ts';
import { releases as doors } from '../../src/features/releases/doors.ts';
import { connect } from '../../src/features/sources/store.ts';
import { mlflowRegistry } from '../../src/integrations/mlflow/mlflow.ts';
import { linesOf } from '../../src/ledger/ledger.ts';
import { dev, olga, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket', secretKey: randomBytes(32).toString('base64') });
});
afterAll(() => stage.close());

const model = 'churn-model';
const told = () => stage.slack.as(dev).ephemerals().at(-1) ?? '';
async function card(): Promise<string> {
  const before = stage.slack.as(dev).ephemerals().length;
  await stage.slack.as(dev).command(`/ml releases ${model}`, room);
  await expect.poll(() => stage.slack.as(dev).ephemerals().length).toBeGreaterThan(before);
  return told();
}
/** What the clock does every minute. */
async function look(): Promise<void> {
  for (const job of doors.jobs ?? []) await job.run(stage.app.context, new Date());
  await stage.settle();
}
const release = async (said: object) => {
  const answer = await stage.post('/api/v1/releases', [{ model, ...said }]);
  await stage.settle();
  return answer;
};

it('what is live is what the alias points to, with who may change it', async () => {
  await look();
  const said = await card();
  expect(said).toContain('the alias champion points to version 14');
  expect(said).toContain('Serving was not seen yet.');
  expect(said).toMatch(/nothing → 14, ci: release/);
  expect(said).toContain('May approve a release');
});

it('a version on its way is seen from the API, then beside the live one with its share', async () => {
  expect(await release({ version: 15, state: 'running', strategy: 'canary', by: 'nightly' })).toMatchObject({
    status: 202,
    body: { accepted: 1, rejected: [] },
  });
  expect(await card()).toMatch(/Under way\n.*Version 15 is on its way to production since .*: canary; API, nightly/);
  await release({ version: '15', percent: 20 });
  const said = await card();
  expect(said).not.toContain('Under way');
  expect(said).toMatch(/Beside it version 15 since .*: canary, 20 % of the traffic, not seen served yet\./);
  expect(said).toContain('points to version 14');
  const at = new Date().toISOString();
  await stage.post('/api/v1/readings', [{ model, metric: 'served_version', value: '15', at }]);
  expect(await card()).toMatch(/Beside it version 15 .*, seen served /);
});

it('what cannot be read is refused by its field, and who has no token by its token', async () => {
  expect(await release({ version: 15, strategy: 'slowly' })).toMatchObject({
    status: 202,
    body: { accepted: 0, rejected: [{ index: 0, reason: expect.stringContaining('strategy: ') }] },
  });
  expect(await stage.post('/api/v1/releases', [], { authorization: 'Bearer no' })).toMatchObject({ status: 401 });
  const many = Array.from({ length: 1001 }, () => ({ model, version: 1 }));
  expect(await stage.post('/api/v1/releases', many)).toMatchObject({ status: 422 });
  const document = z
    .object({ paths: z.record(z.string(), z.unknown()) })
    .parse(await (await fetch(`${stage.app.http.url}/openapi.json`)).json());
  expect(Object.keys(document.paths)).toContain('/api/v1/releases');
});

it('GitHub says what came to another environment, by whom, and news twice count once', async () => {
  const { source, secret } = await connect(stage.app.context, 'github', olga, {
    model: await modelNamed(stage.app.context, model),
  });
  const deliver = (id: string, state: string, updated_at: string) => {
    const repository = { full_name: 'northwind/churn' };
    const payload = { strategy: 'blue_green', percent: 100 };
    const made = { id: 7, sha: '0123456789abcdef', ref: 'main', created_at: updated_at, creator: { login: 'U02DEV' } };
    const deployment = { ...made, environment: 'Staging', payload };
    const body = JSON.stringify({ repository, deployment, deployment_status: { state, updated_at } });
    const mac = createHmac('sha256', secret).update(body).digest('hex');
    const headers = { 'X-Hub-Signature-256': `sha256=${mac}`, 'X-GitHub-Event': 'deployment_status' };
    return stage.post(`/hooks/${source.id}`, body, { ...headers, 'X-GitHub-Delivery': id });
  };
  const [first, second] = [new Date(Date.now() - 120_000), new Date(Date.now() - 60_000)].map((at) => at.toISOString());
  for (const id of ['a', 'a', 'b']) {
    expect(await deliver(id, 'success', second ?? '')).toMatchObject({ status: 202 });
  }
  await deliver('c', 'in_progress', first ?? '');
  await stage.settle();
  const said = await card();
  expect(said).toMatch(/Staging: version 01234567 is live since .*, blue-green, 100 % of the traffic\./);
  expect(said.match(/01234567 in Staging/g)).toHaveLength(1);
  // A login there is not a person here.
  expect(said).toContain('in Staging, U02DEV on GitHub: release of version 01234567 (GitHub, northwind/churn)');
  expect(said).not.toContain('Under way');
});

it('MLflow says at once that the alias was moved behind our back, and it says so with its name', async () => {
  const { source, secret } = await connect(stage.app.context, 'mlflow', olga);
  const url = `${stage.app.http.url}/hooks/${source.id}`;
  const registry = mlflowRegistry({ url: stage.mlflow.url, allowedHosts: ['127.0.0.1'] });
  await registry.tellUs({ name: 'pitcrew', url, secret });
  stage.mlflow.moveAlias({ model, alias: 'champion', version: '13' });
  await expect.poll(card, { timeout: 10_000, interval: 200 }).toContain('points to version 13');
  expect(told()).toMatch(/14 → 13, MLflow: moved in MLflow/);
  const lines = await linesOf(stage.app.context.db, stage.app.workspace);
  expect(lines.map(({ what, summary }) => `${what} ${summary}`)).toContain(
    'registry.alias_set wrote alias champion on version 13 of churn-model',
  );
});

it('a version that MLflow registers is a note, and nothing else', async () => {
  const version = stage.mlflow.addVersion({ model });
  const registry = { name: model, source: 's3://models/16' };
  await fetch(`${stage.mlflow.url}/api/2.0/mlflow/model-versions/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(registry),
  });
  const wrote = async () =>
    (await linesOf(stage.app.context.db, stage.app.workspace)).flatMap(({ what, summary }) =>
      what === 'registry.version_set' ? [summary] : [],
    );
  await expect.poll(wrote, { timeout: 10_000 }).toEqual([`wrote version ${Number(version) + 1} of churn-model`]);
  expect(await card()).toContain('points to version 13');
});

it('a deleted alias, and a deleted version, are seen with what to do', async () => {
  stage.mlflow.deleteAlias({ model, alias: 'champion' });
  await expect.poll(card, { timeout: 10_000, interval: 200 }).toContain('has no alias champion any more');
  expect(told()).toContain('Set it there again, to version 13');
  stage.mlflow.moveAlias({ model, alias: 'champion', version: '13' });
  await look();
  expect(await card()).not.toContain('any more');
  stage.mlflow.deleteVersion({ model, version: '13' });
  await look();
  expect(await card()).toContain('Version 13 was deleted in the registry');
  stage.mlflow.moveAlias({ model, alias: 'champion', version: '14' });
  await look();
  expect(await card()).toContain('points to version 14');
  expect(told()).not.toContain('was deleted');
});

it.each(['html', '500'] as const)('a registry that answers with %s is said to be silent', async (kind) => {
  for (let i = 0; i < 3; i += 1) {
    stage.mlflow.fault({ kind, path: 'registered-models/search', times: kind === 'html' ? 1 : 3 });
    await look();
  }
  const said = await card();
  expect(said).toContain('The registry has not answered since');
  expect(said).toContain('points to version 14');
  await look();
  expect(await card()).not.toContain('has not answered');
});

it('nothing broke', () => expect(stage.errors).toEqual([]));
