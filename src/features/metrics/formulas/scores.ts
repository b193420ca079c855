/** Counts of a satisfaction survey: how many answered, how many of them 4 or 5 of 5. */
export interface Csat {
  readonly answers: number;
  readonly satisfied: number;
}
/** Counts of an NPS survey: how many answered, how many of them 9 or 10 (promoters), how many 0 to 6 (detractors). */
export interface Nps {
  readonly answers: number;
  readonly promoters: number;
  readonly detractors: number;
}

/** A score with its 95 % interval, or null where nobody answered. Fewer than 30 answers judge nothing. */
export interface Score {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly answers: number;
  readonly tooFew: boolean;
}

/** The 97.5 % quantile of the normal distribution. */
const z = 1.959963984540054;
const fewest = 30;

export function csatOf(scores: readonly number[]): Csat {
  return { answers: scores.length, satisfied: scores.filter((score) => score >= 4).length };
}

export function npsOf(scores: readonly number[]): Nps {
  return {
    answers: scores.length,
    promoters: scores.filter((score) => score >= 9).length,
    detractors: scores.filter((score) => score <= 6).length,
  };
}

/** 100 x (answers of 4 or 5) / all answers, from 0 to 100; Wilson's interval, which also holds for few answers. */
export function csatScore({ answers: n, satisfied }: Csat): Score | null {
  if (n === 0) return null;
  const share = satisfied / n;
  const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return {
    value: 100 * share,
    low: Math.max(0, 100 * (middle - half)),
    high: Math.min(100, 100 * (middle + half)),
    answers: n,
    tooFew: n < fewest,
  };
}

/**
 * % promoters - % detractors, from -100 to 100. The interval is the normal one of a mean of +1, 0 and -1, whose
 * variance is p + d - (p - d)^2.
 */
export function npsScore({ answers: n, promoters, detractors }: Nps): Score | null {
  if (n === 0) return null;
  const [up, down] = [promoters / n, detractors / n];
  const half = 100 * z * Math.sqrt(Math.max(0, up + down - (up - down) ** 2) / n);
  const value = (100 * (promoters - detractors)) / n;
  return {
    value,
    low: Math.max(-100, value - half),
    high: Math.min(100, value + half),
    answers: n,
    tooFew: n < fewest,
  };
}
