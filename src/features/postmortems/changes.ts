import { and, asc, eq, lte } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { closeAfterReview } from '../incidents/changes.ts';
import { lacking, timesOf } from '../incidents/milestones.ts';
import { incidentById, lockIncident, milestonesOf, nextToReview, roleOf } from '../incidents/queries.ts';
import { house } from '../incidents/visibility/queries.ts';
import { lockPostmortem, ofPostmortem, postmortemById, wholeOf } from './queries.ts';
import { checkWords, mayAskForReview, mayClose, mayReview, mayWrite } from './rules.ts';
import { type Postmortem, postmortems } from './schema.ts';
import { begin, cardKey, note, noted, placeOf, turn } from './store.ts';
import { dueReminder, reviewMessage } from './review/views.ts';
import { begunForYou } from './views.ts';

export function askForReview(ctx: Context, id: string, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, id, by);
    mayAskForReview(postmortem, await wholeOf(ctx, postmortem));
    await noted(ctx, postmortem, by, 'in_review', 'asked for a review of the post-mortem of');
    const incident = await incidentById(ctx, postmortem.incidentId, house);
    const where = await placeOf(ctx, incident, postmortem);
    await announce(
      ctx,
      `${cardKey(postmortem)}:review`,
      { ...where, thread: cardKey(postmortem) },
      reviewMessage(postmortem),
    );
    return await turn(ctx, postmortem, { state: 'in_review' });
  });
}

export function reviewed(ctx: Context, id: string, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, id, by);
    mayReview(postmortem, by);
    await noted(ctx, postmortem, by, 'reviewed', 'reviewed the post-mortem of');
    return await turn(ctx, postmortem, { state: 'reviewed', reviewedBy: by });
  });
}

/** With it the incident is closed; the commitments go on until they are kept. */
export function close(ctx: Context, id: string, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const { incidentId } = await postmortemById(ctx, id, by);
    const incident = await lockIncident(ctx, incidentId, by);
    const postmortem = await lockPostmortem(ctx, id, by);
    const times = timesOf(await milestonesOf(ctx, incident.id));
    mayClose(postmortem, await wholeOf(ctx, postmortem), lacking(times, incident.isOnsetUnknown));
    note(ctx, incident, by, 'closed', `closed the post-mortem of incident ${incident.number}`);
    await closeAfterReview(ctx, incident, by);
    return await turn(ctx, postmortem, { state: 'closed', closedBy: by, closedAt: ctx.now(), remindAt: null });
  });
}

/** Somebody else than its owner agrees that there is nothing to learn that is not known. */
export function waivePostmortem(ctx: Context, id: string, reason: string, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const { incidentId } = await postmortemById(ctx, id, by);
    const incident = await lockIncident(ctx, incidentId, by);
    const postmortem = await lockPostmortem(ctx, id, by);
    mayWrite(postmortem);
    checkWords(reason, 'reason');
    if (postmortem.ownerId === by)
      throw new Refusal('You see to this post-mortem, so somebody else decides that it is not needed.');
    note(ctx, incident, by, 'waived', `decided that incident ${incident.number} needs no post-mortem: ${reason}`);
    await closeAfterReview(ctx, incident, by);
    return await turn(ctx, postmortem, { state: 'not_required', closedBy: by, closedAt: ctx.now(), remindAt: null });
  });
}

/** One that nobody began within a working day; whoever sees to it hears why. False when none is due. */
export function beginNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const incident = await nextToReview(ctx);
    if (!incident) return false;
    const postmortem = await begin(ctx, incident, 'pitcrew');
    const commander = (await roleOf(ctx, incident.id, 'commander'))?.holder;
    const said = begunForYou(incident, postmortem, postmortem.ownerId === commander);
    await announce(ctx, `${cardKey(postmortem)}:begun:${incident.reopenCount}`, { channel: postmortem.ownerId }, said);
    return true;
  });
}

const weekMs = 7 * 24 * 3_600_000;

/** Tells one owner what is still missing: the day before it is due, on that day, then weekly; false when none is due. */
export function remindNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const now = ctx.now();
    const [due] = await ctx.db
      .select()
      .from(postmortems)
      .where(and(eq(postmortems.workspace, ctx.workspace), lte(postmortems.remindAt, now)))
      .orderBy(asc(postmortems.remindAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!due) return false;
    const isLate = now >= due.dueAt;
    const remindAt = isLate ? new Date(now.getTime() + weekMs) : due.dueAt;
    await ctx.db.update(postmortems).set({ remindAt }).where(ofPostmortem(ctx, due.id));
    const key = `${cardKey(due)}:due:${now.toISOString().slice(0, 10)}`;
    await announce(ctx, key, { channel: due.ownerId }, dueReminder(due, await wholeOf(ctx, due), isLate));
    return true;
  });
}
