import { Refusal } from '../../lib/refusal.ts';
import { type Daily, dailySpans, type DaySpan, type Span, uncovered } from '../../time/spans.ts';
import type { Tier } from '../models/schema.ts';
import { dayIn, isAtWork, isAway } from '../teams/rules.ts';
import type { Role } from '../teams/schema.ts';
import type { Cell, DutyId, RoleId } from './matrix.ts';

/** Worst first. */
export const gapKinds = ['none', 'inactive', 'conflict', 'hours', 'single', 'stale'] as const;
export type GapKind = (typeof gapKinds)[number];
const severities = ['high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

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
  const goesOn = (day: string) => isAway(away, day) || !workdays.includes(weekdayOf(day));
  if (!goesOn(today)) return false;
  const stretch = (step: 1 | -1) => {
    const days: string[] = [];
    for (let day = today; goesOn(day) && days.length < furthestDays; day = addDays(day, step)) days.push(day);
    return days.filter((day) => isAway(away, day));
  };
  const [before, after] = [stretch(-1), stretch(1)];
  if (before.length === 0 || after.length === 0) return false;
  const days = new Set([...before, ...after].filter((day) => workdays.includes(weekdayOf(day))));
  return days.size > longAbsence;
}

const dayMs = 86_400_000;
const addDays = (day: string, days: number) => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
const weekdayOf = (day: string) => new Date(day).getUTCDay() || 7;

/** People can be reached when they are awake, not only while they work; taken to be so, as nobody is asked. */
const awakeHours = { hoursFrom: '07:00', hoursTo: '23:00' };
/** Promised hours are looked at so far ahead, with the absences known today. */
const aheadMs = 7 * dayMs;

/** The daily hours of the days looked at; many people share a zone, so it is worth remembering. */
export function weekAhead(now: Date): (daily: Daily) => readonly DaySpan[] {
  const span: Span = { from: now.getTime(), until: now.getTime() + aheadMs };
  return remembered(
    (daily) => dailySpans(daily, span),
    ({ zone, hoursFrom, hoursTo }) => `${zone} ${hoursFrom} ${hoursTo}`,
  );
}

/** Awake and there at this instant. */
export function isAwake(someone: Someone, at: Date): boolean {
  const moment = { from: at.getTime(), until: at.getTime() + 1 };
  return dailySpans({ zone: someone.zone, ...awakeHours }, moment).some(({ day }) => !isAway(someone.away, day));
}

/** Not away on this day of theirs, awake or not. */
export function isHere({ away, zone }: Someone, at: Date): boolean {
  return !isAway(away, dayIn(zone, at));
}

const confirmedFor = 90 * dayMs;

export interface Gap {
  readonly modelId: string;
  readonly duty: DutyId;
  readonly kind: GapKind;
  readonly severity: Severity;
  readonly by: Holding['by'];
  readonly holders: readonly string[];
  /** Those of them who are available. */
  readonly there: readonly string[];
  /** The first hole in the promised hours. */
  readonly hole?: Span;
  /** The duties that the same person would do. */
  readonly with?: readonly DutyId[];
}

type Finding = Pick<Gap, 'kind' | 'hole' | 'with'>;

/**
 * Every gap of a team's models. Only duties that the model's tier requires are looked at.
 *
 * - none: no holder at all.
 * - inactive: there are holders, but each is deactivated, gone from the team or long absent.
 * - single: exactly one of them is available; asked of tier 1 only.
 * - conflict: the available holders cannot share the work so that whoever does this duty is somebody else than who does
 *   each listed one. A listed duty that nobody available holds conflicts with nothing.
 * - hours: in the promised hours of the next seven days there is a time when no available holder is awake and there.
 * - stale: what says who holds it was not confirmed for more than 90 days; the 90th day still counts.
 *
 * None and inactive stand alone, for then there is nobody to ask the rest of; the others may come together.
 */
export function coverage(team: TeamFacts, models: readonly ModelFacts[], now: Date, ahead = weekAhead(now)): Gap[] {
  const available = availableOf(team, now);
  const promised = ahead(team).filter(({ weekday }) => team.workdays.includes(weekday));
  const awake = ({ zone, away }: Someone) => ahead({ zone, ...awakeHours }).filter(({ day }) => !isAway(away, day));
  /** The first promised time at which none of these people is awake and there. */
  const firstHole = remembered(
    (ids: readonly string[]) => uncovered(promised, ids.flatMap((id) => available.get(id) ?? []).flatMap(awake))[0],
    (ids) => ids.toSorted().join(' '),
  );
  const gaps = models.flatMap((model) => {
    const held = remembered(
      (cell: Cell) => holding(cell, model, team, available),
      ({ id }) => id,
    );
    const there = (cell: Cell) => held(cell).holders.filter((id) => available.has(id));
    const clashes = (cell: Cell) =>
      broken(
        there(cell),
        team.matrix
          .filter(({ id }) => cell.mustDifferFrom.includes(id))
          .map((other) => ({ id: other.id, holders: there(other) })),
      );
    return team.matrix
      .filter(({ requiredTiers }) => requiredTiers.includes(model.tier))
      .flatMap((cell) => {
        const { holders, by, confirmedAt } = held(cell);
        const found = findings({
          tier: model.tier,
          holders,
          available: there(cell),
          clash: clashes(cell),
          hole: firstHole(there(cell)),
          isStale: now.getTime() - confirmedAt.getTime() > confirmedFor,
        });
        return found.map((finding): Gap => {
          const severity = severityOf(finding.kind, model.tier);
          return { modelId: model.id, duty: cell.id, severity, by, holders, there: there(cell), ...finding };
        });
      });
  });
  return gaps.toSorted((a, b) => rank(a) - rank(b));
}

