import { describe, expect, it } from 'vitest';
import { evidenceHash, judge, overall } from '../../../src/features/gates/checks/judging.ts';
import { parseChecks } from '../../../src/features/gates/checks/language.ts';
import type { Material, Posted } from '../../../src/features/gates/checks/material.ts';
import { isOtherData } from '../../../src/features/gates/checks/metric.ts';
import type { Facts, Said } from '../../../src/features/gates/schema.ts';

const now = new Date('2026-03-02T09:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const facts = (metrics: Record<string, number>, more: Partial<Facts> = {}): Facts => ({
  at: hoursAgo(5).toISOString(),
  metrics,
  datasets: {},
  tags: {},
  ...more,
});
const said = (candidate: Facts | null, baseline: Facts | null = null, more: Partial<Said> = {}): Said => ({
  registry: 'MLflow',
  trouble: null,
  isBaselineKnown: true,
  candidate,
  baseline,
  ...more,
});
const posted = (more: Partial<Posted>): Posted => ({
  version: '15',
  kind: 'metric',
  name: 'auc',
  slice: '',
  value: null,
  status: null,
  samples: null,
  dataset: null,
  url: null,
  at: hoursAgo(1),
  ...more,
});
const material = (more: Partial<Material> = {}): Material => ({
  now,
  model: 'churn-model',
  version: '15',
  baseline: '14',
  said: said(facts({ auc: 0.91 }), facts({ auc: 0.92 })),
  posted: [],
  answers: [],
  drift: undefined,
  soaks: new Map(),
  ...more,
});
const judged = (line: string, more: Partial<Material> = {}) => judge(parseChecks(line), material(more))[0];

