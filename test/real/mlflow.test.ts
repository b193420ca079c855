import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wantLook } from '../../src/features/releases/registry/store.ts';
import { connect } from '../../src/features/sources/store.ts';
import { mlflowRegistry } from '../../src/integrations/mlflow/mlflow.ts';
import { installMlflow, type RealMlflow, startRealMlflow } from '../support/mlflow.ts';
import { registrySuite } from '../support/registry-suite.ts';
import { dev, olga, room, setTheStage, type Stage } from '../support/stage.ts';

const installed = await installMlflow();
if (!installed.ok) console.warn(`The real MLflow is not tested: ${installed.why}.`);

describe.runIf(installed.ok)('a real MLflow server', () => {
  let server: RealMlflow;
  beforeAll(async () => {
    server = await startRealMlflow();
  }, 120_000);
  afterAll(() => server.close());

  registrySuite(() => server);

  it('refuses a host name that it does not know, and we say which flag to set', async () => {
    const port = new URL(server.url).port;
    const registry = mlflowRegistry({
      url: `http://mlflow.example:${port}`,
      allowedHosts: ['mlflow.example'],
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    await expect(registry.aliasVersion({ model: 'a', alias: 'b' })).rejects.toThrow(
      `MLflow does not accept calls under the name mlflow.example:${port}: start it with --allowed-hosts "mlflow.example:${port}"`,
    );
  });
});

describe.runIf(installed.ok)('what is live, as a real MLflow says it', () => {
  let server: RealMlflow;
  let stage: Stage;
  beforeAll(async () => {
    server = await startRealMlflow();
    const secretKey = randomBytes(32).toString('base64');
    stage = await setTheStage({ transport: 'socket', registryUrl: server.url, secretKey });
    await ask('POST', 'registered-models/create', { name: model });
    for (let i = 1; i <= 15; i += 1)
      await ask('POST', 'model-versions/create', { name: model, source: `s3://models/${i}` });
    await alias('14');
  }, 120_000);
  afterAll(async () => {
    await stage?.close();
    await server?.close();
  });

  const model = 'churn-model';
  async function ask(method: 'POST' | 'DELETE', path: string, fields: object): Promise<void> {
    const answer = await fetch(`${server.url}/api/2.0/mlflow/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    expect(answer.status).toBe(200);
  }
  /** By another client than us. */
  const alias = (version: string) =>
    ask('POST', 'registered-models/alias', { name: model, alias: 'champion', version });
  async function card(): Promise<string> {
    const said = () => stage.slack.as(dev).ephemerals();
    const before = said().length;
    await stage.slack.as(dev).command(`/ml releases ${model}`, room);
    await expect.poll(() => said().length).toBeGreaterThan(before);
    return said().at(-1) ?? '';
  }
  const soon = { timeout: 20_000, interval: 250 };

  it('its signed web-hook for a moved alias arrives, and the alias is read at once', async () => {
    await wantLook(stage.app.context);
    await stage.settle();
    const { source, secret } = await connect(stage.app.context, 'mlflow', olga);
    const url = `${stage.app.http.url}/hooks/${source.id}`;
    await mlflowRegistry({ url: server.url, allowedHosts: ['127.0.0.1'] }).tellUs({ name: 'pitcrew', url, secret });
    // MLflow reads its web-hooks anew after a second.
    await new Promise((done) => setTimeout(done, 1100));
    await alias('15');
    await expect.poll(card, soon).toContain('points to version 15');
    expect(await card()).toMatch(/14 → 15, MLflow: moved in MLflow/);
    await stage.slack.as(dev).command('/ml connect show mlflow', room);
    await expect.poll(() => stage.slack.as(dev).ephemerals().at(-1)).toMatch(/1 thing taken in/);
  });

  it('its web-hook for a deleted alias arrives, and a deleted version is seen by looking', async () => {
    await ask('DELETE', 'registered-models/alias', { name: model, alias: 'champion' });
    await expect.poll(card, soon).toContain('has no alias champion any more');
    await alias('15');
    await expect.poll(card, soon).not.toContain('any more');
    await ask('DELETE', 'model-versions/delete', { name: model, version: '15' });
    await wantLook(stage.app.context);
    await stage.settle();
    expect(await card()).toContain('Version 15 was deleted in the registry');
    expect(stage.errors).toEqual([]);
  });

  it('when it goes down, what stood is shown with since when it is silent', async () => {
    await server.close();
    for (let i = 0; i < 3; i += 1) {
      await wantLook(stage.app.context);
      await stage.settle();
    }
    const said = await card();
    expect(said).toContain('The registry has not answered since');
    expect(said).toContain('points to version 15');
  });
});
