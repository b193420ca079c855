import { and, asc, eq, ne, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { nextNumber } from '../installations/store.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { mayReopen, mayResolve, mayTakeCommand } from './rules.ts';
import { type Incident, incidents, type Severity } from './schema.ts';
import { incidentCard } from './views.ts';

export interface Declaration {
  readonly modelId: string;
  readonly title: string;
  readonly summary: string;
  readonly severity: Severity;
  readonly version: string | null;
  readonly alertId?: string;
  readonly evidence: string;
  readonly onset: Date;
}

export function declare(ctx: Context, input: Declaration, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const model = await modelById(ctx, input.modelId);
    const [incident] = await ctx.db
      .insert(incidents)
      .values({
        ...input,
        workspace: ctx.workspace,
        number: await nextNumber(ctx, 'incident'),
        declaredBy: by,
        declaredAt: ctx.now(),
      })
      .returning();
    if (!incident) throw new Error('the incident was not kept');
    note(ctx, incident, by, 'declared', `declared incident ${incident.number}: ${incident.title}`);
    return await tell(ctx, incident, model);
  });
}

export function takeCommand(ctx: Context, id: string, by: string): Promise<Incident> {
  return turn(ctx, id, by, (incident) => {
    mayTakeCommand(incident, by);
    return { change: { commander: by }, verb: 'commanded', summary: `took command of incident ${incident.number}` };
  });
}

export function resolve(ctx: Context, id: string, resolution: string, by: string): Promise<Incident> {
  return turn(ctx, id, by, (incident) => {
    mayResolve(incident);
    return {
      change: { state: 'resolved', resolvedBy: by, resolvedAt: ctx.now(), resolution, ...oldTopic(incident) },
      verb: 'resolved',
      summary: `resolved incident ${incident.number}: ${resolution}`,
    };
  });
}

export function reopen(ctx: Context, id: string, by: string): Promise<Incident> {
  return turn(ctx, id, by, (incident) => {
    mayReopen(incident);
    return {
      change: { state: 'open', resolvedBy: null, resolvedAt: null, resolution: null, ...oldTopic(incident) },
      verb: 'reopened',
      summary: `reopened incident ${incident.number}`,
    };
  });
}

/** Its topic names the state, so it has to be set again. */
function oldTopic(incident: Incident): Partial<Incident> {
  return incident.channelStep === 'ready' ? { channelStep: 'topic' } : {};
}

interface Turn {
  readonly change: Partial<Incident>;
  readonly verb: string;
  readonly summary: string;
}

function turn(ctx: Context, id: string, by: string, decide: (before: Incident) => Turn): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const { change, verb, summary } = decide(await lockIncident(ctx, id));
    const [after] = await ctx.db.update(incidents).set(change).where(ofIncident(ctx, id)).returning();
    if (!after) throw new Refusal('That incident is gone.');
    note(ctx, after, by, verb, summary);
    return await tell(ctx, after, await modelById(ctx, after.modelId));
  });
}

export async function incidentById(ctx: Context, id: string): Promise<Incident> {
  const [incident] = await ctx.db.select().from(incidents).where(ofIncident(ctx, id));
  if (!incident) throw new Refusal('That incident is gone.');
  return incident;
}

export async function incidentNumbered(ctx: Context, number: number): Promise<Incident> {
  const [incident] = await ctx.db
    .select()
    .from(incidents)
    .where(and(eq(incidents.workspace, ctx.workspace), eq(incidents.number, number)));
  if (!incident) throw new Refusal(`There is no incident ${number}.`, { field: 'incident' });
  return incident;
}

/** For a decision: of two people who press at once, the second reads what the first did. */
export async function lockIncident(ctx: Context, id: string): Promise<Incident> {
  const [incident] = await ctx.db.select().from(incidents).where(ofIncident(ctx, id)).for('update');
  if (!incident) throw new Refusal('That incident is gone.');
  return incident;
}

export function openIncidents(ctx: Context): Promise<Incident[]> {
  return ctx.db
    .select()
    .from(incidents)
    .where(and(eq(incidents.workspace, ctx.workspace), ne(incidents.state, 'resolved')))
    .orderBy(asc(incidents.number))
    .limit(50);
}

/** Takes one incident whose channel is not ready, for a short while; the steps themselves run outside. */
export function claimChannelWork(ctx: Context, forMs: number): Promise<Incident | undefined> {
  return within(ctx, async (ctx) => {
    const [due] = await ctx.db
      .select()
      .from(incidents)
      .where(
        and(
          eq(incidents.workspace, ctx.workspace),
          ne(incidents.channelStep, 'ready'),
          sql`(${incidents.leaseUntil} is null or ${incidents.leaseUntil} < ${ctx.clock})`,
        ),
      )
      .orderBy(asc(incidents.number))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!due) return undefined;
    const [claimed] = await ctx.db
      .update(incidents)
      .set({ leaseUntil: sql`${ctx.clock} + make_interval(secs => ${forMs / 1000})` })
      .where(ofIncident(ctx, due.id))
      .returning();
    return claimed;
  });
}

export function channelMade(ctx: Context, id: string, channel: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const [after] = await ctx.db
      .update(incidents)
      .set({ channel, channelStep: 'created' })
      .where(ofIncident(ctx, id))
      .returning();
    if (!after) throw new Refusal('That incident is gone.');
    return after;
  });
}

/** `seen` is what the channel was made ready for: when its state has changed since, the topic is old already. */
export function channelReady(ctx: Context, seen: Incident): Promise<void> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, seen.id);
    const channelStep = incident.state === seen.state ? 'ready' : 'topic';
    await ctx.db.update(incidents).set({ channelStep, leaseUntil: null }).where(ofIncident(ctx, seen.id));
    if (seen.channelStep === 'topic') return;
    note(ctx, incident, 'pitcrew', 'channel_ready', `opened the channel of incident ${incident.number}`);
    await tell(ctx, { ...incident, channelStep }, await modelById(ctx, incident.modelId));
  });
}

function ofIncident(ctx: Context, id: string) {
  return and(eq(incidents.workspace, ctx.workspace), eq(incidents.id, id));
}

function note(ctx: Context, incident: Incident, who: string, verb: string, summary: string): void {
  record(ctx, {
    who,
    what: `incident.${verb}`,
    modelId: incident.modelId,
    subject: `incident:${incident.id}`,
    summary,
  });
}

async function tell(ctx: Context, incident: Incident, model: Model): Promise<Incident> {
  const card = incidentCard(incident, model);
  await announce(ctx, `incident:${incident.id}`, { channel: model.channel, owner: model.ownerId }, card);
  if (incident.channel) {
    await announce(ctx, `incident:${incident.id}:room`, { channel: incident.channel, owner: model.ownerId }, card);
  }
  return incident;
}
