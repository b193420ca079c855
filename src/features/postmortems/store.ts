import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { freeFor } from '../duties/queries.ts';
import { beginReview } from '../incidents/changes.ts';
import { timesOf } from '../incidents/milestones.ts';
import { incidentById, lastUpdate, lockIncident, milestonesOf, roleOf } from '../incidents/queries.ts';
import { furtherModels } from '../incidents/models/queries.ts';
import { frozenOf } from '../incidents/frozen/queries.ts';
import { timelineOf } from '../incidents/timeline/queries.ts';
import { type Incident, openStates } from '../incidents/schema.ts';
import type { Model } from '../models/schema.ts';
import { ofModel, roomOf } from '../incidents/store.ts';
import { house, peopleOf } from '../incidents/visibility/queries.ts';
import { modelById } from '../models/queries.ts';
import { movesBetween } from '../releases/queries.ts';
import { workdaysLater } from '../teams/queries.ts';
import { draft, type SectionName, sectionNames, servedWords } from './draft.ts';
import { activeIn } from './fairness/queries.ts';
import { ofPostmortem, standing, wholeOf } from './queries.ts';
import { hearersOf } from './hearing/queries.ts';
import { rollbacksIn } from './mitigation/queries.ts';
import { dueDays } from './rules.ts';
import { namedIn } from './similar/queries.ts';
import { nameNearest } from './similar/store.ts';
import { type Postmortem, postmortems, sectionVersions } from './schema.ts';
import { postmortemCard } from './views.ts';
import { voiceCounts } from './voices/queries.ts';

const dayMs = 24 * 3_600_000;

export function start(ctx: Context, incidentId: string, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => await begin(ctx, await lockIncident(ctx, incidentId, by), by));
}

/** Of an incident that is locked. */
export function begin(ctx: Context, incident: Incident, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    if (openStates.some((each) => each === incident.state))
      throw new Refusal(`Incident ${incident.number} is still open. Resolve it first.`);
    if (incident.state === 'merged' || incident.state === 'cancelled')
      throw new Refusal(`Incident ${incident.number} was ${incident.state}, so there is nothing to look back at.`);
    const model = await modelById(ctx, incident.modelId);
    const commander = (await roleOf(ctx, incident.id, 'commander'))?.holder ?? undefined;
    const led = commander ? [commander] : [];
    const { people } = await freeFor(ctx, model, 'postmortem.facilitate', { 'incident.lead': led });
    const insiders = incident.isPrivate ? await peopleOf(ctx, incident.id) : people;
    const active = await activeIn(ctx, incident, await timelineOf(ctx, incident, ctx.now()));
    const facilitatorId = people.find((each) => insiders.includes(each) && !active.includes(each)) ?? null;
    const until = incident.resolvedAt ?? ctx.now();
    const moves = await movesBetween(ctx, model.id, model.environment, incident.onset, until);
    const served = servedWords(incident.version, moves);
    const isRolledBack = (await rollbacksIn(ctx, incident)).some(({ observed }) => observed);
    const noticedBy = incident.kind === 'drill' ? 'drill' : incident.alertId === null ? null : 'alert';
    const lastTold = (await lastUpdate(ctx, incident.id))?.conditions ?? '';
    const { onset = null } = timesOf(await milestonesOf(ctx, incident.id));
    const { document, sections } = draft({
      ...incident,
      onset,
      model: model.name,
      served,
      isRolledBack,
      noticedBy,
      lastTold,
    });
    const dueAt = await dueOf(ctx, incident, model);
    const [postmortem] = await ctx.db
      .insert(postmortems)
      .values({
        workspace: ctx.workspace,
        incidentId: incident.id,
        document,
        ownerId: commander ?? (incident.isPrivate ? incident.declaredBy : model.ownerId),
        facilitatorId,
        dueAt,
        remindAt: new Date(dueAt.getTime() - dayMs),
        startedBy: by,
        startedAt: ctx.now(),
      })
      .onConflictDoNothing()
      .returning();
    if (!postmortem) return await goOn(ctx, incident, by);
    for (const section of sectionNames) {
      const text = sections[section];
      if (text) await keepWording(ctx, postmortem, { section, revision: 1, text, by: 'pitcrew' });
    }
    await nameNearest(ctx, postmortem, incident);
    if (incident.state === 'resolved') await beginReview(ctx, incident, by);
    note(ctx, incident, by, 'started', `started the post-mortem of incident ${incident.number}`);
    return await tell(ctx, postmortem);
  });
}

