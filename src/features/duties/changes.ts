import { and, eq, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { modelById } from '../models/queries.ts';
import { personById, teamById } from '../teams/queries.ts';
import type { Team } from '../teams/schema.ts';
import { checkHolder, mayEdit } from '../teams/store.ts';
import { type DutyId, standardOf } from './matrix.ts';
import { coverageOf } from './gaps/queries.ts';
import { type CellInput, checkAssignable, checkCell } from './rules.ts';
import { checkAcceptance, type GapKind } from './gaps/rules.ts';
import { acceptedGaps, dutyAssignments, dutyCells } from './schema.ts';
import { retell } from './store.ts';

/** On one model, or on a team and so for all its models. */
export interface Scope {
  readonly teamId: string;
  readonly modelId?: string;
}

/** Names people for a duty; who is named already is confirmed by it. */
export function assign(
  ctx: Context,
  scope: Scope,
  duty: DutyId,
  personIds: readonly string[],
  by: string,
): Promise<void> {
  return within(ctx, async (ctx) => {
    const { team, where } = await scopeOf(ctx, scope, by);
    checkAssignable(duty);
    await mayNameApprovers(ctx, team, scope, duty, by);
    if (personIds.length === 0) throw new Refusal('Choose at least one person.', { field: 'people' });
    for (const id of new Set(personIds)) {
      await checkHolder(ctx, team.id, id, 'people');
      const person = await personById(ctx, id);
      await ctx.db
        .insert(dutyAssignments)
        .values({
          ...row(ctx, scope),
          duty,
          personId: id,
          assignedBy: by,
          assignedAt: ctx.now(),
          confirmedAt: ctx.now(),
        })
        .onConflictDoUpdate({
          ...conflictOn(scope),
          set: { confirmedAt: ctx.now() },
        });
      note(ctx, scope, by, 'assigned', `named ${person.name} to ${standardOf(duty).todo}, for ${where}`);
    }
    await retell(ctx, team.id);
  });
}

/** Whoever approves is not chosen by those who ask: the lead does it, and the owner for one model. */
async function mayNameApprovers(ctx: Context, team: Team, scope: Scope, duty: DutyId, by: string): Promise<void> {
  if (!duty.endsWith('.approve') || by === team.leadId) return;
  const owner = scope.modelId === undefined ? undefined : (await modelById(ctx, scope.modelId)).ownerId;
  if (by === owner) return;
  const who = owner === undefined ? 'the lead' : 'the lead and the owner of the model';
  throw new Refusal(`In ${team.name} only ${who} may say who approves. Ask them.`);
}

/** Takes a name off a duty. Without any name left, the level above counts again: the team, or the roles. */
export function unassign(ctx: Context, scope: Scope, duty: DutyId, personId: string, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const { team, where } = await scopeOf(ctx, scope, by);
    await mayNameApprovers(ctx, team, scope, duty, by);
    const person = await personById(ctx, personId);
    const gone = await ctx.db
      .delete(dutyAssignments)
      .where(and(named(ctx, scope, duty), eq(dutyAssignments.personId, personId)))
      .returning({ id: dutyAssignments.id });
    if (gone.length === 0)
      throw new Refusal(`${person.name} is not named for ${duty} on ${where}, so there is nothing to take off.`, {
        field: 'person',
      });
    note(ctx, scope, by, 'unassigned', `took ${person.name} off: ${standardOf(duty).todo}, for ${where}`);
    await retell(ctx, team.id);
  });
}

/** Somebody of the team says that the names are still right. */
export function confirm(ctx: Context, scope: Scope, duty: DutyId, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const { team, where } = await scopeOf(ctx, scope, by);
    const confirmed = await ctx.db
      .update(dutyAssignments)
      .set({ confirmedAt: ctx.now() })
      .where(named(ctx, scope, duty))
      .returning({ id: dutyAssignments.id });
    if (confirmed.length === 0) throw new Refusal('Nobody is named for this any more, so there is nothing to confirm.');
    note(ctx, scope, by, 'confirmed', `confirmed who is named to ${standardOf(duty).todo}, for ${where}`);
    await retell(ctx, team.id);
  });
}

export interface Acceptance {
  readonly duties: readonly DutyId[];
  readonly kind: GapKind;
  readonly until: string;
  readonly reason: string;
}

