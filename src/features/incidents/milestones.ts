import { Refusal } from '../../lib/refusal.ts';
import { type Milestone, type MilestoneName, milestoneNames } from './schema.ts';

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

/** What is out of order, in words; nothing is put right silently. */
export function disorder(times: Times): readonly string[] {
  const known = milestoneNames.flatMap((name) => {
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

/** Without these no figure can be made of it; each in words. */
export function lacking(times: Times): readonly string[] {
  return (['onset', 'detected', 'resolved'] as const)
    .filter((name) => !times[name])
    .map((name) => `"${milestoneWords[name]}" is not known: put it in by *Correct times* on its card.`);
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