function findings(of: {
  tier: Tier;
  holders: readonly string[];
  available: readonly string[];
  clash: readonly DutyId[];
  hole: Span | undefined;
  isStale: boolean;
}): Finding[] {
  if (of.holders.length === 0) return [{ kind: 'none' }];
  if (of.available.length === 0) return [{ kind: 'inactive' }];
  const found: (Finding | false | undefined)[] = [
    of.clash.length > 0 && { kind: 'conflict', with: of.clash },
    of.hole && { kind: 'hours', hole: of.hole },
    of.tier === 1 && of.available.length === 1 && { kind: 'single' },
    of.isStale && { kind: 'stale' },
  ];
  return found.filter((each) => each !== false && each !== undefined);
}

function remembered<K, V>(make: (from: K) => V, keyOf: (from: K) => string): (from: K) => V {
  const known = new Map<string, { readonly value: V }>();
  return (from) => {
    const key = keyOf(from);
    const { value } = known.get(key) ?? { value: make(from) };
    known.set(key, { value });
    return value;
  };
}

/** The duties that keep everybody from doing this one: each person here would be the only one left for some of them. */
function broken(
  holders: readonly string[],
  others: readonly { readonly id: DutyId; readonly holders: readonly string[] }[],
): DutyId[] {
  const onlyOne = others.filter((other) => other.holders.length === 1);
  const clashing = holders.map((id) => onlyOne.filter((other) => other.holders[0] === id));
  return clashing.every((each) => each.length > 0) ? [...new Set(clashing.flat().map(({ id }) => id))] : [];
}

/** How bad a gap is, by the tier of its model. */
function severityOf(kind: GapKind, tier: Tier): Severity {
  return bySeverity[kind][tier - 1] ?? 'info';
}

const bySeverity: Readonly<Record<GapKind, readonly Severity[]>> = {
  none: ['high', 'medium', 'low'],
  inactive: ['high', 'medium', 'low'],
  conflict: ['high', 'low', 'info'],
  hours: ['high', 'info', 'info'],
  single: ['medium', 'info', 'info'],
  stale: ['low', 'info', 'info'],
};

function rank({ severity, kind }: Pick<Gap, 'severity' | 'kind'>): number {
  return severities.indexOf(severity) * gapKinds.length + gapKinds.indexOf(kind);
}

/** The acceptance that covers this gap today; its last day still counts, in the team's zone. */
export function acceptedOn<A extends Acceptance>(
  gap: Pick<Gap, 'modelId' | 'duty' | 'kind'>,
  accepted: readonly A[],
  zone: string,
  now: Date,
): A | undefined {
  const today = dayIn(zone, now);
  return accepted.find(
    ({ modelId, duty, kind, until }) =>
      modelId === gap.modelId && duty === gap.duty && kind === gap.kind && until >= today,
  );
}

interface Acceptance {
  readonly modelId: string;
  readonly duty: string;
  readonly kind: string;
  readonly until: string;
}

/** Some duties are held by one person by their own wording, so that being held by one is no news. */
const oneByNature = new Set<DutyId>(['gov.owner', 'gov.deputy', 'gov.inventory']);

export function isWorthTelling({ duty, kind }: Pick<Gap, 'duty' | 'kind'>): boolean {
  return kind !== 'single' || !oneByNature.has(duty);
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

const longestAcceptance = 180;

/** A gap is accepted for a while, never for good. */
export function checkAcceptance(until: string, zone: string, now: Date): void {
  const today = dayIn(zone, now);
  if (until < today) throw new Refusal('This day is over already.', { field: 'until' });
  if (until > addDays(today, longestAcceptance))
    throw new Refusal(`Choose a day within the next ${longestAcceptance} days, so that somebody looks again.`, {
      field: 'until',
    });
}

/** Leads hear of gaps while they work. */
export function isTimeToTell(team: Parameters<typeof isAtWork>[0], now: Date): boolean {
  return isAtWork(team, now);
}

/** The ISO week it is in this zone, as "2026-W48". */
export function weekOf(zone: string, at: Date): string {
  const day = dayIn(zone, at);
  const thursday = addDays(day, 4 - weekdayOf(day));
  const year = thursday.slice(0, 4);
  const week = Math.floor((Date.parse(thursday) - Date.parse(`${year}-01-01`)) / (7 * dayMs)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
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
