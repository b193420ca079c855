import { z } from 'zod';
import { startLocalMlflow } from '../local-mlflow/local-mlflow.ts';
import { models } from './people.ts';

/** The registry that the demo plays with: the local one, or a real MLflow that was given. */
export interface DemoRegistry {
  readonly url: string;
  aliasVersion(model: string): Promise<string | undefined>;
  /** What a training run leaves: a run with its number, and the version it made. */
  addVersion(model: string, auc: number): Promise<string>;
  /** Where the aliases stand, to be kept for the next start. */
  aliases(): Record<string, string>;
  close(): Promise<void>;
}

const alias = 'champion';
/** Each version is a little better than the one before. */
const aucOf = (version: number) => Number((0.9 + version / 1000).toFixed(3));

export async function localRegistry(kept: Readonly<Record<string, string>>): Promise<DemoRegistry> {
  const mlflow = await startLocalMlflow({
    models: models.map(({ name, versions }) => ({
      name,
      versions: versions.map((version) => ({ version, metrics: { auc: aucOf(Number(version)) } })),
      aliases: { champion: kept[name] ?? versions[versions.length - 1] ?? '' },
    })),
  });
  const aliases = () =>
    Object.fromEntries(mlflow.state().map((model) => [model.name, model.aliases[alias] ?? ''] as const));
  return {
    url: mlflow.url,
    aliases,
    aliasVersion: (model) => Promise.resolve(aliases()[model]),
    addVersion: (model, auc) => Promise.resolve(mlflow.addVersion({ model, metrics: { auc } })),
    close: () => mlflow.close(),
  };
}

const Run = z.object({ run: z.object({ info: z.object({ run_id: z.string() }) }) });
const Version = z.object({ model_version: z.object({ version: z.coerce.string() }) });
const Model = z.object({
  registered_model: z.object({
    aliases: z.array(z.object({ alias: z.string(), version: z.coerce.string() })).default([]),
  }),
});

/** Registers the models of the demo there, as far as they are not; what is there stays as it is. */
export async function realRegistry(address: string): Promise<DemoRegistry> {
  const url = address.replace(/\/+$/, '');
  async function ask(method: 'GET' | 'POST', path: string, fields: Record<string, unknown>): Promise<unknown> {
    const query = new URLSearchParams(
      Object.entries(fields).map(([key, value]): [string, string] => [key, String(value)]),
    );
    const response = await fetch(`${url}/api/2.0/mlflow/${path}${method === 'GET' ? `?${query.toString()}` : ''}`, {
      method,
      ...(method === 'POST' && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      }),
      signal: AbortSignal.timeout(20_000),
    });
    if (response.ok) return await response.json();
    if (response.status === 404 && method === 'GET') return undefined;
    throw new Error(`MLflow at ${url} answered ${path} with status ${response.status}: ${await response.text()}`);
  }
  async function addVersion(name: string, auc: number): Promise<string> {
    const { run } = Run.parse(await ask('POST', 'runs/create', { experiment_id: '0', start_time: Date.now() }));
    const { run_id } = run.info;
    const metrics = [{ key: 'auc', value: auc, timestamp: Date.now(), step: 0 }];
    await ask('POST', 'runs/log-batch', { run_id, metrics });
    const made = await ask('POST', 'model-versions/create', { name, source: `s3://demo/${run_id}`, run_id });
    return Version.parse(made).model_version.version;
  }
  const modelNamed = async (name: string) => {
    const found = await ask('GET', 'registered-models/get', { name });
    return found === undefined ? undefined : Model.parse(found).registered_model;
  };
  for (const { name, versions } of models) {
    if (await modelNamed(name)) continue;
    await ask('POST', 'registered-models/create', { name });
    const last = Number(versions[versions.length - 1]);
    for (let version = 1; version <= last; version += 1) await addVersion(name, aucOf(version));
    await ask('POST', 'registered-models/alias', { name, alias, version: String(last) });
  }
  return {
    url,
    aliases: () => ({}),
    aliasVersion: async (model) => (await modelNamed(model))?.aliases.find((each) => each.alias === alias)?.version,
    addVersion,
    close: () => Promise.resolve(),
  };
}
