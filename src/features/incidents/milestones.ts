import { Refusal } from '../../lib/refusal.ts';
import { type IncidentKind, type Milestone, type MilestoneName, milestoneNames } from './schema.ts';

export type Times = Partial<Readonly<Record<MilestoneName, Date>>>;

export const milestoneWords: Readonly<Record<MilestoneName, string>> = {
  onset_earliest: 'Began at the earliest',
  onset: 'Began, best guess',
  onset_latest: 'Began at the latest',
  detected: 'Detected',
  declared: 'Declared',
  acknowledged: 'Somebody was on it',
  mitigated: 'Impact stopped',
  resolved: 'Over',
};

export const timesOf = (all: readonly Milestone[]): Times => Object.fromEntries(all.map(({ name, at }) => [name, at]));

/** Who is on an alert may declare it later: being on it follows being seen, not being declared. */
const orders: readonly (readonly MilestoneName[])[] = [
  milestoneNames.filter((name) => name !== 'acknowledged'),
  ['detected', 'acknowledged', 'mitigated', 'resolved'],
];

/** What is out of order, in words; nothing is put right silently. A past incident was declared when it was told of. */
export function disorder(times: Times, kind: IncidentKind = 'incident'): readonly string[] {
  const meant = kind === 'backfill' ? { ...times, declared: undefined, acknowledged: undefined } : times;
  return [...new Set(orders.flatMap((order) => outOf(order, meant)))];
}

function outOf(order: readonly MilestoneName[], times: Partial<Record<MilestoneName, Date | undefined>>): string[] {
  const known = order.flatMap((name) => {
    const at = times[name];
    return at ? [{ name, at }] : [];
  });
  return known.slice(1).flatMap((later, i) => {
    const earlier = known[i];
    return earlier && later.at < earlier.at
      ? [`"${milestoneWords[later.name]}" lies before "${milestoneWords[earlier.name]}".`]
      : [];
  });
}

const mostSkewMs = 2 * 60_000;

/** Told by another clock, and far from when we heard of it: late on its way, or that clock is wrong. */
export const isSkewed = ({ at, receivedAt }: Pick<Milestone, 'at' | 'receivedAt'>): boolean =>
  receivedAt !== null && Math.abs(receivedAt.getTime() - at.getTime()) > mostSkewMs;

/** Both times stand, and nothing is moved: people know which is right. */
export function clockWarnings(all: readonly Milestone[]): readonly string[] {
  return all.filter(isSkewed).flatMap(({ name, at, receivedAt }) => {
    if (receivedAt === null) return [];
    const minutes = Math.round(Math.abs(receivedAt.getTime() - at.getTime()) / 60_000);
    const how = receivedAt > at ? 'later' : 'earlier';
    return [
      `"${milestoneWords[name]}" is ${typedTime(at)} UTC by the clock of the sender, and reached us at ${typedTime(receivedAt)} UTC, ${minutes} minutes ${how}. If that clock is wrong, press *Correct times*.`,
    ];
  });
}

/** Without these no figure can be made of it; each in words. */
export function lacking(times: Times, isOnsetUnknown = false): readonly string[] {
  return (['onset', 'detected', 'resolved'] as const)
    .filter((name) => !times[name] && !(name === 'onset' && isOnsetUnknown))
    .map(
      (name) =>
        `"${milestoneWords[name]}" is not known: put it in by *Correct times* on its card${name === 'onset' ? ', or say there that nobody can know it' : ''}.`,
    );
}

/** In minutes, the least and the most it may have taken to notice; undefined where nobody said when it began. */
export function detectionRange({
  onset_earliest,
  onset_latest,
  detected,
}: Times): readonly [number, number] | undefined {
  if (!onset_earliest || !onset_latest || !detected) return undefined;
  const since = (from: Date) => Math.round((detected.getTime() - from.getTime()) / 60_000);
  return [since(onset_latest), since(onset_earliest)];
}

/** As people type it, in UTC: "2026-03-01 14:05". Empty: not known. */
export function readTime(text: string, field: string, now: Date): Date | undefined {
  const typed = text.trim();
  if (typed === '') return undefined;
  const at = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d$/.test(typed) ? new Date(`${typed.replace(' ', 'T')}Z`) : undefined;
  if (!at || Number.isNaN(at.getTime())) throw new Refusal('Write it in UTC like 2026-03-01 14:05.', { field });
  if (at > now) throw new Refusal('This lies in the future.', { field });
  return at;
}

export const typedTime = (at: Date | undefined): string => at?.toISOString().slice(0, 16).replace('T', ' ') ?? '';
