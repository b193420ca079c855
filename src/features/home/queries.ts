import { and, asc, desc, eq, inArray, isNull, ne, or, sql, type SQL } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { type ToDecide, waitingOn } from '../approvals/queries.ts';
import { type Alert, alerts } from '../drift/schema.ts';
import { type Incident, incidentRoles, incidents, openStates as openIncidentStates } from '../incidents/schema.ts';
import { visibleTo } from '../incidents/visibility/queries.ts';
import { type Model, models } from '../models/schema.ts';
import { liveVersions } from '../releases/schema.ts';
import { members, teams } from '../teams/schema.ts';

export interface Waiting {
  readonly requests: readonly ToDecide[];
  readonly alerts: readonly { readonly alert: Alert; readonly model: Model }[];
  readonly incidents: readonly {
    readonly incident: Incident;
    readonly model: Model;
    readonly commander: string | null;
  }[];
}

/** One more than is shown of each, so that "and more" can be said. */
const mostWaiting = 6;

/** What asks this person for something: to decide, to look at, to lead. */
export async function waitingFor(ctx: Context, who: string): Promise<Waiting> {
  const [toDecide, toLookAt, toLead] = await Promise.all([
    waitingOn(ctx, [who], mostWaiting),
    ctx.db
      .select({ alert: alerts, model: models })
      .from(alerts)
      .innerJoin(models, ofModel(ctx, alerts))
      .where(
        and(
          eq(alerts.workspace, ctx.workspace),
          ne(alerts.severity, 'warning'),
          or(and(eq(alerts.state, 'open'), mine(who)), and(eq(alerts.state, 'acknowledged'), eq(alerts.takenBy, who))),
        ),
      )
      .orderBy(desc(alerts.state), asc(alerts.raisedAt))
      .limit(mostWaiting),
    ctx.db
      .select({ incident: incidents, model: models, commander: incidentRoles.holder })
      .from(incidents)
      .innerJoin(models, ofModel(ctx, incidents))
      .leftJoin(
        incidentRoles,
        and(
          eq(incidentRoles.workspace, incidents.workspace),
          eq(incidentRoles.incidentId, incidents.id),
          eq(incidentRoles.role, 'commander'),
        ),
      )
      .where(
        and(
          eq(incidents.workspace, ctx.workspace),
          inArray(incidents.state, [...openIncidentStates]),
          visibleTo(ctx, who),
          or(eq(incidentRoles.holder, who), and(isNull(incidentRoles.holder), mine(who))),
        ),
      )
      .orderBy(asc(incidents.severity), asc(incidents.number))
      .limit(mostWaiting),
  ]);
  return { requests: toDecide.get(who) ?? [], alerts: toLookAt, incidents: toLead };
}

export interface MyModel {
  readonly model: Model;
  readonly alert: number | null;
  readonly incident: number | null;
  readonly liveVersion: string | null;
}

export interface Page {
  readonly rows: readonly MyModel[];
  readonly total: number;
  /** Of all of them, those that nobody confirmed since then. */
  readonly unconfirmed: number;
  readonly page: number;
}

/** Models this person owns or deputises, those in trouble first; a page beyond the last is the last. */
export async function myModels(
  ctx: Context,
  who: string,
  { page, size, confirmedSince }: { page: number; size: number; confirmedSince: Date },
): Promise<Page> {
  const kept = and(eq(models.workspace, ctx.workspace), isNull(models.retiredAt), mine(who));
  const isOld = sql`${models.ownerId} = ${who} and ${models.confirmedAt} < ${confirmedSince.toISOString()}::timestamptz`;
  const [counted] = await ctx.db
    .select({ total: sql<number>`count(*)::int`, unconfirmed: sql<number>`(count(*) filter (where ${isOld}))::int` })
    .from(models)
    .where(kept);
  const total = counted?.total ?? 0;
  const shown = Math.min(Math.max(0, page), Math.max(0, Math.ceil(total / size) - 1));
  const alert = numberOf(sql`${alerts} x`, sql`x.state in ('open', 'acknowledged')`);
  const incident = numberOf(sql`${incidents} x`, openToAll);
  const rows = await ctx.db
    .select({ model: models, alert, incident, liveVersion: liveVersions.version })
    .from(models)
    .leftJoin(
      liveVersions,
      and(
        eq(liveVersions.workspace, models.workspace),
        eq(liveVersions.modelId, models.id),
        eq(liveVersions.environment, models.environment),
      ),
    )
    .where(kept)
    .orderBy(sql`${incident} is null`, sql`${alert} is null`, asc(models.tier), asc(models.name))
    .limit(size)
    .offset(shown * size);
  return { rows, total, unconfirmed: counted?.unconfirmed ?? 0, page: shown };
}

