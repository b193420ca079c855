import { section } from '../../../slack/blocks.ts';
import { clip } from '../../../slack/limits.ts';
import { lines, md, type Mrkdwn, naming, plural } from '../../../slack/mrkdwn.ts';
import type { Facts } from '../rules.ts';
import {
  falseAlerts,
  type FalseReason,
  falseReasons,
  followThrough,
  type Judged,
  type Share,
  sharesOf,
} from './rules.ts';

const shareWords = ({ part, of }: Share): string => (of === 0 ? 'none yet' : `${part} of ${of}`);

const reasonWords: Readonly<Record<FalseReason, string>> = {
  false_positive: 'false positive',
  not_actionable: 'not actionable',
  poor_details: 'poor details',
};

export function sharesLines(all: readonly Facts[]): readonly Mrkdwn[] {
  const shares = sharesOf(all);
  const { noticedHowUnknown: unsaid, timesReopened: times } = shares;
  const alert = shares.byUs.of > 0 ? `, ${shares.byAlert.part} by an alert` : '';
  return [
    md`• noticed by us before a user or another team said so: ${shareWords(shares.byUs)}${alert}${unsaid > 0 ? `; of ${unsaid} nobody said` : ''}`,
    md`• a rollback was carried out and seen: ${shareWords(shares.rolledBack)}`,
    md`• opened again: ${shareWords(shares.reopened)}${times > shares.reopened.part ? `, ${times} times` : ''}`,
    md`• over before anybody was on it: ${shareWords(shares.unacknowledged)}`,
  ];
}

export function alarmLines(all: readonly Facts[], judged: Judged): readonly Mrkdwn[] {
  const { share, reasons, otherReasons } = falseAlerts(judged);
  const why = falseReasons.filter((each) => reasons[each] > 0).map((each) => `${reasons[each]} ${reasonWords[each]}`);
  const said = [...why, ...(otherReasons > 0 ? [`${otherReasons} for another reason`] : [])].join(', ');
  return [
    md`• incidents among all that was declared: ${shareWords(sharesOf(all).falseAlarms)}`,
    md`• drift alerts that were not useful: ${shareWords(share)}${said === '' ? '' : ` (${said})`}`,
  ];
}

export function learningLines(all: readonly Facts[], today: string): readonly Mrkdwn[] {
  const { onTime, promised, waived, late, medianLate } = followThrough(all, today);
  const days = (n: number) => plural(n, 'day');
  const median = medianLate === null ? '' : `; median ${days(medianLate)} after its day (n ${late.length})`;
  return [
    md`*TTF* commitments kept by their day: ${shareWords(onTime)}${median}; waived: ${shareWords({ part: waived.length, of: promised })}`,
    md`• with a condition that was seen before: ${shareWords(sharesOf(all).repeated)}`,
  ];
}

const mostWaived = 5;

/** What was given up, with the reason that was said; by whom is not counted. */
export function waivedSection(all: readonly Facts[], today: string) {
  const { waived } = followThrough(all, today);
  if (waived.length === 0) return undefined;
  const newest = waived.toSorted((a, b) => b.number - a.number).slice(0, mostWaived);
  const left = waived.length - newest.length;
  return section(
    lines(
      md`*Commitments that were waived*`,
      ...newest.map(({ number, text, reason }) => md`• *${number}* ${clip(text, 150)}: ${naming(clip(reason, 200))}`),
      left > 0 && md`_and ${left} more_`,
    ),
  );
}
