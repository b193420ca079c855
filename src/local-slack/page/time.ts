import { zone } from './store.ts';

function part(at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone() }).format(at);
}

export const clock = (at: number): string => part(at, { hour: 'numeric', minute: '2-digit' });
export const fullTime = (at: number): string => part(at, { dateStyle: 'full', timeStyle: 'medium' });
const dayKey = (at: number): string => part(at, { year: 'numeric', month: '2-digit', day: '2-digit' });
export const isSameDay = (one: number, other: number): boolean => dayKey(one) === dayKey(other);

const minuteMs = 60_000;
const dayMs = 86_400_000;

function near(at: number): string | undefined {
  if (isSameDay(at, Date.now())) return 'Today';
  if (isSameDay(at, Date.now() - dayMs)) return 'Yesterday';
  return isSameDay(at, Date.now() + dayMs) ? 'Tomorrow' : undefined;
}

export function dayName(at: number): string {
  return near(at) ?? part(at, { weekday: 'long', month: 'long', day: 'numeric' });
}

function zoneOffsetMs(at: number): number {
  const fields = new Intl.DateTimeFormat('en-US', {
    timeZone: zone(),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at);
  const get = (type: string): number => Number(fields.find((each) => each.type === type)?.value);
  const wall = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'));
  return wall - Math.floor(at / minuteMs) * minuteMs;
}

const wallLength = 'YYYY-MM-DDTHH:MM'.length;

/** What the clock on this person's wall shows, as a date-time field wants it. */
export function wallClock(seconds: number): string {
  const at = seconds * 1000;
  return new Date(at + zoneOffsetMs(at)).toISOString().slice(0, wallLength);
}

export function secondsAt(wall: string): number {
  const asUtc = Date.parse(`${wall}Z`);
  return (asUtc - zoneOffsetMs(asUtc - zoneOffsetMs(asUtc))) / 1000;
}

export function ago(at: number): string {
  const minutes = Math.round((Date.now() - at) / minuteMs);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return hours === 1 ? '1 hour ago' : `${hours} hours ago`;
  const days = Math.round(hours / 24);
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

const long: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'long', day: 'numeric' };
const short: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric' };
const styles: Record<string, Intl.DateTimeFormatOptions> = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: long,
  date_short: short,
  date_long: { ...long, weekday: 'long' },
  date_long_full: { ...long, weekday: 'long' },
  day_divider: { weekday: 'long', month: 'long', day: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit' },
  time_secs: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
};

/** Slack's date format, in the viewer's zone; `_pretty` says Today, Yesterday, Tomorrow where it can. */
export function formatted(seconds: number, pattern: string): string {
  const at = seconds * 1000;
  return pattern.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === 'ago') return ago(at);
    const style = styles[name.replace(/_pretty$/, '')];
    if (!style) return whole;
    return (name.endsWith('_pretty') ? near(at) : undefined) ?? part(at, style);
  });
}
