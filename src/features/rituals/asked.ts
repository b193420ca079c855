import { capital } from '../../lib/capital.ts';
import { z } from 'zod';
import type { RitualAsked } from '../../actions.ts';
import { Refusal } from '../../lib/refusal.ts';
import { Recurrence } from '../../time/recurrence.ts';
import type { Rhythm } from '../../time/rhythm.ts';
import { ZoneName } from '../../time/wall-clock.ts';
import { kindNames } from './rules.ts';
import type { Ritual, RitualKind } from './schema.ts';

/** How often, as a person chooses it: the unit and the interval. */
export const oftens = ['day:1', 'week:1', 'week:2', 'week:3', 'week:4', 'month:1', 'month:2', 'month:3'] as const;

/** Which of the chosen weekdays of a month, or the day of the month on which it starts, or the last. */
export const whiches = ['1', '2', '3', '4', '5', '-1', 'date', 'last'] as const;

/** Where each input of the form ends up in the rule, for what the rule says is wrong. */
const fieldOf: Readonly<Record<string, string>> = {
  rhythm: 'often',
  start: 'start',
  until: 'until',
  count: 'times',
  on: 'days',
};

/** What was filled in as a recurrence; a Refusal names the input that cannot be. */
export function recurrenceOf(
  asked: Pick<RitualAsked, 'often' | 'days' | 'which' | 'start' | 'until' | 'times'>,
): Recurrence {
  if (asked.days.length === 0 && needsDays(asked)) throw new Refusal('Choose at least one day.', { field: 'days' });
  const read = Recurrence.safeParse({
    rhythm: rhythmOf(asked),
    start: asked.start,
    ...(asked.until !== undefined && { until: asked.until }),
    ...(asked.times !== undefined && { count: asked.times }),
  });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = issue?.path.map(String).findLast((part) => part in fieldOf) ?? 'rhythm';
  throw new Refusal(sentenceOf(issue?.message), { field: fieldOf[field] ?? 'often' });
}

function needsDays({ often, which }: Pick<RitualAsked, 'often' | 'which'>): boolean {
  return often.startsWith('week') || (often.startsWith('month') && which !== 'date' && which !== 'last');
}

function rhythmOf({ often, days, which, start }: Pick<RitualAsked, 'often' | 'days' | 'which' | 'start'>): unknown {
  const [every, times] = often.split(':');
  const interval = Number(times);
  if (every === 'day') return { every, interval };
  if (every === 'week') return { every, interval, on: days, weekStart: 1 };
  if (which === 'last') return { every, interval, on: { by: 'date', dates: [-1] } };
  if (which === 'date') return { every, interval, on: { by: 'date', dates: [Number(start.slice(8))] } };
  return { every, interval, on: { by: 'weekday', nth: [Number(which)], of: days } };
}

/** "until must not be before start." as a sentence of the form. */
function sentenceOf(message = 'This rule cannot be.'): string {
  return capital(message);
}

/** What a stored rule looks like in the form. */
export function askedOf(ritual: Ritual): RitualAsked {
  const { rhythm, start, until, count } = ritual.recurrence;
  const {
    id,
    revision,
    teamId,
    kind,
    name,
    channel,
    time,
    clock,
    zone,
    digestTime,
    digestDays,
    whenClosed,
    reminders,
  } = ritual;
  return {
    teamId,
    ritual: { id, revision },
    kind,
    name,
    channel,
    time,
    clock,
    zone: zone ?? '',
    digestTime,
    digestDays,
    whenClosed,
    reminders,
    start,
    ...(until !== undefined && { until }),
    ...(count !== undefined && { times: count }),
    ...chosenIn(rhythm),
  };
}

function chosenIn(rhythm: Rhythm): Pick<RitualAsked, 'often' | 'days' | 'which'> {
  const often = `${rhythm.every}:${rhythm.interval}`;
  switch (rhythm.every) {
    case 'day':
      return { often, days: [], which: '1' };
    case 'week':
      return { often, days: [...rhythm.on], which: '1' };
    case 'month':
      return rhythm.on.by === 'weekday'
        ? { often, days: [...rhythm.on.of], which: String(rhythm.on.nth[0]) }
        : { often, days: [], which: rhythm.on.dates[0] === -1 ? 'last' : 'date' };
  }
}

const usual: Readonly<Record<RitualKind, Pick<RitualAsked, 'often' | 'days' | 'time' | 'digestTime'>>> = {
  standup: { often: 'week:1', days: [1, 2, 3, 4, 5], time: '09:30', digestTime: '11:00' },
  checkin: { often: 'week:1', days: [5], time: '14:00', digestTime: '16:30' },
  wrapup: { often: 'week:1', days: [1, 2, 3, 4, 5], time: '16:30', digestTime: '18:00' },
};

/** What a new one starts as. */
export function usualAsked(kind: RitualKind, team: { id: string; channel: string }, today: string): RitualAsked {
  return {
    teamId: team.id,
    kind,
    name: kindNames[kind],
    channel: team.channel,
    which: '1',
    clock: 'team',
    zone: '',
    digestDays: 0,
    whenClosed: 'skip',
    reminders: 'once',
    start: today,
    ...usual[kind],
  };
}

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** What a form cannot promise by itself; each refusal names the input. */
export function checkAsked(asked: RitualAsked): void {
  for (const field of ['time', 'digestTime'] as const)
    if (!Time.safeParse(asked[field]).success) throw new Refusal('Write the time like 09:30.', { field });
  if (asked.zone !== '' && !ZoneName.safeParse(asked.zone).success)
    throw new Refusal(`I do not know the time zone "${asked.zone}". Name it like Europe/Berlin, or leave it empty.`, {
      field: 'zone',
    });
}