describe('a metric', () => {
  it('is read from the runs of both versions, and says both numbers', () => {
    expect(judged('auc >= 0.8, at most 0.01 worse')).toMatchObject({
      outcome: 'pass',
      because: '0.91 (version 14, which is live: 0.92)',
    });
  });

  it.each([
    ['auc >= 0.95', '0.91 is under 0.95'],
    [
      'auc >= 0.95, at most 0.5% worse',
      '0.91 (version 14, which is live: 0.92) is under 0.95; it is 1.09% worse; at most 0.5% is allowed',
    ],
    ['auc <= 0.9', '0.91 is over 0.9'],
    ['auc >= 0.8, at least 1% better', 'is 1.09% worse; at least 1% better is asked for'],
    ['auc >= 0.8, at least 0.1 better', 'is 0.01 worse; at least 0.1 better is asked for'],
  ])('%s fails in words', (line, words) => {
    const result = judged(line);
    expect(result?.outcome).toBe('fail');
    expect(result?.because).toContain(words);
  });

  it('nobody measured is missing, with what to do; where it is optional it is left out', () => {
    expect(judged('f1 >= 0.8')).toMatchObject({
      outcome: 'missing',
      because: 'Nobody said what f1 of version 15 is',
      todo: 'Log f1 in the run of version 15, or post f1 to /api/v1/evidence, then check again',
    });
    expect(judged('f1 >= 0.8, optional')?.outcome).toBe('skipped');
    expect(judged('f1 >= 0.8', { said: said(null, null, { registry: null }) })?.todo).toBe(
      'Post f1 to /api/v1/evidence, then check again',
    );
  });

  it.each([Number.NaN, Infinity])('%d is no number', (value) => {
    expect(judged('auc >= 0.8', { said: said(facts({ auc: value })) })?.outcome).toBe('missing');
  });

  it('with a name that objects have, too, is not found in them', () => {
    expect(judged('constructor >= 0')?.outcome).toBe('missing');
  });

  it('that was posted counts before that of the run, the newest first', () => {
    const pieces = [posted({ value: 0.7, at: hoursAgo(3) }), posted({ value: 0.85, kind: 'infra', at: hoursAgo(2) })];
    expect(judged('auc >= 0.8', { posted: pieces })).toMatchObject({ outcome: 'pass', because: '0.85' });
  });

  it('of a slice is posted with it, or logged after a slash', () => {
    const line = 'auc for DE >= 0.8';
    expect(judged(line)?.outcome).toBe('missing');
    expect(judged(line, { posted: [posted({ value: 0.9, slice: 'DE' })] })?.outcome).toBe('pass');
    expect(judged(line, { said: said(facts({ auc: 0.9, 'auc/DE': 0.7 })) })?.because).toBe('0.7 is under 0.8');
  });

  it('of a first release has nothing to be compared with, and passes unless that is asked for', () => {
    const first = { baseline: null, said: said(facts({ auc: 0.91 })) };
    expect(judged('auc >= 0.8, no worse', first)).toMatchObject({
      outcome: 'pass',
      because: '0.91; there is nothing live to compare it with yet',
    });
    expect(judged('auc >= 0.8, no worse, fails without a live version', first)).toMatchObject({
      outcome: 'fail',
      failed: ['no_baseline'],
    });
  });

  it('that the live version lacks is open: a comparison that was asked for is not skipped in silence', () => {
    const lacking = { said: said(facts({ auc: 0.91 }), facts({})) };
    expect(judged('auc >= 0.8, no worse', lacking)).toMatchObject({
      outcome: 'inconclusive',
      failed: ['no_baseline_value'],
    });
    expect(judged('auc >= 0.8, no worse, passes without a live version', lacking)?.outcome).toBe('pass');
    expect(judged('auc >= 0.95, no worse', lacking)).toMatchObject({ outcome: 'fail', failed: ['min'] });
  });

  it('measured on other data does not compare', () => {
    const other = {
      said: said(facts({ auc: 0.91 }, { datasets: { test: 'a1' } }), facts({ auc: 0.9 }, { tags: { dataset: 'b2' } })),
    };
    expect(judged('auc >= 0.8, no worse', other)).toMatchObject({ outcome: 'inconclusive', failed: ['other_data'] });
    expect(judged('auc >= 0.8, no worse', other)?.because).toContain(
      'was measured on the data set test a1, version 14 (0.9) on the data set b2',
    );
    expect(judged('auc >= 0.8', other)?.outcome).toBe('pass');
  });

  it('of which only one version says its data does not compare either', () => {
    const half = { said: said(facts({ auc: 0.93 }, { datasets: { test: 'a1' } }), facts({ auc: 0.92 })) };
    expect(judged('auc >= 0.8, no worse', half)).toMatchObject({
      outcome: 'inconclusive',
      failed: ['other_data'],
      because:
        'Version 15 (0.93) was measured on the data set test a1, version 14 (0.92) on nobody said which data: they do not compare',
    });
  });

  it.each([
    [{}, {}, false],
    [{}, { test: 'a' }, true],
    [{ test: 'a' }, {}, true],
    [{ test: 'a' }, { test: 'a' }, false],
    [{ test: 'a', train: 'x' }, { test: 'a', holdout: 'y' }, false],
    [{ test: 'a' }, { test: 'b' }, true],
    [{ test: 'a', train: 'x' }, { test: 'a', train: 'y' }, true],
    [{ '': 'a' }, { test: 'a' }, false],
    [{ '': 'a' }, { test: 'b' }, true],
  ])('data of %j beside data of %j', (a, b, isOther) => expect(isOtherData(a, b)).toBe(isOther));

  it('from too few samples, or from nobody knows how many, is open', () => {
    const line = 'auc >= 0.8, from at least 500 samples';
    expect(judged(line)).toMatchObject({
      outcome: 'inconclusive',
      because: '0.91 says not from how many samples it is; 500 are asked for',
    });
    expect(judged(line, { posted: [posted({ value: 0.9, samples: 120 })] })?.because).toBe(
      '0.9 is from 120 samples; 500 are asked for',
    );
    expect(judged(line, { said: said(facts({ auc: 0.9, example_count: 500 })) })?.outcome).toBe('pass');
  });

  it('of a slice is from as many samples as the slice has, not the whole', () => {
    const line = 'auc for DE >= 0.8, from at least 500 samples';
    const whole = { 'auc/DE': 0.9, example_count: 5000 };
    expect(judged(line, { said: said(facts(whole)) })).toMatchObject({
      outcome: 'inconclusive',
      failed: ['too_few_samples'],
    });
    expect(judged(line, { said: said(facts({ ...whole, 'example_count/DE': 500 })) })?.outcome).toBe('pass');
  });

  it('of an empty slice is open, whatever number stands there', () => {
    const empty = { posted: [posted({ value: 0.9, slice: 'DE', samples: 0 })] };
    expect(judged('auc for DE >= 0.8', empty)).toMatchObject({
      outcome: 'inconclusive',
      failed: ['too_few_samples'],
      because: '0.9 is from no sample at all',
    });
    expect(judged('auc for DE >= 0.95', empty)?.outcome).toBe('fail');
  });

  it('that is too old is open', () => {
    const old = { posted: [posted({ value: 0.9, at: hoursAgo(49) })] };
    expect(judged('auc >= 0.8, not older than 2 days', old)).toMatchObject({
      outcome: 'inconclusive',
      because: '0.9 is from 2026-02-28, older than 2 days',
    });
    expect(judged('auc >= 0.8, not older than 50 h', old)?.outcome).toBe('pass');
  });
});

