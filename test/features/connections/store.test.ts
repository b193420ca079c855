import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { secretOf } from '../../../src/features/connections/access.ts';
import {
  connectionById,
  connectionNamed,
  connectionsOf,
  findConnections,
  hookOf,
  pipelinesOf,
  registryFor,
} from '../../../src/features/connections/queries.ts';
import { connections } from '../../../src/features/connections/schema.ts';
import {
  changeConnection,
  forgetConnection,
  letPost,
  makeConnection,
  noteTried,
} from '../../../src/features/connections/store.ts';
import { tryConnection } from '../../../src/features/connections/trying.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { sealing } from '../../../src/lib/sealing.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import { it } from '../../support/house.ts';
import { planted, toolbox, typed, withPassword } from './support.ts';

describe('what signs me in', () => {
  it('stands nowhere but sealed: not in rows, ledger, messages or logs', async ({ house }) => {
    await house.team();
    const check = () => Promise.reject(new Refusal(`it says: no ${planted}, ${basic}`));
    const { ctx, logged } = toolbox(house, { check });
    const { connection } = await makeConnection(ctx, 'mlflow', withPassword, 'OLGA');
    const after = await tryConnection(ctx, connection.id);
    await changeConnection(ctx, { connectionId: connection.id, revision: 1 }, withPassword, 'OLGA');
    await makeConnection(ctx, 'airflow', typed({ signIn: 'token', secret: planted }), 'OLGA');
    expect(after.problem).toBe('it says: no [hidden], [hidden]');
    const rows = await ctx.db.select().from(connections);
    const everything = JSON.stringify([rows, await linesOf(ctx.db, 'T1'), await house.said(), logged]);
    expect(everything).not.toContain(planted);
    expect(everything).not.toContain(basic);
    expect(rows.map((row) => secretOf(ctx, row))).toEqual([planted, planted]);
  });
  const basic = Buffer.from(`pit:${planted}`).toString('base64');

  it('does not open in another row, in another workspace or with another key', async ({ house }) => {
    await house.team();
    const { ctx, logged } = toolbox(house);
    const one = (await makeConnection(ctx, 'mlflow', withPassword, 'OLGA')).connection;
    const other = (await makeConnection(ctx, 'mlflow', withPassword, 'OLGA')).connection;
    const lost = 'PITCREW_SECRET_KEY is not the one it was sealed with';
    expect(() => secretOf(ctx, { ...one, secret: other.secret })).toThrow(lost);
    expect(() => secretOf(ctx, { ...one, workspace: 'T2' })).toThrow(lost);
    expect(() => secretOf({ ...ctx, sealing: sealing([Buffer.alloc(32, 8)]) }, one)).toThrow(lost);
    expect(() => secretOf({ ...ctx, sealing: undefined }, one)).toThrow(lost);
    await ctx.db.update(connections).set({ secret: other.secret }).where(eq(connections.id, one.id));
    expect(await tryConnection(ctx, one.id)).toMatchObject({ problem: expect.stringContaining(lost) });
    expect(logged.join()).not.toContain(planted);
  });

  it('needs a key; what needs no secret does not', async ({ house }) => {
    await house.team();
    for (const [kind, what] of [
      ['mlflow', withPassword],
      ['webhook', typed()],
    ] as const) {
      await expect(makeConnection(house.ctx, kind, what, 'OLGA')).rejects.toThrow('openssl rand -base64 32');
    }
    await expect(makeConnection(house.ctx, 'mlflow', typed(), 'OLGA')).resolves.toMatchObject({
      connection: { name: 'mlflow', secret: null },
    });
  });

  it('stays when the rest is edited, is replaced when typed anew, and goes with the sign-in', async ({ house }) => {
    await house.team();
    const { ctx, made } = toolbox(house);
    const { connection } = await makeConnection(ctx, 'mlflow', withPassword, 'OLGA');
    const edit = (revision: number, what: typeof withPassword) =>
      changeConnection(ctx, { connectionId: connection.id, revision }, what, 'DEPU');
    const renamed = await edit(1, { ...withPassword, secret: '', name: 'Registry', url: 'https://mlflow.example/sub' });
    expect(renamed).toMatchObject({ name: 'Registry', revision: 2, url: 'https://mlflow.example/sub' });
    expect(secretOf(ctx, renamed)).toBe(planted);
    await registryFor(ctx);
    await registryFor(ctx);
    expect(made).toEqual([expect.objectContaining({ auth: { username: 'pit', password: planted } })]);
    expect(secretOf(ctx, await edit(2, { ...withPassword, secret: 'another' }))).toBe('another');
    await registryFor(ctx);
    expect(made[1]).toMatchObject({ auth: { username: 'pit', password: 'another' } });
    expect(await edit(3, typed())).toMatchObject({ secret: null, username: '' });
    await expect(edit(3, typed())).rejects.toThrow('Somebody else changed');
  });

  it('is not sent to another address than the one it was given for', async ({ house }) => {
    await house.team();
    const { ctx } = toolbox(house);
    const { connection } = await makeConnection(ctx, 'mlflow', withPassword, 'OLGA');
    const before = { connectionId: connection.id, revision: 1 };
    for (const url of ['https://evil.example', 'http://mlflow.example', 'https://mlflow.example:8443']) {
      await expect(changeConnection(ctx, before, { ...withPassword, secret: '', url }, 'DEPU')).rejects.toThrow(
        'The password was given for mlflow.example only',
      );
    }
    const token = { ...withPassword, signIn: 'token', username: '', secret: '' };
    await expect(changeConnection(ctx, before, token, 'DEPU')).rejects.toThrow('The token is missing');
    const moved = { ...withPassword, url: 'https://new.example' };
    await expect(changeConnection(ctx, before, moved, 'DEPU')).resolves.toMatchObject({ url: 'https://new.example' });
  });

  it('of a web-hook is made here, shown once and never sent', async ({ house }) => {
    await house.team();
    const { ctx } = toolbox(house);
    const { connection, signing = '' } = await makeConnection(ctx, 'webhook', typed({ secret: 'mine' }), 'OLGA');
    expect(Buffer.from(/^whsec_(.+)$/.exec(signing)?.[1] ?? '', 'base64')).toHaveLength(32);
    expect(await hookOf(ctx, connection.id)).toMatchObject({ url: 'https://mlflow.example', secret: signing });
    expect(JSON.stringify(await ctx.db.select().from(connections))).not.toContain(signing);
    const moved = typed({ url: 'https://other.example' });
    await changeConnection(ctx, { connectionId: connection.id, revision: 1 }, moved, 'OLGA');
    expect(await hookOf(ctx, connection.id)).toMatchObject({ url: 'https://other.example', secret: signing });
    const other = (await makeConnection(ctx, 'airflow', typed(), 'OLGA')).connection;
    await expect(hookOf(ctx, other.id)).rejects.toThrow('airflow is no web-hook');
  });
});

