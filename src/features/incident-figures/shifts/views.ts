import { section } from '../../../slack/blocks.ts';
import { lines, md, type Mrkdwn, plural } from '../../../slack/mrkdwn.ts';
import type { CallFigure } from './rules.ts';

const mostTeams = 3;

/** Of the teams that are called most. */
export function callsSection(teams: readonly CallFigure[]) {
  if (teams.length === 0) return undefined;
  const more = teams.length - mostTeams;
  return section(
    lines(
      md`*Calls per shift*, a day of the team from when it begins to work`,
      ...teams.slice(0, mostTeams).map(callLine),
      more > 0 && md`and ${plural(more, 'team')} more in the CSV`,
    ),
  );
}

function callLine({ team, n, values, median, p90, calls, outside }: CallFigure): Mrkdwn {
  const middle = median === null || p90 === null ? values.join(', ') : `median ${figure(median)}, p90 ${figure(p90)}`;
  const night = outside > 0 ? `, ${outside} of them outside working hours` : '';
  return md`• ${team}: ${middle} (n ${n}); ${plural(calls, 'call')}${night}`;
}

const figure = (calls: number) => String(Math.round(calls * 10) / 10);
