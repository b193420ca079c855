import { Refusal } from '../../lib/refusal.ts';
import { dateOf, dayOf, weekdayOf } from '../../time/dates.ts';
import { dailySpans } from '../../time/spans.ts';
import type { Tier } from '../models/schema.ts';
import { dayIn, isAway } from '../teams/rules.ts';
import type { Role } from '../teams/schema.ts';
import type { Cell, DutyId, RoleId } from './matrix.ts';

export interface Away {
  readonly from: string;
  readonly until: string;
}
/** Whoever holds something around a team, as our records say. */
export interface Someone {
  readonly id: string;
  readonly roles: readonly RoleId[];
  /** A full member of this workspace whose account works: no guest, no foreigner, no app. */
  readonly hasAccount: boolean;
  /** In the team, or leading it. */
  readonly inTeam: boolean;
  readonly zone: string;
  readonly away: readonly Away[];
}
export interface Assigned {
  readonly personId: string;
  readonly confirmedAt: Date;
}
export type Assignments = Readonly<Partial<Record<DutyId, readonly Assigned[]>>>;

export interface TeamFacts {
  /** Working hours of the team: what it promises to be reachable in. */
  readonly zone: string;
  readonly hoursFrom: string;
  readonly hoursTo: string;
  readonly workdays: readonly number[];
  readonly people: readonly Someone[];
  readonly assigned: Assignments;
  readonly matrix: readonly Cell[];
}
export interface ModelFacts {
  readonly id: string;
  readonly tier: Tier;
  /** Wears the hat "owner"; the deputy wears it while the owner is not available. */
  readonly ownerId?: string;
  readonly deputyId?: string | null;
  /** When its owner last said that what is written of it is true. */
  readonly confirmedAt: Date;
  readonly assigned: Assignments;
  /** What the model's own card says; nobody is an answer too. It comes before everything assigned. */
  readonly named?: Readonly<Partial<Record<DutyId, readonly string[]>>>;
}

export interface Holding {
  readonly by: 'card' | 'model' | 'team' | 'role';
  readonly holders: readonly string[];
  /** The oldest confirmation this rests on. */
  readonly confirmedAt: Date;
}

/**
 * Explicit on the model, else on the team, else active members with a responsible role. The first level that names
 * anybody decides, even when nobody named there is available: that is the gap "inactive", not a reason to look further.
 */
export function holding(cell: Cell, model: ModelFacts, team: TeamFacts, available: Available): Holding {
  const { confirmedAt } = model;
  const named = model.named?.[cell.id];
  if (named) return { by: 'card', holders: [...new Set(named)], confirmedAt };
  for (const [by, assigned] of [
    ['model', model.assigned[cell.id] ?? []],
    ['team', team.assigned[cell.id] ?? []],
  ] as const) {
    if (assigned.length > 0) return { by, holders: [...new Set(assigned.map(idOf))], confirmedAt: oldest(assigned) };
  }
  const hat = cell.responsible.includes('owner') ? wearer(model, available) : undefined;
  const holds = ({ id, roles }: Someone) => id === hat || cell.responsible.some((role) => roles.includes(role));
  return {
    by: 'role',
    holders: team.people.filter((each) => belongs(each) && holds(each)).map(({ id }) => id),
    confirmedAt,
  };
}

/**
 * Whom a role means around a model: those who have it and are named on the model for a duty of that role, else on the
 * team, else everybody of the team who has it. Only people who are there; the first level with any of them decides.
 */
export function roleHolders(
  role: Role,
  model: Pick<ModelFacts, 'assigned'>,
  team: TeamFacts,
  available: Available,
): Someone[] {
  const duties = team.matrix.filter(({ responsible }) => responsible.includes(role)).map(({ id }) => id);
  const named = (assigned: Assignments) => duties.flatMap((duty) => (assigned[duty] ?? []).map(idOf));
  const levels = [named(model.assigned), named(team.assigned), team.people.map(({ id }) => id)];
  const there = levels.map((ids) =>
    [...new Set(ids)].flatMap((id) => available.get(id) ?? []).filter(({ roles }) => roles.includes(role)),
  );
  return there.find((people) => people.length > 0) ?? [];
}

const idOf = ({ personId }: Assigned) => personId;

function oldest(assigned: readonly Assigned[]): Date {
  return new Date(Math.min(...assigned.map(({ confirmedAt }) => confirmedAt.getTime())));
}

/** An active member in the sense of the holder rule: away for long is still a member. */
function belongs(someone: Someone): boolean {
  return someone.hasAccount && someone.inTeam;
}

