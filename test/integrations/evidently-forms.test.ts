import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAnyEvidently } from '../../src/integrations/evidently/read.ts';
import { Refusal } from '../../src/lib/refusal.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/evidently/${name}.json`, import.meta.url));
const drift = { type: 'evidently:metric_v2:ValueDrift', column: 'plan', method: 'psi' };
const result = (params: object, rest: object = { value: 0.2 }) => ({
  metric_value_location: { metric: { metric_id: 'm', params } },
  ...rest,
});
const snapshotOf = (rest: object) => JSON.stringify({ metric_results: { m: result(drift) }, ...rest });

function fieldOf(body: string): string | undefined {
  try {
    readAnyEvidently(body);
  } catch (error) {
    if (error instanceof Refusal) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('the json() form of 0.7', () => {
  it('gives findings with their base, and its shares as measures', () => {
    const report = readAnyEvidently(fixture('with-tests'));
    expect(report).not.toHaveProperty('at');
    expect(report.datasetDrifted).toBe(true);
    expect(report.findings[1]).toEqual({
      column: 'plan',
      method: 'jensenshannon',
      label: 'Jensen-Shannon distance',
      base: 'e',
      score: 0.034,
      limit: 0.1,
      direction: 'above',
      drifted: false,
    });
    expect(report.findings.map(({ base }) => base)).toEqual([undefined, 'e', undefined, undefined]);
    expect(report.measures).toEqual([
      { metric: 'drifted_share', column: '', value: 0.5 },
      { metric: 'missing_share', column: 'tenure_months', value: 0.03 },
    ]);
  });

  it('keeps a score that could not be computed, and leaves out a share that could not', () => {
    const report = readAnyEvidently(fixture('not-finite'));
    expect(report.findings[0]).toMatchObject({ column: 'notes NaN', base: 'e', score: null, drifted: true });
    expect(report.measures).toEqual([{ metric: 'drifted_share', column: '', value: 0 }]);
    const whole = { config: { type: 'DriftedColumnsCount' }, value: { share: null } };
    expect(readAnyEvidently(JSON.stringify({ metrics: [whole] }))).not.toHaveProperty('datasetDrifted');
  });

  it('takes a time with its offset and the number of rows', () => {
    const config = { type: 'evidently:metric_v2:RowCount' };
    const body = { metrics: [{ config, value: 500 }], timestamp: '2026-11-20 04:00:00+01:00' };
    expect(readAnyEvidently(JSON.stringify(body))).toEqual({
      kind: 'report',
      at: new Date('2026-11-20T03:00:00Z'),
      rows: 500,
      findings: [],
      measures: [],
    });
  });
});

describe('the snapshot of 0.7', () => {
  it('says what its json() form would say, and what it is about', () => {
    expect(readAnyEvidently(fixture('snapshot'))).toEqual({
      kind: 'report',
      model: 'churn',
      environment: 'staging',
      rows: 2000,
      datasetDrifted: true,
      findings: [
        {
          column: 'plan',
          method: 'jensenshannon',
          label: 'Jensen-Shannon distance',
          base: 'e',
          score: 0.27,
          limit: 0.1,
          direction: 'above',
          drifted: true,
        },
        {
          column: 'tenure_months',
          method: 'psi',
          label: 'PSI',
          score: 0.31,
          limit: 0.2,
          direction: 'above',
          drifted: false,
        },
      ],
      measures: [
        { metric: 'drifted_share', column: '', value: 0.5 },
        { metric: 'missing_share', column: 'plan', value: 0.006 },
      ],
    });
  });

  it.each([
    { said: { metadata: { model: 'churn', environment: 'prod' } }, about: { model: 'churn', environment: 'prod' } },
    { said: { metadata: { env: 'prod' }, tags: ['model=churn'] }, about: { model: 'churn', environment: 'prod' } },
    { said: { metadata: { model: 'a' }, tags: ['Model: b', 'ENV : x'] }, about: { model: 'a', environment: 'x' } },
    { said: { metadata: { model: '<!channel>' } }, about: { model: '<!channel>' } },
    { said: { metadata: { model: 7 }, tags: ['prod', 'model:', 3, ':env'] }, about: {} },
    { said: { tags: ['modelx', 'model:', 'model: churn'] }, about: { model: 'churn' } },
    { said: { metadata: null, tags: null }, about: {} },
    { said: {}, about: {} },
  ])('is about $about when it says $said', ({ said, about }) => {
    const { model, environment } = readAnyEvidently(snapshotOf(said));
    expect({ ...(model && { model }), ...(environment && { environment }) }).toEqual(about);
  });

  it('believes its stamp only with an offset', () => {
    expect(readAnyEvidently(snapshotOf({ timestamp: '2026-11-20T04:00:00.1' }))).not.toHaveProperty('at');
    const { at } = readAnyEvidently(snapshotOf({ timestamp: '2026-11-20T04:00:00.1Z' }));
    expect(at).toEqual(new Date('2026-11-20T04:00:00.100Z'));
  });

  it('stays quick on a tag made to be slow', () => {
    const started = performance.now();
    readAnyEvidently(snapshotOf({ tags: [`model:${' '.repeat(200_000)}x${' '.repeat(200_000)}\n`] }));
    expect(performance.now() - started).toBeLessThan(500);
  });

  it.each([
    { results: [], field: 'metric_results' },
    { results: { m: 'x' }, field: 'metric_results.m' },
    { results: { m: { value: 1 } }, field: 'metric_results.m.metric_value_location' },
    {
      results: { m: result({ ...drift, threshold: '1' }) },
      field: 'metric_results.m.metric_value_location.metric.params.threshold',
    },
    { results: { m: result(drift, {}) }, field: 'metric_results.m.value' },
    { results: { m: result(drift, { value: 'high' }) }, field: 'metric_results.m.value' },
    {
      results: { m: result({ type: 'DriftedColumnsCount' }, { share: {} }) },
      field: 'metric_results.m.share',
    },
    {
      results: { m: result(drift, { value: 1, tests: [{}, { status: 'FAIL' }] }) },
      field: 'metric_results.m.tests[1].metric_config',
    },
  ])('is refused naming $field', ({ results, field }) => {
    expect(fieldOf(JSON.stringify({ metric_results: results }))).toBe(field);
  });
});

describe('a report of 0.4 to 0.6', () => {
  it('says itself what drifted; what stands twice counts once', () => {
    const report = readAnyEvidently(fixture('legacy-report'));
    expect(report).toMatchObject({ at: new Date('2026-11-20T02:00:00.120Z'), datasetDrifted: false });
    expect(report.measures).toEqual([{ metric: 'drifted_share', column: '', value: 0.25 }]);
    expect(
      report.findings.map(({ column, method, score, limit, direction, drifted }) => [
        column,
        method,
        score,
        limit,
        direction,
        drifted,
      ]),
    ).toEqual([
      ['tenure_months', 'ks', 0.002, 0.05, 'below', true],
      ['plan', 'jensenshannon', 0.04, 0.1, 'above', false],
      ['spend', 'my distance', 5, 3, 'above', true],
    ]);
    expect(report.findings.map(({ base }) => base)).toEqual([undefined, 'e', undefined]);
  });

  it('takes the judgement of the table when that of the data set is not there', () => {
    const { metrics } = JSON.parse(fixture('legacy-report').toString());
    expect(readAnyEvidently(JSON.stringify({ metrics: metrics.slice(1) }))).toMatchObject({
      datasetDrifted: true,
      measures: [{ value: 0.3333 }],
    });
  });

  it('has a score of NaN and an odd name', () => {
    const body = `{"metrics":[{"metric":"ColumnDriftMetric","result":{"column_name":"<!channel>","stattest_name":"PSI","stattest_threshold":0.1,"drift_score":NaN,"drift_detected":false}}]}`;
    expect(readAnyEvidently(body).findings).toMatchObject([{ column: '<!channel>', score: null, drifted: false }]);
  });

  it.each([
    { metric: 'DatasetDriftMetric', result: {}, field: 'metrics[0].result.dataset_drift' },
    { metric: 'DataDriftTable', result: { dataset_drift: true }, field: 'metrics[0].result.drift_by_columns' },
    {
      metric: 'DataDriftTable',
      result: { dataset_drift: true, drift_by_columns: { plan: { column_name: 'plan', stattest_name: 'PSI' } } },
      field: 'metrics[0].result.drift_by_columns.plan.drift_detected',
    },
    { metric: 'ColumnDriftMetric', result: null, field: 'metrics[0].result' },
  ])('is refused naming $field', ({ field, ...metric }) => {
    expect(fieldOf(JSON.stringify({ metrics: [metric] }))).toBe(field);
  });
});

describe('a test suite of 0.4 to 0.6', () => {
  it('gives each column once, and the data set as its test judged it', () => {
    const report = readAnyEvidently(fixture('legacy-suite'));
    expect(report).not.toHaveProperty('at');
    expect(report.datasetDrifted).toBe(true);
    expect(report.measures).toEqual([{ metric: 'drifted_share', column: '', value: 0.5 }]);
    expect(
      report.findings.map(({ column, method, direction, drifted }) => [column, method, direction, drifted]),
    ).toEqual([
      ['tenure_months', 'psi', 'above', true],
      ['plan', 'chisquare', 'below', false],
      ['is_trial', 'z', 'below', false],
    ]);
  });

  it('may have nothing to say', () => {
    expect(readAnyEvidently('{"tests": [], "summary": {}}')).toEqual({ kind: 'report', findings: [], measures: [] });
  });

  it.each([
    { test: { name: 'Drift per Column', status: 'FAIL' }, field: 'tests[0].parameters' },
    { test: { name: 'Drift per Column' }, field: 'tests[0].status' },
    {
      test: { name: 'Drift per Column', status: 'FAIL', parameters: { stattest: 'PSI', column_name: 'plan' } },
      field: 'tests[0].parameters.detected',
    },
    {
      test: {
        name: 'Share of Drifted Columns',
        status: 'FAIL',
        parameters: { features: { plan: { detected: true } } },
      },
      field: 'tests[0].parameters.features.plan.stattest',
    },
  ])('is refused naming $field', ({ test, field }) => {
    expect(fieldOf(JSON.stringify({ tests: [test], summary: {} }))).toBe(field);
  });
});

describe('what Evidently never wrote', () => {
  it.each([
    { what: 'no JSON', body: 'metrics: []', field: 'body' },
    { what: 'a list', body: '[]', field: 'body' },
    { what: 'an empty object', body: '{}', field: 'metrics' },
    { what: 'tests without their summary', body: '{"tests": []}', field: 'metrics' },
  ])('$what is refused and names $field', ({ body, field }) => expect(fieldOf(body)).toBe(field));
});

const samples = new URL('../../../shared/samples/', import.meta.url);
describe.runIf(existsSync(samples))('real files', () => {
  const names = (existsSync(samples) ? readdirSync(samples) : []).filter((name) => /^evidently-.*\.json$/.test(name));
  it.each(names)('%s', (name) => {
    const { findings, datasetDrifted, measures } = readAnyEvidently(readFileSync(new URL(name, samples)));
    expect(findings.length).toBeGreaterThan(1);
    expect(datasetDrifted).toBeDefined();
    expect(measures[0]?.metric).toBe('drifted_share');
  });

  it('the snapshot and the json() of one report say the same', () => {
    const [json, snapshot] = ['report', 'snapshot-full'].map((form) =>
      readAnyEvidently(readFileSync(new URL(`evidently-0.7.21-${form}.json`, samples))),
    );
    expect(snapshot).toEqual({ ...json, model: 'fraud' });
  });
});
