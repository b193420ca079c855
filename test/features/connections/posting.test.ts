import { describe, expect } from 'vitest';
import { connectionById, listedConnections } from '../../../src/features/connections/queries.ts';
import { letPost, makeConnection } from '../../../src/features/connections/store.ts';
import { listenTo } from '../../../src/features/connections/trying.ts';
import { sources } from '../../../src/features/sources/schema.ts';
import { revoke } from '../../../src/features/sources/store.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import type { Registry } from '../../../src/ports.ts';
import { it } from '../../support/house.ts';
import { toolbox, typed } from './support.ts';

type Hook = Parameters<Registry['tellUs']>[0];

describe('letting MLflow post here', () => {
  it('makes one source, and tells MLflow its address and secret', async ({ house }) => {
    await house.team();
    const told: Hook[] = [];
    const { ctx } = toolbox(house, { tellUs: (hook) => Promise.resolve(void told.push(hook)) });
    const { connection } = await makeConnection(ctx, 'mlflow', typed(), 'OLGA');
    await listenTo(ctx, connection.id, 'OLGA');
    await listenTo(ctx, connection.id, 'DEPU');
    const all = await ctx.db.select().from(sources);
    expect(all).toMatchObject([{ kind: 'mlflow', name: 'mlflow' }]);
    const { secret } = await letPost(ctx, connection.id, 'OLGA');
    const hook = { name: `pitcrew-${all[0]?.id}`, url: `https://pitcrew.example/hooks/${all[0]?.id}`, secret };
    expect(told).toEqual([hook, hook]);
    expect(await listedConnections(ctx, 10)).toMatchObject([{ source: 'mlflow', connection: { hookProblem: '' } }]);
  });

  it('keeps why MLflow was not told, without the secret', async ({ house }) => {
    await house.team();
    const tellUs: Registry['tellUs'] = ({ secret }) => Promise.reject(new Refusal(`MLflow says: no to ${secret}`));
    const { ctx } = toolbox(house, { tellUs });
    const { connection } = await makeConnection(ctx, 'mlflow', typed(), 'OLGA');
    await listenTo(ctx, connection.id, 'OLGA');
    expect(await connectionById(ctx, connection.id)).toMatchObject({ hookProblem: 'MLflow says: no to [hidden]' });
  });

  it('after its source was revoked makes a new one', async ({ house }) => {
    await house.team();
    const { ctx } = toolbox(house);
    const { connection } = await makeConnection(ctx, 'mlflow', typed(), 'OLGA');
    const { source } = await letPost(ctx, connection.id, 'OLGA');
    await revoke(ctx, source.id, 'OLGA');
    expect(await listedConnections(ctx, 10)).toMatchObject([{ source: null }]);
    expect((await letPost(ctx, connection.id, 'OLGA')).source.name).toBe('mlflow-2');
  });

  it('with a lost key says what to do', async ({ house }) => {
    await house.team();
    const { ctx } = toolbox(house);
    const { connection } = await makeConnection(ctx, 'mlflow', typed(), 'OLGA');
    await letPost(ctx, connection.id, 'OLGA');
    await expect(letPost({ ...ctx, sealing: undefined }, connection.id, 'OLGA')).rejects.toThrow(
      '`/ml connect rotate mlflow` gives it a new secret',
    );
  });
});

describe('letting others post here', () => {
  it('Airflow gets a source once; then its secret is rotated, not made again', async ({ house }) => {
    await house.team();
    const { ctx } = toolbox(house);
    const { connection } = await makeConnection(ctx, 'airflow', typed(), 'OLGA');
    expect(await letPost(ctx, connection.id, 'OLGA')).toMatchObject({ source: { kind: 'airflow' } });
    await expect(letPost(ctx, connection.id, 'OLGA')).rejects.toThrow('`/ml connect rotate airflow`');
  });

  it.for(['kubeflow', 'webhook'] as const)('what %s posts cannot be read', async (kind, { house }) => {
    await house.team();
    const { ctx } = toolbox(house);
    const { connection } = await makeConnection(ctx, kind, typed(), 'OLGA');
    await expect(letPost(ctx, connection.id, 'OLGA')).rejects.toThrow('nothing that I can read');
  });
});
