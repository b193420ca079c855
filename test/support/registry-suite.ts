import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { mlflowRegistry } from '../../src/integrations/mlflow/mlflow.ts';
import { readMlflowEvent } from '../../src/integrations/mlflow/web-hook.ts';
import { verified } from '../../src/lib/signatures.ts';
import type { Registry } from '../../src/ports.ts';

/** Asks a server by hand, as another client of it would. */
async function rest(url: string, method: string, path: string, fields: Record<string, unknown> = {}) {
  const text = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
  const query = method === 'GET' ? `?${new URLSearchParams(text).toString()}` : '';
  const response = await fetch(`${url}/api/2.0/mlflow/${path}${query}`, {
    method,
    ...(method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) }),
  });
  const type = response.headers.get('content-type')?.split(';')[0];
  return { status: response.status, type, body: type === 'application/json' ? await response.json() : undefined };
}

/** What must hold of the stand-in and of a real MLflow alike. Each model is made anew. */
export function registrySuite(server: () => { url: string }): void {
  let made = 0;
  async function newModel(versions: number, name = `model-${Date.now()}-${(made += 1)}`): Promise<string> {
    await rest(server().url, 'POST', 'registered-models/create', { name });
    for (let version = 1; version <= versions; version += 1) {
      await rest(server().url, 'POST', 'model-versions/create', { name, source: `s3://models/${version}` });
    }
    return name;
  }
  const registry = (): Registry => mlflowRegistry({ url: server().url, allowedHosts: ['127.0.0.1'] });

  it('moves an alias and reads it back', async () => {
    const model = await newModel(2);
    expect(await registry().aliasVersion({ model, alias: 'champion' })).toBeUndefined();
    await registry().setAlias({ model, alias: 'champion', version: '2' });
    expect(await registry().aliasVersion({ model, alias: 'champion' })).toBe('2');
    await registry().setAlias({ model, alias: 'champion', version: '1' });
    await registry().setAlias({ model, alias: 'champion', version: '1' });
    expect(await registry().aliasVersion({ model, alias: 'champion' })).toBe('1');
    expect(await registry().aliasVersion({ model, alias: 'Champion' })).toBeUndefined();
  });

  it('sees that an alias is gone', async () => {
    const name = await newModel(1);
    await registry().setAlias({ model: name, alias: 'champion', version: '1' });
    await rest(server().url, 'DELETE', 'registered-models/alias', { name, alias: 'champion' });
    expect(await registry().aliasVersion({ model: name, alias: 'champion' })).toBeUndefined();
  });

  it.each([
    ['1', true],
    ['2', false],
    ['0', false],
    ['abc', false],
    ['', false],
    ['99999999999999999999', false],
  ])('knows of version %j whether it exists: %s', async (version, exists) => {
    expect(await registry().versionExists({ model: await newModel(1), version })).toBe(exists);
  });

  it('knows no version of a model that is not there', async () => {
    expect(await registry().versionExists({ model: 'no such model', version: '1' })).toBe(false);
  });

  it('tags a version', async () => {
    const name = await newModel(1);
    await registry().tagVersion({
      model: name,
      version: '1',
      tags: { 'pitcrew.rollback': 'r-1', note: 'a "b" <c> 模型' },
    });
    await registry().tagVersion({ model: name, version: '1', tags: { note: 'again' } });
    const { body } = await rest(server().url, 'GET', 'model-versions/get', { name, version: 1 });
    expect(body).toMatchObject({
      model_version: {
        tags: expect.arrayContaining([
          { key: 'pitcrew.rollback', value: 'r-1' },
          { key: 'note', value: 'again' },
        ]),
      },
    });
  });

  it('lists the versions newest first with their aliases', async () => {
    const before = Date.now() - 60_000;
    const model = await newModel(11);
    await registry().setAlias({ model, alias: 'champion', version: '9' });
    await registry().setAlias({ model, alias: 'canary', version: '11' });
    await registry().setAlias({ model, alias: 'eu', version: '9' });
    const versions = await registry().recentVersions({ model });
    expect(versions.map(({ version }) => version)).toEqual(['11', '10', '9', '8', '7', '6', '5', '4', '3', '2', '1']);
    expect(versions[0]?.aliases).toEqual(['canary']);
    expect(versions[1]?.aliases).toEqual([]);
    expect(versions[2]?.aliases.toSorted()).toEqual(['champion', 'eu']);
    expect(versions.every(({ createdAt }) => createdAt.getTime() > before)).toBe(true);
  });

  it('names every registered model, page by page', async () => {
    const name = await newModel(0);
    const names: string[] = [];
    for (let page: string | undefined = ''; page !== undefined;) {
      const { models, next }: Awaited<ReturnType<Registry['models']>> = await registry().models(page || undefined);
      names.push(...models.map((each) => each.name));
      page = next;
    }
    expect(names).toContain(name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('lists no versions of a model without any', async () => {
    expect(await registry().recentVersions({ model: await newModel(0) })).toEqual([]);
  });

  it.each([`it's-${Date.now()}`, `"quoted" ${Date.now()}`, `<!channel> 模型 & co ${Date.now()}`])(
    'is not confused by the name %s',
    async (name) => {
      const model = await newModel(1, name);
      await registry().setAlias({ model, alias: 'champion', version: '1' });
      expect(await registry().recentVersions({ model })).toMatchObject([{ version: '1', aliases: ['champion'] }]);
      expect(await registry().versionExists({ model, version: '1' })).toBe(true);
    },
  );

  it('knows what the run behind a version logged, without what is no number', async () => {
    const ask = (method: string, path: string, fields: Record<string, unknown>) =>
      rest(server().url, method, path, fields);
    const name = await newModel(0);
    const made = await ask('POST', 'runs/create', { experiment_id: '0', start_time: Date.now() });
    const { run } = z.object({ run: z.object({ info: z.object({ run_id: z.string() }) }) }).parse(made.body);
    const { run_id } = run.info;
    const at = { timestamp: Date.now(), step: 0 };
    const metrics = [
      { key: 'auc', value: 0.5, ...at, step: 0 },
      { key: 'auc', value: 0.91, ...at, step: 1 },
      { key: 'loss', value: 'NaN', ...at },
      { key: 'worst', value: 'Infinity', ...at },
    ];
    await ask('POST', 'runs/log-batch', { run_id, metrics });
    const dataset = { name: 'holdout', digest: 'd1g35t', source_type: 'local', source: '{}' };
    await ask('POST', 'runs/log-inputs', { run_id, datasets: [{ dataset, tags: [] }] });
    await ask('POST', 'model-versions/create', { name, source: 's3://models/1', run_id });
    await registry().setAlias({ model: name, alias: 'champion', version: '1' });
    await registry().tagVersion({ model: name, version: '1', tags: { team: 'ml' } });

    const facts = await registry().versionFacts({ model: name, version: '1' });
    expect(facts).toMatchObject({
      aliases: ['champion'],
      tags: { team: 'ml' },
      metrics: { auc: 0.91 },
      datasets: { holdout: 'd1g35t' },
      runId: run_id,
    });
    expect(Object.keys(facts?.metrics ?? {})).toEqual(['auc']);
    expect(await registry().versionFacts({ model: name, version: '2' })).toBeUndefined();
    expect(await registry().versionFacts({ model: name, version: 'x' })).toBeUndefined();
  });

  it('says in one call what all aliases point to', async () => {
    const name = await newModel(2);
    await registry().setAlias({ model: name, alias: 'champion', version: '2' });
    await registry().setAlias({ model: name, alias: 'canary', version: '1' });
    const { models } = await registry().aliasPage();
    expect(models.find((each) => each.name === name)?.aliases).toEqual({ champion: '2', canary: '1' });
    expect(await registry().check()).toMatch(/^MLflow, (more than )?\d+ models?$/);
  });

  it('forgets the alias of a version that is deleted', async () => {
    const name = await newModel(2);
    await registry().setAlias({ model: name, alias: 'champion', version: '2' });
    await registry().setAlias({ model: name, alias: 'canary', version: '1' });
    await rest(server().url, 'DELETE', 'model-versions/delete', { name, version: '2' });
    expect(await registry().versionExists({ model: name, version: '2' })).toBe(false);
    expect(await registry().versionFacts({ model: name, version: '2' })).toBeUndefined();
    expect(await registry().aliasVersion({ model: name, alias: 'champion' })).toBeUndefined();
    const { models } = await registry().aliasPage();
    expect(models.find((each) => each.name === name)?.aliases).toEqual({ canary: '1' });
  });

  it('posts to the web-hook what is new, signed with its secret', async () => {
    const heard: { headers: IncomingMessage['headers']; body: Buffer }[] = [];
    const ears = createServer((request, response) => {
      void buffer(request).then((body) => {
        heard.push({ headers: request.headers, body });
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(ears, 'listening');
    const address = ears.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const secret = 'pit_signed';
    await registry().tellUs({ name: `ears-${Date.now()}`, url: `http://127.0.0.1:${port}/hooks/x`, secret });
    // MLflow reads its web-hooks anew after a second.
    await wait(1100);
    const name = await newModel(1);
    await registry().setAlias({ model: name, alias: 'champion', version: '1' });
    await rest(server().url, 'DELETE', 'registered-models/alias', { name, alias: 'champion' });
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(3);
    ears.close().closeAllConnections();
    for (const { headers, body } of heard) {
      const texts = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, String(value)]));
      expect(verified('mlflow', { secret, headers: texts, body, now: new Date() })).toBe(true);
      expect(verified('mlflow', { secret: 'other', headers: texts, body, now: new Date() })).not.toBe(true);
    }
    const said = heard.flatMap(({ body }) => readMlflowEvent(body));
    const at = expect.any(Date);
    expect(said).toHaveLength(3);
    expect(said).toEqual(
      expect.arrayContaining([
        { kind: 'registry', entity: 'version', action: 'set', at, name, version: '1' },
        { kind: 'registry', entity: 'alias', action: 'set', at, name, alias: 'champion', version: '1' },
        { kind: 'registry', entity: 'alias', action: 'deleted', at, name, alias: 'champion' },
      ]),
    );
  });

  it('is told once where to call, and told anew under the same name', async () => {
    const name = `pitcrew-${Date.now()}`;
    const hook = { name, url: 'http://127.0.0.1:9/hooks/a', secret: 'pit_one' };
    await registry().tellUs(hook);
    await registry().tellUs({ ...hook, url: 'http://127.0.0.1:9/hooks/b' });
    const { body } = await rest(server().url, 'GET', 'webhooks');
    const { webhooks } = z.object({ webhooks: z.array(z.object({ name: z.string(), url: z.string() })) }).parse(body);
    expect(webhooks.filter((each) => each.name === name)).toMatchObject([{ url: 'http://127.0.0.1:9/hooks/b' }]);
  });

  it('says in a sentence what is missing', async () => {
    const model = await newModel(1);
    const nobody = { model: 'nobody', alias: 'champion' };
    const noModel = 'MLflow says there is no model named "nobody".';
    await expect(registry().aliasVersion(nobody)).rejects.toThrow(noModel);
    await expect(registry().recentVersions(nobody)).rejects.toThrow(noModel);
    await expect(registry().setAlias({ model, alias: 'champion', version: '7' })).rejects.toThrow(
      `MLflow says there is no version 7 of a model named "${model}".`,
    );
    await expect(registry().tagVersion({ model, version: '7', tags: { a: 'b' } })).rejects.toThrow(
      `MLflow says there is no version 7 of a model named "${model}".`,
    );
  });

  it.each([
    ['latest', "MLflow says: 'latest' alias name (case insensitive) is reserved."],
    ['v3', "MLflow says: Version alias name 'v3' is reserved."],
    [
      'a b',
      "MLflow says: Invalid alias name: 'a b'. Names may only contain alphanumerics, underscores (_), and dashes (-).",
    ],
  ])('passes on why the alias %s is refused', async (alias, sentence) => {
    const model = await newModel(1);
    await expect(registry().setAlias({ model, alias, version: '1' })).rejects.toThrow(sentence);
  });

  it('says that there is no API under a wrong address', async () => {
    const lost = mlflowRegistry({ url: `${server().url}/prefix`, allowedHosts: ['127.0.0.1'] });
    await expect(lost.aliasVersion({ model: 'a', alias: 'b' })).rejects.toThrow(
      /There is no MLflow API at 127\.0\.0\.1:\d+/,
    );
  });

  it.each([
    [
      'GET',
      'registered-models/get',
      {},
      400,
      'INVALID_PARAMETER_VALUE',
      /^Missing value for required parameter 'name'\./,
    ],
    [
      'GET',
      'registered-models/get',
      { name: 'nobody' },
      404,
      'RESOURCE_DOES_NOT_EXIST',
      /^Registered Model with name=nobody not found$/,
    ],
    [
      'GET',
      'registered-models/alias',
      { name: 'nobody', alias: 'a' },
      404,
      'RESOURCE_DOES_NOT_EXIST',
      /^Registered Model with name=nobody not found$/,
    ],
    [
      'GET',
      'registered-models/alias',
      { name: 'MODEL', alias: 'a' },
      400,
      'INVALID_PARAMETER_VALUE',
      /^Registered model alias a not found\.$/,
    ],
    [
      'POST',
      'registered-models/alias',
      { name: 'nobody', alias: 'a', version: '1' },
      404,
      'RESOURCE_DOES_NOT_EXIST',
      /^Model Version \(name=nobody, version=1\) not found$/,
    ],
    [
      'POST',
      'registered-models/alias',
      { name: 'MODEL', alias: 'a', version: 'x' },
      400,
      'INVALID_PARAMETER_VALUE',
      /^Parameter 'version' must be an integer, got 'x'\.$/,
    ],
    [
      'POST',
      'registered-models/alias',
      { name: 'MODEL', alias: 'a', version: 1 },
      400,
      'INVALID_PARAMETER_VALUE',
      /^Invalid value 1 for parameter 'version' supplied:/,
    ],
    [
      'POST',
      'registered-models/alias',
      { name: 'MODEL', alias: 'a' },
      400,
      'INVALID_PARAMETER_VALUE',
      /^Missing value for required parameter 'version'\./,
    ],
    ['POST', 'registered-models/create', { name: 'MODEL' }, 400, 'RESOURCE_ALREADY_EXISTS', /already exists\.$/],
    [
      'POST',
      'registered-models/create',
      { name: 'a/b' },
      400,
      'INVALID_PARAMETER_VALUE',
      /^Invalid model name 'a\/b'\./,
    ],
    [
      'POST',
      'model-versions/create',
      { name: 'nobody', source: 's3://a/1' },
      404,
      'RESOURCE_DOES_NOT_EXIST',
      /^Registered Model with name=nobody not found$/,
    ],
    [
      'POST',
      'model-versions/set-tag',
      { name: 'MODEL', version: '1', key: 'a=b', value: 'c' },
      400,
      'INVALID_PARAMETER_VALUE',
      /^Invalid value "a=b" for parameter 'key' supplied:/,
    ],
    [
      'GET',
      'model-versions/get',
      { name: 'MODEL', version: '5' },
      404,
      'RESOURCE_DOES_NOT_EXIST',
      /^Model Version \(name=.*, version=5\) not found$/,
    ],
    [
      'GET',
      'model-versions/search',
      { filter: "nam='a'" },
      400,
      'INVALID_PARAMETER_VALUE',
      /^Invalid attribute key 'nam' specified\./,
    ],
  ])('answers %s %s of %j with %d', async (method, path, fields, status, code, message) => {
    const model = await newModel(1);
    const named = 'name' in fields && fields.name === 'MODEL' ? { ...fields, name: model } : fields;
    expect(await rest(server().url, method, path, named)).toMatchObject({
      status,
      type: 'application/json',
      body: { error_code: code, message: expect.stringMatching(message) },
    });
  });

  it('has the same shapes and gaps in its answers', async () => {
    const { url } = server();
    const name = await newModel(2);
    await registry().setAlias({ model: name, alias: 'champion', version: '1' });
    const version = {
      name,
      creation_timestamp: expect.any(Number),
      last_updated_timestamp: expect.any(Number),
      current_stage: 'None',
      description: '',
      source: expect.any(String),
      run_id: '',
      status: 'READY',
      run_link: '',
    };
    expect((await rest(url, 'GET', 'registered-models/alias', { name, alias: 'champion' })).body).toEqual({
      model_version: { ...version, version: '1', aliases: ['champion'] },
    });
    expect((await rest(url, 'GET', 'registered-models/get', { name })).body).toEqual({
      registered_model: {
        name,
        creation_timestamp: expect.any(Number),
        last_updated_timestamp: expect.any(Number),
        latest_versions: [{ ...version, version: '2' }],
        aliases: [{ alias: 'champion', version: '1' }],
      },
    });
    const search = { filter: `name='${name}'`, order_by: 'version_number DESC', max_results: 1 };
    expect((await rest(url, 'GET', 'model-versions/search', search)).body).toEqual({
      model_versions: [{ ...version, version: '2' }],
      next_page_token: expect.any(String),
    });
    expect((await rest(url, 'GET', 'model-versions/search', { filter: "name='nobody'" })).body).toEqual({});
    expect((await rest(url, 'POST', 'registered-models/get', { name })).status).toBe(405);
    expect((await rest(url, 'GET', 'nothing')).status).toBe(404);
  });
}
