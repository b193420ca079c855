import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readAirflow } from '../../src/integrations/airflow/callback.ts';

const run = { dag_id: 'retrain_churn', dag_run_id: 'scheduled__1', state: 'failed' };
const received = new Date('2026-04-01T12:00:00Z');
const read = (more: object) => readAirflow(JSON.stringify({ ...run, ...more }), received)[0];
const refused = (field: string) => expect.objectContaining({ name: 'Refusal', field });

it.each([
  ['success', 'succeeded'],
  ['FAILED', 'failed'],
  ['upstream_failed', 'failed'],
  ['queued', 'queued'],
  ['running', 'running'],
  ['up_for_retry', 'running'],
  ['skipped', 'canceled'],
])('%s is %s', (said, state) => expect(read({ state: said })).toMatchObject({ state }));

it('says what failed: its tasks, else the reason, else nothing', () => {
  const tasks = (many: number) => Array.from({ length: many }, (_, i) => ({ task_id: `t${i}` }));
  expect(read({ failed_tasks: tasks(2), reason: 'task_failure' })?.detail).toBe('Failed: t0, t1.');
  expect(read({ failed_tasks: tasks(500) })?.detail).toBe('Failed: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9.');
  expect(read({ failed_tasks: [], reason: 'timed_out' })?.detail).toBe('timed_out');
  expect(read({ failed_tasks: null })).not.toHaveProperty('detail');
});

it('is of when it ended, else of when it began, else of now', () => {
  const [start, end] = ['2026-04-01T08:00:00+00:00', '2026-04-01T09:00:00+00:00'];
  expect(read({ start_date: start, end_date: end })?.at).toEqual(new Date(end));
  expect(read({ start_date: start, end_date: null })?.at).toEqual(new Date(start));
  expect(read({})?.at).toEqual(received);
});

it('leads nowhere that a browser does not open', () => {
  expect(read({ url: 'javascript:alert(1)' })).not.toHaveProperty('url');
  expect(read({ failed_tasks: [{ task_id: 't', log_url: '/log' }] })).not.toHaveProperty('url');
});

it('text comes through as it is, however long, and what is not known is passed over', () => {
  const reason = '<!channel>'.repeat(20_000);
  expect(read({ reason, model: '<@U1>', environment: 'staging', conf: { a: [] } })).toMatchObject({
    detail: reason,
    model: '<@U1>',
    environment: 'staging',
  });
});

it.each([
  [{ dag_id: '' }, 'dag_id'],
  [{ end_date: '2026-04-01 08:00' }, 'end_date'],
  [{ failed_tasks: [{ task_id: 't' }, {}] }, 'failed_tasks[1].task_id'],
])('%j is refused by its field', (more, field) => expect(() => read(more)).toThrow(refused(field)));

it.each(['', '{', '[]', 'null'])('%j is no callback', (body) => {
  expect(() => readAirflow(body, received)).toThrow(refused('body'));
});

const sample = new URL('../../../shared/samples/airflow3-DAGRunResponse.json', import.meta.url);
it.skipIf(!existsSync(sample))('the answer of Airflow 3 to a trigger, where its sample is at hand', () => {
  expect(readAirflow(readFileSync(sample), received)).toEqual([
    {
      kind: 'run',
      key: 'retrain_fraud/mlbot-7f3c',
      pipeline: 'retrain_fraud',
      state: 'queued',
      at: received,
    },
  ]);
});
