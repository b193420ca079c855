import { csv } from '../../lib/csv.ts';
import { minutesOf, quantile } from '../../lib/durations.ts';
import { detectionRange, type Times } from '../incidents/milestones.ts';
import { type Incident, milestoneNames } from '../incidents/schema.ts';

/** What is on record of one incident. */
export interface Facts {
  readonly incident: Pick<
    Incident,
    'number' | 'title' | 'kind' | 'state' | 'severity' | 'reopenCount' | 'cancelReason' | 'resolvedAt'
  >;
  readonly model: string;
  readonly times: Times;
  /** Detected by a machine rather than by a person. */
  readonly isByAlert: boolean;
  readonly rollbacks: readonly {
    readonly asked: Date;
    readonly approved?: Date | undefined;
    readonly seen?: Date | undefined;
  }[];
  readonly learnedAt?: Date | undefined;
  /** When its impact was called measured on labels. */
  readonly labelsAt?: Date | undefined;
  /** One of its conditions had been seen in an earlier post-mortem. */
  readonly isRepeat?: boolean;
  readonly promises?: readonly Promised[];
}

/** A commitment, in calendar days. */
export interface Promised {
  readonly due: string;
  /** Seen to be done by somebody else. */
  readonly doneOn: string | null;
  /** Why it was given up, and which it was; null: it was not. */
  readonly waived: { readonly number: number; readonly text: string; readonly reason: string } | null;
}

export const codes = ['TTD', 'TTDecl', 'TTA', 'TTM', 'TTMr', 'TTR', 'TTRepair', 'TTRBa', 'TTRB', 'TTL', 'LD'] as const;
export type Code = (typeof codes)[number];

/** In milliseconds; null where one of its ends is not known. Never filled in from another milestone. */
export type Durations = Readonly<Record<Code, number | null>>;

const between = (from: Date | undefined, to: Date | undefined) => (from && to ? to.getTime() - from.getTime() : null);

/** Each from its two facts. Backfilled incidents were declared and taken long after, so these two say nothing. */
export function durationsOf({ incident, times, rollbacks, learnedAt, labelsAt }: Facts): Durations {
  const isBackfill = incident.kind === 'backfill';
  const back = rollbacks.find(({ seen }) => seen);
  return {
    TTD: between(times.onset, times.detected),
    TTDecl: isBackfill ? null : between(times.detected, times.declared),
    TTA: isBackfill ? null : between(times.detected, times.acknowledged),
    TTM: between(times.onset, times.mitigated),
    TTMr: between(times.detected, times.mitigated),
    TTR: between(times.onset, times.resolved),
    TTRepair: between(times.declared, times.resolved),
    TTRBa: between(back?.asked, back?.approved),
    TTRB: between(back?.approved, back?.seen),
    TTL: between(times.resolved, learnedAt),
    LD: between(times.onset, labelsAt),
  };
}

/** Drills, tests, what was called off and what was merged count in nothing but the share of false alarms. */
export function counts({ incident }: Facts): boolean {
  const isReal = incident.kind === 'incident' || incident.kind === 'backfill';
  return isReal && ['resolved', 'reviewing', 'closed'].includes(incident.state);
}

export interface Figure {
  readonly code: Code;
  readonly n: number;
  /** How many have no value. */
  readonly unknown: number;
  /** All that are known, the shortest first; where they are too few to be summed up, these are shown. */
  readonly values: readonly number[];
  readonly mean: number | null;
  readonly median: number | null;
  readonly p90: number | null;
}

/** Durations of incidents are skewed: under so many, a mean says more of one of them than of all. */
export const fewest = 10;

export function figuresOf(all: readonly Facts[]): readonly Figure[] {
  const counted = all.filter(counts).map(durationsOf);
  return codes.map((code) => {
    const values = counted.flatMap((each) => each[code] ?? []).toSorted((a, b) => a - b);
    const n = values.length;
    const enough = n >= fewest;
    return {
      code,
      n,
      unknown: counted.length - n,
      values,
      mean: enough ? values.reduce((sum, each) => sum + each, 0) / n : null,
      median: enough ? quantile(values, 0.5) : null,
      p90: enough ? quantile(values, 0.9) : null,
    };
  });
}

export interface Share {
  readonly part: number;
  readonly of: number;
}
export interface Shares {
  /** Noticed by a machine of ours, before anybody told us. */
  readonly byAlert: Share;
  /** Ended with a rollback that was seen. */
  readonly rolledBack: Share;
  /** Of all that was declared and is over. */
  readonly falseAlarms: Share;
  readonly reopened: Share;
  /** Over before anybody was on it: these have no TTA. Backfilled ones are not asked. */
  readonly unacknowledged: Share;
  /** With a condition that was seen before. */
  readonly repeated: Share;
}

export function sharesOf(all: readonly Facts[]): Shares {
  const counted = all.filter(counts);
  const real = all.filter(({ incident }) => incident.kind === 'incident');
  const wrong = real.filter(
    ({ incident }) => incident.state === 'cancelled' && incident.cancelReason === 'false_positive',
  );
  const share = (part: readonly Facts[]) => ({ part: part.length, of: counted.length });
  return {
    byAlert: share(counted.filter(({ isByAlert }) => isByAlert)),
    rolledBack: share(counted.filter(({ rollbacks }) => rollbacks.some(({ seen }) => seen))),
    falseAlarms: { part: wrong.length, of: wrong.length + real.filter(counts).length },
    reopened: share(counted.filter(({ incident }) => incident.reopenCount > 0)),
    unacknowledged: {
      part: counted.filter(({ incident, times }) => incident.kind === 'incident' && !times.acknowledged).length,
      of: counted.filter(({ incident }) => incident.kind === 'incident').length,
    },
    repeated: share(counted.filter(({ isRepeat }) => isRepeat)),
  };
}

/** TTF: whether what was promised was kept, of all whose day has come; what was waived is counted by itself. */
export interface FollowThrough {
  readonly onTime: Share;
  readonly waived: readonly { readonly number: number; readonly text: string; readonly reason: string }[];
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
    waived: promises.flatMap(({ waived }) => waived ?? []),
    late,
    medianLate: late.length >= fewest ? quantile(late, 0.5) : null,
  };
}

const columns = [
  'incident',
  'title',
  'model',
  'kind',
  'severity',
  'state',
  'detected_by_alert',
  'rolled_back',
  'reopened',
  ...milestoneNames,
  ...codes.map((code) => `${code}_minutes`),
  'TTD_least_minutes',
  'TTD_most_minutes',
  'commitments',
  'commitments_on_time',
  'commitments_waived',
] as const;

/** A row for each incident that counts, for people who want to reckon themselves. Instants in UTC; unknown is empty. */
export function figuresCsv(all: readonly Facts[]): string {
  const rows = all.filter(counts).map((facts) => {
    const { incident, model, times, isByAlert, rollbacks, promises = [] } = facts;
    const durations = durationsOf(facts);
    const [least, most] = detectionRange(times) ?? ['', ''];
    return [
      incident.number,
      incident.title,
      model,
      incident.kind,
      incident.severity,
      incident.state,
      isByAlert,
      rollbacks.some(({ seen }) => seen),
      incident.reopenCount,
      ...milestoneNames.map((name) => times[name]?.toISOString() ?? ''),
      ...codes.map((code) => minutesOf(durations[code]) ?? ''),
      least,
      most,
      promises.length,
      promises.filter(({ due, doneOn }) => doneOn !== null && doneOn <= due).length,
      promises.filter(({ waived }) => waived !== null).length,
    ];
  });
  return csv([columns, ...rows]);
}
