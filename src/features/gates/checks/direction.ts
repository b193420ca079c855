type Direction = 'higher' | 'lower';

const lowerIsBetter = /(^|[_.\s-])(loss|rmse|mae|mse|mape|smape|logloss|error|brier|perplexity)([_.\s-]|$)/i;
const higherIsBetter = /(^|[_.\s-])(auc|accuracy|acc|f1|precision|recall|r2|ndcg|bleu|rouge)([_.\s-]|$)/i;

/** What everybody means by a metric of this name; undefined where only its people know. */
export function usualDirection(name: string): Direction | undefined {
  const [down, up] = [lowerIsBetter.test(name), higherIsBetter.test(name)];
  if (down === up) return undefined;
  return down ? 'lower' : 'higher';
}

/**
 * A floor says that higher is better, a ceiling that lower is. Where the name says otherwise, as with an AUC of at most
 * 0.99 that hints at a leak, nothing is clear.
 */
export function clearDirection(name: string, hasMin: boolean, hasMax: boolean): Direction | undefined {
  if (hasMin === hasMax) return undefined;
  const bound = hasMin ? 'higher' : 'lower';
  return (usualDirection(name) ?? bound) === bound ? bound : undefined;
}
