import { quantile } from '../../../lib/durations.ts';
import { type Facts, fewest, counts, type Promised } from '../rules.ts';

export interface Share {
  readonly part: number;
  readonly of: number;
}

export interface Shares {
  /** Noticed by us before a user or another team said so, of those of which it is on record. */
  readonly byUs: Share;
  /** Of all: nobody said how it was noticed, and no alert was behind it. */
  readonly noticedHowUnknown: number;
  /** An alert of ours was first. */
  readonly byAlert: Share;
  /** A rollback was carried out while it went on, and seen. */
  readonly rolledBack: Share;
  /** Of all that was declared and is over. */
  readonly falseAlarms: Share;
  readonly reopened: Share;
  /** How often, all together. */
  readonly timesReopened: number;
  /** Over before anybody was on it: these have no TTA. Backfilled ones are not asked. */
  readonly unacknowledged: Share;
  /** With a condition that was seen before. */
  readonly repeated: Share;
}

/** A look back and a drill are ours; a user or another team had to tell us otherwise. */
const ours: readonly string[] = ['alert', 'team', 'audit', 'drill'];

/** The word of the post-mortem counts first; where there is none, an alert that it was declared from. */
export function noticedBy({
  detectedHow,
  isByAlert,
}: Facts): { readonly how: string; readonly isUs: boolean } | undefined {
  const how = detectedHow ?? (isByAlert ? 'alert' : undefined);
  return how === undefined ? undefined : { how, isUs: ours.includes(how) };
}

export const wasRolledBack = ({ rollbacks }: Facts): boolean => rollbacks.some(({ seen }) => seen);

export function sharesOf(all: readonly Facts[]): Shares {
  const counted = all.filter(counts);
  const noticed = counted.flatMap((facts) => noticedBy(facts) ?? []);
  const real = all.filter(({ incident }) => incident.kind === 'incident');
  const wrong = real.filter(
    ({ incident }) => incident.state === 'cancelled' && incident.cancelReason === 'false_positive',
  );
  const answered = real.filter(counts);
  const share = (part: readonly Facts[]) => ({ part: part.length, of: counted.length });
  return {
    byUs: { part: noticed.filter(({ isUs }) => isUs).length, of: noticed.length },
    noticedHowUnknown: counted.length - noticed.length,
    byAlert: { part: noticed.filter(({ how }) => how === 'alert').length, of: noticed.length },
    rolledBack: share(counted.filter(wasRolledBack)),
    falseAlarms: { part: wrong.length, of: wrong.length + answered.length },
    reopened: share(counted.filter(({ incident }) => incident.reopenCount > 0)),
    timesReopened: counted.reduce((sum, { incident }) => sum + incident.reopenCount, 0),
    unacknowledged: { part: answered.filter(({ times }) => !times.acknowledged).length, of: answered.length },
    repeated: share(counted.filter(({ isRepeat }) => isRepeat)),
  };
}

/** How drift alerts ended: what was marked as not useful, by the reason that somebody chose. */
export interface Judged {
  readonly ended: number;
  readonly notUseful: Readonly<Record<string, number>>;
}

export const falseReasons = ['false_positive', 'not_actionable', 'poor_details'] as const;
export type FalseReason = (typeof falseReasons)[number];

/** The reasons of the form, sorted into the three by which alerts are usually told apart. */
const reasonOf: Readonly<Record<string, FalseReason>> = {
  noise: 'false_positive',
  data: 'false_positive',
  expected: 'not_actionable',
  harmless: 'not_actionable',
  details: 'poor_details',
};

export interface FalseAlerts {
  readonly share: Share;
  readonly reasons: Readonly<Record<FalseReason, number>>;
  readonly otherReasons: number;
}

export function falseAlerts({ ended, notUseful }: Judged): FalseAlerts {
  const reasons = { false_positive: 0, not_actionable: 0, poor_details: 0 };
  let otherReasons = 0;
  for (const [kind, n] of Object.entries(notUseful)) {
    const reason = reasonOf[kind];
    if (reason) reasons[reason] += n;
    else otherReasons += n;
  }
  const part = Object.values(notUseful).reduce((sum, n) => sum + n, 0);
  return { share: { part, of: ended }, reasons, otherReasons };
}

/** TTF: whether what was promised was kept, of all whose day has come; what was waived is counted by itself. */
export interface FollowThrough {
  readonly onTime: Share;
  readonly promised: number;
  readonly waived: readonly NonNullable<Promised['waived']>[];
  /** Days from the day it was due to the day it was seen, the shortest first; before it: less than nothing. */
  readonly late: readonly number[];
  /** Null under ten. */
  readonly medianLate: number | null;
}

const dayMs = 86_400_000;
const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / dayMs);

/** `today`: a calendar day. */
export function followThrough(all: readonly Facts[], today: string): FollowThrough {
  const promises = all.filter(counts).flatMap(({ promises = [] }) => promises);
  const kept = promises.filter(({ waived }) => waived === null);
  const due = kept.filter(({ due, doneOn }) => due < today || doneOn !== null);
  const late = kept
    .flatMap(({ due, doneOn }) => (doneOn === null ? [] : [daysBetween(due, doneOn)]))
    .toSorted((a, b) => a - b);
  return {
    onTime: { part: due.filter(({ due, doneOn }) => doneOn !== null && doneOn <= due).length, of: due.length },
    promised: promises.length,
    waived: promises.flatMap(({ waived }) => waived ?? []),
    late,
    medianLate: late.length >= fewest ? quantile(late, 0.5) : null,
  };
}
