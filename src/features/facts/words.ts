import { localAt } from '../../time/wall-clock.ts';
import { dayIn } from '../teams/rules.ts';
import { clip } from '../../slack/limits.ts';
import { readable } from '../../slack/mrkdwn.ts';
import type { Fact } from './rules.ts';

/** Where and when a sentence is read. */
export interface Reader {
  readonly zone: string;
  readonly now: Date;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "27 Nov", with its year where that is another than the reader's. */
export function dayWords(day: string, today: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  const words = `${Number(date)} ${months[Number(month) - 1] ?? ''}`;
  return today.startsWith(year) ? words : `${words} ${year}`;
}

function momentWords(at: Date, { zone, now }: Reader, today: 'at ' | '', other: 'on ' | ''): string {
  const [day, here] = [dayIn(zone, at), dayIn(zone, now)];
  return day === here ? `${today}${clock(at, zone)} today` : `${other}${dayWords(day, here)}`;
}

const clock = (at: Date, zone: string): string => localAt(at, zone).time;

/** "since 27 Nov", "since 09:12 today" */
export const since = (at: Date, reader: Reader): string => `since ${momentWords(at, reader, '', '')}`;
/** "on 27 Nov", "at 09:12 today" */
export const on = (at: Date, reader: Reader): string => momentWords(at, reader, 'at ', 'on ');
/** "until 28 Nov 09:12", "until 17:00 today" */
export function until(at: Date, { zone, now }: Reader): string {
  const [day, here] = [dayIn(zone, at), dayIn(zone, now)];
  return `until ${day === here ? `${clock(at, zone)} today` : `${dayWords(day, here)} ${clock(at, zone)}`}`;
}

const nobody = new Map<string, string>();
const longestQuote = 150;

/** What people typed, on one line and with nobody named. */
export const quoted = (text: string): string =>
  clip(readable(text, nobody).replaceAll('@somebody', 'somebody').replaceAll(/\s+/g, ' ').trim(), longestQuote);

/** What a sentence says, and what it may become. */
export type Said = Pick<Fact, 'words' | 'becomes' | 'suggestion' | 'need'>;

const somebodysId = /^[A-Z][A-Z0-9]{2,}$/;

/** Whether this was done by a person who is not the reader; parts of the house and other tools are nobody's hands. */
export const isOthers = (who: string, me: string): boolean => who !== me && somebodysId.test(who);
