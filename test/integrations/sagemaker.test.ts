import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSageMaker } from '../../src/integrations/sagemaker/violations.ts';
import { Refusal } from '../../src/lib/refusal.ts';

const fixture = readFileSync(new URL('../fixtures/sagemaker/violations.json', import.meta.url));
const bodyOf = (...violations: unknown[]) => JSON.stringify({ violations });
const findingOf = (description: unknown, constraint_check_type = 'baseline_drift_check') =>
  readSageMaker(bodyOf({ feature_name: 'a', constraint_check_type, description }))[0]?.findings[0];

function fieldOf(body: string): string | undefined {
  try {
    readSageMaker(body);
  } catch (error) {
    if (error instanceof Refusal) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

it('reads each violation, with the numbers of its sentence', () => {
  const reports = readSageMaker(fixture);
  const rows = reports.flatMap(({ findings }) =>
    findings.map(({ column, method, score, limit, direction }) => [column, method, score, limit, direction]),
  );
  expect(rows).toEqual([
    ['tenure_months', 'baseline_drift', 0.4231, 0.1, 'above'],
    ['plan', 'data_type', 0.995, 1, 'below'],
    ['spend', 'completeness', 0.93, null, 'below'],
    ['Extra columns', 'extra_column', 12, 11, 'above'],
    ['country', 'categorical_values', null, null, 'below'],
    ['', 'auc', 0.71, 0.8, 'below'],
    ['', 'rmse', 15, 12, 'above'],
    ['age', 'DPPL', -0.3, null, 'above'],
  ]);
  expect(reports[0]?.findings.every(({ drifted }) => drifted)).toBe(true);
  expect(reports[0]?.findings[0]?.label).toBe('baseline drift');
  expect(reports[0]).not.toHaveProperty('datasetDrifted');
});

it('takes a file without violations for a good window', () => {
  expect(readSageMaker(bodyOf())).toEqual([{ kind: 'report', namesOnlyWrong: true, findings: [], measures: [] }]);
});

it.each([
  ['Numerical drift distance: 2e-1 exceeds the threshold: 1E-1', 0.2, 0.1],
  [`drift distance: 1${'0'.repeat(400)} exceeds threshold: 0.1`, null, 0.1],
  ['Value: NaN does not meet the constraint requirement!', null, null],
  ['', null, null],
  [null, null, null],
])('%.60s', (description, score, limit) =>
  expect(findingOf(description)).toMatchObject({ score, limit, drifted: true }),
);

it('keeps an odd name and an unknown check', () => {
  const body = bodyOf({ feature_name: '<!channel>', constraint_check_type: 'new_check' });
  expect(readSageMaker(body)[0]?.findings).toMatchObject([{ column: '<!channel>', method: 'new', drifted: true }]);
});

it('stays quick on a sentence made to be slow', () => {
  const started = performance.now();
  findingOf('Expected match: 1% '.repeat(50_000), 'data_type_check');
  expect(performance.now() - started).toBeLessThan(500);
});

it.each([
  { what: 'no JSON', body: 'violations', field: 'body' },
  { what: 'a list', body: '[]', field: 'body' },
  { what: 'the file of constraints', body: '{"version": 0, "features": []}', field: 'violations' },
  { what: 'no list', body: '{"violations": null}', field: 'violations' },
  { what: 'no check', body: bodyOf({ feature_name: 'a' }), field: 'violations[0].constraint_check_type' },
  {
    what: 'a feature that is a number',
    body: bodyOf({ feature_name: 1, constraint_check_type: 'a' }),
    field: 'violations[0].feature_name',
  },
])('refuses $what and names $field', ({ body, field }) => expect(fieldOf(body)).toBe(field));

const samples = new URL('../../../shared/samples/', import.meta.url);
describe.runIf(existsSync(samples))('real files', () => {
  const names = (existsSync(samples) ? readdirSync(samples) : []).filter((name) => /^sagemaker-.*\.json$/.test(name));
  it.each(names)('%s', (name) => {
    const findings = readSageMaker(readFileSync(new URL(name, samples))).flatMap((report) => report.findings);
    expect(findings.length).toBeGreaterThan(3);
    for (const { score, drifted, column } of findings) {
      expect(score).not.toBeNull();
      expect(drifted).toBe(true);
      expect(column).not.toBe('');
    }
  });
});
