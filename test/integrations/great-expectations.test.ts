import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readGreatExpectations } from '../../src/integrations/great-expectations/great-expectations.ts';
import { Refusal } from '../../src/lib/refusal.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/great-expectations/${name}.json`, import.meta.url));
const received = new Date('2026-11-23T10:00:00Z');
const read = (body: string | Uint8Array) => readGreatExpectations(body, received);
const validation = (rest: object) => JSON.stringify({ success: true, suite_name: 'orders', results: [], ...rest });
const expectation = (type: string, kwargs: object, result: unknown = {}, success: unknown = true) => ({
  expectation_config: { type, kwargs },
  success,
  result,
});

function fieldOf(body: string): string | undefined {
  try {
    read(body);
  } catch (error) {
    if (error instanceof Refusal) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('a validation result', () => {
  it('of 0.x', () => {
    expect(read(fixture('result-0x'))).toEqual([
      {
        kind: 'dataset',
        namespace: 'warehouse',
        name: 'sales.orders',
        at: new Date('2026-11-20T03:05:07.250Z'),
        rows: 48210,
        columns: [
          { name: 'customer_id', nullShare: 0.04999 },
          { name: 'amount', nullShare: 0.02 },
        ],
        checks: { of: 14, failed: [{ name: 'expect_column_values_to_not_be_null', column: 'customer_id' }] },
        status: 'bad',
      },
    ]);
  });

  it('of 1.x, whose failures are all meant mildly', () => {
    expect(read(fixture('result-1x'))).toEqual([
      {
        kind: 'dataset',
        namespace: 'lake',
        name: 'orders',
        at: new Date('2026-11-20T03:00:01Z'),
        rows: 900,
        columns: [],
        checks: {
          of: 3,
          failed: [
            { name: 'expect_column_pair_values_a_to_be_greater_than_b', column: 'shipped_at, ordered_at' },
            { name: 'expect_compound_columns_to_be_unique', column: 'shop, number' },
          ],
        },
        status: 'warning',
      },
    ]);
  });

  it('of a version that had no severities is bad when it failed', () => {
    const failed = expectation('expect_column_to_exist', { column: 'a' }, {}, false);
    expect(read(validation({ success: false, results: [failed] }))[0]?.status).toBe('bad');
    expect(read(validation({ success: false }))[0]?.status).toBe('bad');
  });

  it('counts an expectation that was not judged as failed, as Great Expectations does', () => {
    const [dataset] = read(validation({ results: [expectation('expect_it', {}, null, null)] }));
    expect(dataset?.checks).toEqual({ of: 1, failed: [{ name: 'expect_it', column: '' }] });
  });

  it('takes counts of some of the rows for none of the table', () => {
    const some = { column: 'a', row_condition: 'b > 1' };
    const results = [
      expectation('expect_column_values_to_not_be_null', some, { element_count: 5, unexpected_percent: 40 }),
      expectation('expect_table_row_count_to_equal', { row_condition: 'b > 1' }, { observed_value: 5 }),
    ];
    expect(read(validation({ results }))).toMatchObject([{ columns: [] }]);
    expect(read(validation({ results }))[0]).not.toHaveProperty('rows');
  });

  it('reads NaN and an odd name', () => {
    const results = [
      expectation('expect_column_values_to_not_be_null', { column: '<!channel>' }, { unexpected_percent: 100 }),
      expectation('expect_column_values_to_not_be_null', { column: 'empty' }, { unexpected_percent: null }),
    ];
    const body = validation({ results }).replace('"unexpected_percent":null', '"unexpected_percent":NaN');
    expect(read(body)[0]?.columns).toEqual([{ name: '<!channel>', nullShare: 1 }]);
  });
});

describe('a checkpoint', () => {
  it('in the words of describe_dict() is a data set for each validation, seen when it came', () => {
    expect(read(fixture('checkpoint'))).toEqual([
      {
        kind: 'dataset',
        namespace: '',
        name: 'lake-orders',
        at: received,
        rows: 900,
        columns: [{ name: 'amount', nullShare: 0.01 }],
        checks: { of: 1, failed: [] },
        status: 'ok',
      },
      {
        kind: 'dataset',
        namespace: '',
        name: 'lake-shops',
        at: received,
        columns: [],
        checks: { of: 1, failed: [{ name: 'expect_column_to_exist', column: 'country' }] },
        status: 'bad',
      },
    ]);
  });

  it.each(['0.x', '1.x'])('of %s may keep its results by their ids', (version) => {
    const inner = JSON.parse(fixture('result-0x').toString());
    const run_results = { 'ValidationResultIdentifier::a': version === '0.x' ? { validation_result: inner } : inner };
    expect(read(JSON.stringify({ run_results }))).toEqual(read(fixture('result-0x')));
  });

  it('may have validated nothing', () => expect(read('{"success": true, "validation_results": []}')).toEqual([]));
});

describe('name and time', () => {
  const asset = { active_batch_definition: { datasource_name: 'lake', data_asset_name: 'orders' } };
  it.each([
    { meta: asset, namespace: 'lake', name: 'orders' },
    { meta: { batch_spec: { datasource_name: 'db', table_name: 'o' } }, namespace: 'db', name: 'o' },
    { meta: { batch_kwargs: { datasource: 'db', table: 'o', ge_batch_id: '1' } }, namespace: 'db', name: 'o' },
    { meta: { batch_kwargs: { ge_batch_id: '1' } }, namespace: '', name: 'orders' },
    { meta: null, namespace: '', name: 'orders' },
  ])('$meta is called $name', ({ meta, namespace, name }) => {
    expect(read(validation({ meta }))).toMatchObject([{ namespace, name }]);
  });

  it.each([
    { meta: { validation_time: '20261120T030507.250000Z' }, at: '2026-11-20T03:05:07.250Z' },
    { meta: { run_id: { run_time: '2026-11-20T03:00:00+02:00' } }, at: '2026-11-20T01:00:00.000Z' },
    { meta: { run_id: 'nightly', run_time: '20261120T030000.0Z' }, at: '2026-11-20T03:00:00.000Z' },
    { meta: { validation_time: '2026-11-20T03:00:00' }, at: received.toISOString() },
    { meta: { validation_time: 'soonZ' }, at: received.toISOString() },
  ])('$meta was at $at', ({ meta, at }) => {
    expect(read(validation({ meta }))[0]?.at.toISOString()).toBe(at);
  });
});

it.each([
  { what: 'no JSON', body: 'ok', field: 'body' },
  { what: 'a list', body: '[]', field: 'body' },
  { what: 'no verdict', body: '{"results": []}', field: 'success' },
  { what: 'no results', body: '{"success": true}', field: 'results' },
  { what: 'no name', body: '{"success": true, "results": []}', field: 'meta.active_batch_definition.data_asset_name' },
  { what: 'no verdict of one', body: validation({ results: [{}] }), field: 'results[0].success' },
  {
    what: 'no type of one',
    body: validation({ results: [expectation('a', {}), { success: true, expectation_config: { kwargs: {} } }] }),
    field: 'results[1].expectation_config.type',
  },
  {
    what: 'no verdict in a checkpoint',
    body: '{"validation_results": [{"success": true, "expectations": [{"success": "yes"}]}]}',
    field: 'validation_results[0].expectations[0].success',
  },
  {
    what: 'no verdict in a run',
    body: '{"run_results": {"a": {"validation_result": {}}}}',
    field: 'run_results.a.validation_result.success',
  },
])('refuses $what and names $field', ({ body, field }) => expect(fieldOf(body)).toBe(field));

const samples = new URL('../../../shared/samples/', import.meta.url);
describe.runIf(existsSync(samples))('real files', () => {
  const names = (existsSync(samples) ? readdirSync(samples) : []).filter((name) => /^great-exp.*\.json$/.test(name));
  it.each(names)('%s', (name) => {
    const [dataset] = read(readFileSync(new URL(name, samples)));
    expect(dataset?.status).toBe(name.includes('failed') ? 'bad' : 'ok');
    expect(dataset?.checks?.failed.length).toBe(name.includes('failed') ? 1 : 0);
    expect(dataset?.name).not.toBe('');
  });
});
