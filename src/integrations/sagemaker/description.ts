import type { HeardFinding } from '../../features/sources/heard.ts';

const number = String.raw`(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)`;
const pattern = (text: string) => new RegExp(text.replaceAll('#', number), 'is');

/** "… distance: 0.4 exceeds … threshold: 0.1" */
const distance = pattern(String.raw`distance:?\s*#\s+exceeds\D*#`);
/** "Metric auc with 0.7 +/- 0.01 was LessThanThreshold '0.8'" */
const compared = pattern(String.raw`\bwith\s+#(?:\s*\+/-\s*\S+)?\s+was\s+(?:LessThan|GreaterThan)\w*\s+'?#`);
/** "Expected match: 100.0%. Observed: Only 99.7% of data is Integral." */
const share = pattern(String.raw`Expected match:?\s*#%.*Only\s+#%`);
/** "Number of columns in current dataset: 12, Number of columns in baseline constraints: 11" */
const columns = pattern(String.raw`current dataset:\s*#\D+baseline constraints:\s*#`);
/** "Value: 0.97 does not meet the constraint requirement!" */
const value = pattern(String.raw`\bvalue:?\s*#\s+does not meet`);

/** Checks of a share that has to be kept: whoever falls short fails. */
const kept = new Set(['completeness', 'data_type', 'categorical_values', 'missing_column']);

/** Its sentences are far shorter. */
const longest = 1000;

/** SageMaker has the numbers of a violation only in its sentence; null where there are none that we know to read. */
export function numbersIn(sentence: string, check: string): Pick<HeardFinding, 'score' | 'limit' | 'direction'> {
  const text = sentence.slice(0, longest);
  const direction = kept.has(check) || check.startsWith('LessThan') ? 'below' : 'above';
  const pair = distance.exec(text) ?? compared.exec(text) ?? columns.exec(text);
  if (pair) return { score: finite(pair[1]), limit: finite(pair[2]), direction };
  const percents = share.exec(text);
  if (percents) return { score: finite(percents[2], 100), limit: finite(percents[1], 100), direction };
  return { score: finite(value.exec(text)?.[1]), limit: null, direction };
}

function finite(text: string | undefined, of = 1): number | null {
  const parsed = Number(text ?? Number.NaN) / of;
  return Number.isFinite(parsed) ? parsed : null;
}
