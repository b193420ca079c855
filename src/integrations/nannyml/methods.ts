interface Measure {
  /** '' where the whole model is measured. */
  readonly column: string;
  readonly method: string;
  readonly label: string;
  readonly base?: '2';
  /** Whether NannyML has a measure of this name; any other stem is the name of a column. */
  readonly known: boolean;
}

const labels: Readonly<Record<string, string>> = {
  jensen_shannon: 'Jensen-Shannon distance',
  kolmogorov_smirnov: 'K-S statistic',
  wasserstein: 'Wasserstein distance',
  hellinger: 'Hellinger distance',
  l_infinity: 'L-infinity distance',
  chi2: 'chi-square statistic',
};
const ofColumn = new RegExp(`^(.+)_(${Object.keys(labels).join('|')})$`, 's');

/** Realized by their labels, estimated without them, or of all columns together. */
const ofModel =
  /^(?:(?:realized|estimated)_)?(?:roc_auc|average_precision|f1|precision|recall|specificity|accuracy|business_value|(?:true|false)_(?:positive|negative)|mae|mape|mse|msle|rmse|rmsle)$|^reconstruction_error$|^domain_classifier_auroc$/;

/** A column may have underscores in its name, so the method is looked for from the right. */
export function measureNamed(stem: string): Measure {
  const [, column, method] = ofColumn.exec(stem) ?? [];
  if (column !== undefined && method !== undefined) {
    const base = method === 'jensen_shannon' ? { base: '2' as const } : {};
    return { column, method, label: labels[method] ?? method, ...base, known: true };
  }
  if (ofModel.test(stem)) return { column: '', method: stem, label: stem.replaceAll('_', ' '), known: true };
  return { column: stem, method: 'value', label: 'value', known: false };
}
