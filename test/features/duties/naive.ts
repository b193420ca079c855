import type { Assigned, ModelFacts, Someone, TeamFacts } from '../../../src/features/duties/rules.ts';
import type { GapKind } from '../../../src/features/duties/gaps/rules.ts';

/**
 * The rules a second time, read from role-coverage.json as simply as can be: every quarter of an hour of the week is
 * looked at by itself, every way to share the work is tried, days are counted one by one.
 */
export function naiveGaps(team: TeamFacts, model: ModelFacts, now: Date): string[] {
  const out: string[] = [];
  for (const cell of team.matrix) {
    if (!cell.requiredTiers.includes(model.tier)) continue;
    const held = holders(cell.id, team, model, now);
    const there = held.people.filter((id) => isThere(personOf(team, id), team, now));
    const kinds: GapKind[] = [];
    if (held.people.length === 0) kinds.push('none');
    else if (there.length === 0) kinds.push('inactive');
    else {
      const others = cell.mustDifferFrom
        .map((duty) => holders(duty, team, model, now).people.filter((id) => isThere(personOf(team, id), team, now)))
        .filter((list) => list.length > 0);
      if (!there.some((id) => others.every((list) => list.some((other) => other !== id)))) kinds.push('conflict');
      if (
        hasHole(
          there.flatMap((id) => personOf(team, id) ?? []),
          team,
          now,
        )
      )
        kinds.push('hours');
      if (model.tier === 1 && there.length === 1) kinds.push('single');
      if (held.dates.some((date) => now.getTime() - date.getTime() > 90 * 86_400_000)) kinds.push('stale');
    }
    out.push(...kinds.map((kind) => `${cell.id}: ${kind}`));
  }
  return out;
}

function holders(duty: string, team: TeamFacts, model: ModelFacts, now: Date): { people: string[]; dates: Date[] } {
  const card = new Map<string, readonly string[]>(Object.entries(model.named ?? {})).get(duty);
  if (card) return { people: [...new Set(card)], dates: [model.confirmedAt] };
  for (const level of [model.assigned, team.assigned]) {
    const list = new Map<string, readonly Assigned[]>(Object.entries(level)).get(duty) ?? [];
    if (list.length > 0)
      return { people: [...new Set(list.map((each) => each.personId))], dates: list.map((each) => each.confirmedAt) };
  }
  const roles = team.matrix.find((cell) => cell.id === duty)?.responsible ?? [];
  const owner = personOf(team, model.ownerId);
  const deputy = personOf(team, model.deputyId ?? undefined);
  const hat = !isThere(owner, team, now) && isThere(deputy, team, now) ? deputy?.id : model.ownerId;
  const people = team.people
    .filter((each) => each.hasAccount && each.inTeam)
    .filter((each) => roles.some((role) => each.roles.includes(role) || (role === 'owner' && each.id === hat)))
    .map(({ id }) => id);
  return { people, dates: [model.confirmedAt] };
}

function personOf(team: TeamFacts, id: string | undefined): Someone | undefined {
  return team.people.find((each) => each.id === id);
}

function isThere(person: Someone | undefined, team: TeamFacts, now: Date): boolean {
  if (!person?.hasAccount || !person.inTeam) return false;
  const today = local(person.zone, now).day;
  const isOff = (day: string) => person.away.some(({ from, until }) => from <= day && day <= until);
  const isFree = (day: string) => isOff(day) || !team.workdays.includes(new Date(day).getUTCDay() || 7);
  if (!isFree(today)) return true;
  let first = today;
  let last = today;
  for (let i = 0; i < 100 && isFree(shift(first, -1)); i += 1) first = shift(first, -1);
  for (let i = 0; i < 100 && isFree(shift(last, 1)); i += 1) last = shift(last, 1);
  let began = false;
  let goesOn = false;
  let count = 0;
  for (let day = first; day <= last; day = shift(day, 1)) {
    if (!isOff(day)) continue;
    if (day <= today) began = true;
    if (day >= today) goesOn = true;
    if (team.workdays.includes(new Date(day).getUTCDay() || 7)) count += 1;
  }
  return !(began && goesOn && count > 10);
}

const shift = (day: string, by: number) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10);

function hasHole(people: readonly Someone[], team: TeamFacts, now: Date): boolean {
  for (let at = now.getTime(); at < now.getTime() + 7 * 86_400_000; at += 900_000) {
    const here = local(team.zone, new Date(at));
    const runsOver = team.hoursTo <= team.hoursFrom;
    const yesterday = here.weekday === 1 ? 7 : here.weekday - 1;
    const isPromised = runsOver
      ? (team.workdays.includes(here.weekday) && here.time >= team.hoursFrom) ||
        (team.workdays.includes(yesterday) && here.time < team.hoursTo)
      : team.workdays.includes(here.weekday) && here.time >= team.hoursFrom && here.time < team.hoursTo;
    const isAnybodyAwake = people.some(({ zone, away }) => {
      const { day, time } = local(zone, new Date(at));
      return time >= '07:00' && time < '23:00' && !away.some(({ from, until }) => from <= day && day <= until);
    });
    if (isPromised && !isAnybodyAwake) return true;
  }
  return false;
}

const known = new Map<string, { day: string; time: string; weekday: number }>();
const formats = new Map<string, Intl.DateTimeFormat>();

function local(zone: string, at: Date): { day: string; time: string; weekday: number } {
  const key = `${zone} ${at.getTime()}`;
  const before = known.get(key);
  if (before) return before;
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' });
  formats.set(zone, format);
  const [day = '', time = ''] = format.format(at).split(' ');
  const found = { day, time, weekday: new Date(day).getUTCDay() || 7 };
  known.set(key, found);
  return found;
}
