import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aliasDeployer } from '../../../src/features/deployers/alias.ts';
import type { Step } from '../../../src/features/deployers/deployer.ts';
import { mlflowRegistry } from '../../../src/integrations/mlflow/mlflow.ts';
import { type LocalMlflow, startLocalMlflow } from '../../../src/local-mlflow/local-mlflow.ts';

const model = 'churn-model';
const alias = 'champion';
const step: Step = {
  key: 'exec:1:0',
  kind: 'rollback',
  number: 7,
  from: '3',
  to: '2',
  percent: 100,
  reason: 'worse',
  approvedBy: ['OLGA', 'DEPU'],
};
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const setPath = 'registered-models/alias';

let mlflow: LocalMlflow;
beforeEach(async () => {
  const versions = ['1', '2', '3'].map((version) => ({ version }));
  mlflow = await startLocalMlflow({ models: [{ name: model, versions, aliases: { [alias]: '3' } }] });
});
afterEach(() => mlflow.close());

const deployer = () => {
  const access = { url: mlflow.url, allowedHosts: ['127.0.0.1'], timeoutMs: 300, pauses: [1, 1] };
  return aliasDeployer(mlflowRegistry(access), { model, alias }, quiet);
};
const stands = () => mlflow.state()[0]?.aliases[alias];
const sets = () => mlflow.calls.filter(({ method, path }) => method === 'POST' && path === setPath);

describe('an alias', () => {
  it('is moved, read back, and both versions are tagged with who approved', async () => {
    expect(await deployer().apply(step)).toEqual({ state: 'done', says: 'MLflow alias champion points to version 2' });
    expect(stands()).toBe('2');
    const tags = mlflow.state()[0]?.versions.map(({ tags = {} }) => tags);
    expect(tags?.[2]).toMatchObject({ 'pitcrew.rolled_back_to': '2', 'pitcrew.approved_by': 'OLGA,DEPU' });
    expect(tags?.[1]).toMatchObject({ 'pitcrew.restored_from': '3', 'pitcrew.rollback': '7' });
  });

  it('is not moved a second time, however often the step is repeated', async () => {
    await deployer().apply(step);
    await deployer().apply(step);
    expect(sets()).toHaveLength(1);
  });

  it('that somebody else moved stays where it is', async () => {
    mlflow.moveAlias({ model, alias, version: '1' });
    expect(await deployer().apply(step)).toMatchObject({
      state: 'stale',
      says: 'someone else moved the alias: MLflow says champion points to version 1, the approver saw version 3',
    });
    expect(sets()).toEqual([]);
  });

  it('that somebody deleted is not made again', async () => {
    expect(await deployer().apply({ ...step, from: '9' })).toMatchObject({ state: 'stale' });
  });

  it('is not moved to a version that was deleted', async () => {
    expect(await deployer().apply({ ...step, to: '9' })).toMatchObject({
      state: 'failed',
      says: 'MLflow has no version 9 of churn-model any more, so nothing was moved.',
    });
    expect(sets()).toEqual([]);
  });

  it('of a model without one is set for the first time', async () => {
    expect(await deployer().apply({ ...step, from: '3' })).toMatchObject({ state: 'done' });
    const fresh = await startLocalMlflow({ models: [{ name: model, versions: [{ version: '1' }], aliases: {} }] });
    const first = aliasDeployer(
      mlflowRegistry({ url: fresh.url, allowedHosts: ['127.0.0.1'] }),
      { model, alias },
      quiet,
    );
    expect(await first.apply({ ...step, kind: 'promotion', from: '', to: '1' })).toMatchObject({ state: 'done' });
    await fresh.close();
  });

  it('counts as moved when only the answer was lost', async () => {
    mlflow.fault({ kind: 'lostAnswer', path: setPath, times: 1 });
    expect(await deployer().apply(step)).toMatchObject({ state: 'done' });
    expect(stands()).toBe('2');
  });

  it('is unclear when the registry goes silent in the moment of the move', async () => {
    mlflow.fault({ kind: 'lostAnswer', path: setPath, times: 3 });
    const working = deployer();
    const before = mlflow.calls.length;
    const moving = working.apply(step);
    while (!mlflow.calls.slice(before).some(({ path }) => path === setPath))
      await new Promise((done) => setImmediate(done));
    mlflow.fault({ kind: '503', path: 'registered-models/get', times: 3 });
    expect(await moving).toMatchObject({ state: 'unclear', says: expect.stringContaining('nobody can read whether') });
    expect(await working.current()).toBe('2');
  });

  it('is left alone, with a sentence, when the registry does not answer at all', async () => {
    mlflow.fault({ kind: 'html', times: 9 });
    await expect(deployer().apply(step)).rejects.toThrow('A web page answered at 127.0.0.1');
    expect(sets()).toEqual([]);
  });
});
