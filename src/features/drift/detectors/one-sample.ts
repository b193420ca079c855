import { durbinBelow } from './durbin.ts';
import { lnGamma } from './gamma.ts';

/**
 * P(D >= d) of one sample of n rows against a known distribution, by the ways that Simard and L'Ecuyer (2011) sort by
 * size: exact up to 140 rows, then good to some 1e-7, as in scipy. Null for n = 0.
 */
export function oneSampleTail(d: number, n: number): number | null {
  if (n === 0) return null;
  if (d <= 0) return 1;
  if (d >= 1) return 0;
  const spread = n * d * d;
  if (spread >= (n <= 140 ? 4 : 2.2) || d >= 0.5) return Math.min(1, 2 * oneSidedTail(d, n));
  const isSmall = n <= 140 || (n <= 100_000 && n * d ** 1.5 <= 1.4);
  return Math.min(1, Math.max(0, 1 - (isSmall ? durbinBelow(d, n) : pelzGoodBelow(d, n))));
}

/** Smirnov's exact sum for one side. */
function oneSidedTail(d: number, n: number): number {
  let sum = (1 - d) ** n;
  for (let j = 1; j <= n * (1 - d); j += 1) {
    const left = 1 - d - j / n;
    if (left <= 0) break;
    const ways = lnGamma(n + 1) - lnGamma(j + 1) - lnGamma(n - j + 1);
    sum += d * Math.exp(ways + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(left));
  }
  return sum;
}

/** Pelz and Good (1976): Kolmogorov's limit and three more terms in powers of 1 / sqrt(n). */
function pelzGoodBelow(d: number, n: number): number {
  const z2 = n * d * d;
  const z = Math.sqrt(z2);
  let [k0, k1, k2, k3, even2, even3] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k <= 4 + 4 * z; k += 1) {
    const odd = (Math.PI * (k + 0.5)) ** 2;
    const weight = Math.exp(-odd / (2 * z2));
    k0 += weight;
    k1 += weight * (odd - z2);
    k2 += weight * (6 * z2 ** 3 + 2 * z2 ** 2 + odd * (2 * z2 ** 2 - 5 * z2) + odd ** 2 * (1 - 2 * z2));
    k3 +=
      weight *
      (odd ** 3 * (5 - 30 * z2) +
        odd ** 2 * (212 * z2 ** 2 - 60 * z2) +
        odd * (135 * z2 ** 2 - 96 * z2 ** 3) -
        30 * z2 ** 3 -
        90 * z2 ** 4);
    const even = (Math.PI * k) ** 2;
    const evenWeight = Math.exp(-even / (2 * z2));
    even2 += evenWeight * even;
    even3 += evenWeight * even * (3 * z2 - even);
  }
  const terms =
    k0 / z +
    k1 / (6 * z ** 4) / Math.sqrt(n) +
    (k2 / (72 * z ** 7) - even2 / (36 * z ** 3)) / n +
    (k3 / (6480 * z ** 10) + even3 / (216 * z ** 6)) / n ** 1.5;
  return Math.sqrt(2 * Math.PI) * terms;
}
