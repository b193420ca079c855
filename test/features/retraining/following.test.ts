import { describe, expect } from 'vitest';
import { forgetConnection } from '../../../src/features/connections/store.ts';
import { saveGate } from '../../../src/features/gates/changes.ts';
import { cancelTraining } from '../../../src/features/retraining/changes.ts';
import { followNext } from '../../../src/features/retraining/following.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import { type House, it } from '../../support/house.ts';
import { type Workshop, workshop } from './support.ts';

/** Started in Airflow, and seen there once. */
async function running(
  house: House,
  ...rest: [] | [Parameters<typeof workshop>[1]]
): Promise<Workshop & { runId: string }> {
  const shop = await workshop(house, ...rest);
  await shop.ask();
  await shop.look();
  const { runId } = await shop.now();
  if (runId === null) throw new Error('it was not started');
  shop.airflow.begin(runId);
  await shop.look();
  return { ...shop, runId };
}
const versions = (house: House, ...names: string[]) => {
  house.registry.recentVersions = () =>
    Promise.resolve(names.map((version) => ({ version, createdAt: new Date(0), aliases: [] })));
};

describe('a training that goes well', () => {
  it('is started once with its parameters and followed in one message', async ({ house }) => {
    const shop = await workshop(house, { params: 'model = {model}\nfrom = {version}\nskip = {excluded}' });
    const excluded = [{ from: '2026-02-01T00:00Z', to: '2026-02-02T00:00Z', why: 'bad feed' }];
    const { id } = await shop.ask('ENGI', { excluded });
    expect(await shop.card()).toContain('*Starting* in Airflow.');
    expect(await shop.look()).toBe(true);
    const conf = { model: 'churn-model', from: '14', skip: '2026-02-01T00:00Z/2026-02-02T00:00Z' };
    const note = 'Pitcrew, training 1 of churn-model: amount drifts since Monday';
    expect(shop.airflow.runs()).toMatchObject([{ dag_run_id: `pitcrew-${id}`, conf, note }]);
    expect(await shop.card()).toContain('*Queued* in Airflow.');
    shop.airflow.begin(`pitcrew-${id}`);
    await shop.look();
    expect(await shop.card()).toContain('*Running* in Airflow since');
    expect(await shop.card()).toContain('[Cancel]');
    shop.airflow.finish(`pitcrew-${id}`, 'success', { said: { version: '15' } });
    house.later(20);
    await shop.look();
    const card = await shop.card();
    expect(card).toContain('*Done* after 21 min. Its candidate is *version 15*.');
    expect(card).toContain('• <!date^1769904000');
    expect(await house.said('training:')).toHaveLength(1);
    expect(await shop.look()).toBe(false);
    const lines = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what.startsWith('training.'));
    expect(lines.map(({ what, who }) => `${what} ${who}`)).toEqual([
      'training.approved ENGI',
      'training.queued pitcrew',
      'training.running pitcrew',
      'training.succeeded pitcrew',
    ]);
  });

  it('names what the gate says of the candidate, and leads on to its promotion', async ({ house }) => {
    const shop = await running(house);
    await saveGate(shop.ctx, { modelId: shop.model.id, environment: 'production' }, 'auc >= 0.8', undefined, 'OLGA');
    house.registry.facts.set('15', { auc: 0.93 });
    shop.airflow.finish(shop.runId, 'success', { said: { version: '15' } });
    await shop.look();
    expect(await shop.card()).toMatch(/version 15\*\. Its gate: .*pass/);
    expect(await shop.card()).toContain('[Promote] [Show gate]');
  });

  it('that says nothing has made the newest version of the registry', async ({ house }) => {
    versions(house, '14', '13');
    const shop = await running(house);
    versions(house, '15', '14', '13');
    shop.airflow.finish(shop.runId, 'success');
    await shop.look();
    expect(await shop.now()).toMatchObject({ state: 'succeeded', newestBefore: '14', candidate: '15' });
  });

  it('that made nothing says so and offers another', async ({ house }) => {
    const shop = await running(house);
    shop.airflow.finish(shop.runId, 'success');
    await shop.look();
    expect(await shop.card()).toContain('It registered no new version that I could find');
    expect(await shop.card()).toContain('[Retrain]');
  });

  it('waits for the registry to say what it made, and says that', async ({ house }) => {
    const shop = await running(house);
    const { recentVersions } = house.registry;
    house.registry.recentVersions = () => Promise.reject(new Refusal('MLflow could not be asked: it is down.'));
    shop.airflow.finish(shop.runId, 'success');
    await shop.look();
    expect(await shop.card()).toContain('MLflow could not be asked: it is down. I keep looking.');
    house.registry.recentVersions = recentVersions;
    await shop.look();
    expect(await shop.card()).toContain('*Done*');
  });
});

