import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { isTaken } from '../../db/taken.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce, whereStands } from '../../messages/announce.ts';
import type { Calling } from '../../messages/schema.ts';
import type { Message } from '../../slack/blocks.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { clockWarnings } from './milestones.ts';
import { furtherModels } from './models/queries.ts';
import { incidentById, lastUpdate, lockIncident, milestonesOf, ofIncident, rolesOf } from './queries.ts';
import { answersFor, callsSomebody } from './rules.ts';
import { type Incident, incidents, type MilestoneName, milestones, type MilestoneSource } from './schema.ts';
import { incidentCard } from './views.ts';
import { house, peopleOf } from './visibility/queries.ts';

/**
 * The card in the model's channel, and the same on top of the incident's own; that of a private one goes to each of its
 * people instead, who find it in their direct messages.
 */
export async function tell(ctx: Context, incident: Incident): Promise<Incident> {
  const model = await modelById(ctx, incident.modelId);
  const into = incident.mergedInto === null ? undefined : await incidentById(ctx, incident.mergedInto, house);
  const roles = await rolesOf(ctx, incident.id);
  const known = await milestonesOf(ctx, incident.id);
  const card = incidentCard(incident, model, {
    roles,
    update: await lastUpdate(ctx, incident.id),
    further: await furtherModels(ctx, incident.id),
    into: into?.isPrivate && !incident.isPrivate ? undefined : into,
    began: known.find(({ name }) => name === 'onset')?.at,
    warnings: clockWarnings(known),
  });
  const owner = answersFor(incident, model);
  const isLed = roles.some(({ role, holder }) => role === 'commander' && holder !== null);
  const calls = callsSomebody(incident, isLed) ? calling(incident, model) : undefined;
  if (incident.isPrivate)
    for (const each of await peopleOf(ctx, incident.id))
      await announce(
        ctx,
        `${cardKey(incident)}:to:${each}`,
        { channel: each, owner, ...(each === owner && { calls }) },
        card,
      );
  else await announce(ctx, cardKey(incident), { channel: model.channel, owner, calls }, card);
  // The same again: it calls nobody a second time.
  const room = roomOf(incident);
  if (room !== null) await announce(ctx, roomKey(incident), { channel: room, owner }, card);
  return incident;
}

/** In its channel; until there is one, in the model's, or of a private one to each of its people. */
export async function say(
  ctx: Context,
  incident: Incident,
  key: string,
  said: Message,
  calls?: Calling,
): Promise<void> {
  const model = await modelById(ctx, incident.modelId);
  const owner = answersFor(incident, model);
  const channel = roomOf(incident) ?? (incident.isPrivate ? undefined : model.channel);
  if (channel !== undefined) return await announce(ctx, key, { channel, owner, calls }, said);
  for (const each of await peopleOf(ctx, incident.id))
    await announce(ctx, `${key}:to:${each}`, { channel: each, owner, ...(each === owner && { calls }) }, said);
}

/** For a message that asks somebody by name to act now. */
export const calling = ({ id }: Pick<Incident, 'id'>, { teamId }: Model): Calling => ({
  about: `incident:${id}`,
  teamId,
});

/** Its channel, where one can write there. */
export const roomOf = ({ channel, channelStep }: Pick<Incident, 'channel' | 'channelStep'>): string | null =>
  channelStep === 'archived' || channelStep === 'restoring' ? null : channel;

export const cardKey = ({ id }: Pick<Incident, 'id'>): string => `incident:${id}`;
const roomKey = ({ id }: Pick<Incident, 'id'>): string => `incident:${id}:room`;

interface Fact {
  readonly name: MilestoneName;
  readonly at: Date;
  readonly source: MilestoneSource;
  readonly by: string;
  /** When we heard of it, where `at` is by the clock of another. */
  readonly receivedAt?: Date | null | undefined;
}

export async function setMilestone(ctx: Context, { id }: Incident, fact: Fact): Promise<void> {
  const { name, at, source, by, receivedAt = null } = fact;
  const said = { at, source, setBy: by, setAt: ctx.now(), receivedAt };
  await ctx.db
    .insert(milestones)
    .values({ workspace: ctx.workspace, incidentId: id, name, ...said })
    .onConflictDoUpdate({ target: [milestones.workspace, milestones.incidentId, milestones.name], set: said });
}

