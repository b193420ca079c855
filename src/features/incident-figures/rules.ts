import { quantile } from '../../lib/durations.ts';
import { workedMs, type WorkTime } from '../blockers/clock.ts';
import type { Times } from '../incidents/milestones.ts';
import type { Incident } from '../incidents/schema.ts';

/** What is on record of one incident. */
export interface Facts {
  readonly incident: Pick<
    Incident,
    'number' | 'title' | 'kind' | 'state' | 'severity' | 'reopenCount' | 'cancelReason' | 'resolvedAt'
  >;
  readonly model: string;
  readonly times: Times;
  /** When its team works. */
  readonly work: WorkTime;
  /** It was declared from an alert of ours. */
  readonly isByAlert: boolean;
  /** What the post-mortem says: who or what noticed first. */
  readonly detectedHow?: string | undefined;
  /** When Slack had accepted the first message that called somebody about it. */
  readonly calledAt?: Date | undefined;
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

const clockCodes = [
  'TTD',
  'TTDecl',
  'TTA',
  'TTA-page',
  'TTM',
  'TTMr',
  'TTR',
  'TTRepair',
  'TTRBa',
  'TTRB',
  'TTL',
  'LD',
] as const;
/** The same in working hours of the team: codes of their own, so that nobody takes one for the other. */
const workCodes = ['TTD-bh', 'TTA-bh', 'TTM-bh', 'TTR-bh'] as const;
export const codes = [...clockCodes, ...workCodes] as const;
export type Code = (typeof codes)[number];

/** In milliseconds; null where one of its ends is not known. Never filled in from another milestone. */
export type Durations = Readonly<Record<Code, number | null>>;

type Ends = readonly [from: Date | undefined, to: Date | undefined];

const between = ([from, to]: Ends) => (from && to ? to.getTime() - from.getTime() : null);

/** What lies the wrong way round stays so, to be seen. */
function worked(work: WorkTime, [from, to]: Ends): number | null {
  if (!from || !to) return null;
  return from <= to ? workedMs(work, from, to) : -workedMs(work, to, from);
}

/** Who is called after somebody was on it was not waited for. */
const calledBefore = ({ calledAt, times: { acknowledged } }: Facts) =>
  calledAt && acknowledged && calledAt <= acknowledged ? calledAt : undefined;

/** Each from its two facts. Backfilled incidents were declared and taken long after, so that says nothing of them. */
export function durationsOf(facts: Facts): Durations {
  const { times, work, rollbacks, learnedAt, labelsAt } = facts;
  const back = rollbacks.find(({ seen }) => seen);
  const detect: Ends = [times.onset, times.detected];
  const acknowledge: Ends = asks('TTA', facts) ? [times.detected, times.acknowledged] : [undefined, undefined];
  const mitigate: Ends = [times.onset, times.mitigated];
  const resolve: Ends = [times.onset, times.resolved];
  return {
    TTD: between(detect),
    TTDecl: asks('TTDecl', facts) ? between([times.detected, times.declared]) : null,
    TTA: between(acknowledge),
    'TTA-page': asks('TTA-page', facts) ? between([calledBefore(facts), times.acknowledged]) : null,
    TTM: between(mitigate),
    TTMr: between([times.detected, times.mitigated]),
    TTR: between(resolve),
    TTRepair: asks('TTRepair', facts) ? between([times.declared, times.resolved]) : null,
    TTRBa: between([back?.asked, back?.approved]),
    TTRB: between([back?.approved, back?.seen]),
    TTL: between([times.resolved, learnedAt]),
    LD: between([times.onset, labelsAt]),
    'TTD-bh': worked(work, detect),
    'TTA-bh': worked(work, acknowledge),
    'TTM-bh': worked(work, mitigate),
    'TTR-bh': worked(work, resolve),
  };
}

const ofDeclaring: readonly Code[] = ['TTDecl', 'TTA', 'TTA-page', 'TTA-bh', 'TTRepair'];

/** Whether it can have this figure at all: what cannot is no missing value either. */
const asks = (code: Code, { incident }: Facts): boolean => incident.kind !== 'backfill' || !ofDeclaring.includes(code);

const overStates: readonly Incident['state'][] = ['resolved', 'reviewing', 'closed'];

/** Drills, tests, what was called off and what was merged count in nothing but the share of false alarms. */
export function counts({ incident }: Facts): boolean {
  return ['incident', 'backfill'].includes(incident.kind) && overStates.includes(incident.state);
}

/** Apart from all that is real. One that was called off, as it really burned, was not played to its end. */
export const isDrill = ({ incident }: Facts): boolean =>
  incident.kind === 'drill' && overStates.includes(incident.state);

export interface Figure {
  readonly code: Code;
  readonly n: number;
  /** How many could have a value and have none. */
  readonly unknown: number;
  /** All that are known, the shortest first; where they are too few to be summed up, these are shown. */
  readonly values: readonly number[];
  readonly mean: number | null;
  readonly median: number | null;
  readonly p90: number | null;
}

/** Under so many values, a mean says more of one of them than of all: durations of incidents are skewed. */
export const fewest = 10;

/** Of incidents; of drills where they are asked for: never of both together. */
export function figuresOf(all: readonly Facts[], which: (facts: Facts) => boolean = counts): readonly Figure[] {
  const counted = all.filter(which).map((facts) => ({ facts, durations: durationsOf(facts) }));
  return codes.map((code) => {
    const asked = counted.filter(({ facts }) => asks(code, facts));
    const values = asked.flatMap(({ durations }) => durations[code] ?? []).toSorted((a, b) => a - b);
    return { code, unknown: asked.length - values.length, ...summed(values) };
  });
}

/** Of sorted values. */
export function summed(values: readonly number[]) {
  const n = values.length;
  const enough = n >= fewest;
  return {
    n,
    values,
    mean: enough ? values.reduce((sum, each) => sum + each, 0) / n : null,
    median: enough ? quantile(values, 0.5) : null,
    p90: enough ? quantile(values, 0.9) : null,
  };
}
