import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compareMetric } from '../../../src/features/gates/checks/comparing.ts';
import { fingerprint } from '../../../src/features/gates/checks/hashing.ts';
import { parseChecks } from '../../../src/features/gates/checks/language.ts';
import { mlflowThreshold } from '../../../src/features/gates/checks/mlflow.ts';
import { printCheck, printChecks } from '../../../src/features/gates/checks/printing.ts';
import { askedRoles, Check, MetricCheck } from '../../../src/features/gates/schema.ts';

const vectors = z
  .array(z.object({ id: z.string(), kind: z.string(), input: z.unknown().optional(), expected: z.unknown() }))
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/gate-vectors.json', import.meta.url), 'utf8')));
const ofKind = (kind: string) => vectors.filter((vector) => vector.kind === kind);

const GateInput = MetricCheck.omit({ kind: true, name: true }).extend({
  v: z.number().nullish(),
  base: z.number().nullish(),
  samples: z.number().nullish(),
});
const MlflowInput = z.object({
  cand: z.number().nullable(),
  base: z.number().nullable(),
  thr: z.number().optional(),
  mabs: z.number().optional(),
  mrel: z.number().optional(),
  gib: z.boolean().default(true),
});

describe('the vectors', () => {
  it('hold some of both kinds', () => {
    expect(ofKind('gate').length).toBeGreaterThan(5);
    expect(ofKind('mlflow').length).toBeGreaterThan(5);
  });

  it.each(ofKind('gate'))('$id', ({ input, expected }) => {
    const { v, base, samples, ...limits } = GateInput.parse(input);
    expect(compareMetric(v ?? null, base ?? null, samples ?? undefined, limits)).toEqual(expected);
  });

  it.each(ofKind('mlflow'))('$id, as MLflow itself says', ({ input, expected }) => {
    const { cand, base, thr, mabs, mrel, gib } = MlflowInput.parse(input);
    const asked = { threshold: thr, min_absolute_change: mabs, min_relative_change: mrel, greater_is_better: gib };
    const { raises: _raises, ...rest } = z.looseObject({}).parse(expected);
    expect(mlflowThreshold(cand, base, asked)).toMatchObject(rest);
  });
});

