import { Refusal } from '../../../lib/refusal.ts';
import type { Incident } from '../schema.ts';
import { type Archival, type ArchiveRule, everywhere } from './schema.ts';

export const dayMs = 86_400_000;
export const longestDays = 365;

/** The team's own rule before that of the workspace; undefined: never. */
export function daysFor(rules: readonly Pick<ArchiveRule, 'scope' | 'days'>[], teamId: string): number | undefined {
  const rule = rules.find(({ scope }) => scope === teamId) ?? rules.find(({ scope }) => scope === everywhere);
  return rule && rule.days > 0 ? rule.days : undefined;
}

/** Everybody hears of it a day before, and at once where a day is all there is. */
export function plannedFor(closedAt: Date, days: number): Pick<Archival, 'warnAt' | 'archiveAt'> {
  const archiveAt = new Date(closedAt.getTime() + days * dayMs);
  return { archiveAt, warnAt: new Date(archiveAt.getTime() - dayMs) };
}

export function mayKeep({ number }: Incident, archival: Archival | undefined, now: Date): void {
  if (archival?.leaseUntil && archival.leaseUntil > now)
    throw new Refusal(`The channel of incident ${number} is being archived at this moment.`);
  if (archival?.step === 'planned' || archival?.step === 'warned') return;
  if (archival?.step === 'kept')
    throw new Refusal(
      `The channel of incident ${number} is kept already${archival.keptBy ? ` by <@${archival.keptBy}>` : ''}.`,
    );
  if (archival?.step === 'archived')
    throw new Refusal(
      `The channel of incident ${number} is archived already. Anybody can unarchive it by its name in Slack.`,
    );
  throw new Refusal(`The channel of incident ${number} is not going to be archived.`);
}