export async function dropMilestone(ctx: Context, { id }: Incident, name: MilestoneName): Promise<void> {
  await ctx.db
    .delete(milestones)
    .where(and(eq(milestones.workspace, ctx.workspace), eq(milestones.incidentId, id), eq(milestones.name, name)));
}

/** One change of state, in the ledger and on the cards. */
export async function turn(
  ctx: Context,
  before: Incident,
  to: Partial<Incident>,
  by: string,
  verb: string,
  summary: string,
): Promise<Incident> {
  // Its topic names state and severity, so it has to be set again.
  const topic = before.channelStep === 'ready' ? { channelStep: 'topic' as const } : {};
  const after = await change(ctx, before, { ...topic, ...to });
  note(ctx, after, by, verb, summary);
  return await tell(ctx, after);
}

export async function change(ctx: Context, before: Incident, to: Partial<Incident>): Promise<Incident> {
  const [after] = await ctx.db
    .update(incidents)
    .set({ ...to, revision: sql`${incidents.revision} + 1` })
    .where(and(ofIncident(ctx, before.id), eq(incidents.revision, before.revision)))
    .returning()
    .catch((error: unknown) => {
      throw isTaken(error)
        ? new Refusal('Another incident was opened for the same alert just now. Work there.')
        : error;
    });
  if (!after) throw new Refusal('Somebody changed this incident a moment ago. Please look at its card and try again.');
  return after;
}

export function note(ctx: Context, incident: Incident, who: string, verb: string, summary: string): void {
  const { id, kind } = incident;
  record(ctx, {
    who,
    what: `incident.${verb}`,
    ...ofModel(incident),
    subject: `incident:${id}`,
    summary,
    data: { kind },
  });
}

/** Lines of a private incident are not among those of its model, where others read. */
export function ofModel({ isPrivate, modelId }: Pick<Incident, 'isPrivate' | 'modelId'>): { modelId?: string } {
  return isPrivate ? {} : { modelId };
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
          inArray(incidents.channelStep, ['wanted', 'created', 'topic', 'restoring']),
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
      .set({ channel, channelStep: 'created', leaseUntil: null })
      .where(ofIncident(ctx, id))
      .returning();
    if (!after) throw new Refusal('That incident is gone.');
    return after;
  });
}

/** `seen` is what the channel was made ready for: when its state has changed since, the topic is old already. */
export function channelReady(ctx: Context, seen: Incident): Promise<void> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, seen.id, house);
    const isSame = incident.state === seen.state && incident.severity === seen.severity;
    const channelStep = isSame ? 'ready' : 'topic';
    await ctx.db.update(incidents).set({ channelStep, leaseUntil: null }).where(ofIncident(ctx, seen.id));
    if (seen.channelStep === 'topic') return;
    note(ctx, incident, 'pitcrew', 'channel_ready', `opened the channel of incident ${incident.number}`);
    await tell(ctx, { ...incident, channelStep });
  });
}

export interface Unpinned {
  readonly incident: Incident;
  readonly room: { readonly channel: string; readonly ts: string };
  /** None of a private one. */
  readonly card: { readonly channel: string; readonly ts: string } | undefined;
}

/** One whose cards stand and are not pinned yet, for a short while. */
export function claimPinning(ctx: Context, forMs: number): Promise<Unpinned | undefined> {
  return within(ctx, async (ctx) => {
    const waiting = await ctx.db
      .select()
      .from(incidents)
      .where(
        and(
          eq(incidents.workspace, ctx.workspace),
          eq(incidents.channelStep, 'ready'),
          eq(incidents.isPinned, false),
          sql`(${incidents.leaseUntil} is null or ${incidents.leaseUntil} < ${ctx.clock})`,
        ),
      )
      .orderBy(asc(incidents.number))
      .limit(20)
      .for('update', { skipLocked: true });
    for (const incident of waiting) {
      const [room, card] = [await whereStands(ctx, roomKey(incident)), await whereStands(ctx, cardKey(incident))];
      if (!room || (!card && !incident.isPrivate)) continue;
      await ctx.db
        .update(incidents)
        .set({ leaseUntil: sql`${ctx.clock} + make_interval(secs => ${forMs / 1000})` })
        .where(ofIncident(ctx, incident.id));
      return { incident, room, card };
    }
    return undefined;
  });
}

export async function pinned(ctx: Context, { id }: Incident): Promise<void> {
  await ctx.db.update(incidents).set({ isPinned: true, leaseUntil: null }).where(ofIncident(ctx, id));
}
