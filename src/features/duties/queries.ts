import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { type Model, models } from '../models/schema.ts';
import { absencesOf } from '../teams/queries.ts';
import { members, people, type Role, type Team, teams } from '../teams/schema.ts';
import { type Cell, type DutyId, isDuty, isRole, isTier, matrix, standardOf } from './matrix.ts';
import {
  acceptedOn,
  availableOf,
  type Assigned,
  type Away,
  coverage,
  type Gap,
  holding,
  isAwake,
  isHere,
  isWorthTelling,
  type ModelFacts,
  mustDiffer,
  roleHolders,
  type Someone,
  type TeamFacts,
  weekAhead,
} from './rules.ts';
import {
  type AcceptedGap,
  acceptedGaps,
  type DutyAssignment,
  dutyAssignments,
  type DutyCell,
  dutyCells,
} from './schema.ts';

/** A gap that should be said, and whether the team lives with it for now. */
export interface Told extends Gap {
  readonly accepted: AcceptedGap | undefined;
}
export interface TeamCoverage {
  readonly team: Team;
  readonly models: readonly Model[];
  readonly facts: TeamFacts;
  /** Worst first. */
  readonly gaps: readonly Told[];
}

/** What this team lacks. */
export async function coverageOf(ctx: Context, teamId: string): Promise<TeamCoverage | undefined> {
  return (await coverageOfTeams(ctx, [teamId]))[0];
}

/** The same for many teams, in as many reads as for one. */
export async function coverageOfTeams(ctx: Context, teamIds: readonly string[]): Promise<TeamCoverage[]> {
  const now = ctx.now();
  const ahead = weekAhead(now);
  return (await factsOf(ctx, teamIds)).map(({ team, models, facts, modelFacts, accepted }) => ({
    team,
    models,
    facts,
    gaps: coverage(facts, modelFacts, now, ahead)
      .filter(isWorthTelling)
      .map((gap) => ({ ...gap, accepted: acceptedOn(gap, accepted, team.zone, now) })),
  }));
}

interface Facts {
  readonly team: Team;
  readonly models: readonly Model[];
  readonly facts: TeamFacts;
  readonly modelFacts: readonly ModelFacts[];
  readonly accepted: readonly AcceptedGap[];
}

/** Seven reads, however many teams and models. */
async function factsOf(ctx: Context, teamIds: readonly string[], onlyModel?: string): Promise<Facts[]> {
  if (teamIds.length === 0) return [];
  const { workspace } = ctx;
  const ids = [...teamIds];
  const ofTeams = and(
    eq(models.workspace, workspace),
    inArray(models.teamId, ids),
    isNull(models.retiredAt),
    onlyModel === undefined ? undefined : eq(models.id, onlyModel),
  );
  const modelIds = ctx.db.select({ id: models.id }).from(models).where(ofTeams);
  const [teamRows, modelRows, memberRows, assignmentRows, cellRows, acceptedRows] = await Promise.all([
    ctx.db
      .select()
      .from(teams)
      .where(and(eq(teams.workspace, workspace), inArray(teams.id, ids)))
      .orderBy(asc(teams.name)),
    ctx.db.select().from(models).where(ofTeams).orderBy(asc(models.tier), asc(models.name)),
    ctx.db
      .select()
      .from(members)
      .where(and(eq(members.workspace, workspace), inArray(members.teamId, ids), isNull(members.leftAt)))
      .orderBy(asc(members.joinedAt), asc(members.personId)),
    ctx.db
      .select()
      .from(dutyAssignments)
      .where(
        and(
          eq(dutyAssignments.workspace, workspace),
          or(inArray(dutyAssignments.teamId, ids), inArray(dutyAssignments.modelId, modelIds)),
        ),
      )
      .orderBy(asc(dutyAssignments.assignedAt), asc(dutyAssignments.personId)),
    ctx.db
      .select()
      .from(dutyCells)
      .where(and(eq(dutyCells.workspace, workspace), inArray(dutyCells.teamId, ids))),
    ctx.db
      .select()
      .from(acceptedGaps)
      .where(and(eq(acceptedGaps.workspace, workspace), inArray(acceptedGaps.modelId, modelIds))),
  ]);
  const someone = await everyone(ctx, [
    ...memberRows.map(({ personId }) => personId),
    ...assignmentRows.map(({ personId }) => personId),
    ...teamRows.map(({ leadId }) => leadId),
    ...modelRows.flatMap(({ ownerId, deputyId }) => [ownerId, ...(deputyId ? [deputyId] : [])]),
  ]);
  const byTeam = {
    models: Map.groupBy(modelRows, ({ teamId }) => teamId),
    members: Map.groupBy(memberRows, ({ teamId }) => teamId),
    cells: Map.groupBy(cellRows, ({ teamId }) => teamId),
    assigned: Map.groupBy(assignmentRows, ({ teamId }) => teamId),
  };
  const onModel = Map.groupBy(assignmentRows, ({ modelId }) => modelId);
  const accepted = Map.groupBy(acceptedRows, ({ modelId }) => modelId);
  return teamRows.map((team) => {
    const owned = byTeam.models.get(team.id) ?? [];
    const roles = new Map((byTeam.members.get(team.id) ?? []).map((member) => [member.personId, member.roles]));
    const onTeam = byTeam.assigned.get(team.id) ?? [];
    const involved = new Set([
      ...roles.keys(),
      team.leadId,
      ...onTeam.map(({ personId }) => personId),
      ...owned.flatMap(({ id, ownerId, deputyId }) => [
        ownerId,
        deputyId,
        ...(onModel.get(id) ?? []).map(({ personId }) => personId),
      ]),
    ]);
    const facts: TeamFacts = {
      zone: team.zone,
      hoursFrom: team.hoursFrom,
      hoursTo: team.hoursTo,
      workdays: team.workdays,
      matrix: cellsOf(byTeam.cells.get(team.id) ?? []),
      assigned: byDuty(onTeam),
      people: [...involved].flatMap((id) => {
        const known = someone.get(id ?? '');
        return known
          ? [{ ...known, roles: roles.get(known.id) ?? [], inTeam: roles.has(known.id) || known.id === team.leadId }]
          : [];
      }),
    };
    return {
      team,
      models: owned,
      facts,
      modelFacts: owned.map((model) => {
        const lead = roles.has(team.leadId) ? [team.leadId] : [];
        return factsOfModel(model, lead, byDuty(onModel.get(model.id) ?? []), facts.assigned);
      }),
      accepted: owned.flatMap(({ id }) => accepted.get(id) ?? []),
    };
  });
}

