import { describe, expect } from 'vitest';
import { makeConnection } from '../../../src/features/connections/store.ts';
import type { Step } from '../../../src/features/deployers/deployer.ts';
import { pipelineDeployer } from '../../../src/features/deployers/pipeline.ts';
import { checkSettings, readSteps } from '../../../src/features/deployers/rules.ts';
import { settingsOf } from '../../../src/features/deployers/queries.ts';
import { setDeployer } from '../../../src/features/deployers/store.ts';
import { findModels } from '../../../src/features/models/queries.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import type { Pipelines, RunStatus } from '../../../src/ports.ts';
import { type House, it } from '../../support/house.ts';

const step: Step = {
  key: 'exec:77:0',
  kind: 'promotion',
  number: 3,
  from: '14',
  to: '15',
  percent: 50,
  reason: 'better',
  approvedBy: [],
};

function memory() {
  const runs = new Map<string, RunStatus>();
  const starts: string[] = [];
  const pipelines: Pipelines = {
    name: 'Airflow',
    check: () => Promise.resolve(''),
    list: () => Promise.resolve([]),
    obstacle: () => Promise.resolve(undefined),
    start: (_dag, { triggerId }) => {
      starts.push(triggerId);
      runs.set(triggerId, { state: 'queued' });
      return Promise.resolve({ runId: triggerId, url: '' });
    },
    status: (_dag, id) => Promise.resolve(runs.get(id)),
    cancel: () => Promise.resolve(),
    questions: () => Promise.resolve([]),
    answer: () => Promise.resolve(),
  };
  return { runs, starts, pipelines };
}

async function deploying(house: House, pipelines: Pipelines) {
  const model = (await findModels(house.ctx, ''))[0] ?? (await house.team()).model;
  return pipelineDeployer({ name: 'airflow, deploy', pipelines, pipeline: 'deploy', model, environment: 'production' });
}

describe('a DAG that deploys', () => {
  it('starts once for a step, also when it is asked again, and is followed', async ({ house }) => {
    const { pipelines, starts, runs } = memory();
    const deployer = await deploying(house, pipelines);
    const op = await deployer.apply(step);
    expect(op).toEqual({ state: 'running', ref: 'pitcrew-exec-77-0', says: 'deploy is queued in Airflow' });
    await deployer.apply(step);
    expect(starts).toEqual(['pitcrew-exec-77-0']);
    runs.set('pitcrew-exec-77-0', { state: 'succeeded' });
    expect(await deployer.status('pitcrew-exec-77-0', step)).toMatchObject({ state: 'done' });
    expect(await deployer.apply(step)).toMatchObject({ state: 'done' });
  });

  it('that fails names what failed; one that is gone is unclear', async ({ house }) => {
    const { pipelines, runs } = memory();
    const deployer = await deploying(house, pipelines);
    runs.set('a', { state: 'failed', detail: 'failed: push' });
    expect(await deployer.status('a', step)).toEqual({
      state: 'failed',
      says: 'deploy failed in Airflow, failed: push.',
    });
    expect(await deployer.status('b', step)).toMatchObject({ state: 'unclear' });
  });

  it('that is paused is not begun', async ({ house }) => {
    const { pipelines, starts } = memory();
    const deployer = await deploying(house, { ...pipelines, obstacle: () => Promise.resolve('The DAG is paused.') });
    expect(await deployer.apply(step)).toEqual({ state: 'failed', says: 'The DAG is paused.' });
    expect(starts).toEqual([]);
  });

  it('whose start may have been lost is looked for, and never guessed', async ({ house }) => {
    const { pipelines, runs } = memory();
    const refused = () => Promise.reject(new Refusal('Airflow could not be asked.'));
    const lost = await deploying(house, { ...pipelines, start: refused });
    expect(await lost.apply(step)).toMatchObject({ state: 'failed' });
    let looks = 0;
    const landed = await deploying(house, {
      ...pipelines,
      start: (dag, run) => pipelines.start(dag, run).then(refused),
      status: (_dag, id) => Promise.resolve((looks += 1) === 1 ? undefined : runs.get(id)),
    });
    expect(await landed.apply(step)).toMatchObject({ state: 'running' });
  });
});

describe('how a model goes live', () => {
  it.for([
    ['', [100]],
    ['100', [100]],
    ['10, 50, 100', [10, 50, 100]],
    ['10% 50% 100%', [10, 50, 100]],
  ] as const)('reads the shares "%s"', ([text, steps]) => expect(readSteps(text)).toEqual([...steps]));

  it.for([
    ['10, 50', 'The last share has to be 100'],
    ['50, 10, 100', 'Each share is more than the one before'],
    ['0, 100', 'whole number from 1 to 100'],
    ['ten, 100', 'whole number'],
    ['1 2 3 4 5 6 7 8 9 10 100', 'more than 10 steps'],
  ] as const)('refuses the shares "%s"', ([text, words]) => expect(() => readSteps(text)).toThrow(words));

  it('an alias takes no shares, a pipeline needs its name', () => {
    const alias = { kind: 'alias', steps: [10, 100], connectionId: null, pipeline: '' } as const;
    expect(() => checkSettings({ ...alias, steps: [10, 100] })).toThrow('An alias cannot give a version a part');
    const dag = { kind: 'pipeline', steps: [100], connectionId: 'c', pipeline: '' } as const;
    expect(() => checkSettings({ ...dag, steps: [100] })).toThrow('Say which DAG');
  });

  it('is set by the people of its team, for a connection that fits, and not over somebody else', async ({ house }) => {
    const { model } = await house.team();
    const { connection } = await makeConnection(
      house.ctx,
      'airflow',
      { url: 'https://airflow.example', signIn: 'none', username: '', secret: '', space: '', name: '' },
      'OLGA',
    );
    const at = { modelId: model.id, environment: 'production', connectionId: connection.id };
    const input = {
      ...at,
      kind: 'pipeline',
      pipeline: 'deploy',
      strategy: 'canary',
      steps: [20, 100],
      bakeMinutes: 10,
    } as const;
    const fresh = { ...input, steps: [20, 100] };
    await expect(setDeployer(house.ctx, fresh, 0, 'STRANGER')).rejects.toThrow('Only the people of Retention');
    await expect(setDeployer(house.ctx, { ...fresh, kind: 'webhook' }, 0, 'OLGA')).rejects.toThrow('Choose a web-hook');
    await setDeployer(house.ctx, fresh, 0, 'OLGA');
    expect(await settingsOf(house.ctx, model.id, 'production')).toMatchObject({ steps: [20, 100], bakeMinutes: 10 });
    expect(await settingsOf(house.ctx, model.id, 'staging')).toMatchObject({ steps: [100] });
    await expect(setDeployer(house.ctx, fresh, 0, 'DEPU')).rejects.toThrow('Somebody else changed this meanwhile');
  });
});
