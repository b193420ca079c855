import { join, md, type Mrkdwn, when } from '../../slack/mrkdwn.ts';
import { recurrenceWords, scheduleWords } from '../../time/recurrence-words.ts';
import type { Rule, Taking } from './dates.ts';
import type { Ritual } from './schema.ts';

const short = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const withYear = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** "Mon 30 Nov", with the year where it is not the one of `today`. */
export function dateWords(date: string, today: string): string {
  const format = date.slice(0, 4) === today.slice(0, 4) ? short : withYear;
  return format.format(new Date(`${date}T00:00:00Z`)).replace(',', '');
}

/** "Every weekday at 09:30, Europe/Berlin". */
export function ruleWords({ recurrence, time, zone, clock }: Rule): string {
  return clock === 'team'
    ? scheduleWords({ recurrence, time, zone })
    : `${recurrenceWords(recurrence)} at ${time}, each on their own clock`;
}

export function digestWords({ digestTime, digestDays, zone }: Rule): string {
  const day = ['', ' of the day after', ' two days after'][digestDays] ?? '';
  return `The digest comes when all have answered, at the latest at ${digestTime}${day}, ${zone}`;
}

/** "Mon 30 Nov, Tue 1 Dec, Mon 28 Dec instead of Fri 25 Dec". */
export function comingWords(takings: readonly Taking[], today: string): string {
  return takings
    .map(
      ({ date, movedFrom }) =>
        `${dateWords(date, today)}${movedFrom ? ` instead of ${dateWords(movedFrom, today)}` : ''}`,
    )
    .join(', ');
}

/** What a rule means, with its next dates, for people to check. */
export function draftWords(name: string, rule: Rule, takings: readonly Taking[], today: string): Mrkdwn {
  const ends = takings.length < 3 ? ', and then no more' : '';
  return join(
    [
      md`*${name}*: ${ruleWords(rule)}.`,
      md`*Next*: ${comingWords(takings, today)}${ends}.`,
      md`${digestWords(rule)}.`,
      md`Messages of one run are spread over at most a minute.`,
    ],
    '\n',
  );
}

/** The next run, for each reader on their own clock. */
export function nextWords(ritual: Ritual, { date, opensAt }: Taking, today: string): Mrkdwn {
  const day = dateWords(date, today);
  return ritual.clock === 'team' ? md`${day}, ${when(opensAt)}` : md`${day} at ${ritual.time}, each on their own clock`;
}
