import type { MetricCheck, Outcome } from '../schema.ts';

/** Floats such as 0.92 - 0.91 miss their limit by noise of about 1e-17; that of large numbers grows with them. */
const eps = 1e-9;
const noiseOf = (...numbers: readonly number[]) => eps + 4 * Number.EPSILON * Math.max(...numbers.map(Math.abs));

type Limits = Omit<MetricCheck, 'kind' | 'name' | 'slice' | 'max_age'>;

interface Compared {
  readonly result: Outcome;
  /** What it failed by, in the words of the check. */
  readonly failed: readonly string[];
}

const comparisons = ['max_regression_abs', 'max_regression_rel', 'min_gain_abs', 'min_gain_rel'] as const;

export function comparesWithBaseline(limits: Partial<Limits>): boolean {
  return comparisons.some((name) => limits[name] !== undefined);
}

/** How much better than the baseline; `rel` is a share of the size of the baseline, so that a gain stays a gain. */
export function gainOf(direction: Limits['direction'], value: number, base: number): { abs: number; rel: number } {
  const abs = direction === 'higher' ? value - base : base - value;
  if (base !== 0) return { abs, rel: abs / Math.abs(base) };
  // Of nothing, any change is without bounds, and none is none.
  return { abs, rel: Math.abs(abs) <= eps ? 0 : abs * Infinity };
}

/** Holds one number against its limits. Limits are inclusive. */
export function compareMetric(
  value: number | null,
  base: number | null,
  samples: number | undefined,
  limits: Limits,
): Compared {
  const { min, max, min_samples: fewest } = limits;
  if (value === null || !Number.isFinite(value))
    return { result: limits.required ? 'missing' : 'skipped', failed: ['no_value'] };
  if (fewest !== undefined && (samples === undefined || samples < fewest))
    return { result: 'inconclusive', failed: ['too_few_samples'] };
  const failed = [
    ...(min !== undefined && value < min - noiseOf(value) ? ['min'] : []),
    ...(max !== undefined && value > max + noiseOf(value) ? ['max'] : []),
    ...missedAgainst(value, base, limits),
  ];
  return { result: failed.length > 0 ? 'fail' : 'pass', failed };
}

function missedAgainst(value: number, base: number | null, limits: Limits): string[] {
  if (!comparesWithBaseline(limits)) return [];
  if (base === null || !Number.isFinite(base)) return limits.on_missing_baseline === 'fail' ? ['no_baseline'] : [];
  const gain = gainOf(limits.direction, value, base);
  return comparisons.filter((name) => {
    const limit = limits[name];
    if (limit === undefined) return false;
    const [moved, noise] = name.endsWith('_abs') ? [gain.abs, noiseOf(value, base)] : [gain.rel, eps];
    return name.startsWith('max_regression') ? -moved > limit + noise : moved < limit - noise;
  });
}