describe('the registry', () => {
  it('that has no such version ends it there', () => {
    expect(judge(parseChecks('auc >= 0.8\ndrift at most 1%'), material({ said: said(null) }))).toMatchObject([
      { outcome: 'fail', failed: ['no_version'], because: 'MLflow has no version 15 of churn-model' },
    ]);
  });

  it('that does not answer leaves the gate closed, whatever was posted', () => {
    const silent = said(null, null, { trouble: 'MLflow did not answer in time', isBaselineKnown: false });
    const results = judge(
      parseChecks('auc >= 0.8\nf1 >= 0.8\nrecall >= 0.8, no worse'),
      material({
        said: silent,
        posted: [posted({ value: 0.9 }), posted({ name: 'recall', value: 0.9 })],
      }),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['inconclusive', 'pass', 'inconclusive', 'inconclusive']);
    expect(results[3]?.because).toContain('which version is live is not known: MLflow did not answer in time');
    expect(overall(results)).toBe('fail');
  });
});

describe('other checks', () => {
  const window = { at: hoursAgo(2), share: 0.3, source: 'Evidently' };
  const quiet = { live: '15', since: hoursAgo(30), served: '15', alerts: [] };
  const soaks = (more: object) => ({ soaks: new Map([['staging', { ...quiet, ...more }]]) });
  const ci = (status: Posted['status']) => ({ posted: [posted({ kind: 'external', name: 'unit tests', status })] });
  const served = (...values: [string, number][]) => ({
    posted: values.map(([name, value]) => posted({ kind: 'infra', name, value })),
  });
  const asks = 'ask qa "Did you look at the worst cases?"';
  const answered = (yes: boolean) => ({
    answers: [
      { question: 'Did you look at the worst cases?', role: 'qa' as const, yes, note: 'All fine', by: 'QA', at: now },
    ],
  });

  it.each<[string, Partial<Material>, string, string]>([
    ['drift at most 30%', {}, 'missing', 'No drift tool reported'],
    [
      'drift at most 30%',
      { drift: window },
      'pass',
      '30% of the columns drifted in the window of 2026-03-02 07:00 UTC',
    ],
    ['drift at most 29%', { drift: window }, 'fail', 'at most 29% is allowed'],
    ['drift at most 90%', { drift: { ...window, at: hoursAgo(200) } }, 'inconclusive', 'older than 7 days'],
    ['external "unit tests"', {}, 'missing', 'Nobody said how unit tests went'],
    ['external "unit tests"', ci('passed'), 'pass', 'It passed'],
    ['external "unit tests"', ci('failed'), 'fail', 'It failed'],
    ['external "unit tests"', ci('unfinished'), 'inconclusive', 'not finished'],
    ['serving loads, p95_ms <= 120', served(['loaded', 1], ['p95_ms', 120]), 'pass', 'it loads, p95_ms is 120'],
    [
      'serving loads, p95_ms <= 120',
      served(['loaded', 1], ['p95_ms', 121]),
      'fail',
      'p95_ms is 121; at most 120 is allowed',
    ],
    ['serving loads, p95_ms <= 120', served(['loaded', 0]), 'fail', 'it does not load'],
    ['serving loads, error_rate <= 1%', served(['loaded', 1]), 'missing', 'Nobody said error_rate'],
    ['serving error_rate <= 1%', served(['error_rate', 0.02]), 'fail', 'error_rate is 2%; at most 1% is allowed'],
    ['soak staging 24 h', {}, 'missing', 'I do not know what is live there'],
    ['soak staging 24 h', soaks({ live: '14' }), 'missing', 'version 14 is'],
    ['soak staging 24 h', soaks({ served: '13' }), 'missing', 'version 13 is'],
    ['soak staging 24 h', soaks({}), 'pass', 'It is in staging since 2026-03-01 03:00 UTC'],
    ['soak staging 48 h', soaks({}), 'inconclusive', 'It ran in staging for 30 of 48 h'],
    ['soak staging 24 h without alerts', soaks({ alerts: [7] }), 'fail', 'drift alert 7'],
    ['soak staging 24 h', soaks({ alerts: [7] }), 'pass', 'It is in staging'],
    [asks, {}, 'missing', 'Nobody answered yet'],
    [asks, answered(true), 'pass', 'Yes: All fine'],
    [asks, answered(false), 'fail', 'No: All fine'],
    ['ask ds "Did you look at the worst cases?"', answered(true), 'missing', 'Nobody answered yet'],
  ])('%s', (line, more, outcome, words) => {
    const result = judged(line, more);
    expect(result?.outcome).toBe(outcome);
    expect(result?.because).toContain(words);
  });
});

