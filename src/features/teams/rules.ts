import { TZDate } from '@date-fns/tz';
import { Refusal } from '../../lib/refusal.ts';
import type { Standing } from '../../ports.ts';
import type { Absence, Role, Team } from './schema.ts';

type Hours = Pick<Team, 'zone' | 'hoursFrom' | 'hoursTo' | 'workdays'>;

/** Whether these are working hours; a night shift runs over midnight and belongs to the day it begins on. */
export function isAtWork(hours: Hours, at: Date): boolean {
  const local = new TZDate(at, hours.zone);
  const clock = `${pad(local.getHours())}:${pad(local.getMinutes())}`;
  const today = local.getDay() || 7;
  const yesterday = today === 1 ? 7 : today - 1;
  const { hoursFrom: from, hoursTo: to, workdays } = hours;
  if (from < to) return workdays.includes(today) && clock >= from && clock < to;
  return (workdays.includes(today) && clock >= from) || (workdays.includes(yesterday) && clock < to);
}

const pad = (number: number) => String(number).padStart(2, '0');

/** The day it is in this zone, as YYYY-MM-DD. */
export function dayIn(zone: string, at: Date): string {
  const local = new TZDate(at, zone);
  return `${local.getFullYear()}-${pad(local.getMonth() + 1)}-${pad(local.getDate())}`;
}

export function isAway(absences: readonly Pick<Absence, 'from' | 'until'>[], day: string): boolean {
  return absences.some(({ from, until }) => from <= day && day <= until);
}

const furthestDays = 20;

/** The same time of day after so many of the team's working days. */
export function afterWorkdays({ zone, workdays }: Pick<Team, 'zone' | 'workdays'>, from: Date, days: number): Date {
  const at = new TZDate(from, zone);
  let left = days;
  for (let step = 0; step < furthestDays && left > 0; step += 1) {
    at.setDate(at.getDate() + 1);
    if (workdays.includes(at.getDay() || 7)) left -= 1;
  }
  return new Date(at.getTime());
}

/** The shift that lasts at this moment or begins next; within eight days there is always one. */
function shiftAt({ zone, hoursFrom, hoursTo, workdays }: Hours, at: Date): { from: Date; to: Date } {
  for (let day = -1; day <= 8; day += 1) {
    const from = onDay(at, zone, day, hoursFrom);
    const to = onDay(at, zone, day + (hoursFrom < hoursTo ? 0 : 1), hoursTo);
    if (workdays.includes(from.getDay() || 7) && to > at) {
      return { from: new Date(from.getTime()), to: new Date(to.getTime()) };
    }
  }
  return { from: at, to: new Date(at.getTime() + 8 * 3_600_000) };
}

function onDay(at: Date, zone: string, days: number, clock: string): TZDate {
  const local = new TZDate(at, zone);
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return new TZDate(local.getFullYear(), local.getMonth(), local.getDate() + days, hours, minutes, zone);
}

/** This moment when it is in working hours, else when they next begin. */
export function workFrom(hours: Hours, at: Date): Date {
  const { from } = shiftAt(hours, at);
  return from > at ? from : at;
}

/** The moment when so many minutes of working hours have passed. */
export function afterWorkMinutes(hours: Hours, from: Date, minutes: number): Date {
  let at = from;
  let left = minutes * 60_000;
  for (let shifts = 0; shifts < 100; shifts += 1) {
    const shift = shiftAt(hours, at);
    const start = Math.max(shift.from.getTime(), at.getTime());
    if (start + left <= shift.to.getTime()) return new Date(start + left);
    left -= shift.to.getTime() - start;
    at = shift.to;
  }
  return at;
}

export interface TeamInput {
  readonly name: string;
  readonly channel: string;
  readonly leadId: string;
  readonly zone: string;
  readonly hoursFrom: string;
  readonly hoursTo: string;
  readonly workdays: readonly number[];
}

/** Refuses hours that nobody could keep. */
export function checkHours({
  zone,
  hoursFrom,
  hoursTo,
  workdays,
}: Omit<TeamInput, 'name' | 'channel' | 'leadId'>): void {
  if (!isZone(zone))
    throw new Refusal(`I do not know the time zone "${zone}". Name it like Europe/Berlin.`, { field: 'zone' });
  for (const [field, time] of Object.entries({ hoursFrom, hoursTo })) {
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) throw new Refusal('Write the time like 09:00.', { field });
  }
  if (hoursFrom === hoursTo) throw new Refusal('The day cannot end when it begins.', { field: 'hoursTo' });
  if (workdays.length === 0) throw new Refusal('Choose at least one day.', { field: 'workdays' });
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Only members of this workspace hold something in a team; the reason names the duty of care, not the person. */
export function mayHold(standing: Standing, who: string, field: string): void {
  switch (standing) {
    case 'member':
      return;
    case 'guest':
      throw new Refusal(`${who} is a guest here. Guests can follow a team, but not hold a role in it.`, { field });
    case 'foreign':
      throw new Refusal(`${who} belongs to another workspace, so they cannot hold a role here.`, { field });
    case 'bot':
      throw new Refusal(`${who} is an app. Roles are held by people.`, { field });
    case 'deactivated':
      throw new Refusal(`The account of ${who} is deactivated.`, { field });
  }
}

/** Who only visits reads along, and decides nothing. */
export function mayDecide(standing: Standing): void {
  if (standing === 'member') return;
  throw new Refusal(
    standing === 'guest'
      ? 'Guests read along here, but do not decide. Ask a member of the team.'
      : 'Only members of this workspace decide here. Ask one of the team.',
  );
}

/** A day of the calendar as it is written here. */
export function checkedDay(text: string, field: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isDay || !new Date(text).toISOString().startsWith(text))
    throw new Refusal('Write the day like 2026-12-24.', { field });
  return text;
}

export function checkAbsence(from: string, until: string, today: string): void {
  for (const [field, text] of Object.entries({ from, until })) checkedDay(text, field);
  if (until < from) throw new Refusal('The last day lies before the first.', { field: 'until' });
  if (until < today) throw new Refusal('These days are over already.', { field: 'until' });
}

export const roleNames: Readonly<Record<Role, string>> = {
  ds: 'Data scientist',
  mle: 'ML engineer',
  de: 'Data engineer',
  ops: 'DevOps / infrastructure',
  qa: 'QA / testing',
  mon: 'Monitoring and retraining',
  pm: 'Product manager',
  stk: 'Stakeholder',
};
