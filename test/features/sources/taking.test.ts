import { describe, expect } from 'vitest';
import { datasets } from '../../../src/features/datasets/schema.ts';
import { openAlerts } from '../../../src/features/drift/queries.ts';
import { liveVersion } from '../../../src/features/releases/store.ts';
import type { Heard, HeardAlarm, HeardReport, HeardRun } from '../../../src/features/sources/heard.ts';
import { type About, type From, takeHeard } from '../../../src/integrations/take-heard.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { type House, it } from '../../support/house.ts';

const source: From = { key: 's1', label: 'Grafana', kind: 'grafana', modelId: null, environment: null };
const say = (house: House, heard: readonly Heard[], about: About = {}, from: Partial<From> = {}) =>
  house.visit((ctx) => takeHeard(ctx, { source: { ...source, ...from }, heard, about }));

const alarm = (house: House, given: Partial<HeardAlarm> = {}): HeardAlarm => ({
  kind: 'alarm',
  key: 'a1',
  name: 'Latency',
  summary: 'p99 is 2 s',
  state: 'firing',
  severity: 'critical',
  startedAt: house.now(),
  ...given,
});
const run = (house: House, given: Partial<HeardRun> = {}): HeardRun => ({
  kind: 'run',
  key: 'r1',
  pipeline: 'retrain',
  state: 'failed',
  at: house.now(),
  ...given,
});
const report = (given: Partial<HeardReport> = {}): HeardReport => ({
  kind: 'report',
  findings: [
    { column: 'age', method: 'psi', label: 'PSI', score: 0.3, limit: null, direction: 'above', drifted: true },
  ],
  measures: [],
  ...given,
});
const told = async (house: House) =>
  (await linesOf(house.ctx.db, 'T1')).map(({ what, summary }) => `${what}: ${summary}`);

describe('where it belongs', () => {
  it.for<[string, About, Partial<HeardAlarm>, 'bound' | 'loose', string]>([
    ['the address wins', { model: 'CHURN-model' }, { model: 'nobody' }, 'loose', 'churn-model'],
    ['then the payload', {}, { model: 'nobody' }, 'bound', 'No model is registered'],
    ['then what it was connected for', {}, {}, 'bound', 'churn-model'],
    ['else it is refused', {}, {}, 'loose', 'Say which model'],
  ])('%s', async ([, about, said, bound, expected], { house }) => {
    const { model } = await house.team();
    const from = bound === 'bound' ? { modelId: model.id } : {};
    const taken = say(house, [alarm(house, said)], about, from);
    if (expected !== 'churn-model') {
      await expect(taken).rejects.toMatchObject({ message: expect.stringContaining(expected), field: 'model' });
    } else {
      await expect(taken).resolves.toEqual({ accepted: 1 });
      expect(await openAlerts(house.ctx)).toMatchObject([{ modelId: model.id }]);
    }
  });

  it.for<[About, Partial<HeardAlarm>, string | null, string]>([
    [{ environment: 'a' }, { environment: 'b' }, 'c', 'a'],
    [{}, { environment: 'b' }, 'c', 'b'],
    [{}, {}, 'c', 'c'],
    [{}, {}, null, 'production'],
  ])('the environment of %j, %j and %j is %s', async ([about, said, bound, environment], { house }) => {
    await house.team();
    await say(house, [alarm(house, { model: 'churn-model', ...said })], about, { environment: bound });
    expect(await openAlerts(house.ctx)).toMatchObject([{ environment }]);
  });

  it('what can be placed is taken, and the rest is named', async ({ house }) => {
    await house.team();
    const taken = await say(house, [alarm(house), alarm(house, { key: 'a2', model: 'churn-model' })]);
    expect(taken).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, reason: expect.stringContaining('model: Say') }],
    });
  });
});

describe('an alarm', () => {
  it('counts once a turn, however often it is repeated, and again when it fires again', async ({ house }) => {
    await house.team();
    const about = { model: 'churn-model' };
    const first = alarm(house);
    expect(await say(house, [first], about)).toEqual({ accepted: 1 });
    house.later(5);
    expect(await say(house, [first], about)).toEqual({ accepted: 0, duplicate: true });
    expect(await say(house, [first, alarm(house, { key: 'a2' })], about)).toEqual({ accepted: 1 });
    expect(await say(house, [{ ...first, state: 'resolved', endedAt: house.now() }], about)).toEqual({ accepted: 1 });
    house.later(5);
    expect(await say(house, [alarm(house)], about)).toEqual({ accepted: 1 });
    expect(await say(house, [first], about, { key: 's2' })).toEqual({ accepted: 1 });
  });
});

