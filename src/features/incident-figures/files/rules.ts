import { csv } from '../../../lib/csv.ts';
import { minutesOf } from '../../../lib/durations.ts';
import { detectionRange } from '../../incidents/milestones.ts';
import { milestoneNames } from '../../incidents/schema.ts';
import { codes, counts, durationsOf, type Facts, isDrill } from '../rules.ts';
import { noticedBy, wasRolledBack } from '../shares/rules.ts';
import { shiftsOf, type TeamCalls } from '../shifts/rules.ts';

const columns = [
  'incident',
  'title',
  'model',
  'kind',
  'severity',
  'state',
  'noticed_by',
  'noticed_by_us',
  'rolled_back',
  'reopened',
  ...milestoneNames,
  'first_call',
  ...codes.map((code) => `${code}_minutes`),
  'TTD_least_minutes',
  'TTD_most_minutes',
  'commitments',
  'commitments_on_time',
  'commitments_waived',
] as const;

/** A row for each incident that counts, for people who want to reckon themselves. Instants in UTC; unknown is empty. */
export const figuresCsv = (all: readonly Facts[]): string => csv([columns, ...all.filter(counts).map(row)]);

/** The same of drills, in a file of their own. */
export const drillsCsv = (all: readonly Facts[]): string => csv([columns, ...all.filter(isDrill).map(row)]);

function row(facts: Facts) {
  const { incident, model, times, calledAt, promises = [] } = facts;
  const durations = durationsOf(facts);
  const [least, most] = detectionRange(times) ?? ['', ''];
  const noticed = noticedBy(facts);
  return [
    incident.number,
    incident.title,
    model,
    incident.kind,
    incident.severity,
    incident.state,
    noticed?.how ?? '',
    noticed?.isUs ?? '',
    wasRolledBack(facts),
    incident.reopenCount,
    ...milestoneNames.map((name) => times[name]?.toISOString() ?? ''),
    calledAt?.toISOString() ?? '',
    ...codes.map((code) => minutesOf(durations[code]) ?? ''),
    least,
    most,
    promises.length,
    promises.filter(({ due, doneOn }) => doneOn !== null && doneOn <= due).length,
    promises.filter(({ waived }) => waived !== null).length,
  ];
}

/** A row for each shift of each team, also where nobody was called; never a person. */
export function shiftsCsv(teams: readonly TeamCalls[], now: Date): string {
  const rows = teams.flatMap((each) =>
    shiftsOf(each, now).map(({ from, until, calls, outside }) => [
      each.team,
      from.toISOString(),
      until.toISOString(),
      calls,
      outside,
    ]),
  );
  return csv([['team', 'from', 'until', 'calls', 'outside_working_hours'], ...rows]);
}
