/** P(sqrt(n) D >= x) for endless samples, from 1 down to 0: the fast one of two series for either end. */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1;
  if (x < 1) {
    let below = 0;
    for (let j = 1; j <= 9; j += 2) below += Math.exp(-((j * Math.PI) ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * below;
  }
  let sum = 0;
  for (let j = 1; j <= 8; j += 1) sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * j * j * x * x);
  return sum;
}

/** The same with Stephens' correction for small samples; `en` is nm / (n + m). */
export function stephensTail(d: number, en: number): number {
  const root = Math.sqrt(en);
  return kolmogorovTail((root + 0.12 + 0.11 / root) * d);
}

/**
 * P(D >= d) of two samples of n and m rows without ties, exactly: the share of all paths through an n x m lattice
 * that come as far from the diagonal. Takes n m steps.
 */
export function twoSampleTail(d: number, n: number, m: number): number {
  const far = Math.round(d * n * m);
  const inside = new Float64Array(m + 1);
  for (let i = 0; i <= n; i += 1) {
    for (let j = 0; j <= m; j += 1) {
      const before = i + j === 0 ? 1 : (i * (inside[j] ?? 0) + j * (inside[j - 1] ?? 0)) / (i + j);
      inside[j] = Math.abs(i * m - j * n) >= far ? 0 : before;
    }
  }
  return 1 - (inside[m] ?? 0);
}
