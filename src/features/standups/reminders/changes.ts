import { and, asc, eq, inArray, lte } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { announce } from '../../../messages/announce.ts';
import { preferencesOf } from '../../rituals/queries.ts';
import { afterQuiet, quietOf } from '../../rituals/quiet.ts';
import { isTooLate, reminderAt } from '../../rituals/times.ts';
import { prompts } from '../../rituals/schema.ts';
import { ofPrompt, promptsWithRuns } from '../queries.ts';
import { promptKey } from '../asking/changes.ts';
import { reminderMessage } from '../asking/views.ts';

const batch = 100;

/** Reminds those who have not answered, each reminder once. What is long over is not said any more. False: none is due. */
export function remindDue(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const due = await promptsWithRuns(ctx)
      .where(
        and(
          eq(prompts.workspace, ctx.workspace),
          lte(prompts.remindAt, ctx.now()),
          inArray(prompts.state, ['sent', 'home']),
        ),
      )
      .orderBy(asc(prompts.remindAt))
      .limit(batch)
      .for('update', { of: prompts, skipLocked: true });
    const own = await preferencesOf(
      ctx,
      due.map(({ prompt }) => prompt.personId),
    );
    for (const { prompt, run, ritual } of due) {
      const mine = own.get(prompt.personId);
      const level = mine?.reminders ?? ritual.reminders;
      const reminded = prompt.reminded + 1;
      const next = reminderAt(reminded, level, prompt.sentAt ?? prompt.sendAt, run.digestAt);
      const at = next && afterQuiet(next, prompt.zone, quietOf(mine, ritual.clock));
      await ctx.db
        .update(prompts)
        .set({ reminded, remindAt: at && at > ctx.now() && at < run.digestAt ? at : null })
        .where(ofPrompt(ctx, prompt));
      const isWorthIt =
        run.state === 'open' && ctx.now() < run.digestAt && !isTooLate(prompt.remindAt ?? ctx.now(), ctx.now());
      if (!isWorthIt) continue;
      const where = { channel: prompt.personId, usefulUntil: run.digestAt };
      await announce(ctx, `${promptKey(prompt)}:remind:${reminded}`, where, reminderMessage(ritual, run));
    }
    return due.length > 0;
  });
}
