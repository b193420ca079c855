import { afterWorkdays, afterWorkMinutes, workFrom } from '../teams/rules.ts';
import type { Team } from '../teams/schema.ts';
import type { Severity } from './schema.ts';

const minute = 60_000;
/** How long one person has before the next is called: at any hour, or in working hours. */
const patienceMinutes = { warning: 0, high: 60, critical: 15 } as const;
const criticalLeaseMs = 4 * 60 * minute;

/** When an alert of this weight is first shown. Null: it waits for the digest. */
export function firstCall(severity: Severity, team: Team, now: Date): Date | null {
  switch (severity) {
    case 'warning':
      return null;
    case 'high':
      return workFrom(team, now);
    case 'critical':
      return now;
  }
}

export function nextCall(severity: Severity, team: Team, now: Date): Date {
  return severity === 'critical'
    ? new Date(now.getTime() + patienceMinutes.critical * minute)
    : afterWorkMinutes(team, now, patienceMinutes[severity]);
}

/** Who has acknowledged an alert keeps it until the same time of the next working day; a critical one for 4 hours. */
export function leaseOf(severity: Severity, team: Team, now: Date): Date {
  return severity === 'critical' ? new Date(now.getTime() + criticalLeaseMs) : afterWorkdays(team, now, 1);
}
