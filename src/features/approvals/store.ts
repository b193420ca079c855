import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { announce } from '../../messages/announce.ts';
import { modelById } from '../models/queries.ts';
import { liveVersion } from '../releases/store.ts';
import { end, tell } from './changes.ts';
import { lockRequest, possibleVoters } from './queries.ts';
import { isEntitled, remindersDue, reviewReminders } from './rules.ts';
import { requests } from './schema.ts';
import { reviewReminder } from './views.ts';

const ours = (ctx: Context) => eq(requests.workspace, ctx.workspace);

/** Who may approve changes while a request waits: its card says who it is now. */
export async function retell(ctx: Context): Promise<void> {
  const waiting = await ctx.db
    .select({ id: requests.id })
    .from(requests)
    .where(and(ours(ctx), eq(requests.state, 'requested')));
  for (const { id } of waiting)
    await within(ctx, async (ctx) => {
      const request = await lockRequest(ctx, id);
      if (request.state === 'requested') await tell(ctx, request, await modelById(ctx, request.modelId));
    });
}

/** Ends one request whose time is over; false when none is. */
export function expireNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const [late] = await ctx.db
      .select()
      .from(requests)
      .where(
        and(ours(ctx), inArray(requests.state, ['requested', 'approved']), sql`${requests.expiresAt} <= ${ctx.clock}`),
      )
      .limit(1)
      .for('update', { skipLocked: true });
    if (!late) return false;
    const outcome = late.state === 'requested' ? 'nobody decided in time' : 'it was approved, but not begun in time';
    await end(ctx, late, await modelById(ctx, late.modelId), 'expired', 'clock', outcome);
    return true;
  });
}

/** Turns "moved" into "done" once serving was seen with the version, after the change. */
export function verifyNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const waiting = await ctx.db
      .select()
      .from(requests)
      .where(and(ours(ctx), eq(requests.state, 'moved')))
      .for('update', { skipLocked: true });
    for (const request of waiting) {
      const live = await liveVersion(ctx, request.modelId, request.environment);
      const model = await modelById(ctx, request.modelId);
      if (live && live.version !== request.toVersion) {
        const why = `the alias moved on to version ${live.version} before serving was seen`;
        await end(ctx, request, model, 'failed', 'monitor', why);
        return true;
      }
      const since = request.endedAt ?? request.requestedAt;
      if (live?.servedVersion === request.toVersion && live.servedAt && live.servedAt >= since) {
        await end(ctx, request, model, 'done', 'serving', `serving was seen to serve version ${request.toVersion}`);
        return true;
      }
    }
    return false;
  });
}

/** Asks one approver group for the review of a break-glass that is due; false when none is. */
export function remindNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const open = await ctx.db
      .select()
      .from(requests)
      .where(
        and(
          ours(ctx),
          isNotNull(requests.incidentId),
          isNull(requests.reviewVerdict),
          sql`${requests.reminders} < ${reviewReminders.length}`,
        ),
      )
      .orderBy(asc(requests.requestedAt))
      .limit(50)
      .for('update', { skipLocked: true });
    const due = open.find((each) => each.reminders < remindersDue(each.requestedAt, ctx.now()));
    if (!due) return false;
    const reminders = remindersDue(due.requestedAt, ctx.now());
    await ctx.db
      .update(requests)
      .set({ reminders })
      .where(and(ours(ctx), eq(requests.id, due.id)));
    const model = await modelById(ctx, due.modelId);
    const voters = await possibleVoters(ctx, model, due);
    const who = voters.filter((each) => each.id !== due.requestedBy && isEntitled(each, due.kind)).map(({ id }) => id);
    const key = `${due.kind}:${due.id}`;
    await announce(
      ctx,
      `${key}:review:${reminders}`,
      { channel: model.channel, owner: model.ownerId, thread: key },
      reviewReminder(due, model, who, reminders >= reviewReminders.length),
    );
    return true;
  });
}