describe('the gate as a whole', () => {
  it('passes only if every check that has to pass does', () => {
    const results = judge(parseChecks('auc >= 0.8\nf1 >= 0.8, optional\nauc for DE >= 2, optional'), material());
    expect(overall(results)).toBe('pass');
    expect(overall(judge(parseChecks('auc >= 0.8\nf1 >= 0.8'), material()))).toBe('fail');
  });

  it('stands on other evidence when a number, its time or an answer is another one', () => {
    const hash = (more: Partial<Material>) => evidenceHash(judge(parseChecks('auc >= 0.8, no worse'), material(more)));
    const first = hash({ posted: [posted({ value: 0.95 })] });
    expect(hash({ posted: [posted({ value: 0.95 })] })).toBe(first);
    expect(hash({ posted: [posted({ value: 0.96 })] })).not.toBe(first);
    expect(hash({ posted: [posted({ value: 0.95, at: hoursAgo(0.5) })] })).not.toBe(first);
    expect(
      hash({ posted: [posted({ value: 0.95 })], said: said(facts({ auc: 0.91 }), facts({ auc: 0.93 })) }),
    ).not.toBe(first);
  });

  it('does not change with every calm window of drift, but with the first that is not', () => {
    const hash = (share: number, hours: number) =>
      evidenceHash(
        judge(parseChecks('drift at most 30%'), material({ drift: { at: hoursAgo(hours), share, source: 'x' } })),
      );
    expect(hash(0.1, 3)).toBe(hash(0.2, 1));
    expect(hash(0.1, 3)).not.toBe(hash(0.4, 1));
  });
});
