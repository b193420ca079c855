import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { modelById } from '../../models/queries.ts';
import type { Model } from '../../models/schema.ts';
import { lockedModel, lockRequest, possibleVoters, votersAmong } from '../queries.ts';
import { isEntitled, mayAct, remindersDue, reviewReminders } from '../rules.ts';
import { type ChangeRequest, requests } from '../schema.ts';
import { note, ours, tell } from '../store.ts';
import { reviewReminder } from './views.ts';

export function review(
  ctx: Context,
  id: string,
  verdict: 'acknowledged' | 'disputed',
  words: string,
  by: string,
): Promise<ChangeRequest> {
  return within(ctx, async (ctx) => {
    const { before, model } = await reviewer(ctx, id, by);
    const [after] = await ctx.db
      .update(requests)
      .set({ reviewVerdict: verdict, reviewNote: words, reviewedBy: by, reviewedAt: ctx.now() })
      .where(and(eq(requests.workspace, ctx.workspace), eq(requests.id, id)))
      .returning();
    if (!after) throw new Refusal('That request is gone.');
    note(ctx, before, by, `${verdict} that it was done without approval: ${words}`);
    return await tell(ctx, after, model);
  });
}

export async function mayReview(ctx: Context, id: string, by: string): Promise<void> {
  await within(ctx, async (ctx) => void (await reviewer(ctx, id, by)));
}

async function reviewer(ctx: Context, id: string, by: string): Promise<{ before: ChangeRequest; model: Model }> {
  const before = await lockRequest(ctx, id);
  if (before.incidentId === null) throw new Refusal('This was approved, so there is nothing to look back at.');
  if (before.reviewedBy !== null) throw new Refusal(`<@${before.reviewedBy}> looked back at it already.`);
  if (before.requestedBy === by) throw new Refusal('You did it yourself, so somebody else has to look back at it.');
  const model = await lockedModel(ctx, before.modelId);
  const [voter] = await votersAmong(ctx, model, before, [by]);
  if (voter) mayAct(voter, before.kind);
  return { before, model };
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
