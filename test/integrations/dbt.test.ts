import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDbtSources } from '../../src/integrations/dbt/sources.ts';
import { Refusal } from '../../src/lib/refusal.ts';

const fixture = readFileSync(new URL('../fixtures/dbt/sources.json', import.meta.url));
const metadata = {
  dbt_schema_version: 'https://schemas.getdbt.com/dbt/sources/v3.json',
  generated_at: '2026-11-20T05:01:00Z',
};
const source = { unique_id: 'source.shop.raw.orders', status: 'pass' };
const bodyOf = (...results: unknown[]) => JSON.stringify({ metadata, results });
const hour = 3_600_000;

function fieldOf(body: string): string | undefined {
  try {
    readDbtSources(body);
  } catch (error) {
    if (error instanceof Refusal) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('the freshness of sources', () => {
  const datasets = readDbtSources(fixture);

  it('gives a data set for each, with its own limits', () => {
    expect(datasets[0]).toEqual({
      kind: 'dataset',
      namespace: 'shop',
      name: 'raw.orders',
      at: new Date('2026-11-20T05:00:00.500Z'),
      updatedAt: new Date('2026-11-20T04:30:00Z'),
      columns: [],
      latest: { warnAfterMs: 6 * hour, errorAfterMs: 24 * hour },
      status: 'ok',
    });
    expect(datasets.map(({ name, latest }) => [name, latest])).toEqual([
      ['raw.orders', { warnAfterMs: 6 * hour, errorAfterMs: 24 * hour }],
      ['raw.clicks', { warnAfterMs: 1.5 * hour }],
      ['crm.v2.people', { errorAfterMs: 48 * hour }],
      ['raw.returns', undefined],
      ['raw.visits', undefined],
    ]);
  });

  it('reads statuses in any case, and leaves out one it does not know', () => {
    expect(datasets.map(({ status }) => status)).toEqual(['ok', 'warning', 'bad', 'bad', undefined]);
    expect(readDbtSources(bodyOf({ ...source, status: 'constructor' }))[0]).not.toHaveProperty('status');
  });

  it('knows the first day of the calendar for no rows, and no time for not known', () => {
    expect(datasets.map(({ updatedAt }) => updatedAt?.toISOString() ?? updatedAt)).toEqual([
      '2026-11-20T04:30:00.000Z',
      '2026-11-19T18:00:00.000Z',
      null,
      undefined,
      '2026-11-20T04:30:00.000Z',
    ]);
  });

  it('says why a source could not be looked at, when the file was written', () => {
    expect(datasets[3]).toMatchObject({
      at: new Date('2026-11-20T05:01:00Z'),
      checks: { of: 1, failed: [{ name: 'Database Error: relation "raw.returns" does not exist', column: '' }] },
    });
    expect(datasets.map(({ checks }) => checks?.of)).toEqual([undefined, undefined, undefined, 1, undefined]);
    const [without] = readDbtSources(bodyOf({ ...source, status: 'Runtime Error', error: null }));
    expect(without).toMatchObject({ status: 'bad', checks: { failed: [{ name: 'runtime error' }] } });
  });

  it('keeps an odd name', () => {
    const [dataset] = readDbtSources(bodyOf({ ...source, unique_id: 'source.shop.raw.<!channel>' }));
    expect(dataset?.name).toBe('raw.<!channel>');
  });

  it('may be of no sources', () => expect(readDbtSources(bodyOf())).toEqual([]));
});

it.each([
  { what: 'no JSON', body: 'version: 2', field: 'body' },
  { what: 'a list', body: '[]', field: 'body' },
  { what: 'no metadata', body: '{"results": []}', field: 'metadata' },
  {
    what: 'the file of another command',
    body: JSON.stringify({
      metadata: { ...metadata, dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json' },
      results: [],
    }),
    field: 'metadata.dbt_schema_version',
  },
  { what: 'no results', body: JSON.stringify({ metadata }), field: 'results' },
  { what: 'no id', body: bodyOf({ status: 'pass' }), field: 'results[0].unique_id' },
  { what: 'a model', body: bodyOf({ ...source, unique_id: 'model.shop.orders' }), field: 'results[0].unique_id' },
  { what: 'no status', body: bodyOf(source, { unique_id: 'source.a.b.c' }), field: 'results[1].status' },
  { what: 'a time in words', body: bodyOf({ ...source, max_loaded_at: 'now' }), field: 'results[0].max_loaded_at' },
  {
    what: 'a period of its own',
    body: bodyOf({ ...source, criteria: { warn_after: { count: 1, period: 'moon' } } }),
    field: 'results[0].criteria.warn_after.period',
  },
])('refuses $what and names $field', ({ body, field }) => expect(fieldOf(body)).toBe(field));

const samples = new URL('../../../shared/samples/', import.meta.url);
describe.runIf(existsSync(samples))('real files', () => {
  const names = (existsSync(samples) ? readdirSync(samples) : []).filter((name) => /^dbt-sources.*\.json$/.test(name));
  it.each(names)('%s', (name) => {
    const datasets = readDbtSources(readFileSync(new URL(name, samples)));
    expect(datasets.map((each) => each.name)).toEqual(['pagila.actor', 'pagila.address', 'pagila.payment_p2020_06']);
    expect(datasets.map(({ updatedAt }) => updatedAt === null)).toEqual([false, false, true]);
    for (const { latest, status } of datasets) {
      expect(latest).toEqual({ warnAfterMs: 12 * hour, errorAfterMs: 24 * hour });
      expect(status).toBe('ok');
    }
  });
});