describe('beyond the vectors', () => {
  const limits = { direction: 'higher', required: true } as const;

  it.each([
    ['not a number is no value', Number.NaN, 0.9, { min: 0.1 }, 'missing', ['no_value']],
    ['infinite is no value', Infinity, 0.9, { min: 0.1 }, 'missing', ['no_value']],
    ['nothing gained over nothing is no gain', 0, 0, { min_gain_rel: 0.1 }, 'fail', ['min_gain_rel']],
    ['anything over nothing is', 0.001, 0, { min_gain_rel: 0.1 }, 'pass', []],
    ['any loss under nothing is too much', -0.001, 0, { max_regression_rel: 0.5 }, 'fail', ['max_regression_rel']],
    ['all that is missed is named', 0.5, 0.9, { min: 0.8, min_gain_abs: 0.1 }, 'fail', ['min', 'min_gain_abs']],
    ['nothing worse than nothing is none', 0, 0, { max_regression_rel: 0 }, 'pass', []],
    ['a tie passes where nothing has to be gained', 0.9, 0.9, { min_gain_abs: 0, min_gain_rel: 0 }, 'pass', []],
    ['a tie fails where something has to', 0.9, 0.9, { min_gain_abs: 0.001 }, 'fail', ['min_gain_abs']],
    ['a band holds both its ends', 0.7, null, { min: 0.7, max: 0.7 }, 'pass', []],
    ['over the band', 0.9, null, { min: 0.5, max: 0.7 }, 'fail', ['max']],
    ['exactly a share worse', 0.81, 0.9, { max_regression_rel: 0.1 }, 'pass', []],
    [
      'of a negative baseline, worse by its size',
      -1.2,
      -1,
      { max_regression_rel: 0.1 },
      'fail',
      ['max_regression_rel'],
    ],
    ['a baseline that is no number is none', 0.9, Number.NaN, { max_regression_abs: 0 }, 'pass', []],
    [
      'nor is an infinite one',
      0.9,
      -Infinity,
      { min_gain_abs: 1, on_missing_baseline: 'fail' },
      'fail',
      ['no_baseline'],
    ],
    [
      'nothing to compare with is no matter where nothing compares',
      0.9,
      null,
      { on_missing_baseline: 'fail' },
      'pass',
      [],
    ],
    ['a bound counts without a baseline', 0.7, null, { min: 0.8, max_regression_abs: 0.1 }, 'fail', ['min']],
    ['large numbers have larger noise', 123_456_789.1, 123_456_789.2, { max_regression_abs: 0.1 }, 'pass', []],
    [
      'and no more than that',
      123_456_789.0,
      123_456_789.2,
      { max_regression_abs: 0.1 },
      'fail',
      ['max_regression_abs'],
    ],
    ['just under a bound', 0.8 - 2e-9, null, { min: 0.8 }, 'fail', ['min']],
    ['an unknown number of samples is too few', 0.9, 0.9, { min_samples: 1 }, 'inconclusive', ['too_few_samples']],
  ] as const)('%s', (_name, value, base, more, result, failed) => {
    expect(compareMetric(value, base, undefined, { ...limits, ...more })).toEqual({ result, failed });
  });

  it.each([
    ['a share more, exactly', 132, 120, { max_regression_rel: 0.1 }, 'pass', []],
    ['less is a gain', 90, 100, { min_gain_rel: 0.1, min_gain_abs: 10 }, 'pass', []],
    ['more is none', 110, 100, { min_gain_rel: 0.1 }, 'fail', ['min_gain_rel']],
    ['a floor is a floor', 1, 2, { min: 1.5 }, 'fail', ['min']],
    ['out of nothing', 0.1, 0, { max_regression_rel: 5 }, 'fail', ['max_regression_rel']],
  ] as const)('where lower is better: %s', (_name, value, base, more, result, failed) => {
    const compared = compareMetric(value, base, undefined, { direction: 'lower', required: true, ...more });
    expect(compared).toEqual({ result, failed });
  });

  it.each([
    [500, 'pass'],
    [499, 'inconclusive'],
    [0, 'inconclusive'],
  ] as const)('%d samples of 500', (samples, result) => {
    expect(compareMetric(0.9, null, samples, { ...limits, min_samples: 500 }).result).toBe(result);
  });

  it('nothing measured comes before nothing counted, and that before a bound', () => {
    const asked = { ...limits, min: 0.95, min_samples: 500 };
    expect(compareMetric(null, null, 3, asked).failed).toEqual(['no_value']);
    expect(compareMetric(0.9, null, 3, asked).failed).toEqual(['too_few_samples']);
  });

  it.each([
    ['direction', 'direction', { direction: 'sideways' }],
    ['no direction', 'direction', { direction: undefined }],
    ['a negative regression', 'max_regression_abs', { max_regression_abs: -0.01 }],
    ['a limit that is no number', 'min', { min: Number.NaN }],
    ['a limit without end', 'max', { max: Infinity }],
    ['a limit in words', 'min', { min: '0.8' }],
    ['half a sample', 'min_samples', { min_samples: 0.5 }],
    ['no sample', 'min_samples', { min_samples: 0 }],
    ['no time', 'max_age', { max_age: 0 }],
    ['another word for no baseline', 'on_missing_baseline', { on_missing_baseline: 'skip' }],
    ['an empty slice', 'slice', { slice: ' ' }],
    ['a name that no database keeps', 'name', { name: 'a\0b' }],
    ['another kind', 'kind', { kind: 'feeling' }],
  ])('%s in a check is refused under the name %s', (_what, field, wrong) => {
    const result = Check.safeParse({ kind: 'metric', name: 'auc', direction: 'higher', min: 0.8, ...wrong });
    expect([...new Set(result.error?.issues.map(({ path }) => path.join('.')))]).toEqual([field]);
  });

  it('a hash does not depend on the order of keys, and does on everything else', () => {
    expect(fingerprint({ a: 1, b: [{ c: 2, d: 3 }], e: undefined })).toBe(fingerprint({ b: [{ d: 3, c: 2 }], a: 1 }));
    expect(fingerprint({ a: 1 })).not.toBe(fingerprint({ a: '1' }));
    expect(fingerprint([1, 2])).not.toBe(fingerprint([2, 1]));
  });
});

