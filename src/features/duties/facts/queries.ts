import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { type Model, models } from '../../models/schema.ts';
import { absencesOf } from '../../teams/away/queries.ts';
import { members, people, type Team, teams } from '../../teams/schema.ts';
import type { Away, ModelFacts, Someone, TeamFacts } from '../rules.ts';
import { type AcceptedGap, acceptedGaps, dutyAssignments, dutyCells } from '../schema.ts';
import { byDuty, cellsOf, factsOfModel } from './rules.ts';

interface Facts {
  readonly team: Team;
  readonly models: readonly Model[];
  readonly facts: TeamFacts;
  readonly modelFacts: readonly ModelFacts[];
  readonly accepted: readonly AcceptedGap[];
}

/** Seven reads, however many teams and models. */
export async function factsOf(ctx: Context, teamIds: readonly string[], onlyModel?: string): Promise<Facts[]> {
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
