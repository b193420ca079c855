import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readEvidently } from '../../src/integrations/evidently/evidently.ts';
import { beyond, methodNamed } from '../../src/integrations/evidently/methods.ts';
import { Refusal } from '../../src/lib/refusal.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/evidently/${name}.json`, import.meta.url));

const type = (name: string) => `evidently:metric_v2:${name}`;
const drift = (config: object, value: unknown = 0.2) => ({
  id: 'm',
  config: { type: type('ValueDrift'), ...config },
  value,
});
const bodyOf = (...metrics: unknown[]) => JSON.stringify({ metrics, tests: [] });

function refusalOf(body: string | Uint8Array): Refusal {
  try {
    readEvidently(body);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('a report with tests', () => {
  const report = readEvidently(fixture('with-tests'));

  it('lets the tests decide what drifted', () => {
    expect(report.columns.map(({ column, method, score, drifted }) => [column, method, score, drifted])).toEqual([
      ['tenure_months', 'wasserstein', 0.412, true],
      ['plan', 'jensenshannon', 0.034, false],
      ['monthly_spend', 'psi', 0.31, true],
      ['country', 'chisquare', 0.61, false],
    ]);
    expect(report.columns[3]).toMatchObject({ methodLabel: 'chi-square p_value', threshold: 0.05, direction: 'below' });
  });

  it('carries the drifted share and the missing values', () => {
    expect(report.driftedShare).toEqual({ share: 0.5, limit: 0.5, drifted: true });
    expect(report.missing).toEqual([{ column: 'tenure_months', share: 0.03 }]);
    expect(report).not.toHaveProperty('timestamp');
  });

  it('believes a test against its own reading of the threshold', () => {
    const test = { metric_config: { metric_id: 'm' }, status: 'FAIL' };
    const metrics = [drift({ column: 'plan', method: 'psi', threshold: 0.9 })];
    const [column] = readEvidently(JSON.stringify({ metrics, tests: [test] })).columns;
    expect(column?.drifted).toBe(true);
  });

  it.each([
    { statuses: ['WARNING'], drifted: true },
    { statuses: ['SUCCESS', 'FAIL'], drifted: true },
    { statuses: ['FAIL', 'SUCCESS'], drifted: true },
    { statuses: ['SKIPPED'], drifted: false },
    { statuses: ['ERROR'], drifted: false },
  ])('reads $statuses of a score inside its threshold as drifted: $drifted', ({ statuses, drifted }) => {
    const tests = statuses.map((status) => ({ metric_config: { metric_id: 'm' }, status }));
    const metrics = [drift({ column: 'plan', method: 'psi', threshold: 0.9 })];
    expect(readEvidently(JSON.stringify({ metrics, tests })).columns[0]?.drifted).toBe(drifted);
  });
});

describe('a report without tests', () => {
  it('applies the rule of each method, also on the boundary, and skips empty and foreign metrics', () => {
    const report = readEvidently(fixture('without-tests').toString());
    expect(report.columns.map(({ column, method, drifted }) => [column, method, drifted])).toEqual([
      ['tenure_months', 'ks', true],
      ['plan', 'z', false],
      ['monthly_spend', 'psi', true],
    ]);
    expect(report.driftedShare).toEqual({ share: 1 / 3, limit: 0.3, drifted: true });
  });

  it.each([
    ['psi', 0.1, 0.1, true],
    ['psi', 0.0999, 0.1, false],
    ['ed', 0.1, 0.1, false],
    ['ks', 0.05, 0.05, true],
    ['ks', 0.051, 0.05, false],
    ['chisquare', 0.05, 0.05, false],
    ['TVD', 0.01, 0.1, true],
    ['cramer_von_mises', 0.1, 0.1, true],
  ])('%s of %d at the threshold %d has drifted: %s', (name, score, threshold, drifted) => {
    const method = methodNamed(name);
    expect(method && beyond(score, threshold, method)).toBe(drifted);
  });

  it('takes the default threshold of a method that came without one', () => {
    const [column] = readEvidently(bodyOf(drift({ column: 'plan', method: 'T_TEST', threshold: null }))).columns;
    expect(column).toMatchObject({ method: 't_test', threshold: 0.05, drifted: false });
  });

  it.each([
    { body: { metrics: [] }, what: 'no tests at all' },
    { body: { metrics: [], tests: null }, what: 'null tests' },
    { body: { metrics: [], tests: {} }, what: 'empty tests' },
    { body: { metrics: [], tests: [{}] }, what: 'an empty test' },
  ])('accepts $what', ({ body }) => {
    expect(readEvidently(JSON.stringify(body)).columns).toEqual([]);
  });
});

describe('scores that are no numbers', () => {
  it('reports them as not computed, lets a failed test say drifted, and leaves the words in strings alone', () => {
    const report = readEvidently(fixture('not-finite'));
    expect(report.columns[0]).toEqual({
      column: 'notes NaN',
      method: 'kl_div',
      methodLabel: 'Kullback-Leibler divergence',
      score: null,
      threshold: 0.1,
      direction: 'above',
      drifted: true,
      problem: 'could not be computed',
    });
    expect(report.columns.map(({ score }) => score)).toEqual([null, null, 0.02]);
    expect(report.columns[2]).not.toHaveProperty('problem');
    expect(report.missing).toEqual([{ column: 'plan', share: null }]);
  });

  it.each(['"NaN"', '"a\\"NaN\\\\"', '"\\\\\\"Infinity, -Infinity: NaN"'])('keeps the string %s', (column) => {
    const body = `{"metrics":[{"config":{"type":"ValueDrift","column":${column},"method":"psi"},"value":-Infinity}]}`;
    expect(readEvidently(body).columns[0]?.column).toBe(JSON.parse(column));
  });

  it('stays quick on a body made to be slow', () => {
    const started = performance.now();
    refusalOf(`NaN "${'\\"'.repeat(500_000)}`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('methods that Evidently does not know', () => {
  const own = drift({ column: 'plan', method: 'my distance', threshold: 0.1 });

  it('are judged by their test', () => {
    const tests = [{ metric_config: { metric_id: 'm' }, status: 'SUCCESS' }];
    const [column] = readEvidently(JSON.stringify({ metrics: [own], tests })).columns;
    expect(column).toMatchObject({ method: 'my distance', direction: 'below', drifted: false });
  });

  it('are refused without one', () => {
    expect(refusalOf(bodyOf(own)).field).toBe('metrics[0].config.method');
  });
});

describe('bad input', () => {
  it.each([
    { what: 'nothing', body: '  ', field: 'body' },
    { what: 'no JSON', body: '{"metrics": [', field: 'body' },
    { what: 'a list', body: '[]', field: 'body' },
    { what: 'no UTF-8', body: new Uint8Array([0x7b, 0xff, 0x7d]), field: 'body' },
    { what: 'no metrics', body: '{"tests": []}', field: 'metrics' },
    { what: 'tests that are no list', body: '{"metrics": [], "tests": 3}', field: 'tests' },
    {
      what: 'a test without status',
      body: '{"metrics":[],"tests":[{"metric_config":{"metric_id":"a"}}]}',
      field: 'tests[0].status',
    },
    { what: 'a metric that is text', body: bodyOf({}, 'x'), field: 'metrics[1]' },
    { what: 'a metric without config', body: bodyOf({ id: 'a', value: 1 }), field: 'metrics[0].config' },
    {
      what: 'a column that is a number',
      body: bodyOf(drift({ column: 7, method: 'psi' })),
      field: 'metrics[0].config.column',
    },
    { what: 'no method', body: bodyOf(drift({ column: 'a' })), field: 'metrics[0].config.method' },
    {
      what: 'a threshold that is text',
      body: bodyOf(drift({ column: 'a', method: 'psi', threshold: '1' })),
      field: 'metrics[0].config.threshold',
    },
    {
      what: 'a score that is text',
      body: bodyOf(drift({ column: 'a', method: 'psi' }, 'high')),
      field: 'metrics[0].value',
    },
    {
      what: 'a score beyond all numbers',
      body: bodyOf(drift({ column: 'a', method: 'psi' })).replace('0.2', '1e999'),
      field: 'metrics[0].value',
    },
    {
      what: 'an own method without threshold',
      body: bodyOf(drift({ column: 'a', method: 'own' })),
      field: 'metrics[0].config.threshold',
    },
  ])('refuses $what and names $field', ({ body, field }) => {
    expect(refusalOf(body).field).toBe(field);
  });

  it('says where the JSON goes wrong without quoting it', () => {
    expect(refusalOf('{"metrics": [<secret>]}').message).toBe(
      'The body is not JSON: it has a character where none belongs.',
    );
  });
});

it('accepts a byte order mark, and a time only with its offset', () => {
  const at = (timestamp: string) => readEvidently(`\uFEFF${JSON.stringify({ metrics: [], timestamp })}`).timestamp;
  expect(at('2026-11-23T10:00:00+02:00')?.toISOString()).toBe('2026-11-23T08:00:00.000Z');
  expect(at('2026-11-23 05:42:30.638052')).toBeUndefined();
});

const samples = new URL('../../../shared/samples/', import.meta.url);
describe.runIf(existsSync(samples))('real reports of 0.7.21', () => {
  const names = existsSync(samples) ? readdirSync(samples) : [];
  it.each(names.filter((name) => /^evidently-0\.7\.21-report.*\.json$/.test(name)))('%s', (name) => {
    const body = readFileSync(new URL(name, samples));
    const report = readEvidently(body);
    const withoutTests = readEvidently(JSON.stringify({ ...JSON.parse(body.toString()), tests: [] }));
    expect(report.columns.length).toBeGreaterThan(3);
    expect(report.driftedShare).toBeDefined();
    expect(withoutTests).toEqual(report);
  });
});
