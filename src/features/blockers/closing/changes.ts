import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { teamById } from '../../teams/queries.ts';
import { needValue } from '../needs.ts';
import { lockBlocker } from '../queries.ts';
import { shownWithQuestion } from '../questions/changes.ts';
import { routeOf } from '../routing.ts';
import { checkedWords, ended, mayReopen } from '../rules.ts';
import type { Blocker } from '../schema.ts';
import { askThem, forward, keepReply, note, shown, tell, tellOne, write } from '../store.ts';
import { settleStill } from '../taking/changes.ts';
import { endedNote } from './views.ts';

/** "Unblocked" by either side, or by the lead of the team that was blocked. */
export function closeBlocker(ctx: Context, id: string, unblocked: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    const { leadId } = await teamById(ctx, before.teamId);
    if (![before.raisedBy, before.takenBy, leadId].includes(by))
      throw new Refusal('Who raised it or took it closes it. Tell them that it is solved.');
    const to = ended(before, 'closed', by, ctx.now());
    const words = checkedWords(unblocked, 'unblocked');
    return await endWith(ctx, before, { ...to, unblocked: words }, by, 'closed', `closed it: ${words}`);
  });
}

export function withdrawBlocker(ctx: Context, id: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    const { leadId } = await teamById(ctx, before.teamId);
    if (by !== before.raisedBy && by !== leadId) throw new Refusal('Only who raised it withdraws it.');
    return await endWith(ctx, before, ended(before, 'withdrawn', by, ctx.now()), by, 'withdrawn', 'withdrew it');
  });
}

/** The other side hears of it: whoever has it or is asked, and who raised it. */
async function endWith(ctx: Context, before: Blocker, to: Partial<Blocker>, by: string, verb: string, words: string) {
  const blocker = await write(ctx, before, to);
  note(ctx, blocker, by, verb, words);
  const story = await tell(ctx, blocker);
  const others = new Set([blocker.raisedBy, before.takenBy, before.askedId].filter((id) => id !== null && id !== by));
  for (const who of others)
    if (who !== null) await tellOne(ctx, blocker, who, `ended:${blocker.reopened}:${who}`, endedNote(story));
  await settleStill(ctx, before, 'over');
  if (before.asking !== null) await shownWithQuestion(ctx, blocker, before.asking);
  return blocker;
}

/** It is back, with its age: whoever had it last is asked first. */
export function reopenBlocker(ctx: Context, id: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    const now = ctx.now();
    mayReopen(before, by, now);
    const again = { reopened: before.reopened + 1, stretchFrom: now, endedBy: null, endedAt: null, unblocked: null };
    const opened = await write(ctx, before, { ...again, state: 'open', takenBy: null, takenAt: null, step: 'holder' });
    note(ctx, opened, by, 'reopened', 'says that it is back');
    const last = before.takenBy;
    if (last !== null) {
      await keepReply(ctx, opened, last, 'gone');
      if (await canBeAsked(ctx, opened, last))
        return await shown(ctx, await askThem(ctx, opened, { step: 'holder', personId: last }, 'back'));
    }
    return await shown(ctx, await forward(ctx, opened, 'holder', 'anew'));
  });
}

async function canBeAsked(ctx: Context, blocker: Blocker, person: string): Promise<boolean> {
  const { holders } = await routeOf(ctx, { ...blocker, need: needValue({ kind: 'person', person }) });
  return holders.includes(person);
}