describe('a start', () => {
  it.for([
    [{ dag_id: 'train', is_paused: true }, 'The DAG "train" is paused'],
    [{ dag_id: 'other' }, 'Airflow has no DAG named "train".'],
    [
      { dag_id: 'train', import_error: 'ImportError: no module' },
      'The file of the DAG "train" cannot be loaded: ImportError: no',
    ],
  ] as const)('with %j is told at once, and nothing runs', async ([dag, words], { house }) => {
    const shop = await workshop(house);
    shop.airflow.drop('train');
    shop.airflow.put(dag);
    await shop.ask();
    await shop.look();
    expect(await shop.card()).toContain(`*Not started*: ${words}`);
    expect(await shop.card()).toContain('Press *Retrain* to try again.');
    expect(await shop.card()).toContain('[Retrain] [Roll back]');
    expect(shop.airflow.runs()).toEqual([]);
  });

  it('that the account may not make is said, tried again for a while, and given up', async ({ house }) => {
    const shop = await workshop(house);
    shop.airflow.fault({ kind: 'forbidden', match: /POST .*dagRuns/, times: 99 });
    await shop.ask();
    await shop.look();
    expect(await shop.card()).toContain('give it a role that may see and start DAG runs. I try again.');
    for (let i = 0; i < 5; i += 1) {
      house.later(3);
      await shop.look();
    }
    expect(await shop.card()).toContain('*Not started*: Airflow says that the account of this app may not do that');
    expect(shop.airflow.calls.filter(({ method, path }) => method === 'POST' && /dagRuns/.test(path))).toHaveLength(5);
  });

  it('with a password that was changed is said', async ({ house }) => {
    const shop = await workshop(house, {}, { users: { pitcrew: 'another one' } });
    await shop.ask();
    await shop.look();
    expect(await shop.card()).toContain('Airflow did not accept the user name and password');
  });

  it('whose answers were lost is one run', async ({ house }) => {
    const shop = await workshop(house);
    shop.airflow.fault({ kind: 'lostAnswer', match: /POST .*dagRuns/, times: 4 });
    await shop.ask();
    await shop.look();
    expect(await shop.now()).toMatchObject({ state: 'approved', tries: 1 });
    expect(await shop.card()).toContain('I try again.');
    await shop.look();
    expect(await shop.now()).toMatchObject({ state: 'queued', tries: 0 });
    expect(shop.airflow.runs()).toHaveLength(1);
  });

  it('after which the process died is taken over when the lease has run out: still one run', async ({ house }) => {
    versions(house, '14');
    const shop = await workshop(house);
    await shop.ask();
    // The first process got as far as the start, and never came back to write it down.
    const never = slowly(shop, () => new Promise(() => {}));
    void followNext({ ...shop.ctx, tools: { ...shop.ctx.tools, airflow: never } });
    await expect.poll(() => shop.airflow.runs()).toHaveLength(1);
    versions(house, '15', '14');
    expect(await shop.look()).toBe(false);
    house.later(3);
    expect(await shop.look()).toBe(true);
    expect(shop.airflow.runs()).toHaveLength(1);
    expect(await shop.now()).toMatchObject({ state: 'queued', newestBefore: '14', fence: 2 });
  });

  it('of which the first worker wakes up after the second writes nothing', async ({ house }) => {
    const shop = await workshop(house);
    await shop.ask();
    let second: Promise<unknown> = Promise.resolve();
    const slow = slowly(shop, async () => {
      house.later(4);
      second = followNext(shop.ctx);
      await second;
    });
    await followNext({ ...shop.ctx, tools: { ...shop.ctx.tools, airflow: slow } });
    expect(shop.airflow.runs()).toMatchObject([{ state: 'queued' }]);
    const lines = await linesOf(house.ctx.db, 'T1');
    expect(lines.filter(({ what }) => what === 'training.queued')).toHaveLength(1);
  });

  it('that was canceled meanwhile is stopped there', async ({ house }) => {
    const shop = await workshop(house);
    const { id } = await shop.ask();
    const slow = slowly(shop, async () => void (await cancelTraining(shop.ctx, id, 'ENGI')));
    await followNext({ ...shop.ctx, tools: { ...shop.ctx.tools, airflow: slow } });
    expect(await shop.now()).toMatchObject({ state: 'canceled' });
    expect(shop.airflow.runs()).toMatchObject([{ state: 'failed' }]);
  });
});

