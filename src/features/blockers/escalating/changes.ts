import { type Context, within } from '../../../context.ts';
import { after, isDue, reminded } from '../rules.ts';
import type { Blocker } from '../schema.ts';
import { clockOf, forward, keepReply, note, schedule, shown, tell, tellOne, write } from '../store.ts';
import { askStill, settleStill } from '../taking/changes.ts';
import { nextDue, nextForsaken } from './queries.ts';
import { reminder } from './views.ts';

/** One thing that came due: the next person, a reminder, or a question to the taker. False: nothing is due. */
export function tickNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const before = await nextDue(ctx);
    if (!before) return false;
    const time = await clockOf(ctx, before);
    if (!isDue(before, time, ctx.now())) {
      const { dueAt } = await schedule(ctx, before);
      return dueAt?.getTime() !== before.dueAt?.getTime();
    }
    if (before.state === 'taken') await askStill(ctx, before);
    else if (before.step === 'lead') await remind(ctx, before);
    else await shown(ctx, await forward(ctx, before, after(before.step)));
    return true;
  });
}

async function remind(ctx: Context, before: Blocker): Promise<void> {
  const blocker = await schedule(ctx, await write(ctx, before, reminded(before, ctx.now())));
  note(ctx, blocker, 'pitcrew', 'reminded', 'reminded the lead');
  const story = await tell(ctx, blocker);
  const key = `remind:${blocker.asks}:${blocker.reminders}`;
  if (blocker.askedId !== null) await tellOne(ctx, blocker, blocker.askedId, key, reminder(story));
}

/** Whoever has it cannot see to it any more: it goes on at once. False: everybody is there. */
export function passOverNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const before = await nextForsaken(ctx);
    if (!before) return false;
    const gone = before.takenBy ?? before.askedId;
    if (gone !== null) await keepReply(ctx, before, gone, 'gone');
    note(ctx, before, 'pitcrew', 'passed_over', 'went on, as whoever had it is not there', { person: gone ?? '' });
    await settleStill(ctx, before, 'over');
    await shown(ctx, await forward(ctx, before, before.state === 'taken' ? 'holder' : before.step));
    return true;
  });
}