/** It was begun before: an incident that was opened again and is over once more is written on in the same place. */
async function goOn(ctx: Context, incident: Incident, by: string): Promise<Postmortem> {
  if (incident.state !== 'resolved')
    throw new Refusal(
      `The post-mortem of incident ${incident.number} was already started. It stands in the incident's channel.`,
    );
  const [again] = await ctx.db
    .update(postmortems)
    .set({ state: 'draft', remindAt: ctx.now(), closedBy: null, closedAt: null, reviewedBy: null })
    .where(and(eq(postmortems.workspace, ctx.workspace), eq(postmortems.incidentId, incident.id)))
    .returning();
  if (!again) throw new Error('the post-mortem is gone');
  await beginReview(ctx, incident, by);
  note(ctx, incident, by, 'reopened', `goes on with the post-mortem of incident ${incident.number}`);
  return await tell(ctx, again);
}

async function dueOf(ctx: Context, { severity }: Incident, model: Model): Promise<Date> {
  const { days, areWorkdays } = dueDays[severity];
  if (!areWorkdays) return new Date(ctx.now().getTime() + days * dayMs);
  return await workdaysLater(ctx, model.teamId, days);
}

export async function keepWording(
  ctx: Context,
  { id }: Postmortem,
  { section, revision, text, by }: { section: SectionName; revision: number; text: string; by: string },
): Promise<void> {
  const said = { section, revision, text, by, at: ctx.now() };
  await ctx.db.insert(sectionVersions).values({ workspace: ctx.workspace, postmortemId: id, ...said });
}

export const cardKey = ({ id }: Pick<Postmortem, 'id'>): string => `postmortem:${id}`;

/** Where one was begun for this incident; nothing otherwise. */
export async function redraw(ctx: Context, incidentId: string): Promise<void> {
  const [postmortem] = await ctx.db
    .select()
    .from(postmortems)
    .where(and(eq(postmortems.workspace, ctx.workspace), eq(postmortems.incidentId, incidentId)));
  if (postmortem) await tell(ctx, postmortem);
}

/** One card, edited as it grows. */
export async function tell(ctx: Context, postmortem: Postmortem): Promise<Postmortem> {
  const incident = await incidentById(ctx, postmortem.incidentId, house);
  const where = await placeOf(ctx, incident, postmortem);
  const whole = await wholeOf(ctx, postmortem);
  const timeline = await timelineOf(ctx, incident, postmortem.startedAt);
  const voices = await voiceCounts(ctx, postmortem.id);
  const writers = [...new Set((await standing(ctx, postmortem.id)).map(({ by }) => by))];
  const isShut = incident.channel !== null && roomOf(incident) === null;
  if (!isShut)
    await announce(
      ctx,
      cardKey(postmortem),
      where,
      postmortemCard(postmortem, whole, {
        writers,
        timeline,
        voices,
        incident,
        times: timesOf(await milestonesOf(ctx, incident.id)),
        rollbacks: await rollbacksIn(ctx, incident),
        further: await furtherModels(ctx, incident.id),
        hearers: await hearersOf(ctx, postmortem.id),
        similar: await namedIn(ctx, postmortem.id),
        frozen: await frozenOf(ctx, incident.id),
      }),
    );
  await writeCanvasAgain(ctx, postmortem);
  return postmortem;
}

/** Where there is a canvas it follows. */
export async function writeCanvasAgain(ctx: Context, { id }: Pick<Postmortem, 'id'>): Promise<void> {
  await ctx.db
    .update(postmortems)
    .set({ canvasStep: 'wanted', canvasWish: sql`${postmortems.canvasWish} + 1` })
    .where(and(ofPostmortem(ctx, id), inArray(postmortems.canvasStep, ['wanted', 'made'])));
}

/** The incident's channel, else the model's; that of a private one without a channel is its owner's alone. */
export async function placeOf(ctx: Context, incident: Incident, { ownerId }: Pick<Postmortem, 'ownerId'>) {
  const { channel } = await modelById(ctx, incident.modelId);
  return { channel: roomOf(incident) ?? (incident.isPrivate ? ownerId : channel), owner: ownerId };
}

export function note(ctx: Context, incident: Incident, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `postmortem.${verb}`, ...ofModel(incident), subject: `incident:${incident.id}`, summary });
}

export async function noted(
  ctx: Context,
  { incidentId }: Postmortem,
  by: string,
  verb: string,
  did: string,
): Promise<void> {
  const incident = await incidentById(ctx, incidentId, house);
  note(ctx, incident, by, verb, `${did} incident ${incident.number}`);
}

export async function turn(ctx: Context, before: Postmortem, to: Partial<Postmortem>): Promise<Postmortem> {
  const [after] = await ctx.db
    .update(postmortems)
    .set({ ...to, revision: sql`${postmortems.revision} + 1` })
    .where(ofPostmortem(ctx, before.id))
    .returning();
  if (!after) throw new Refusal('That post-mortem is gone.');
  return await tell(ctx, after);
}
