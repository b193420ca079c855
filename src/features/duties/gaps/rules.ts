import { Refusal } from '../../../lib/refusal.ts';
import { dateOf, dayOf, weekdayOf } from '../../../time/dates.ts';
import { type Daily, dailySpans, type DaySpan, type Span, uncovered } from '../../../time/spans.ts';
import type { Tier } from '../../models/schema.ts';
import { dayIn, isAtWork, isAway } from '../../teams/rules.ts';
import type { Cell, DutyId } from '../matrix.ts';
import {
  availableOf,
  awakeHours,
  type Holding,
  holding,
  type ModelFacts,
  type Someone,
  type TeamFacts,
} from '../rules.ts';

const dayMs = 86_400_000;

/** Worst first. */
export const gapKinds = ['none', 'inactive', 'conflict', 'hours', 'single', 'stale'] as const;
export type GapKind = (typeof gapKinds)[number];
const severities = ['high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

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

const longestAcceptance = 180;

/** A gap is accepted for a while, never for good. */
export function checkAcceptance(until: string, zone: string, now: Date): void {
  const today = dayIn(zone, now);
  if (until < today) throw new Refusal('This day is over already.', { field: 'until' });
  if (until > dateOf(dayOf(today) + longestAcceptance))
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
  const thursday = dateOf(dayOf(day) + 4 - weekdayOf(dayOf(day)));
  const year = thursday.slice(0, 4);
  const week = Math.floor((Date.parse(thursday) - Date.parse(`${year}-01-01`)) / (7 * dayMs)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
