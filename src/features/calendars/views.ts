import type { KnownBlock } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../slack/blocks.ts';
import { lines, md, type Mrkdwn, plural } from '../../slack/mrkdwn.ts';
import { dateWords, daysWords } from '../../time/date-words.ts';
import type { ZoneData } from '../../time/zones.ts';
import type { Team } from '../teams/schema.ts';
import type { NextYear } from './queries.ts';
import type { Place, ZoneWarning } from './rules.ts';
import type { ClosingDay } from './schema.ts';

export const mostDays = 20;

/** The closing days of a team that are still to come, `more` of them unsaid. */
export function daysCard(team: Team, days: readonly ClosingDay[], more: number, today: string): Message {
  const total = days.length + more;
  const rows = days.map((day): KnownBlock => ({
    ...section(
      md`*${daysWords(day.from, day.until, today)}*: ${day.name}${day.source === null ? '' : ` (${day.source})`}`,
    ),
    accessory: button('Remove', actions.removeDays, { closingId: day.id }),
  }));
  return message(
    total === 0
      ? md`No closing days of ${team.name} are to come.`
      : md`${team.name} is closed ${plural(total, 'time')} from now on.`,
    section(
      total === 0
        ? md`*${team.name}* has no closing days to come. Its working days are those of \`/ml team\`.`
        : md`:date: *${team.name}* is closed:`,
    ),
    ...rows,
    more > 0 && footnote(md`And ${more} more later.`),
    buttons(
      button('Add days', actions.addDays, { teamId: team.id }),
      button('Suggest holidays', actions.suggestHolidays, { teamId: team.id }),
    ),
  );
}

/** "on Fri 25 Dec", "from Thu 24 Dec to Sun 27 Dec". */
function onDays({ from, until }: Pick<ClosingDay, 'from' | 'until'>, today: string): string {
  return `${from === until ? 'on' : 'from'} ${daysWords(from, until, today)}`;
}

export function closedWords(team: string, closing: ClosingDay, today: string): Mrkdwn {
  return md`Noted: *${team}* is closed ${onDays(closing, today)}, ${closing.name}. \`/ml days\` shows all.`;
}

export function openedWords(team: string, closing: ClosingDay, today: string): Mrkdwn {
  return md`Taken out: *${team}* is no longer closed ${onDays(closing, today)}, ${closing.name}.`;
}

export function confirmedWords(place: Place, days: number, team: string | undefined): Mrkdwn {
  const which = md`${plural(days, 'holiday')} of ${place.name} in ${place.year}`;
  return team === undefined
    ? md`Noted: you are away on ${which}. \`/ml back\` says when you are there after all.`
    : md`Noted: *${team}* is closed on ${which}. \`/ml days\` shows and changes them.`;
}

/** To who confirmed the holidays of this year: those of the next one, each calendar with its button until it is done. */
export function nextYearCard(calendars: readonly NextYear[], year: number): Message {
  const open = calendars.filter(({ isDone }) => !isDone);
  const rows = calendars.slice(0, 20).map(({ teamId, team, code, name, isDone }): KnownBlock => {
    const whose = team === undefined ? md`*Your own*, ${name}` : md`*${team}*, ${name}`;
    if (isDone) return section(md`:white_check_mark: ${whose}: confirmed`);
    const carried = { code, name, year, ...(teamId !== undefined && { teamId }) };
    return { ...section(whose), accessory: button('Look through them', actions.chooseHolidays, carried) };
  });
  return message(
    open.length === 0
      ? md`The holidays of ${year} are confirmed. Thank you.`
      : md`Which holidays count in ${year}? You confirmed those of ${year - 1}; nothing of ${year} counts yet.`,
    section(
      open.length === 0
        ? md`:white_check_mark: The holidays of ${year} are confirmed. Thank you.`
        : md`:date: *Which holidays count in ${year}?* You confirmed those of ${year - 1}; nothing of ${year} counts until somebody looks through them.`,
    ),
    ...rows,
  );
}

/** To a lead: where clocks follow a rule that older data, such as Node's own, does not know. */
export function zonesMessage(zones: readonly ZoneWarning[], { version }: ZoneData, other: string): Message {
  return message(
    md`Clocks in ${zones.map(({ zone }) => zone).join(', ')} follow a new rule: check the times of your meetings.`,
    section(
      lines(
        md`:alarm_clock: *Clocks follow a new rule where people of your team live.* I go by it. Calendars and phones that were not updated may show another hour: check the times of your meetings.`,
        ...zones.slice(0, 20).map(zoneLine),
      ),
    ),
    footnote(md`Time-zone data ${version} is in use here; Node brings ${other}, which does not know the rule yet.`),
  );
}

function zoneLine({ zone, teams, people, on, offset, otherOffset }: ZoneWarning): Mrkdwn {
  const older = otherOffset === undefined ? '' : `, not UTC${otherOffset}`;
  const who = `${plural(people, 'person', 'people')} of ${teams.join(', ')}`;
  return md`• *${zone}* (${who}): UTC${offset} on ${dateWords(on)}${older}`;
}