/** Starts the run, and then something else happens before that can be written. */
const slowly =
  ({ ctx }: Workshop, meanwhile: () => Promise<void>): Workshop['ctx']['tools']['airflow'] =>
  (access) => {
    const pipelines = ctx.tools.airflow(access);
    return {
      ...pipelines,
      start: async (...run) => {
        const answer = await pipelines.start(...run);
        await meanwhile();
        return answer;
      },
    };
  };

describe('a run', () => {
  it('that fails names its tasks', async ({ house }) => {
    const shop = await running(house);
    shop.airflow.finish(shop.runId, 'failed', { failedTasks: ['fit', 'push'] });
    house.later(9);
    await shop.look();
    expect(await shop.card()).toContain('*Failed* after 10 min: fit, push. Look at its log, then press *Retrain*.');
    expect(await shop.card()).toContain('[Retrain] [Roll back]');
    expect((await house.heard('training:'))[0]).toMatch(/^Training 1 of churn-model: \*Failed\*/);
  });

  it('that was deleted there is lost, and another may be started', async ({ house }) => {
    const shop = await running(house);
    shop.airflow.remove(shop.runId);
    await shop.look();
    expect(await shop.card()).toContain('*Lost*: Airflow knows no such run any more.');
    await shop.ask();
    expect(await shop.all()).toHaveLength(2);
  });

  it('is looked for while the tool is down, which is said, and seen again later', async ({ house }) => {
    const shop = await running(house);
    shop.airflow.fault({ kind: '503', times: 3 });
    await shop.look();
    expect(await shop.card()).toContain('I cannot see how it goes since');
    expect(await shop.card()).toContain('Airflow answered with status 503.');
    house.later(60);
    await shop.look();
    expect(await shop.card()).not.toContain('I cannot see');
    expect(await shop.now()).toMatchObject({ state: 'running', unseenSince: null, detail: null });
  });

  it('that never ends is told once, aloud', async ({ house }) => {
    const shop = await running(house);
    house.later(23 * 60);
    await shop.look();
    expect(await house.said('training:')).toHaveLength(1);
    house.later(70);
    await shop.look();
    expect(await house.heard(`training:${(await shop.now()).id}:late`)).toEqual([
      ':hourglass: <@ENGI>, training 1 of churn-model is under way for more than a day. Please look at it in Airflow, or cancel it here.',
    ]);
    expect(await shop.card()).toContain('That is longer than a day');
    const { lateToldAt } = await shop.now();
    house.later(600);
    await shop.look();
    expect((await shop.now()).lateToldAt).toEqual(lateToldAt);
    expect((await shop.now()).state).toBe('running');
  });

  it('of a connection that was forgotten is not followed any more, and another may be started', async ({ house }) => {
    const shop = await running(house);
    await forgetConnection(shop.ctx, shop.connection.id, 'OLGA');
    await shop.look();
    expect(await shop.card()).toContain(
      '*Lost*: The connection Airflow was forgotten, so I cannot follow it any more.',
    );
    expect(await shop.look()).toBe(false);
  });

  it('that goes back to queued there, as after a clear, stays as it was', async ({ house }) => {
    const shop = await running(house);
    const body = JSON.stringify({ state: 'queued' });
    const headers = {
      'content-type': 'application/json',
      authorization: String(shop.airflow.calls.at(-1)?.headers.authorization),
    };
    await fetch(`${shop.airflow.url}/api/v2/dags/train/dagRuns/${shop.runId}`, { method: 'PATCH', headers, body });
    await shop.look();
    expect(shop.airflow.runs()).toMatchObject([{ state: 'queued' }]);
    expect(await shop.now()).toMatchObject({ state: 'running' });
  });

  it('took as long as its own clock says, however wrong that is', async ({ house }) => {
    let there = new Date('2001-01-01T00:00:00Z');
    const shop = await workshop(house, {}, { now: () => there });
    await shop.ask();
    await shop.look();
    const { runId } = await shop.now();
    shop.airflow.begin(runId ?? '');
    there = new Date('2001-01-01T00:05:00Z');
    shop.airflow.finish(runId ?? '', 'failed', { failedTasks: ['fit'] });
    house.later(30);
    await shop.look();
    expect(await shop.card()).toContain('*Failed* after 5 min: fit.');
  });
});
