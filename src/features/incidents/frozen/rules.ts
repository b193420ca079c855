import { figure } from '../../../slack/mrkdwn.ts';
import type { Evidence } from '../../drift/schema.ts';
import type { Frozen, Moment } from './schema.ts';

/** Under which the picture of it is kept. */
export const frozenKey = ({ incidentId, moment, round, place }: Omit<Frozen, 'workspace' | 'takenAt' | 'series'>) =>
  `incident:${incidentId}:series:${moment}:${round}:${place}`;

export const momentWords: Readonly<Record<Moment, string>> = {
  declared: 'When it was declared',
  resolved: 'When it was resolved',
};

/** "0.53, limit 0.1; normal is 0.05 ± 0.01, from 2026-02-01 to 2026-02-28" */
export function standWords({ points, limit, baseline }: Evidence): string {
  const last = points.at(-1)?.[1];
  const held = limit && `${limit.side === 'above' ? 'limit' : 'floor'} ${figure(limit.value)}`;
  const normal =
    baseline &&
    `normal is ${figure(baseline.mean)} ± ${figure(baseline.sigma)}, from ${baseline.from.slice(0, 10)} to ${baseline.until.slice(0, 10)}`;
  return [[last === undefined ? 'no value' : figure(last), held].filter(Boolean).join(', '), normal]
    .filter(Boolean)
    .join('; ');
}

/** "raise when …; revision 3, set 2026-03-01 09:30 UTC" */
export function thresholdWords({ rule: { words, revision, setAt } }: Evidence): string {
  const set = setAt === null ? 'made by itself' : `set ${setAt.slice(0, 16).replace('T', ' ')} UTC`;
  return `${words}; revision ${revision}, ${set}`;
}

/** The first of each moment: of the end, the last one. */
export function firstOfEach(all: readonly Frozen[]): readonly Frozen[] {
  const first = all.find(({ moment }) => moment === 'declared');
  const ends = all.filter(({ moment }) => moment === 'resolved');
  const round = Math.max(-1, ...ends.map((each) => each.round));
  const last = ends.find((each) => each.round === round);
  return [first, last].filter((each) => each !== undefined);
}