/** The team lives with gaps until a day: on one model, or on all its models that have them now. Answers how many. */
export function acceptGap(ctx: Context, scope: Scope, accepted: Acceptance, by: string): Promise<number> {
  return within(ctx, async (ctx) => {
    const { duties, kind, until, reason } = accepted;
    const { team } = await scopeOf(ctx, scope, by);
    checkAcceptance(until, team.zone, ctx.now());
    const found = (await coverageOf(ctx, team.id))?.gaps ?? [];
    const isMeant = (modelId: string) => scope.modelId === undefined || scope.modelId === modelId;
    const open = found.filter((gap) => duties.includes(gap.duty) && gap.kind === kind && isMeant(gap.modelId));
    if (open.length === 0) throw new Refusal('This gap is closed already. Nothing is left to accept.');
    const values = { until, reason, acceptedBy: by, acceptedAt: ctx.now() };
    for (const { modelId, duty } of open) {
      await ctx.db
        .insert(acceptedGaps)
        .values({ workspace: ctx.workspace, modelId, duty, kind, ...values })
        .onConflictDoUpdate({
          target: [acceptedGaps.workspace, acceptedGaps.modelId, acceptedGaps.duty, acceptedGaps.kind],
          set: values,
        });
      const what = `accepted until ${until} that there is a gap (${kind}) in: ${standardOf(duty).todo}. ${reason}`;
      note(ctx, { teamId: team.id, modelId }, by, 'gap_accepted', what);
    }
    await retell(ctx, team.id);
    return open.length;
  });
}

/** Changes one row of a team's matrix. False: somebody else changed it since it was read. */
export function changeCell(
  ctx: Context,
  teamId: string,
  duty: DutyId,
  revision: number,
  input: CellInput,
  by: string,
): Promise<boolean> {
  return within(ctx, async (ctx) => {
    await mayEdit(ctx, teamId, by);
    checkCell(duty, input);
    const cell = {
      responsible: [...input.responsible],
      accountable: input.accountable,
      consulted: [...input.consulted],
      informed: [...input.informed],
      requiredTiers: input.requiredTiers.toSorted((a, b) => a - b),
      mustDifferFrom: [...input.mustDifferFrom],
    };
    const { workspace } = ctx;
    const values = { ...cell, changedBy: by, changedAt: ctx.now() };
    const of = and(eq(dutyCells.workspace, workspace), eq(dutyCells.teamId, teamId), eq(dutyCells.duty, duty));
    const saved =
      revision === 0
        ? await ctx.db
            .insert(dutyCells)
            .values({ workspace, teamId, duty, ...values })
            .onConflictDoNothing()
            .returning()
        : await ctx.db
            .update(dutyCells)
            .set({ ...values, revision: sql`${dutyCells.revision} + 1` })
            .where(and(of, eq(dutyCells.revision, revision)))
            .returning();
    if (saved.length === 0) return false;
    record(ctx, {
      who: by,
      what: 'duty.cell_changed',
      subject: `team:${teamId}`,
      summary: `changed in the matrix: ${standardOf(duty).text}`,
      data: { duty, ...cell },
    });
    await retell(ctx, teamId);
    return true;
  });
}

async function scopeOf(ctx: Context, { teamId, modelId }: Scope, by: string): Promise<{ team: Team; where: string }> {
  await mayEdit(ctx, teamId, by);
  const team = await teamById(ctx, teamId);
  if (modelId === undefined) return { team, where: `all models of ${team.name}` };
  const model = await modelById(ctx, modelId);
  if (model.teamId !== teamId) throw new Refusal(`${model.name} is with another team now. Ask its people.`);
  return { team, where: model.name };
}

function row(ctx: Context, { teamId, modelId }: Scope) {
  return modelId === undefined ? { workspace: ctx.workspace, teamId } : { workspace: ctx.workspace, modelId };
}

function conflictOn({ modelId }: Scope) {
  const { workspace, teamId, modelId: onModel, duty, personId } = dutyAssignments;
  return modelId === undefined
    ? { target: [workspace, teamId, duty, personId], targetWhere: sql`${teamId} is not null` }
    : { target: [workspace, onModel, duty, personId], targetWhere: sql`${onModel} is not null` };
}

function named(ctx: Context, { teamId, modelId }: Scope, duty: DutyId) {
  return and(
    eq(dutyAssignments.workspace, ctx.workspace),
    eq(dutyAssignments.duty, duty),
    modelId === undefined ? eq(dutyAssignments.teamId, teamId) : eq(dutyAssignments.modelId, modelId),
  );
}

function note(ctx: Context, { teamId, modelId }: Scope, who: string, verb: string, summary: string): void {
  const subject = modelId === undefined ? `team:${teamId}` : `model:${modelId}`;
  record(ctx, { who, what: `duty.${verb}`, subject, summary, ...(modelId !== undefined && { modelId }) });
}
