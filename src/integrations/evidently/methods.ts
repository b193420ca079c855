/** How one of Evidently's drift methods reads its score. */
export interface Method {
  /** The short name of `ValueDrift(method=…)`. */
  readonly name: string;
  readonly label: string;
  /** Evidently's default threshold, in the unit of the score. */
  readonly threshold: number;
  /** The side of the threshold on which the column has drifted. */
  readonly direction: 'above' | 'below';
  /** Whether a score that equals the threshold has drifted. */
  readonly inclusive: boolean;
  /** Of the logarithm, where the size of the score depends on it. */
  readonly base?: 'e';
}

type Row = readonly [name: string, label: string, threshold: number, drift: '<' | '<=' | '>' | '>='];

/** From evidentlyai/evidently 0.7.21, `legacy/calculations/stattests/*.py`. TVD is a permutation p-value there. */
const table: readonly Row[] = [
  ['anderson', 'Anderson-Darling', 0.1, '<'],
  ['chisquare', 'chi-square p_value', 0.05, '<'],
  ['cramer_von_mises', 'Cramer-von Mises', 0.1, '<='],
  ['ed', 'Energy-distance', 0.1, '>'],
  ['es', 'Epps-Singleton', 0.05, '<'],
  ['fisher_exact', "Fisher's Exact test", 0.1, '<'],
  ['g_test', 'g_test', 0.1, '<'],
  ['hellinger', 'Hellinger distance', 0.1, '>='],
  ['jensenshannon', 'Jensen-Shannon distance', 0.1, '>='],
  ['kl_div', 'Kullback-Leibler divergence', 0.1, '>='],
  ['ks', 'K-S p_value', 0.05, '<='],
  ['mannw', 'Mann-Whitney U-rank test', 0.05, '<'],
  ['empirical_mmd', 'empirical_mmd', 0.1, '<'],
  ['psi', 'PSI', 0.1, '>='],
  ['t_test', 't_test', 0.05, '<'],
  ['perc_text_content_drift', 'Percentile text content drift', 0.95, '>'],
  ['abs_text_content_drift', 'Absolute text content drift', 0.55, '>'],
  ['TVD', 'Total-Variation-Distance', 0.1, '<'],
  ['wasserstein', 'Wasserstein distance (normed)', 0.1, '>='],
  ['z', 'Z-test p_value', 0.05, '<'],
];

/** SciPy's default: a Jensen-Shannon distance of at most 0.83, where base 2 would reach 1. */
const natural: readonly string[] = ['jensenshannon', 'kl_div'];

const methods: readonly Method[] = table.map(([name, label, threshold, drift]) => ({
  name,
  label,
  threshold,
  direction: drift.startsWith('>') ? 'above' : 'below',
  inclusive: drift.endsWith('='),
  ...(natural.includes(name) && { base: 'e' as const }),
}));

const byName = new Map(
  methods.flatMap((method) => [
    [method.name.toLowerCase(), method],
    [method.label.toLowerCase(), method],
  ]),
);

/** Evidently writes the display name when it chose the method itself and the short name when the user did. */
export function methodNamed(text: string): Method | undefined {
  return byName.get(text.trim().toLowerCase());
}

export function beyond(score: number, threshold: number, { direction, inclusive }: Method): boolean {
  if (score === threshold) return inclusive;
  return direction === 'above' ? score > threshold : score < threshold;
}
