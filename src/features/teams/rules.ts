import { Refusal } from '../../lib/refusal.ts';
import type { Standing } from '../../ports.ts';
import { dateOf, dayOf, weekdayOf } from '../../time/dates.ts';
import { localAt, momentOn } from '../../time/wall-clock.ts';
import { isZone } from '../../time/zones.ts';
import type { Role, Team } from './schema.ts';

interface Hours extends Pick<Team, 'zone' | 'hoursFrom' | 'hoursTo'> {
  readonly workdays: readonly number[];
}

/** Whether these are working hours; a night shift runs over midnight and belongs to the day it begins on. */
export function isAtWork(hours: Hours, at: Date): boolean {
  const { date, time: clock } = localAt(at, hours.zone);
  const today = weekdayOf(dayOf(date));
  const yesterday = today === 1 ? 7 : today - 1;
  const { hoursFrom: from, hoursTo: to, workdays } = hours;
  if (from < to) return workdays.includes(today) && clock >= from && clock < to;
  return (workdays.includes(today) && clock >= from) || (workdays.includes(yesterday) && clock < to);
}

/** The day it is in this zone, as YYYY-MM-DD. */
export function dayIn(zone: string, at: Date): string {
  return localAt(at, zone).date;
}

const hourMs = 3_600_000;

/** The earliest and the latest of the dates that it is anywhere. */
export function daysNow(now: Date): { earliest: string; latest: string } {
  const dayAt = (hours: number) => new Date(now.getTime() + hours * hourMs).toISOString().slice(0, 10);
  return { earliest: dayAt(-12), latest: dayAt(14) };
}

/** Days on which a person is not there, both ends included. */
export interface Away {
  readonly personId: string;
  readonly from: string;
  readonly until: string;
  /** Its name, where it is a holiday. */
  readonly holiday: string | null;
}

export function isAway(away: readonly Pick<Away, 'from' | 'until'>[], day: string): boolean {
  return away.some(({ from, until }) => from <= day && day <= until);
}

const furthestDays = 20;
const minuteMs = 60_000;

/** The same time of day after so many of the team's working days. */
export function afterWorkdays({ zone, workdays }: Pick<Team, 'zone' | 'workdays'>, from: Date, days: number): Date {
  const { date, time } = localAt(from, zone);
  let day = dayOf(date);
  let left = days;
  for (let step = 0; step < furthestDays && left > 0; step += 1) {
    day += 1;
    if (workdays.includes(weekdayOf(day))) left -= 1;
  }
  return new Date(momentOn(dateOf(day), time, zone).getTime() + (from.getTime() % minuteMs));
}

/** The shift that lasts at this moment or begins next; within eight days there is always one. */
function shiftAt({ zone, hoursFrom, hoursTo, workdays }: Hours, at: Date): { from: Date; to: Date } {
  const today = dayOf(localAt(at, zone).date);
  const overnight = hoursFrom < hoursTo ? 0 : 1;
  for (let day = today - 1; day <= today + 8; day += 1) {
    if (!workdays.includes(weekdayOf(day))) continue;
    const to = momentOn(dateOf(day + overnight), hoursTo, zone);
    if (to > at) return { from: momentOn(dateOf(day), hoursFrom, zone), to };
  }
  return { from: at, to: new Date(at.getTime() + 8 * 3_600_000) };
}

/** This moment when it is in working hours, else when they next begin. */
export function workFrom(hours: Hours, at: Date): Date {
  const { from } = shiftAt(hours, at);
  return from > at ? from : at;
}

/** The moment when so many minutes of working hours have passed. */
export function afterWorkMinutes(hours: Hours, from: Date, minutes: number): Date {
  let at = from;
  let left = minutes * minuteMs;
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
