import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mlflowRegistry } from '../../src/integrations/mlflow/mlflow.ts';
import { installMlflow, type RealMlflow, startRealMlflow } from '../support/mlflow.ts';
import { registrySuite } from '../support/registry-suite.ts';

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
