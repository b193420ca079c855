import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyOfOpenLineage, readOpenLineage } from '../../src/integrations/openlineage/openlineage.ts';
import { Refusal } from '../../src/lib/refusal.ts';

const fixture = readFileSync(new URL('../fixtures/openlineage/complete.json', import.meta.url));
const event = {
  eventType: 'COMPLETE',
  eventTime: '2026-11-20T05:10:00Z',
  run: { runId: 'r1' },
  job: { namespace: 'airflow', name: 'etl' },
};
const bodyOf = (rest: object) => JSON.stringify({ ...event, ...rest });
const table = { namespace: 'db', name: 'orders' };
const at = new Date(event.eventTime);
const output = (rest: object, eventType = 'COMPLETE') =>
  readOpenLineage(bodyOf({ eventType, outputs: [{ ...table, ...rest }] }))[1];

function fieldOf(body: string): string | undefined {
  try {
    readOpenLineage(body);
  } catch (error) {
    if (error instanceof Refusal) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

it('reads the run, the inputs that were measured and the outputs that were written', () => {
  const at = new Date('2026-11-20T05:10:00.123Z');
  const written = { kind: 'dataset', namespace: 's3://lake', at, columns: [], writtenBy: 'airflow/features.build' };
  expect(readOpenLineage(fixture)).toEqual([
    {
      kind: 'run',
      key: '0192f6ac-2f7e-7cc4-9bb0-0a6a5a5f0001',
      pipeline: 'airflow/features.build',
      state: 'succeeded',
      at,
    },
    {
      kind: 'dataset',
      namespace: 'postgres://warehouse',
      name: 'raw.orders',
      at,
      updatedAt: new Date('2026-11-20T04:58:00Z'),
      rows: 200,
      bytes: 4096,
      columns: [
        { name: 'amount', nullShare: 0.05 },
        { name: 'shop', nullShare: 0 },
      ],
      checks: { of: 2, failed: [{ name: 'not_null', column: 'amount' }] },
      status: 'bad',
    },
    { ...written, name: 'features/orders', updatedAt: at, rows: 180, bytes: 2048 },
    { ...written, name: 'features/log', updatedAt: at },
    { ...written, name: 'features/late' },
  ]);
});

describe('the run', () => {
  it.each([
    ['START', 'running'],
    ['RUNNING', 'running'],
    ['OTHER', 'running'],
    ['complete', 'succeeded'],
    ['FAIL', 'failed'],
    ['ABORT', 'canceled'],
  ])('after %s is %s', (eventType, state) => {
    expect(readOpenLineage(bodyOf({ eventType }))).toEqual([
      { kind: 'run', key: 'r1', pipeline: 'airflow/etl', state, at },
    ]);
  });

  it('that failed says why', () => {
    const run = { runId: 'r1', facets: { errorMessage: { message: 'no such table <!channel>' } } };
    expect(readOpenLineage(bodyOf({ eventType: 'FAIL', run }))).toMatchObject([{ detail: 'no such table <!channel>' }]);
    expect(readOpenLineage(bodyOf({ eventType: 'COMPLETE', run }))[0]).not.toHaveProperty('detail');
  });

  it.each([{ facets: null }, { facets: 3 }, { facets: { errorMessage: null } }, { facets: { errorMessage: {} } }])(
    'has facets that nobody knows: %j',
    ({ facets }) => {
      expect(readOpenLineage(bodyOf({ eventType: 'FAIL', run: { runId: 'r1', facets } }))).toHaveLength(1);
    },
  );

  it.each([undefined, 'WAITING'])('says nothing of its state when the type is %s', (eventType) => {
    expect(readOpenLineage(bodyOf({ eventType }))).toEqual([]);
  });
});

describe('an output', () => {
  it.each(['START', 'RUNNING', 'FAIL', 'ABORT'])('is not written yet at %s', (eventType) => {
    expect(output({}, eventType)).toBeUndefined();
  });

  it('is heard of before the end when it was measured', () => {
    const seen = output({ facets: { dataQualityMetrics: { rowCount: 3, columnMetrics: {} } } }, 'RUNNING');
    expect(seen).toEqual({ kind: 'dataset', ...table, at, rows: 3, columns: [], writtenBy: 'airflow/etl' });
  });

  it.each(['DROP', 'TRUNCATE', 'ALTER', 'RENAME'])('that was changed by %s has no new data', (change) => {
    const seen = output({ facets: { lifecycleStateChange: { lifecycleStateChange: change } } });
    expect(seen).not.toHaveProperty('updatedAt');
  });

  it.each(['CREATE', 'OVERWRITE'])('after %s has the rows of the run', (change) => {
    const facets = { lifecycleStateChange: { lifecycleStateChange: change } };
    expect(output({ facets, outputFacets: { outputStatistics: { rowCount: 7 } } })).toMatchObject({ rows: 7 });
  });

  it('passes over a facet of another shape', () => {
    expect(output({ facets: { dataQualityMetrics: 4, dataQualityAssertions: {} }, outputFacets: [] })).toEqual({
      kind: 'dataset',
      ...table,
      at,
      updatedAt: at,
      columns: [],
      writtenBy: 'airflow/etl',
    });
  });
});

describe('shares of nulls', () => {
  it.each([
    { rowCount: 4, nullCount: 1, columns: [{ name: '<!channel>', nullShare: 0.25 }] },
    { rowCount: 0, nullCount: 0, columns: [] },
    { rowCount: undefined, nullCount: 1, columns: [] },
    { rowCount: 4, nullCount: 5, columns: [] },
    { rowCount: 4, nullCount: 'one', columns: [] },
  ])('$nullCount of $rowCount', ({ rowCount, nullCount, columns }) => {
    const dataQualityMetrics = { rowCount, columnMetrics: { '<!channel>': { nullCount } } };
    const [, dataset] = readOpenLineage(bodyOf({ inputs: [{ ...table, inputFacets: { dataQualityMetrics } }] }));
    expect(dataset).toMatchObject({ columns });
    expect(dataset).not.toHaveProperty('writtenBy');
  });
});

it.each([
  { assertions: [{ assertion: 'unique', success: true }], status: 'ok', failed: [] },
  {
    assertions: [{ assertion: 'unique', success: false, severity: 'warn' }],
    status: 'warning',
    failed: [{ name: 'unique', column: '' }],
  },
])('assertions make it $status', ({ assertions, status, failed }) => {
  const facets = { dataQualityAssertions: { assertions } };
  const [, dataset] = readOpenLineage(bodyOf({ inputs: [{ ...table, facets }] }));
  expect(dataset).toMatchObject({ status, checks: { of: 1, failed } });
});

describe('an event without a run', () => {
  const { eventTime, job } = event;

  it('of a data set tells what was measured', () => {
    const dataset = { ...table, facets: { dataQualityMetrics: { rowCount: 2, columnMetrics: {} } } };
    expect(readOpenLineage(JSON.stringify({ eventTime, dataset }))).toMatchObject([{ ...table, rows: 2 }]);
  });

  it('of a job is no news', () => expect(readOpenLineage(JSON.stringify({ eventTime, job }))).toEqual([]));
});

describe('the key', () => {
  it('is of the run, the type and the time', () => {
    expect(keyOfOpenLineage(fixture)).toBe('0192f6ac-2f7e-7cc4-9bb0-0a6a5a5f0001 COMPLETE 2026-11-20T05:10:00.123456Z');
    expect(keyOfOpenLineage(bodyOf({ producer: 'a' }))).toBe(keyOfOpenLineage(bodyOf({ producer: 'b' })));
    expect(keyOfOpenLineage(bodyOf({ eventType: 'complete' }))).toBe(keyOfOpenLineage(bodyOf({})));
  });

  it.each([{ eventType: 'FAIL' }, { eventTime: '2026-11-20T05:10:00.1Z' }, { run: { runId: 'r2' } }])(
    'is another for %j',
    (rest) => expect(keyOfOpenLineage(bodyOf(rest))).not.toBe(keyOfOpenLineage(bodyOf({}))),
  );

  it('of an event without a run is of what it names', () => {
    const { eventTime, job } = event;
    expect(keyOfOpenLineage(JSON.stringify({ eventTime, dataset: table }))).toBe(`db orders ${eventTime}`);
    expect(keyOfOpenLineage(JSON.stringify({ eventTime, job }))).toBe(`airflow etl ${eventTime}`);
  });
});

it.each([
  { what: 'no JSON', body: '<event/>', field: 'body' },
  { what: 'a list', body: '[]', field: 'body' },
  { what: 'an empty object', body: '{}', field: 'eventTime' },
  { what: 'no run', body: bodyOf({ run: undefined }), field: 'run' },
  { what: 'no run id', body: bodyOf({ run: {} }), field: 'run.runId' },
  { what: 'no job', body: bodyOf({ job: undefined }), field: 'job' },
  { what: 'a time of no zone', body: bodyOf({ eventTime: '2026-11-20T05:10:00' }), field: 'eventTime' },
  { what: 'outputs that are no list', body: bodyOf({ outputs: {} }), field: 'outputs' },
  { what: 'an output without name', body: bodyOf({ outputs: [table, { namespace: 'a' }] }), field: 'outputs[1].name' },
])('refuses $what and names $field', ({ body, field }) => expect(fieldOf(body)).toBe(field));

const samples = new URL('../../../shared/samples/', import.meta.url);
describe.runIf(existsSync(samples))('real files', () => {
  const files = existsSync(samples) ? readdirSync(samples) : [];
  it.each(files.filter((name) => /^openlineage-run-event.*\.json$/.test(name)))('%s', (name) => {
    const body = readFileSync(new URL(name, samples));
    expect(readOpenLineage(body)).toMatchObject([{ pipeline: 'food_delivery/dbt', state: 'succeeded' }]);
    expect(keyOfOpenLineage(body)).toContain(' COMPLETE ');
  });
  it.each(files.filter((name) => /^openlineage-facet.*\.json$/.test(name)))('%s', (name) => {
    const inputFacets = JSON.parse(readFileSync(new URL(name, samples)).toString());
    const [, dataset] = readOpenLineage(bodyOf({ inputs: [{ ...table, inputFacets }] }));
    expect(dataset).toMatchObject({ rows: 10, columns: [{ name: 'counterparty_id' }, { name: 'user_id' }] });
  });
});
