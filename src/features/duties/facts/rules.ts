import type { Model } from '../../models/schema.ts';
import { type Cell, type DutyId, isDuty, isRole, isTier, matrix } from '../matrix.ts';
import type { Assigned, ModelFacts, TeamFacts } from '../rules.ts';
import type { DutyAssignment, DutyCell } from '../schema.ts';

/** Owner and deputy are what the model's card says. Rollbacks and releases may be approved by them, the lead, and whoever is named. */
export function factsOfModel(
  { id, tier, ownerId, deputyId, confirmedAt }: Model,
  lead: readonly string[],
  assigned: ModelFacts['assigned'],
  onTeam: TeamFacts['assigned'],
): ModelFacts {
  const deputy = deputyId ? [deputyId] : [];
  const approvers = (duty: 'rollback.approve' | 'deploy.approve') => [
    ownerId,
    ...deputy,
    ...lead,
    ...(assigned[duty] ?? onTeam[duty] ?? []).map(({ personId }) => personId),
  ];
  const named = {
    'gov.owner': [ownerId],
    'gov.deputy': deputy,
    'rollback.approve': approvers('rollback.approve'),
    'deploy.approve': approvers('deploy.approve'),
  };
  return { id, tier, ownerId, deputyId, confirmedAt, assigned, named };
}

export function byDuty(rows: readonly DutyAssignment[]): ModelFacts['assigned'] {
  const lists: Partial<Record<DutyId, Assigned[]>> = {};
  for (const { duty, personId, confirmedAt } of rows) {
    if (isDuty(duty)) (lists[duty] ??= []).push({ personId, confirmedAt });
  }
  return lists;
}

/** The matrix of a team: the standard, with what it changed. */
export function cellsOf(rows: readonly DutyCell[]): Cell[] {
  const changed = new Map(rows.map((row) => [row.duty, row]));
  return matrix.map((standard) => {
    const row = changed.get(standard.id);
    return row ? withChanges(standard, row) : standard;
  });
}

export function withChanges(standard: Cell, row: DutyCell): Cell {
  return {
    ...standard,
    responsible: row.responsible.filter(isRole),
    accountable: isRole(row.accountable) ? row.accountable : standard.accountable,
    consulted: row.consulted.filter(isRole),
    informed: row.informed.filter(isRole),
    requiredTiers: row.requiredTiers.filter(isTier),
    mustDifferFrom: row.mustDifferFrom,
  };
}
