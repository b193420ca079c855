import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readNannyml } from '../../src/integrations/nannyml/nannyml.ts';
import { Refusal } from '../../src/lib/refusal.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/nannyml/${name}.json`, import.meta.url));
const bodyOf = (...records: unknown[]) => JSON.stringify(records);
const chunk = (rest: object) => ({ chunk_period: 'analysis', ...rest });
const measured = (stem: string, value: number | null, upper: number | null, lower: number | null, alert: unknown) => ({
  [`${stem}_value`]: value,
  [`${stem}_upper_threshold`]: upper,
  [`${stem}_lower_threshold`]: lower,
  [`${stem}_alert`]: alert,
});

function fieldOf(body: string): string | undefined {
  try {
    readNannyml(body);
  } catch (error) {
    if (error instanceof Refusal) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('drift of columns', () => {
  const reports = readNannyml(fixture('univariate'));

  it('gives a report for each chunk of the analysis, at its end in UTC, with its rows', () => {
    expect(reports.map(({ at, rows }) => [at?.toISOString(), rows])).toEqual([
      ['2026-11-02T23:59:59.999Z', 500],
      ['2026-11-03T23:59:59.999Z', 500],
    ]);
  });

  it('tells the column from the method, and keeps what NannyML said', () => {
    expect(
      reports[1]?.findings.map(({ column, method, score, limit, drifted }) => [column, method, score, limit, drifted]),
    ).toEqual([
      ['tenure_months', 'jensen_shannon', 0.21, 0.08, true],
      ['tenure_months', 'kolmogorov_smirnov', 0.2, 0.06, true],
      ['plan', 'chi2', 97.5, null, true],
      ['plan', 'l_infinity', null, 0.05, false],
    ]);
    expect(reports[1]?.findings.map(({ base }) => base)).toEqual(['2', undefined, undefined, undefined]);
    expect(reports[1]?.findings.map(({ direction }) => direction)).toEqual(['above', 'above', 'above', 'above']);
  });

  it.each([
    ['user_l_infinity_score_hellinger', 'user_l_infinity_score', 'hellinger'],
    ['chi2_chi2', 'chi2', 'chi2'],
    ['a_value_wasserstein', 'a_value', 'wasserstein'],
    ['<!channel>_alert_jensen_shannon', '<!channel>_alert', 'jensen_shannon'],
  ])('%s is column %s by %s', (stem, column, method) => {
    const [report] = readNannyml(bodyOf(chunk(measured(stem, 0.1, 0.2, null, false))));
    expect(report?.findings).toMatchObject([{ column, method }]);
  });
});

describe('performance', () => {
  it('is of the whole model, and counts the limit it came too near', () => {
    const found = readNannyml(fixture('performance')).map(({ findings }) =>
      findings.map(({ column, method, limit, direction, drifted }) => [column, method, limit, direction, drifted]),
    );
    expect(found).toEqual([
      [
        ['', 'roc_auc', 0.97, 'above', false],
        ['', 'estimated_roc_auc', 0.91, 'below', true],
      ],
      [
        ['', 'realized_f1', 0.9, 'above', true],
        ['', 'rmse', 5, 'below', true],
      ],
    ]);
  });

  it.each([
    { value: 0.96, direction: 'above', limit: 0.97 },
    { value: 0.92, direction: 'below', limit: 0.91 },
    { value: null, direction: 'above', limit: 0.97 },
  ])('at $value looks at the limit $direction', ({ value, ...side }) => {
    const [report] = readNannyml(bodyOf(chunk(measured('roc_auc', value, 0.97, 0.91, false))));
    expect(report?.findings).toMatchObject([{ score: value, ...side }]);
  });
});

it('takes a measure without a method as one of its column: NannyML counts missing values so', () => {
  const [report] = readNannyml(bodyOf(chunk(measured('home_city', 0.2, 0.1, null, true))));
  expect(report?.findings).toMatchObject([{ column: 'home_city', method: 'value', drifted: true }]);
});

it('leaves alone what else is in a record', () => {
  const [report] = readNannyml(bodyOf(chunk({ customer_value: 'high', red_alert: 3, note: {} })));
  expect(report).toEqual({ kind: 'report', findings: [], measures: [] });
});

it.each([
  ['2026-11-02T23:59:59.999', '2026-11-02T23:59:59.999Z'],
  ['2026-11-02 23:59:59.999999999', '2026-11-02T23:59:59.999Z'],
  ['2026-11-02T23:59:59+02:00', '2026-11-02T21:59:59.000Z'],
  [1793664000000, '2026-11-03T00:00:00.000Z'],
  [null, undefined],
  [undefined, undefined],
])('the end %s is %s, wherever we are', (chunk_end_date, at) => {
  vi.stubEnv('TZ', 'Asia/Tokyo');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(readNannyml(bodyOf(chunk({ chunk_end_date })))[0]?.at?.toISOString()).toBe(at);
});

it('reads NaN as not computed', () => {
  const body = '[{"chunk_period":"analysis","a_chi2_value":NaN,"a_chi2_alert":NaN}]';
  expect(readNannyml(body)[0]?.findings).toMatchObject([{ column: 'a', score: null, limit: null, drifted: false }]);
});

it('has nothing to say of no chunks', () => expect(readNannyml('[]')).toEqual([]));

it.each([
  { what: 'no JSON', body: 'chunk_key,chunk_index', field: 'body' },
  { what: 'an object', body: '{"data": []}', field: 'body' },
  { what: 'a list of numbers', body: '[1]', field: '[0]' },
  { what: 'a chunk of no period', body: bodyOf(chunk({}), {}), field: '[1].chunk_period' },
  { what: 'an end in words', body: bodyOf(chunk({ chunk_end_date: 'today' })), field: '[0].chunk_end_date' },
  { what: 'a value without alert', body: bodyOf(chunk({ a_chi2_value: 1 })), field: '[0].a_chi2_alert' },
  { what: 'an alert without value', body: bodyOf(chunk({ a_chi2_alert: true })), field: '[0].a_chi2_value' },
  {
    what: 'an alert in words',
    body: bodyOf(chunk({ a_chi2_value: 1, a_chi2_alert: 'yes' })),
    field: '[0].a_chi2_alert',
  },
  {
    what: 'a threshold in words, of an odd column',
    body: bodyOf(chunk({ 'a b_chi2_value': 1, 'a b_chi2_alert': true, 'a b_chi2_upper_threshold': 'x' })),
    field: '[0]["a b_chi2_upper_threshold"]',
  },
])('refuses $what and names $field', ({ body, field }) => expect(fieldOf(body)).toBe(field));

const samples = new URL('../../../shared/samples/', import.meta.url);
describe.runIf(existsSync(samples))('real files', () => {
  const names = (existsSync(samples) ? readdirSync(samples) : []).filter((name) => /^nannyml-.*\.json$/.test(name));
  it.each(names)('%s', (name) => {
    const body = readFileSync(new URL(name, samples));
    const reports = readNannyml(body);
    expect(reports.length).toBe(JSON.parse(body.toString()).length);
    for (const { at, rows, findings } of reports) {
      expect(at).toBeDefined();
      expect(rows).toBe(1000);
      expect(new Set(findings.map(({ column }) => column))).toEqual(new Set(['amount', 'country']));
    }
  });
});
