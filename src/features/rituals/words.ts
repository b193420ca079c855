import { join, md, type Mrkdwn, when } from '../../slack/mrkdwn.ts';
import { dateWords } from '../../time/date-words.ts';
import { recurrenceWords, scheduleWords } from '../../time/recurrence-words.ts';
import type { Rule, Taking } from './dates.ts';
import type { Ritual } from './schema.ts';

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