describe('checks as people write them', () => {
  it.each([
    ['auc >= 0.80, at most 1% worse', { name: 'auc', direction: 'higher', min: 0.8, max_regression_rel: 0.01 }],
    ['p95_ms <= 120', { name: 'p95_ms', direction: 'lower', max: 120 }],
    ['• auc≥0.8 and at most 0.01 worse.', { min: 0.8, max_regression_abs: 0.01 }],
    [
      'rmse, lower is better, at least 5 % better, optional',
      { direction: 'lower', min_gain_rel: 0.05, required: false },
    ],
    ['auc for “country=DE” >= 75%, from at least 500 samples', { slice: 'country=DE', min: 0.75, min_samples: 500 }],
    ['"my auc" >= 0.8, no worse, not older than 7 days', { name: 'my auc', max_regression_abs: 0, max_age: 168 }],
    ['auc >= 0.8, no worse, fails without a live version', { on_missing_baseline: 'fail' }],
    ['auc >= −0.5; at most +1% worse', { min: -0.5, max_regression_rel: 0.01 }],
    ['auc <= 0.99, higher is better, at most 1% worse', { direction: 'higher', max: 0.99 }],
    ['drift at most 30%', { kind: 'drift', max_drifted_share: 0.3 }],
    ['Drift at most 0.3', { kind: 'drift', max_drifted_share: 0.3 }],
    ['"drift" <= 3', { kind: 'metric', name: 'drift' }],
    ['external "unit tests"', { kind: 'external', name: 'unit tests' }],
    ['external dbt, optional', { kind: 'external', name: 'dbt', required: false }],
    ['serving loads, p95_ms <= 120, error_rate <= 1%', { kind: 'infra', loaded: true, p95_ms: 120, error_rate: 0.01 }],
    ['soak staging 24 h without alerts', { kind: 'soak', env: 'staging', hours: 24, no_alerts: true }],
    ['soak staging 2 days', { hours: 48, no_alerts: false }],
    ['ask qa "Did you look at the confusion matrix?"', { kind: 'manual', role: 'qa' }],
  ])('%s', (line, means) => {
    expect(parseChecks(line)).toMatchObject([means]);
  });

  it.each([
    ['', 'Write at least one check'],
    ['auc', 'Line 1: It asks nothing of auc yet.'],
    ['drift at most 30%\n\nauc > 0.8', 'Line 3: I do not understand "> 0.8". Write >= or <='],
    ['auc >= 0,8', 'Line 1: I do not understand "8". Write numbers with a point, like 0.8.'],
    ['auc at most 1% worse', 'Line 1: Say also whether higher is better or lower is better for auc.'],
    ['auc <= 0.99, at most 1% worse', 'Say also whether higher is better or lower is better for auc.'],
    ['val_loss >= 0.1, no worse', 'Say also whether higher is better or lower is better for val_loss.'],
    ['auc >= 1e999', 'A number in it is too large.'],
    ['auc >= nan', 'I do not understand ">= nan"'],
    ['drift at most -5%', 'A share is 0% or more.'],
    ['auc >= 0.8, from at least 0 samples', 'Ask for at least 1 sample.'],
    ['auc >= 0.8, from at least 99999999999 samples', 'So many samples nobody has.'],
    ['serving p95_ms <= -1', 'A time is 0 ms or more.'],
    ['auc >= 0.8, at most -1% worse', 'How much better or worse is a number of 0 or more.'],
    ['auc >= 0.8, not older than 0 h', 'The time has to be longer than nothing.'],
    ['auc >= 0.8, >= 0.9', '">= 0.9" says again what stands before it.'],
    ['auc >= 0.8\nauc <= 0.9', 'Line 2: It asks for the same as line 1.'],
    ['auc >= 0.9, <= 0.8', 'Nothing is both >= 0.9 and <= 0.8.'],
    ['drift', 'Line 1: Write it like: drift at most 30%.'],
    ['drift at most 130%', 'A share is at most 100%.'],
    ['external', 'Line 1: Write it like: external "unit tests".'],
    ['serving', 'Write it like: serving loads'],
    ['soak staging', 'Write it like: soak staging 24 h without alerts.'],
    ['ask boss "Is it good?"', 'Who can be asked: ds, mle'],
    ['ask qa Is it good?', 'Write it like: ask qa "Did you look'],
    ['>= 0.8', 'Begin with what is checked, such as auc.'],
    ['please be good', 'I do not understand "be good"'],
    [Array.from({ length: 31 }, (_, i) => `m${i} >= 1`).join('\n'), 'at most 30 checks; these are 31'],
    ['a >\nb >\nc >\nd >', 'Line 3: '],
  ])('%j is refused with words', (text, words) => {
    expect(() => parseChecks(text)).toThrow(words);
  });

  const amount = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e12 });
  const share = fc.double({ noNaN: true, min: 0, max: 1 });
  const name = fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      fc.constantFrom('auc', 'rmse', 'drift', 'ask', 'and', 'for', 'optional', '- x', 'a,b', '>=', '0.8'),
    )
    .map((text) => text.replaceAll(/["“”„\n\r]/g, '').trim())
    .filter((text) => text !== '');
  const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
  const hours = fc.oneof(fc.integer({ min: 1, max: 8760 }), fc.double({ noNaN: true, min: 0.01, max: 8760 }));
  const required = fc.boolean();
  const metric = fc
    .record({
      kind: fc.constant('metric' as const),
      name,
      slice: maybe(name),
      direction: fc.constantFrom('higher' as const, 'lower' as const),
      bounds: fc.tuple(maybe(amount), maybe(amount)),
      max_regression_abs: maybe(amount),
      max_regression_rel: maybe(amount),
      min_gain_abs: maybe(amount),
      min_gain_rel: maybe(amount),
      min_samples: maybe(fc.integer({ min: 1, max: 1e9 })),
      max_age: maybe(hours),
      required,
      on_missing_baseline: maybe(fc.constantFrom('pass' as const, 'fail' as const)),
    })
    .map(({ bounds: [a, b], ...rest }) => {
      const isBand = a !== undefined && b !== undefined;
      return { ...rest, min: isBand ? Math.min(a, b) : a, max: isBand ? Math.max(a, b) : b };
    })
    .filter(({ min, max, ...rest }) =>
      [min, max, rest.max_regression_abs, rest.max_regression_rel, rest.min_gain_abs, rest.min_gain_rel].some(
        (limit) => limit !== undefined,
      ),
    );
  const question = fc
    .string({ unit: 'grapheme', minLength: 5, maxLength: 60 })
    .map((text) => text.replaceAll(/["“”„\n\r]/g, '').trim())
    .filter((text) => text.length >= 5);
  const check: fc.Arbitrary<Check> = fc
    .oneof(
      metric,
      fc.record({ kind: fc.constant('drift' as const), max_drifted_share: share, required }),
      fc.record({ kind: fc.constant('external' as const), name, required }),
      fc
        .record({
          kind: fc.constant('infra' as const),
          loaded: maybe(fc.constant(true as const)),
          p95_ms: maybe(amount),
          error_rate: maybe(share),
          required,
        })
        .filter(({ loaded, p95_ms, error_rate }) => [loaded, p95_ms, error_rate].some((asked) => asked !== undefined)),
      fc.record({ kind: fc.constant('soak' as const), env: name, hours, no_alerts: fc.boolean(), required }),
      fc.record({
        kind: fc.constant('manual' as const),
        question,
        role: fc.constantFrom(...askedRoles),
        required,
      }),
    )
    .filter((each) => Check.safeParse(each).success)
    .map((each) => Check.parse(each));

  it('what is printed reads back as the same, however odd its names and numbers are', () => {
    fc.assert(
      fc.property(check, (each) => {
        expect(parseChecks(printCheck(each))).toEqual([each]);
      }),
      { numRuns: 2000 },
    );
  });

  it('a text that was read prints the same twice', () => {
    const text = 'auc for DE >= 0.80 , at most 1 % worse\nsoak staging 48 h without alerts\nask qa "Is it fine?"';
    const printed = printChecks(parseChecks(text));
    expect(printed).toBe('auc for DE >= 0.8, at most 1% worse\nsoak staging 48 h without alerts\nask qa "Is it fine?"');
    expect(printChecks(parseChecks(printed))).toBe(printed);
  });
});
