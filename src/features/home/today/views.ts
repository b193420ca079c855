import type { KnownBlock } from '@slack/types';
import { divider, header, section } from '../../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, person, plural, when } from '../../../slack/mrkdwn.ts';
import { dateWords } from '../../../time/date-words.ts';
import { localAt } from '../../../time/wall-clock.ts';
import type { Waiting as Standup } from '../../standups/queries.ts';
import { isAtWork } from '../../teams/rules.ts';
import type { Today } from './queries.ts';

/** The day of one person's teams. */
export interface Days {
  readonly today: readonly Today[];
  readonly standups: readonly Standup[];
  readonly now: Date;
}

/** The day of each team: when it works, who is away, what went live, what gave an early warning. */
export function todayOf({ today, standups, now }: Days): KnownBlock[] {
  if (today.length === 0) {
    return [
      divider(),
      section(
        md`:wave: You are in no team yet. \`/ml team new\` makes one, then \`/ml model register\` adds its first model.`,
      ),
    ];
  }
  return [divider(), header('Today'), ...today.map((each) => section(dayOf(each, now))), ...rhythmOf(standups)];
}

const mostRituals = 5;

/** What the rhythm of one's teams asks next; whatever is asked now stands above. */
function rhythmOf(standups: readonly Standup[]): KnownBlock[] {
  const rows = standups
    .filter(({ run, prompt }) => run.state === 'planned' || prompt?.state === 'answered')
    .slice(0, mostRituals)
    .map(({ ritual, run, prompt }) => {
      const what = md`*${ritual.name}*, ${dateWords(run.date, run.date)}`;
      if (prompt?.state === 'answered')
        return md`:white_check_mark: ${what}: you answered. The digest comes at the latest ${when(run.digestAt)}.`;
      const time = ritual.clock === 'team' ? when(run.opensAt) : md`${ritual.time} on your clock`;
      return md`:date: ${what}: asks you ${time}. \`/ml standup\` answers it early.`;
    });
  return rows.length > 0 ? [section(join(rows, '\n'))] : [];
}

function dayOf({ team, away, closed, warnings, moves }: Today, now: Date): Mrkdwn {
  const { name, hoursFrom, hoursTo, zone } = team;
  const gone = away
    .slice(0, 8)
    .map(({ personId, until, holiday }) =>
      holiday === null ? md`${person(personId)} until ${until}` : md`${person(personId)} today (${holiday})`,
    );
  const more = away.length - gone.length;
  const today = localAt(now, zone).date;
  const isClosed = closed.some(({ date }) => date === today);
  return lines(
    md`*${name}* works from ${hoursFrom} to ${hoursTo} (${zone})${isAtWork(team, now) && !isClosed ? md`, now` : md`, not now`}.`,
    closed.length > 0 &&
      md`:date: Closed ${closed.map(({ date, name: why }) => `${date === today ? 'today' : `on ${dateWords(date, today)}`} (${why})`).join(', ')}.`,
    gone.length > 0 && md`:palm_tree: Away: ${join(gone, ', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    ...moves
      .slice(0, 3)
      .map(({ model, version, at }) => md`:package: Version ${version} of ${model} went live ${when(at)}.`),
    warnings > 0 && md`:warning: ${plural(warnings, 'early warning')}; \`/ml drift\` lists them.`,
  );
}