describe('who may', () => {
  it.for(['guest', 'foreign', 'deactivated', 'bot'] as const)(
    'a %s neither connects nor edits nor forgets nor lets anything post',
    async (standing, { house }) => {
      await house.team();
      const { ctx } = toolbox(house);
      const { connection } = await makeConnection(ctx, 'mlflow', typed(), 'OLGA');
      await house.standing('ENGI', standing);
      for (const deed of [
        () => makeConnection(ctx, 'mlflow', typed(), 'ENGI'),
        () => changeConnection(ctx, { connectionId: connection.id, revision: 1 }, typed(), 'ENGI'),
        () => forgetConnection(ctx, connection.id, 'ENGI'),
        () => letPost(ctx, connection.id, 'ENGI'),
      ]) {
        await expect(deed()).rejects.toThrow('Only full members');
      }
    },
  );

  it('another workspace sees and touches nothing of this one', async ({ house }) => {
    await house.team();
    const { ctx } = toolbox(house);
    const { connection } = await makeConnection(ctx, 'airflow', typed(), 'OLGA');
    const { connection: registry } = await makeConnection(ctx, 'mlflow', typed(), 'OLGA');
    const there = { ...ctx, workspace: 'T2' };
    expect(await connectionsOf(there)).toEqual([]);
    expect(await findConnections(there, '')).toEqual([]);
    expect(await registryFor(there)).toBe(house.registry);
    await expect(pipelinesOf(there, connection.id)).rejects.toThrow('was forgotten');
    await expect(connectionNamed(there, 'airflow')).rejects.toThrow('no connection named "airflow"');
    await noteTried(there, registry, { found: '', problem: 'theirs' });
    expect(await connectionById(ctx, registry.id)).toMatchObject({ problem: '' });
  });
});

describe('the registry', () => {
  it('of a workspace is its newest one that was not forgotten, else that of the install', async ({ house }) => {
    await house.team();
    const { ctx, made } = toolbox(house);
    expect(await registryFor(ctx)).toBe(house.registry);
    await makeConnection(ctx, 'mlflow', typed({ url: 'https://old.example' }), 'OLGA');
    house.later(1);
    const newest = await makeConnection(ctx, 'mlflow', typed({ url: 'https://new.example', space: 'ml' }), 'OLGA');
    await registryFor(ctx);
    await forgetConnection(ctx, newest.connection.id, 'DEPU');
    await registryFor(ctx);
    expect(made.map(({ url, space }) => [url, space])).toEqual([
      ['https://new.example', 'ml'],
      ['https://old.example', undefined],
    ]);
  });

  it('may be called at the host of its own address only, also where that is private', async ({ house }) => {
    await house.team();
    const { ctx, made } = toolbox(house);
    const named = { ...ctx, allowedHosts: ['mlflow.example', 'airflow.example:8080', '10.0.0.0/8', 'vault'] };
    await makeConnection(named, 'mlflow', typed(), 'OLGA');
    await registryFor(named);
    expect(made[0]?.allowedHosts).toEqual(['mlflow.example', '10.0.0.0/8']);
  });
});

