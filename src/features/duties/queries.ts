import { and, asc, eq, or } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import type { Model } from '../models/schema.ts';
import type { Role } from '../teams/schema.ts';
import { factsOf } from './facts/queries.ts';
import { withChanges } from './facts/rules.ts';
import { type Cell, type DutyId, isDuty, matrix, standardOf } from './matrix.ts';
import {
  availableOf,
  holding,
  isAwake,
  isHere,
  type ModelFacts,
  mustDiffer,
  roleHolders,
  type Someone,
} from './rules.ts';
import { dutyAssignments, dutyCells } from './schema.ts';

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

async function cellOf(ctx: Context, teamId: string, duty: DutyId): Promise<Cell> {
  return (await teamMatrix(ctx, teamId)).find(({ cell }) => cell.id === duty)?.cell ?? standardOf(duty);
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
  return awakeFirst(holders, instant);
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
  return awakeFirst(roleHolders(role, model, found.facts, availableOf(found.facts, instant)), instant);
}

/** Those who are there today. */
function awakeFirst(people: readonly Someone[], instant: Date): readonly string[] {
  return people
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
  const cell = await cellOf(ctx, model.teamId, duty);
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
  const cell = await cellOf(ctx, model.teamId, duty);
  const clash = mustDiffer(cell, person, done);
  return {
    isNamed: (await namedFor(ctx, model, duty)).includes(person),
    apartFrom: clash !== undefined && isDuty(clash) ? standardOf(clash).todo : undefined,
  };
}