/** Owner and deputy are what the model's card says. Rollbacks and releases may be approved by them, the lead, and whoever is named. */
function factsOfModel(
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

function byDuty(rows: readonly DutyAssignment[]): ModelFacts['assigned'] {
  const lists: Partial<Record<DutyId, Assigned[]>> = {};
  for (const { duty, personId, confirmedAt } of rows) {
    if (isDuty(duty)) (lists[duty] ??= []).push({ personId, confirmedAt });
  }
  return lists;
}

const absenceDays = 60;

async function everyone(ctx: Context, ids: readonly string[]): Promise<Map<string, Omit<Someone, 'roles' | 'inTeam'>>> {
  const wanted = [...new Set(ids)];
  const day = (days: number) => new Date(ctx.now().getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const [persons, away] = await Promise.all([
    ctx.db
      .select({ id: people.id, zone: people.zone, standing: people.standing })
      .from(people)
      .where(and(eq(people.workspace, ctx.workspace), inArray(people.id, wanted))),
    absencesOf(ctx, wanted, day(-absenceDays), day(absenceDays)),
  ]);
  const daysOff: Map<string, Away[]> = Map.groupBy(away, ({ personId }) => personId);
  return new Map(
    persons.map(({ id, zone, standing }) => [
      id,
      { id, zone, hasAccount: standing === 'member', away: daysOff.get(id) ?? [] },
    ]),
  );
}

/** The matrix of a team: the standard, with what it changed. */
function cellsOf(rows: readonly DutyCell[]): Cell[] {
  const changed = new Map(rows.map((row) => [row.duty, row]));
  return matrix.map((standard) => {
    const row = changed.get(standard.id);
    return row ? withChanges(standard, row) : standard;
  });
}

function withChanges(standard: Cell, row: DutyCell): Cell {
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

export interface TeamCell {
  readonly cell: Cell;
  /** 0: the standard, which nobody changed. */
  readonly revision: number;
  readonly changedBy?: string;
}

export async function teamMatrix(ctx: Context, teamId: string): Promise<TeamCell[]> {
  const rows = await ctx.db
    .select()
    .from(dutyCells)
    .where(and(eq(dutyCells.workspace, ctx.workspace), eq(dutyCells.teamId, teamId)));
  const changed = new Map(rows.map((row) => [row.duty, row]));
  return matrix.map((standard) => {
    const row = changed.get(standard.id);
    return row
      ? { cell: withChanges(standard, row), revision: row.revision, changedBy: row.changedBy }
      : { cell: standard, revision: 0 };
  });
}

export interface OnDuty {
  /** Awake and there; somebody who is asleep is not to be called. */
  readonly awake: readonly string[];
  readonly asleep: readonly string[];
  /** Who may approve a rollback and is there. */
  readonly approvers: readonly string[];
}

/** Who can be turned to about a model: holders of being on call, and of approving rollbacks. */
export async function onDuty(ctx: Context, model: Model, instant: Date): Promise<OnDuty> {
  const [found] = await factsOf(ctx, [model.teamId], model.id);
  const [facts] = found?.modelFacts ?? [];
  if (!found || !facts) return { awake: [], asleep: [], approvers: [] };
  const there = availableOf(found.facts, instant);
  const held = (duty: DutyId) => {
    const cell = found.facts.matrix.find(({ id }) => id === duty) ?? standardOf(duty);
    return holding(cell, facts, found.facts, there).holders.flatMap((id) => there.get(id) ?? []);
  };
  const { awake = [], asleep = [] } = Object.groupBy(held('oncall'), (someone) =>
    isAwake(someone, instant) ? 'awake' : 'asleep',
  );
  const ids = (list: readonly Someone[]) => list.map(({ id }) => id);
  return { awake: ids(awake), asleep: ids(asleep), approvers: ids(held('rollback.approve')) };
}

/** Who holds a duty of a team, or of one of its models, and is there today; those who are awake first. */
export async function holdersOf(
  ctx: Context,
  { teamId, modelId }: { readonly teamId: string; readonly modelId?: string },
  duty: DutyId,
  instant: Date,
): Promise<readonly string[]> {
  const [found] = await factsOf(ctx, [teamId], modelId);
  if (!found) return [];
  const ofTeam: ModelFacts = { id: '', tier: 1, confirmedAt: instant, assigned: {} };
  const facts = (modelId && found.modelFacts[0]) || ofTeam;
  const there = availableOf(found.facts, instant);
  const cell = found.facts.matrix.find(({ id }) => id === duty) ?? standardOf(duty);
  const holders = holding(cell, facts, found.facts, there).holders.flatMap((id) => there.get(id) ?? []);
  return holders
    .filter((each) => isHere(each, instant))
    .toSorted((a, b) => Number(isAwake(b, instant)) - Number(isAwake(a, instant)))
    .map(({ id }) => id);
}

/** The same for a role, around a team or one of its models. */
export async function holdersOfRole(
  ctx: Context,
  { teamId, modelId }: { readonly teamId: string; readonly modelId?: string },
  role: Role,
  instant: Date,
): Promise<readonly string[]> {
  const [found] = await factsOf(ctx, [teamId], modelId);
  if (!found) return [];
  const model = (modelId && found.modelFacts[0]) || { assigned: {} };
  return roleHolders(role, model, found.facts, availableOf(found.facts, instant))
    .filter((each) => isHere(each, instant))
    .toSorted((a, b) => Number(isAwake(b, instant)) - Number(isAwake(a, instant)))
    .map(({ id }) => id);
}

export interface Free {
  /** Who may do it now. */
  readonly people: readonly string[];
  /** What the team keeps apart from it, in words; empty where it keeps nothing apart. */
  readonly apartFrom: readonly string[];
}

/** Who holds a duty of a model and did nothing that the team keeps apart from it. */
export async function freeFor(
  ctx: Context,
  model: Pick<Model, 'id' | 'teamId'>,
  duty: DutyId,
  done: Readonly<Partial<Record<DutyId, readonly string[]>>>,
): Promise<Free> {
  const cells = await teamMatrix(ctx, model.teamId);
  const cell = cells.find((each) => each.cell.id === duty)?.cell ?? standardOf(duty);
  const holders = await holdersOf(ctx, { teamId: model.teamId, modelId: model.id }, duty, ctx.now());
  return {
    people: holders.filter((person) => mustDiffer(cell, person, done) === undefined),
    apartFrom: cell.mustDifferFrom.filter(isDuty).map((other) => standardOf(other).todo),
  };
}

/** Who is named for a duty of this model, on itself or else on its team; locked until a decision is written. */
export async function namedFor(
  ctx: Context,
  model: Pick<Model, 'id' | 'teamId'>,
  duty: DutyId,
): Promise<readonly string[]> {
  const rows = await ctx.db
    .select()
    .from(dutyAssignments)
    .where(
      and(
        eq(dutyAssignments.workspace, ctx.workspace),
        eq(dutyAssignments.duty, duty),
        or(eq(dutyAssignments.modelId, model.id), eq(dutyAssignments.teamId, model.teamId)),
      ),
    )
    .orderBy(asc(dutyAssignments.assignedAt), asc(dutyAssignments.personId))
    .for('share');
  const onModel = rows.filter(({ modelId }) => modelId !== null);
  return (onModel.length > 0 ? onModel : rows).map(({ personId }) => personId);
}

export interface Say {
  /** Named for the duty on the model, else on its team. */
  readonly isNamed: boolean;
  /** What this person did already that the team keeps apart from it, in words. */
  readonly apartFrom: string | undefined;
}

/** For a decision: what the duties say of this person. */
export async function mayApprove(
  ctx: Context,
  model: Pick<Model, 'id' | 'teamId'>,
  duty: DutyId,
  person: string,
  done: Readonly<Partial<Record<DutyId, readonly string[]>>>,
): Promise<Say> {
  const cells = await teamMatrix(ctx, model.teamId);
  const cell = cells.find((each) => each.cell.id === duty)?.cell ?? standardOf(duty);
  const clash = mustDiffer(cell, person, done);
  return {
    isNamed: (await namedFor(ctx, model, duty)).includes(person),
    apartFrom: clash !== undefined && isDuty(clash) ? standardOf(clash).todo : undefined,
  };
}
