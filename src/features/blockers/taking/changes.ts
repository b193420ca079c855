import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { lockBlocker } from '../queries.ts';
import { checkHand } from '../routing.ts';
import { mustBe, reminded, taken } from '../rules.ts';
import type { Blocker } from '../schema.ts';
import { forward, keepReply, note, schedule, shown, storyOf, teamOf, tell, tellOne, write } from '../store.ts';
import { stillOnIt, takenNote } from './views.ts';

/** The first who takes it has it; whoever comes second reads who was first. */
export function takeBlocker(ctx: Context, id: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    const to = taken(before, by, ctx.now());
    await checkHand(ctx, before, by);
    const heldIn = await teamOf(ctx, before, by);
    const blocker = await schedule(ctx, await write(ctx, before, { ...to, heldIn }));
    await keepReply(ctx, before, by, 'took');
    note(ctx, blocker, by, 'taken', 'took it');
    const story = await tell(ctx, blocker);
    await tellOne(ctx, blocker, blocker.raisedBy, `taken:${blocker.revision}`, takenNote(story));
    return blocker;
  });
}

/** Whoever took it cannot go on: the next one is asked at once. */
export function giveBackBlocker(ctx: Context, id: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    mustBe(before, 'taken');
    if (before.takenBy !== by) throw new Refusal(`<@${before.takenBy}> has it, not you. Nothing to give back.`);
    await keepReply(ctx, before, by, 'gave_back');
    note(ctx, before, by, 'given_back', 'gave it back');
    await settleStill(ctx, before, 'over');
    return await shown(ctx, await forward(ctx, before, 'holder'));
  });
}

/** "Still on it": asked again the next working day. */
export function keepBlocker(ctx: Context, id: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    mustBe(before, 'taken');
    if (before.takenBy !== by) throw new Refusal(`<@${before.takenBy}> has it, not you.`);
    note(ctx, before, by, 'kept', 'is still on it');
    await settleStill(ctx, before, 'kept');
    return before;
  });
}

/** Asks whoever took it; an older question that nobody answered says so. */
export async function askStill(ctx: Context, before: Blocker): Promise<void> {
  await settleStill(ctx, before, 'asked-anew');
  const blocker = await schedule(ctx, await write(ctx, before, reminded(before, ctx.now())));
  note(ctx, blocker, 'pitcrew', 'still_asked', 'asked whether somebody is still on it');
  const story = await tell(ctx, blocker);
  if (blocker.takenBy !== null)
    await tellOne(ctx, blocker, blocker.takenBy, stillKey(blocker), stillOnIt(story, 'asked'));
}

/** The last "still on it?" keeps no buttons that have nothing to do. */
export async function settleStill(ctx: Context, before: Blocker, how: 'over' | 'kept' | 'asked-anew'): Promise<void> {
  if (before.state !== 'taken' || before.takenBy === null || before.reminders === 0) return;
  await tellOne(ctx, before, before.takenBy, stillKey(before), stillOnIt(await storyOf(ctx, before), how));
}

const stillKey = ({ takenAt, reminders }: Blocker) => `still:${takenAt?.getTime() ?? 0}:${reminders}`;
