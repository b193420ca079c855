import { and, eq, inArray } from 'drizzle-orm';
import { type Context, within } from '../../../../context.ts';
import { announce } from '../../../../messages/announce.ts';
import { workTimeOf } from '../../../teams/queries.ts';
import { commitments } from '../../schema.ts';
import { lateSince, ownersWithPending, pendingOf } from '../queries.ts';
import { dayAfter, isReminderDue, mondayOf, teamHearsAfterDays, whileAtWork } from '../rules.ts';
import { commitmentReminder, lateInTeam } from '../views.ts';

/** One message a day and person, in their own working hours, for all that is due; they go on after the incident. */
export async function remindAll(ctx: Context): Promise<void> {
  for (const owner of await ownersWithPending(ctx)) await within(ctx, (ctx) => remind(ctx, owner));
  await within(ctx, async (ctx) => await remindTeams(ctx));
}

/** In working hours, one message a week where the team talks, for what is late; changed as it is kept. */
async function remindTeams(ctx: Context): Promise<void> {
  const today = ctx.now().toISOString().slice(0, 10);
  const late = await lateSince(ctx, dayAfter(today, -teamHearsAfterDays));
  const atWork = whileAtWork(late, ctx.now());
  for (const [channel, of] of Map.groupBy(atWork, ({ channel }) => channel)) {
    const all = of.map(({ commitment }) => commitment);
    await announce(ctx, `commitments:late:${channel}:${mondayOf(today)}`, { channel }, lateInTeam(all));
  }
}

async function remind(ctx: Context, owner: string): Promise<void> {
  const { isWorking, today } = await workTimeOf(ctx, owner);
  if (!isWorking) return;
  const due = (await pendingOf(ctx, owner, owner)).filter(
    ({ state, due, remindedOn, madeAt }) =>
      state !== 'said_done' && isReminderDue({ due, remindedOn, madeOn: madeAt.toISOString().slice(0, 10) }, today),
  );
  if (due.length === 0) return;
  await ctx.db
    .update(commitments)
    .set({ remindedOn: today })
    .where(
      and(
        eq(commitments.workspace, ctx.workspace),
        inArray(
          commitments.id,
          due.map(({ id }) => id),
        ),
      ),
    );
  await announce(ctx, `commitments:${owner}:${today}`, { channel: owner }, commitmentReminder(owner, due, today));
}