/** Private ones stand in no count and on no model, not even for their own people. */
const openToAll = sql`x.state in ('triage', 'active', 'mitigated') and not x.is_private`;

function numberOf(table: SQL, state: SQL): SQL<number | null> {
  return sql<number | null>`(select min(x.number) from ${table}
    where x.workspace = ${models.workspace} and x.model_id = ${models.id} and ${state})`;
}

export interface MyTeam {
  readonly id: string;
  readonly name: string;
  readonly models: readonly { readonly id: string; readonly name: string }[];
}

const mostTeams = 3;

/** The teams this person is active in, with their models. */
export async function myTeams(ctx: Context, who: string): Promise<MyTeam[]> {
  const own = await ctx.db
    .select({ id: teams.id, name: teams.name })
    .from(teams)
    .innerJoin(members, and(eq(members.workspace, teams.workspace), eq(members.teamId, teams.id)))
    .where(and(eq(teams.workspace, ctx.workspace), eq(members.personId, who), isNull(members.leftAt)))
    .orderBy(asc(teams.name))
    .limit(mostTeams);
  if (own.length === 0) return [];
  const owned = await ctx.db
    .select({ id: models.id, name: models.name, teamId: models.teamId })
    .from(models)
    .where(
      and(
        eq(models.workspace, ctx.workspace),
        isNull(models.retiredAt),
        inArray(
          models.teamId,
          own.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(asc(models.name));
  return own.map((team) => ({ ...team, models: owned.filter(({ teamId }) => teamId === team.id) }));
}

export interface Here {
  readonly models: number;
  readonly alerts: number;
  readonly incidents: number;
  /** The model that is talked about in this channel, else one of the person's own. */
  readonly model: Model | undefined;
}

/** What the menu of `/ml` says, in one read. */
export async function standingHere(ctx: Context, who: string, channel: string | undefined): Promise<Here> {
  const count = (table: SQL, where: SQL) =>
    sql<number>`(select count(*)::int from ${table} where x.workspace = ${ctx.workspace} and ${where})`;
  const here = sql`${models.channel} = ${channel ?? ''}`;
  const [[counts], [first]] = await Promise.all([
    ctx.db
      .select({
        models: count(sql`${models} x`, sql`x.retired_at is null`),
        alerts: count(sql`${alerts} x`, sql`x.state in ('open', 'acknowledged')`),
        incidents: count(sql`${incidents} x`, openToAll),
      })
      .from(sql`(select 1) one`),
    ctx.db
      .select()
      .from(models)
      .where(and(eq(models.workspace, ctx.workspace), isNull(models.retiredAt), or(here, mine(who))))
      .orderBy(desc(here), asc(models.tier), asc(models.name))
      .limit(1),
  ]);
  return { models: 0, alerts: 0, incidents: 0, ...counts, model: first };
}

function mine(who: string) {
  return or(eq(models.ownerId, who), eq(models.deputyId, who));
}

function ofModel(ctx: Context, of: { modelId: typeof alerts.modelId | typeof incidents.modelId }) {
  return and(eq(models.workspace, ctx.workspace), eq(models.id, of.modelId));
}