describe('a run', () => {
  it('that failed raises an alarm for its model until one succeeds', async ({ house }) => {
    await house.team();
    const about = { model: 'churn-model' };
    await say(house, [run(house, { detail: 'out of memory' })], about);
    expect(await openAlerts(house.ctx)).toHaveLength(1);
    house.later(10);
    await say(house, [run(house, { state: 'running' })], about);
    expect(await openAlerts(house.ctx)).toHaveLength(1);
    await say(house, [run(house, { state: 'succeeded' })], about);
    expect(await openAlerts(house.ctx)).toEqual([]);
    expect(await told(house)).toContain('run.failed: a run of retrain failed: out of memory');
  });

  it('without a model is noted and calls nobody', async ({ house }) => {
    await house.team();
    expect(await say(house, [run(house)])).toEqual({ accepted: 1 });
    expect(await openAlerts(house.ctx)).toEqual([]);
    expect(await told(house)).toContain('run.failed: a run of retrain failed');
  });
});

describe('a deployment', () => {
  const deployed = (house: House, state: 'running' | 'succeeded' | 'failed') =>
    ({ kind: 'deployment', key: 'd1', version: '15', state, at: house.now(), by: 'ada' }) as const;

  it('that succeeded is what serving was seen with; before that and when it fails nothing moves', async ({ house }) => {
    const { model } = await house.team();
    const served = async () => (await liveVersion(house.ctx, model.id, 'production'))?.servedVersion;
    const about = { model: 'churn-model' };
    await say(house, [deployed(house, 'running')], about);
    await say(house, [deployed(house, 'failed')], about);
    expect(await served()).toBeNull();
    await say(house, [deployed(house, 'succeeded')], about);
    expect(await served()).toBe('15');
    house.later(1);
    await say(house, [{ ...deployed(house, 'succeeded'), version: '7fd1a60b' }], about);
    expect(await served()).toBe('15');
    expect((await told(house)).filter((line) => line.includes('deploy'))).toEqual([
      'release.deploy_failed: the deployment of version 15 to production by ada failed',
      'release.deploy_succeeded: the deployment of version 15 to production by ada succeeded',
      'release.deploy_succeeded: the deployment of version 7fd1a60b to production by ada succeeded',
    ]);
  });
});

it('names that no index holds are refused by their field', async ({ house }) => {
  await house.team();
  const long = 'x'.repeat(3000);
  await expect(say(house, [alarm(house, { model: long })])).rejects.toMatchObject({ field: 'model' });
  const about = { model: 'churn-model' };
  await expect(say(house, [alarm(house, { environment: long })], about)).rejects.toMatchObject({
    field: 'environment',
  });
  expect(await say(house, [alarm(house, { key: long })], about)).toEqual({ accepted: 1 });
  expect(await say(house, [run(house, { pipeline: long, detail: long })], about)).toEqual({ accepted: 1 });
});

describe('a report', () => {
  it('takes its window from the address; several keep their own', async ({ house }) => {
    await house.team();
    const at = new Date('2026-01-01T00:00:00Z');
    const about = { model: 'churn-model', at };
    expect(await say(house, [report()], about)).toEqual({ accepted: 1, drifted: 1, judged: true });
    expect(await say(house, [report({ at: house.now() })], about)).toMatchObject({ judged: false });
    const two = [report({ at: new Date('2026-01-02T00:00:00Z') }), report({ at: new Date('2026-01-03T00:00:00Z') })];
    expect(await say(house, two, about)).toEqual({ accepted: 2, drifted: 2, judged: true });
  });

  it('of the future is refused by the field', async ({ house }) => {
    await house.team();
    const at = new Date(house.now().getTime() + 600_000);
    await expect(say(house, [report()], { model: 'churn-model', at })).rejects.toMatchObject({ field: 'window_end' });
  });
});

describe('a data set', () => {
  const seen = (house: House, name: string) =>
    ({ kind: 'dataset', namespace: 'warehouse', name, at: house.now(), columns: [], rows: 5 }) as const;

  it('needs no model, and stands among the data sets', async ({ house }) => {
    await house.team();
    expect(await say(house, [seen(house, 'orders'), seen(house, 'orders')])).toEqual({ accepted: 2 });
    const rows = await house.ctx.db.select().from(datasets);
    expect(rows).toMatchObject([{ namespace: 'warehouse', name: 'orders', rows: 5, source: 'Grafana' }]);
  });

  it('with a name that no index holds is refused by its field', async ({ house }) => {
    await house.team();
    const mixed = await say(house, [seen(house, 'x'.repeat(3000)), seen(house, 'orders')]);
    expect(mixed).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, reason: expect.stringContaining('name: This') }],
    });
  });
});

describe('news of a registry', () => {
  it('is a line in the ledger, under its model where we know it', async ({ house }) => {
    const { model } = await house.team();
    const set = { kind: 'registry', entity: 'alias', action: 'set', version: '15', alias: 'champion' } as const;
    await say(house, [
      { ...set, name: 'churn-model', at: house.now() },
      { ...set, name: 'other', at: house.now() },
    ]);
    const lines = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what === 'registry.alias_set');
    expect(lines.map(({ modelId }) => modelId)).toEqual([model.id, null]);
    expect(lines[0]?.summary).toBe('wrote alias champion on version 15 of churn-model');
  });
});
