import { figure, plural } from '../../slack/mrkdwn.ts';
import { histogramMethod } from './detectors/methods.ts';
import type { Severity, Watch } from './schema.ts';

export const severityWords: Readonly<Record<Severity, string>> = {
  warning: 'Early warning',
  high: 'Alert',
  critical: 'Critical alert',
};

export const severityHints: Readonly<Record<Severity, string>> = {
  warning: 'listed once a day, calls nobody',
  high: 'calls the owner, then the deputy, then the lead, in working hours',
  critical: 'calls the owner, then the deputy, then the lead, at any hour',
};

/** What a rule is about, and when it raises and clears. */
export type Terms = Pick<
  Watch,
  | 'metric'
  | 'column'
  | 'method'
  | 'direction'
  | 'raiseAt'
  | 'clearAt'
  | 'consecutive'
  | 'clearConsecutive'
  | 'minRows'
  | 'lateSeconds'
  | 'cooldown'
>;

/** "raise when PSI of any feature is above 0.2 in 2 windows in a row of at least 200 rows" */
export function ruleWords(rule: Terms, measured = scoreWords(rule)): string {
  const { direction, raiseAt, clearAt, consecutive, clearConsecutive, minRows, lateSeconds, cooldown, method } = rule;
  const rows = minRows > 0 ? ` of at least ${minRows} rows` : '';
  const often = `in ${plural(consecutive, 'window')}${consecutive > 1 ? ' in a row' : ''}${rows}`;
  const after = clearConsecutive > 1 ? `${clearConsecutive} windows in a row` : 'one window';
  const good = direction === 'above' ? 'at or under' : 'at or over';
  const raises =
    method === 'verdict'
      ? `raise when ${measured} ${often}; clear after ${after} without`
      : `raise when ${measured} is ${direction} ${figure(raiseAt)} ${often}; clear after ${after} ${good} ${figure(clearAt)}`;
  return [
    raises,
    ...(lateSeconds > 0 ? [`judge a window ${hours(lateSeconds)} after its end`] : []),
    ...(cooldown > 0 ? [`stay quiet for ${plural(cooldown, 'window')} after an alert`] : []),
  ].join('; ');
}

function scoreWords({ metric, column, method }: Terms): string {
  const feature = histogramMethod(method);
  if (feature) return `${feature.label} of any feature`;
  if (method === 'verdict') return metric === 'drift report' ? 'the tool calls a column drifted' : `${metric} fires`;
  return column ? `${metric} of ${column}` : metric;
}

const hours = (seconds: number) =>
  seconds % 3600 === 0 ? plural(seconds / 3600, 'hour') : plural(Math.round(seconds / 60), 'minute');
