import { and, asc, eq, lte } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { incidentById } from '../../incidents/queries.ts';
import { house } from '../../incidents/visibility/queries.ts';
import { atWorkFrom } from '../../teams/queries.ts';
import { lockPostmortem } from '../queries.ts';
import { pollAfterMs } from '../poll/rules.ts';
import { mayWrite } from '../rules.ts';
import { type Postmortem, postmortems } from '../schema.ts';
import { cardKey, note, placeOf, tell } from '../store.ts';
import { labelsMessage, meetingMessage, meetingSoon } from './views.ts';

const hourMs = 3_600_000;

/** One message for the meeting, changed when it moves; its people are reminded an hour before. */
export function planMeeting(ctx: Context, id: string, at: Date, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, id, by);
    mayWrite(postmortem);
    if (at <= ctx.now()) throw new Refusal('Choose a time that is still to come.', { field: 'at' });
    const incident = await incidentById(ctx, postmortem.incidentId, house);
    note(
      ctx,
      incident,
      by,
      'meeting_planned',
      `planned the meeting about incident ${incident.number} for ${at.toISOString()}`,
    );
    const after = await set(ctx, id, {
      meetingAt: at,
      meetingRemindAt: new Date(at.getTime() - hourMs),
      pollAt: new Date(at.getTime() + pollAfterMs),
    });
    const where = { ...(await placeOf(ctx, incident, after)), thread: cardKey(after) };
    await announce(ctx, `${cardKey(after)}:meeting`, where, meetingMessage(after, at, by));
    return await tell(ctx, after);
  });
}

async function set(ctx: Context, id: string, to: Partial<Postmortem>): Promise<Postmortem> {
  const [after] = await ctx.db
    .update(postmortems)
    .set(to)
    .where(and(eq(postmortems.workspace, ctx.workspace), eq(postmortems.id, id)))
    .returning();
  if (!after) throw new Refusal('That post-mortem is gone.');
  return after;
}

/** On the day on which the labels are in its owner is asked, at work, what was really the impact. Empty: never. */
export async function awaitLabels(ctx: Context, { id, ownerId }: Postmortem, day: string): Promise<void> {
  await set(ctx, id, { labelsRemindAt: day === '' ? null : await atWorkFrom(ctx, ownerId, day) });
}

/** Reminds of one meeting, or of one set of labels; false when nothing is due. Late ones are said once. */
export function remindOfMeeting(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const due = await nextDue(ctx, postmortems.meetingRemindAt);
    if (!due?.meetingAt) return await remindOfLabels(ctx);
    const after = await set(ctx, due.id, { meetingRemindAt: null });
    if (due.meetingAt <= ctx.now()) return true;
    const incident = await incidentById(ctx, due.incidentId, house);
    const where = await placeOf(ctx, incident, after);
    await announce(ctx, `${cardKey(after)}:soon:${due.meetingAt.getTime()}`, where, meetingSoon(after, due.meetingAt));
    return true;
  });
}

async function remindOfLabels(ctx: Context): Promise<boolean> {
  const due = await nextDue(ctx, postmortems.labelsRemindAt);
  if (!due?.labelsRemindAt) return false;
  // Whoever sees to it now may live elsewhere.
  const atWork = await atWorkFrom(ctx, due.ownerId);
  if (atWork > ctx.now()) return Boolean(await set(ctx, due.id, { labelsRemindAt: atWork }));
  await set(ctx, due.id, { labelsRemindAt: null });
  const key = `${cardKey(due)}:labels:${due.labelsRemindAt.getTime()}`;
  await announce(ctx, key, { channel: due.ownerId }, labelsMessage(due));
  return true;
}

async function nextDue(
  ctx: Context,
  at: typeof postmortems.meetingRemindAt | typeof postmortems.labelsRemindAt,
): Promise<Postmortem | undefined> {
  const [due] = await ctx.db
    .select()
    .from(postmortems)
    .where(and(eq(postmortems.workspace, ctx.workspace), lte(at, ctx.now())))
    .orderBy(asc(at))
    .limit(1)
    .for('update', { skipLocked: true });
  return due;
}
