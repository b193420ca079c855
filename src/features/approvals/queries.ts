import { and, asc, desc, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { lentBy, lentTo } from '../delegations/queries.ts';
import { mayApprove, namedFor } from '../duties/queries.ts';
import { type Model, models } from '../models/schema.ts';
import { movesOf } from '../releases/store.ts';
import { membershipOf, teamById } from '../teams/queries.ts';
import { teams } from '../teams/schema.ts';
import { approvalDuty, openStates, type Voter } from './rules.ts';
import { type ChangeRequest, type Hat, type RequestKind, requests, type Vote, votes } from './schema.ts';

export function openRequest(ctx: Context, modelId: string, environment: string): Promise<ChangeRequest | undefined> {
  return newestIn(ctx, modelId, environment, inArray(requests.state, [...openStates]));
}

export async function requestById(ctx: Context, id: string): Promise<ChangeRequest> {
  const [request] = await ctx.db.select().from(requests).where(ofRequest(ctx, id));
  if (!request) throw new Refusal('That request is gone.');
  return request;
}

/** First of all locks: request, then memberships, model, live version, and the ledger last. */
export async function lockRequest(ctx: Context, id: string): Promise<ChangeRequest> {
  const [request] = await ctx.db.select().from(requests).where(ofRequest(ctx, id)).for('update');
  if (!request) throw new Refusal('That request is gone.');
  return request;
}

function ofRequest(ctx: Context, id: string) {
  return and(eq(requests.workspace, ctx.workspace), eq(requests.id, id));
}

/** The oldest first. */
export function votesOn(ctx: Context, requestId: string): Promise<Vote[]> {
  return ctx.db
    .select()
    .from(votes)
    .where(and(eq(votes.workspace, ctx.workspace), eq(votes.requestId, requestId)))
    .orderBy(asc(votes.at), asc(votes.personId));
}

interface About {
  readonly kind: RequestKind;
  readonly requestedBy: string;
}

/** Owner and deputy as they are now, held until the decision is written. */
export async function lockedModel(ctx: Context, id: string): Promise<Model> {
  const [model] = await ctx.db
    .select()
    .from(models)
    .where(and(eq(models.workspace, ctx.workspace), eq(models.id, id)))
    .for('share');
  if (!model) throw new Refusal('That model is no longer registered.');
  return model;
}

/** Who these are for the decision, as our records say now; locked until it is written, always in one order. */
export async function votersAmong(
  ctx: Context,
  model: Model,
  { kind, requestedBy }: About,
  ids: readonly string[],
): Promise<Voter[]> {
  const team = await teamById(ctx, model.teamId);
  const duty = approvalDuty[kind];
  const [last] = kind === 'rollback' ? await movesOf(ctx, model.id, model.environment) : [];
  const done = { 'deploy.release': kind === 'promotion' ? [requestedBy] : last ? [last.who] : [] };
  const named = await namedFor(ctx, model, duty);
  const lent = await lentTo(ctx, ids, model.id);
  const everyone = [...new Set([...ids, ...lent.map(({ fromId }) => fromId)])].toSorted();
  const known = new Map<string, { standing: Voter['standing']; inTeam: boolean; hats: Hat[] }>();
  for (const id of everyone) {
    const { standing, member } = await membershipOf(ctx, model.teamId, id);
    const inTeam = member !== undefined;
    known.set(id, { standing, inTeam, hats: inTeam ? hatsOf(id, model, team.leadId, named) : [] });
  }
  const voters: Voter[] = [];
  for (const id of ids) {
    const own = known.get(id);
    const { apartFrom } = await mayApprove(ctx, model, duty, id, done);
    voters.push({
      id,
      standing: own?.standing,
      inTeam: own?.inTeam ?? false,
      hats: own?.hats ?? [],
      // Nobody approves their own request through another, and who left has nothing to lend.
      lent: lent
        .filter(({ toId, fromId }) => toId === id && fromId !== requestedBy)
        .flatMap(({ fromId }) => {
          const lender = known.get(fromId);
          const counts = lender?.standing === 'member' && lender.hats.length > 0;
          return counts ? [{ from: fromId, hats: lender.hats }] : [];
        }),
      apartFrom,
    });
  }
  return voters;
}

function hatsOf(id: string, model: Model, leadId: string, named: readonly string[]): Hat[] {
  return [
    ...(id === model.ownerId ? (['owner'] as const) : []),
    ...(id === model.deputyId ? (['deputy'] as const) : []),
    ...(id === leadId ? (['lead'] as const) : []),
    ...(named.includes(id) ? (['named'] as const) : []),
  ];
}

/** Everybody who could have a say, with those who stand in for them. */
export async function possibleVoters(ctx: Context, model: Model, about: About): Promise<Voter[]> {
  const team = await teamById(ctx, model.teamId);
  const named = await namedFor(ctx, model, approvalDuty[about.kind]);
  const own = [model.ownerId, ...(model.deputyId ? [model.deputyId] : []), team.leadId, ...named];
  const standIns = await lentBy(ctx, own, model.id);
  const ids = [...new Set([...own, ...standIns.map(({ toId }) => toId)])];
  return await votersAmong(ctx, model, about, ids);
}

export interface ToDecide {
  readonly request: ChangeRequest;
  readonly model: Model;
}

/** What waits for each of these people as owner, deputy or lead; what expires first, and of each at most so many. */
export async function waitingOn(
  ctx: Context,
  personIds: readonly string[],
  most: number,
): Promise<Map<string, ToDecide[]>> {
  const { workspace } = ctx;
  const each = sql`(
    select distinct a.person_id, r.id, r.expires_at
    from ${requests} r
    join ${models} m on m.workspace = ${workspace} and m.id = r.model_id and m.retired_at is null
    join ${teams} t on t.workspace = ${workspace} and t.id = m.team_id
    cross join lateral unnest(array[m.owner_id, m.deputy_id, t.lead_id]) as voter(id)
    join unnest(${sql.param([...personIds])}::text[]) as a(person_id) on a.person_id = voter.id
    where r.workspace = ${workspace} and r.state = 'requested' and r.requested_by <> a.person_id
      and not exists (select 1 from ${votes} v
        where v.workspace = ${workspace} and v.request_id = r.id and v.person_id = a.person_id))`;
  const ranked = sql`(
    select person_id, id, row_number() over (partition by person_id order by expires_at, id) as place
    from ${each} waiting) w`;
  const rows = await ctx.db
    .select({ personId: sql<string>`w.person_id`, request: requests, model: models })
    .from(requests)
    .innerJoin(ranked, sql`w.id = ${requests.id} and w.place <= ${most}`)
    .innerJoin(models, and(eq(models.workspace, requests.workspace), eq(models.id, requests.modelId)))
    .where(eq(requests.workspace, workspace))
    .orderBy(asc(requests.expiresAt), asc(requests.id));
  return Map.groupBy(rows, ({ personId }) => personId);
}

/** Break-glass rollbacks of this person, the newest first. */
export function brokenBy(ctx: Context, personId: string, most = 10): Promise<ChangeRequest[]> {
  return ctx.db
    .select()
    .from(requests)
    .where(
      and(eq(requests.workspace, ctx.workspace), eq(requests.requestedBy, personId), isNotNull(requests.incidentId)),
    )
    .orderBy(desc(requests.requestedAt))
    .limit(most);
}

/** A rollback of this model that was asked for and is not seen yet; who ends an incident waits for it. */
export function rollbackUnderWay(
  ctx: Context,
  modelId: string,
  environment: string,
): Promise<ChangeRequest | undefined> {
  const isUnderWay = and(eq(requests.kind, 'rollback'), inArray(requests.state, [...openStates, 'moved']));
  return newestIn(ctx, modelId, environment, isUnderWay);
}

async function newestIn(ctx: Context, modelId: string, environment: string, how: SQL | undefined) {
  const [found] = await ctx.db
    .select()
    .from(requests)
    .where(
      and(
        eq(requests.workspace, ctx.workspace),
        eq(requests.modelId, modelId),
        eq(requests.environment, environment),
        how,
      ),
    )
    .orderBy(desc(requests.requestedAt))
    .limit(1);
  return found;
}