describe('pipelines', () => {
  it('are those of the tool; what runs nothing is refused', async ({ house }) => {
    await house.team();
    const { ctx, made } = toolbox(house);
    const airflow = await makeConnection(ctx, 'airflow', withPassword, 'OLGA');
    const kubeflow = await makeConnection(ctx, 'kubeflow', typed({ signIn: 'token', secret: planted }), 'OLGA');
    const mlflow = await makeConnection(ctx, 'mlflow', typed(), 'OLGA');
    expect((await pipelinesOf(ctx, airflow.connection.id)).pipelines.name).toBe('airflow');
    expect((await pipelinesOf(ctx, kubeflow.connection.id)).pipelines.name).toBe('kubeflow');
    expect(made.map(({ kind, auth }) => [kind, auth])).toEqual([
      ['airflow', { username: 'pit', password: planted }],
      ['kubeflow', { token: planted }],
    ]);
    const one = await pipelinesOf(ctx, airflow.connection.id);
    expect((await pipelinesOf(ctx, airflow.connection.id)).pipelines).toBe(one.pipelines);
    await expect(pipelinesOf(ctx, mlflow.connection.id)).rejects.toThrow('runs nothing');
    await forgetConnection(ctx, airflow.connection.id, 'OLGA');
    await expect(pipelinesOf(ctx, airflow.connection.id)).rejects.toThrow('was forgotten');
  });
});

describe('names', () => {
  it('are numbered, given once, found in any case, and free again when forgotten', async ({ house }) => {
    await house.team();
    const { ctx } = toolbox(house);
    const made = [];
    for (let i = 0; i < 3; i += 1) made.push((await makeConnection(ctx, 'mlflow', typed(), 'OLGA')).connection);
    expect(made.map(({ name }) => name)).toEqual(['mlflow', 'mlflow-2', 'mlflow-3']);
    await expect(makeConnection(ctx, 'airflow', typed({ name: 'MLflow-2' }), 'OLGA')).rejects.toThrow('already');
    const [first, second] = made;
    const rename = typed({ name: 'mlflow' });
    const edit = { connectionId: second?.id ?? '', revision: 1 };
    await expect(changeConnection(ctx, edit, rename, 'OLGA')).rejects.toThrow('already');
    expect(await connectionNamed(ctx, 'MLFLOW')).toMatchObject({ id: first?.id });
    await forgetConnection(ctx, first?.id ?? '', 'OLGA');
    await expect(forgetConnection(ctx, first?.id ?? '', 'OLGA')).rejects.toThrow('was forgotten');
    expect(await changeConnection(ctx, edit, rename, 'OLGA')).toMatchObject({ name: 'mlflow' });
    expect((await findConnections(ctx, 'FLOW-')).map(({ name }) => name)).toEqual(['mlflow-3']);
    expect(await findConnections(ctx, '%')).toEqual([]);
    expect((await connectionsOf(ctx, ['airflow'])).map(({ name }) => name)).toEqual([]);
  });
});

describe('what is forgotten', () => {
  it('leaves no secret and a line in the ledger', async ({ house }) => {
    await house.team();
    const { ctx } = toolbox(house);
    const { connection } = await makeConnection(ctx, 'mlflow', withPassword, 'OLGA');
    await forgetConnection(ctx, connection.id, 'DEPU');
    const [row] = await ctx.db.select().from(connections);
    expect(row).toMatchObject({ secret: null, username: '' });
    const lines = (await linesOf(ctx.db, 'T1')).filter(({ subject }) => subject === `connection:${connection.id}`);
    expect(lines.map(({ who, summary }) => `${who} ${summary}`)).toEqual([
      'OLGA connected mlflow (mlflow at mlflow.example)',
      'DEPU forgot the connection mlflow',
    ]);
  });
});

describe('a try', () => {
  it('says what was found or what was wrong, and a bug is no sentence of a stranger', async ({ house }) => {
    await house.team();
    let check = () => Promise.resolve('2 models');
    const { ctx, logged } = toolbox(house, { check: () => check() });
    const { connection } = await makeConnection(ctx, 'mlflow', typed(), 'OLGA');
    expect(await tryConnection(ctx, connection.id)).toMatchObject({ found: '2 models', problem: '' });
    house.later(5);
    check = () => Promise.reject(new Refusal(`no \0 ${'x'.repeat(2000)}`));
    const refused = await tryConnection(ctx, connection.id);
    expect(refused).toMatchObject({ found: '', triedAt: house.now() });
    expect(refused.problem).toHaveLength(500);
    check = () => Promise.reject(new TypeError('undefined is not a function'));
    expect((await tryConnection(ctx, connection.id)).problem).toContain('Something broke on our side');
    expect(logged.join()).toContain('undefined is not a function');
  });

  it('of what was edited meanwhile says nothing', async ({ house }) => {
    await house.team();
    const { ctx } = toolbox(house, {
      check: async () => {
        await changeConnection(ctx, { connectionId: connection.id, revision: 1 }, typed({ name: 'new' }), 'DEPU');
        throw new Refusal('the old address is wrong');
      },
    });
    const { connection } = await makeConnection(ctx, 'mlflow', typed(), 'OLGA');
    expect(await tryConnection(ctx, connection.id)).toMatchObject({ name: 'new', problem: '', triedAt: null });
  });
});
