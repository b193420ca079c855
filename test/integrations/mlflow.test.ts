import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mlflowRegistry } from '../../src/integrations/mlflow/mlflow.ts';
import { Refusal } from '../../src/lib/refusal.ts';
import { type LocalMlflow, startLocalMlflow } from '../../src/local-mlflow/local-mlflow.ts';
import { registrySuite } from '../support/registry-suite.ts';

let server: LocalMlflow;
beforeEach(async () => {
  const versions = [{ version: '1' }, { version: '2' }];
  server = await startLocalMlflow({ models: [{ name: 'churn', versions, aliases: { champion: '2' } }] });
});
afterEach(() => server.close());

const champion = { model: 'churn', alias: 'champion' };
const access = (more: object = {}) => ({
  url: server.url,
  allowedHosts: ['127.0.0.1'],
  timeoutMs: 200,
  pauses: [1, 1],
  ...more,
});

describe('the stand-in', () => {
  registrySuite(() => server);
});

describe('the stand-in, for tests and the demo', () => {
  it('shows its state, lets somebody else move an alias, and keeps what it was given untouched', async () => {
    expect(server.state()[0]?.aliases).toEqual({ champion: '2' });
    server.moveAlias({ ...champion, version: '1' });
    expect(await mlflowRegistry(access()).aliasVersion(champion)).toBe('1');
    expect(() => server.moveAlias({ ...champion, version: '9' })).toThrow('No version 9 of churn');
  });
});

describe('a long registry', () => {
  it('is told in pages of forty, in the order of names, without prompts', async () => {
    await server.close();
    const models = Array.from({ length: 95 }, (_, i) => ({ name: `m${100 + i}`, versions: [], aliases: {} }));
    const prompt = { name: 'm150-prompt', versions: [], aliases: {}, tags: { 'mlflow.prompt.is_prompt': 'true' } };
    server = await startLocalMlflow({ models: [...models.toReversed(), prompt] });
    const registry = mlflowRegistry(access());
    const first = await registry.models();
    const second = await registry.models(first.next);
    const third = await registry.models(second.next);
    const names = [first, second, third].map((page) => page.models.map(({ name }) => name));
    expect(names.flat()).toEqual(models.map(({ name }) => name));
    expect(names.map((page) => page.length)).toEqual([40, 39, 16]);
    expect(third.next).toBeUndefined();
  });
});

describe('trouble that passes', () => {
  it.each(['500', '503', '429', 'hang', 'lostAnswer'] as const)('%s: a read is tried again', async (kind) => {
    server.fault({ kind, times: 2 });
    expect(await mlflowRegistry(access()).aliasVersion(champion)).toBe('2');
    expect(server.calls).toHaveLength(3);
  });

  it.each(['500', '503', '429', 'hang', 'lostAnswer'] as const)('%s: a move is tried again', async (kind) => {
    server.fault({ kind, path: 'registered-models/alias', times: 2 });
    await mlflowRegistry(access()).setAlias({ ...champion, version: '1' });
    expect(server.state()[0]?.aliases).toEqual({ champion: '1' });
    expect(server.calls.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
  });

  it('waits as long as MLflow asks', async () => {
    server.fault({ kind: '503', times: 1, retryAfter: 1 });
    const started = performance.now();
    expect(await mlflowRegistry(access()).aliasVersion(champion)).toBe('2');
    expect(performance.now() - started).toBeGreaterThan(950);
  });
});

describe('trouble that lasts', () => {
  it.each([
    { kind: '500', tries: 3, sentence: 'MLflow says: database is locked.' },
    { kind: '503', tries: 3, sentence: 'MLflow says: starting.' },
    { kind: '429', tries: 3, sentence: 'MLflow says: too many.' },
    { kind: 'hang', tries: 3, sentence: 'MLflow could not be asked: 127.0.0.1 did not answer within 0.2 s.' },
    { kind: 'lostAnswer', tries: 3, sentence: /^MLflow could not be asked: 127\.0\.0\.1 broke the connection/ },
    { kind: 'html', tries: 1, sentence: /^A web page answered at 127\.0\.0\.1:\d+ instead of MLflow's API/ },
    { kind: 'host', tries: 1, sentence: /start it with --allowed-hosts "127\.0\.0\.1:\d+"/ },
  ] as const)('$kind is told in a sentence after $tries tries', async ({ kind, tries, sentence }) => {
    server.fault({ kind, times: 9 });
    const outcome = mlflowRegistry(access()).aliasVersion(champion);
    await expect(outcome).rejects.toBeInstanceOf(Refusal);
    await expect(outcome).rejects.toThrow(sentence);
    expect(server.calls).toHaveLength(tries);
  });

  it('does not wait for minutes', async () => {
    server.fault({ kind: '429', times: 9, retryAfter: 600 });
    await expect(mlflowRegistry(access()).aliasVersion(champion)).rejects.toThrow('MLflow says: too many.');
    expect(server.calls).toHaveLength(1);
  });

  it('says that nobody is there, and what may not be called', async () => {
    const { url } = server;
    await server.close();
    await expect(mlflowRegistry(access()).aliasVersion(champion)).rejects.toThrow(
      'MLflow could not be asked: 127.0.0.1 refused the connection.',
    );
    await expect(mlflowRegistry(access({ allowedHosts: [], url })).aliasVersion(champion)).rejects.toThrow(
      'MLflow could not be asked: 127.0.0.1 is called by https only, unless the operator names this host.',
    );
    server = await startLocalMlflow({ models: [] });
  });
});

describe('what is sent', () => {
  it.each([
    { more: {}, authorization: undefined },
    { more: { auth: { token: 'abc' } }, authorization: 'Bearer abc' },
    {
      more: { auth: { username: 'ann', password: 'é:1' } },
      authorization: `Basic ${Buffer.from('ann:é:1').toString('base64')}`,
    },
  ])('signs in as $authorization', async ({ more, authorization }) => {
    await mlflowRegistry(access({ ...more, space: 'team-a' })).aliasVersion(champion);
    expect(server.calls[0]?.headers.authorization).toBe(authorization);
    expect(server.calls[0]?.headers['x-mlflow-workspace']).toBe('team-a');
  });

  it('asks for nothing about a version that cannot be', async () => {
    expect(await mlflowRegistry(access()).versionExists({ model: 'churn', version: "1' OR" })).toBe(false);
    expect(server.calls).toEqual([]);
  });

  it('says when a name cannot be searched for', async () => {
    const model = `both ' and "`;
    await mlflowRegistry(access()).aliasVersion(champion);
    const other = await startLocalMlflow({ models: [{ name: model, versions: [], aliases: {} }] });
    await expect(mlflowRegistry(access({ url: other.url })).recentVersions({ model })).rejects.toThrow(
      'both kinds of quotes',
    );
    await other.close();
  });
});