/** Who wears the hat "owner". */
function wearer({ ownerId, deputyId }: ModelFacts, available: Available): string | undefined {
  const standsIn = deputyId && available.has(deputyId) && !available.has(ownerId ?? '');
  return standsIn ? deputyId : ownerId;
}

/** Whoever is there, by id: not deactivated, not gone from the team, not away for long. A few days off do not count. */
export type Available = ReadonlyMap<string, Someone>;

export function availableOf({ people, workdays }: TeamFacts, now: Date): Available {
  const there = people.filter((each) => belongs(each) && !isLongAbsent(each, workdays, now));
  return new Map(there.map((each) => [each.id, each]));
}

const longAbsence = 10;
const furthestDays = 400;

/**
 * Away now, in a stretch of more than ten working days, those before and after today counted together. Days that
 * nobody works on do not end a stretch. Days are read in the person's own zone.
 */
function isLongAbsent({ zone, away }: Someone, workdays: readonly number[], now: Date): boolean {
  if (away.length === 0) return false;
  const today = dayIn(zone, now);
  const goesOn = (day: string) => isAway(away, day) || !workdays.includes(weekdayOf(dayOf(day)));
  if (!goesOn(today)) return false;
  const stretch = (step: 1 | -1) => {
    const days: string[] = [];
    for (let day = today; goesOn(day) && days.length < furthestDays; day = dateOf(dayOf(day) + step)) days.push(day);
    return days.filter((day) => isAway(away, day));
  };
  const [before, after] = [stretch(-1), stretch(1)];
  if (before.length === 0 || after.length === 0) return false;
  const days = new Set([...before, ...after].filter((day) => workdays.includes(weekdayOf(dayOf(day)))));
  return days.size > longAbsence;
}

/** People can be reached when they are awake, not only while they work; taken to be so, as nobody is asked. */
export const awakeHours = { hoursFrom: '07:00', hoursTo: '23:00' };
/** Awake and there at this instant. */
export function isAwake(someone: Someone, at: Date): boolean {
  const moment = { from: at.getTime(), until: at.getTime() + 1 };
  return dailySpans({ zone: someone.zone, ...awakeHours }, moment).some(({ day }) => !isAway(someone.away, day));
}

/** Not away on this day of theirs, awake or not. */
export function isHere({ away, zone }: Someone, at: Date): boolean {
  return !isAway(away, dayIn(zone, at));
}

/**
 * Separation for one version or incident: which of the listed duties this person has done already, and so has to leave
 * this one to somebody else. Undefined: nothing is in the way.
 */
export function mustDiffer(
  { mustDifferFrom }: Pick<Cell, 'mustDifferFrom'>,
  person: string,
  done: Readonly<Partial<Record<DutyId, readonly string[]>>>,
): string | undefined {
  const did = new Map(Object.entries(done));
  return mustDifferFrom.find((duty) => did.get(duty)?.includes(person));
}

/** Owner and deputy are said on the model's card, where the taker agrees to it. */
export function checkAssignable(duty: DutyId): void {
  if (duty === 'gov.owner' || duty === 'gov.deputy')
    throw new Refusal(`Who owns a model and who stands in is said on the model itself. Ask with /ml who.`, {
      field: 'duty',
    });
}

export type CellInput = Pick<
  Cell,
  'responsible' | 'accountable' | 'consulted' | 'informed' | 'requiredTiers' | 'mustDifferFrom'
>;

/** What one row of the matrix may say. */
export function checkCell(duty: DutyId, { responsible, mustDifferFrom }: CellInput): void {
  if (responsible.length === 0)
    throw new Refusal('Choose at least one role that does it. To ask nobody for it, clear the tiers.', {
      field: 'responsible',
    });
  if (mustDifferFrom.includes(duty))
    throw new Refusal('A duty cannot be kept apart from itself.', { field: 'mustDifferFrom' });
}

/** People of the team who could hold it too: in the team, not holders yet, doing, answering or asked by their role. */
export function candidates(cell: Cell, holders: readonly string[], { people }: TeamFacts): string[] {
  const fitting = [...cell.responsible, cell.accountable, ...cell.consulted];
  const rankOf = ({ roles }: Someone) => fitting.findIndex((role) => roles.includes(role));
  return people
    .filter((each) => !holders.includes(each.id) && belongs(each) && rankOf(each) >= 0)
    .toSorted((a, b) => rankOf(a) - rankOf(b))
    .map(({ id }) => id);
}
