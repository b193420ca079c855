import { TZDate } from '@date-fns/tz';
import type { ChangeRequest } from '../approvals/schema.ts';
import { heaviestOfEach, worstFirst } from '../drift/rules.ts';
import type { Alert, Item } from '../drift/schema.ts';
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
const pad = (number: number) => String(number).padStart(2, '0');

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

function clock(at: Date, zone: string): string {
  const local = new TZDate(at, zone);
  return `${pad(local.getHours())}:${pad(local.getMinutes())}`;
}

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

export type Said = Pick<Fact, 'words' | 'becomes' | 'suggestion' | 'need'>;

interface AlertRow {
  readonly person_id: string;
  readonly model: string;
  readonly number: number;
  readonly state: Alert['state'];
  readonly outcome: string | null;
  readonly items: readonly Item[];
  readonly raised_at: Date;
  readonly at: Date;
  readonly snoozed_until: Date | null;
  readonly taken_by: string | null;
}

export function alertSaid(row: AlertRow, reader: Reader): Said {
  const isMine = row.taken_by === row.person_id;
  const name = `drift alert ${row.number} of ${row.model}`;
  const what = `Drift alert ${row.number} of ${row.model} (${drifted(row.items)})`;
  const open = `${what} is open ${since(row.raised_at, reader)}`;
  const look = { becomes: 'plan', suggestion: `Look into ${name}` } as const;
  const known = { becomes: 'know', suggestion: capital(name) } as const;
  switch (row.state) {
    case 'open':
      return { words: `${open}; nobody is on it.`, ...look };
    case 'acknowledged':
      return isMine
        ? { words: `${open}; you are on it.`, ...look }
        : { words: `${open}; somebody else is on it.`, ...known };
    case 'snoozed':
      return {
        words: `${open}, and snoozed${row.snoozed_until ? ` ${until(row.snoozed_until, reader)}` : ''}.`,
        ...known,
      };
    case 'resolved': {
      const why = row.outcome === 'not_useful' ? 'was called not useful' : 'is back within its limits, and was closed';
      const words = `${what} ${why} ${on(row.at, reader)}.`;
      return isMine
        ? { words, becomes: 'done', suggestion: `Looked into ${name}` }
        : { words, becomes: 'know', suggestion: `${capital(name)} is closed` };
    }
  }
}

/** "PSI of tenure_days", "PSI of tenure_days and 2 more" */
export function drifted(items: readonly Item[]): string {
  const live = items.filter((item) => item.clearedAt === undefined);
  const findings = heaviestOfEach(live.length > 0 ? live : items).flatMap((item) =>
    item.findings.filter((finding) => finding.drifted),
  );
  const [worst, ...others] = worstFirst(findings);
  if (!worst) return clip(items[0]?.metric ?? 'a measure moved', longestName);
  const named = worst.column ? `${worst.label} of ${worst.column}` : worst.label;
  return `${clip(named, longestName)}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

const longestName = 80;
const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

export function approvalSaid(
  request: Pick<ChangeRequest, 'kind' | 'number' | 'toVersion' | 'expiresAt'>,
  model: string,
  reader: Reader,
): Said {
  const name = `${request.kind} ${request.number} of ${model}`;
  return {
    words: `${capital(name)} to version ${request.toVersion} waits for your decision ${until(request.expiresAt, reader)}.`,
    becomes: 'waits',
    suggestion: `Decide on ${name}`,
  };
}
