import { and, asc, desc, eq, gt, inArray, lte, or, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { rollbackUnderWay } from '../approvals/queries.ts';
import { firstLive } from '../drift/queries.ts';
import { modelsByIds } from '../models/queries.ts';
import { alsoOn } from './models/queries.ts';
import type { Against } from './rules.ts';
import { type Viewer, visibleTo } from './visibility/queries.ts';
import {
  type Incident,
  type IncidentRole,
  incidentRoles,
  incidents,
  type IncidentUpdate,
  incidentUpdates,
  type Milestone,
  milestones,
  openStates,
  type Role,
} from './schema.ts';

export function ofIncident(ctx: Context, id: string) {
  return and(eq(incidents.workspace, ctx.workspace), eq(incidents.id, id));
}

/** What is private does not exist for anybody else: the answer is the same. */
export async function incidentById(ctx: Context, id: string, viewer: Viewer): Promise<Incident> {
  const [incident] = await ctx.db
    .select()
    .from(incidents)
    .where(and(ofIncident(ctx, id), visibleTo(ctx, viewer)));
  if (!incident) throw new Refusal('That incident is gone.');
  return incident;
}

export async function incidentNumbered(ctx: Context, number: number, viewer: Viewer): Promise<Incident> {
  const [incident] = await ctx.db
    .select()
    .from(incidents)
    .where(and(eq(incidents.workspace, ctx.workspace), eq(incidents.number, number), visibleTo(ctx, viewer)));
  if (!incident) throw new Refusal(`There is no incident ${number}.`, { field: 'incident' });
  return incident;
}

/** Whose channel this is. */
export async function incidentIn(ctx: Context, channel: string, viewer: Viewer): Promise<Incident | undefined> {
  const [incident] = await ctx.db
    .select()
    .from(incidents)
    .where(and(eq(incidents.workspace, ctx.workspace), eq(incidents.channel, channel), visibleTo(ctx, viewer)));
  return incident;
}

/** For a decision: of two people who press at once, the second reads what the first did. */
export async function lockIncident(ctx: Context, id: string, viewer: Viewer): Promise<Incident> {
  const [incident] = await ctx.db
    .select()
    .from(incidents)
    .where(and(ofIncident(ctx, id), visibleTo(ctx, viewer)))
    .for('update');
  if (!incident) throw new Refusal('That incident is gone.');
  return incident;
}

/** Both, always in one order, so that two merges cannot wait for each other. */
export async function lockBoth(
  ctx: Context,
  [one, other]: readonly [string, string],
  viewer: Viewer,
): Promise<Map<string, Incident>> {
  const found = await ctx.db
    .select()
    .from(incidents)
    .where(and(eq(incidents.workspace, ctx.workspace), inArray(incidents.id, [one, other]), visibleTo(ctx, viewer)))
    .orderBy(asc(incidents.id))
    .for('update');
  return new Map(found.map((incident) => [incident.id, incident]));
}

const open = (ctx: Context) => and(eq(incidents.workspace, ctx.workspace), inArray(incidents.state, [...openStates]));

export function openIncidents(ctx: Context, viewer: Viewer): Promise<Incident[]> {
  return ctx.db
    .select()
    .from(incidents)
    .where(and(open(ctx), visibleTo(ctx, viewer)))
    .orderBy(asc(incidents.number))
    .limit(50);
}

export function openOn(ctx: Context, modelId: string, viewer: Viewer): Promise<Incident[]> {
  return ctx.db
    .select()
    .from(incidents)
    .where(and(open(ctx), eq(incidents.modelId, modelId), visibleTo(ctx, viewer)))
    .orderBy(desc(incidents.number))
    .limit(10);
}

/** Declared on this model, or affecting it, too. */
export function openAffecting(ctx: Context, modelId: string, viewer: Viewer): Promise<Incident[]> {
  return ctx.db
    .select()
    .from(incidents)
    .where(and(open(ctx), or(eq(incidents.modelId, modelId), alsoOn(ctx, modelId)), visibleTo(ctx, viewer)))
    .orderBy(desc(incidents.number))
    .limit(10);
}

/** It and all that was merged into it, at any remove: their alerts and messages are its own. */
export const family = (ctx: Context, incidentId: string) => sql`
  with recursive family as (
    select ${incidentId}::uuid as id
    union select i.id from incidents i join family f on i.merged_into = f.id where i.workspace = ${ctx.workspace})
  select id from family`;

/** It has the key, or took over one that had it. A machine never hears of a private one by the key of another. */
function answersTo(ctx: Context, dedupeKey: string) {
  const heirs = sql`
    with recursive heirs as (
      select id, merged_into from incidents
        where workspace = ${ctx.workspace} and dedupe_key = ${dedupeKey} and state = 'merged'
      union select i.id, i.merged_into from incidents i join heirs h on i.id = h.merged_into
        where i.workspace = ${ctx.workspace})
    select id from heirs`;
  return or(
    eq(incidents.dedupeKey, dedupeKey),
    and(eq(incidents.isPrivate, false), sql`${incidents.id} in (${heirs})`),
  );
}

export async function openWithKey(ctx: Context, dedupeKey: string): Promise<Incident | undefined> {
  const [found] = await ctx.db
    .select()
    .from(incidents)
    .where(and(open(ctx), answersTo(ctx, dedupeKey)))
    .orderBy(desc(eq(incidents.dedupeKey, dedupeKey)), asc(incidents.number))
    .limit(1)
    .for('update');
  return found;
}

/** Whether one that is open has this key for itself. */
export async function isKeyTaken(ctx: Context, dedupeKey: string): Promise<boolean> {
  const found = await ctx.db
    .select({ id: incidents.id })
    .from(incidents)
    .where(and(open(ctx), eq(incidents.dedupeKey, dedupeKey)));
  return found.length > 0;
}

/** Of the same key, and over only since then. */
export async function justResolved(ctx: Context, dedupeKey: string, since: Date): Promise<Incident | undefined> {
  const [found] = await ctx.db
    .select()
    .from(incidents)
    .where(
      and(
        eq(incidents.workspace, ctx.workspace),
        answersTo(ctx, dedupeKey),
        inArray(incidents.state, ['resolved', 'reviewing']),
        gt(incidents.resolvedAt, since),
      ),
    )
    .orderBy(desc(incidents.number))
    .limit(1)
    .for('update');
  return found;
}

export function rolesOf(ctx: Context, incidentId: string): Promise<IncidentRole[]> {
  return ctx.db
    .select()
    .from(incidentRoles)
    .where(and(eq(incidentRoles.workspace, ctx.workspace), eq(incidentRoles.incidentId, incidentId)));
}

export async function roleOf(ctx: Context, incidentId: string, role: Role): Promise<IncidentRole | undefined> {
  return (await rolesOf(ctx, incidentId)).find((each) => each.role === role);
}

export function milestonesOf(ctx: Context, incidentId: string): Promise<Milestone[]> {
  return ctx.db
    .select()
    .from(milestones)
    .where(and(eq(milestones.workspace, ctx.workspace), eq(milestones.incidentId, incidentId)));
}

export async function lastUpdate(ctx: Context, incidentId: string): Promise<IncidentUpdate | undefined> {
  const [last] = await ctx.db
    .select()
    .from(incidentUpdates)
    .where(and(eq(incidentUpdates.workspace, ctx.workspace), eq(incidentUpdates.incidentId, incidentId)))
    .orderBy(desc(incidentUpdates.number))
    .limit(1);
  return last;
}

/** One whose time to be asked about has come, for this transaction alone. */
export async function nextToAsk(ctx: Context): Promise<Incident | undefined> {
  const [due] = await ctx.db
    .select()
    .from(incidents)
    .where(and(open(ctx), sql`${incidents.askAt} <= ${ctx.now().toISOString()}::timestamptz`))
    .orderBy(asc(incidents.askAt))
    .limit(1)
    .for('update', { skipLocked: true });
  return due;
}

/** One that is over, and whose post-mortem nobody has begun in time; for this transaction alone. */
export async function nextToReview(ctx: Context): Promise<Incident | undefined> {
  const [due] = await ctx.db
    .select()
    .from(incidents)
    .where(
      and(eq(incidents.workspace, ctx.workspace), eq(incidents.state, 'resolved'), lte(incidents.reviewAt, ctx.now())),
    )
    .orderBy(asc(incidents.reviewAt))
    .limit(1)
    .for('update', { skipLocked: true });
  return due;
}

/** What speaks against its end: a rollback that is not seen yet, an alert that is still open; also of what it took over. */
export async function standingAgainst(ctx: Context, { id, modelId }: Incident): Promise<Against> {
  const all = await familyOf(ctx, id);
  const models = await modelsByIds(ctx, [...new Set(all.map((each) => each.modelId))]);
  let rollback: number | undefined;
  for (const model of models) rollback ??= (await rollbackUnderWay(ctx, model.id, model.environment))?.number;
  const alert = await firstLive(
    ctx,
    models.map((model) => ({ modelId: model.id, environment: model.environment })),
    all.flatMap(({ alertId }) => alertId ?? []),
  );
  const mitigated = (await milestonesOf(ctx, id)).find(({ name }) => name === 'mitigated');
  const alertOn = alert?.modelId === modelId ? undefined : models.find((model) => model.id === alert?.modelId)?.name;
  return { rollback, alert: alert?.number, alertOn, mitigatedAt: mitigated?.at };
}

/** The oldest first. */
export function familyOf(ctx: Context, id: string): Promise<Pick<Incident, 'id' | 'modelId' | 'alertId'>[]> {
  return ctx.db
    .select({ id: incidents.id, modelId: incidents.modelId, alertId: incidents.alertId })
    .from(incidents)
    .where(and(eq(incidents.workspace, ctx.workspace), sql`${incidents.id} in (${family(ctx, id)})`))
    .orderBy(asc(incidents.number))
    .limit(50);
}
