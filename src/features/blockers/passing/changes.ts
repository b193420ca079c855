import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { teamById } from '../../teams/queries.ts';
import { type Need, needOf, needValue, needWords } from '../needs.ts';
import { asksOf, lockBlocker } from '../queries.ts';
import { checkHand, checkPerson, needTeamFor, roleNeeded } from '../routing.ts';
import { mostWords, mustBe } from '../rules.ts';
import { type Blocker, blockerHops } from '../schema.ts';
import { forward, keepReply, note, shown, write } from '../store.ts';
import { goneElsewhere } from './views.ts';

interface PassOn {
  /** undefined: whoever passes it on does not know; the lead is asked. */
  readonly need: Need | undefined;
  readonly needTeamId?: string | undefined;
  readonly reason: string;
}

/** "Not us", or the asker asks somebody else: what is needed now, with the hop kept. */
export function passBlocker(
  ctx: Context,
  id: string,
  { need, needTeamId, reason }: PassOn,
  by: string,
): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    mustBe(before, 'open');
    const isAsker = by === before.raisedBy;
    if (!isAsker) {
      await checkHand(ctx, before, by);
      await keepReply(ctx, before, by, 'not_us');
    }
    note(ctx, before, by, 'passed_on', `passed it on: ${need ? needWords(need) : 'the lead may know'}`);
    if (!need) {
      // Somebody else is asked already: a "not us" of another one changes nothing for them.
      const isAsked = isAsker || before.askedId === null || by === before.askedId;
      return await shown(ctx, isAsked ? await forward(ctx, { ...before, step: 'holder' }, 'lead') : before);
    }
    await checkPerson(ctx, need, before.raisedBy);
    if (need.kind === 'person') await checkWilling(ctx, id, need.person);
    const to = await needTeamFor(ctx, need, { named: needTeamId, nearest: before.needTeamId, own: before.teamId });
    const hops = before.hops + 1;
    await ctx.db.insert(blockerHops).values({
      workspace: ctx.workspace,
      blockerId: id,
      number: hops,
      at: ctx.now(),
      by,
      fromNeed: before.need,
      toNeed: needValue(need),
      reason: reason.trim().slice(0, mostWords),
    });
    const changed = await write(ctx, before, {
      need: needValue(need),
      needTeamId: to,
      toRole: await roleNeeded(ctx, need, to),
      step: 'holder',
      hops,
    });
    if (to !== before.needTeamId) await leaveChannel(ctx, before);
    return await shown(ctx, await forward(ctx, changed, 'holder', need.kind === 'person' ? 'anew' : 'on'));
  });
}

/** Whoever said no is not asked again, also where somebody names them. */
async function checkWilling(ctx: Context, id: string, person: string): Promise<void> {
  const reply = (await asksOf(ctx, id)).find(({ personId }) => personId === person)?.reply;
  if (reply === 'not_us' || reply === 'gave_back')
    throw new Refusal('They said already that it is not theirs. Choose somebody else.', { field: 'person' });
}

/** What stands in the channel of a team that has it no longer. */
async function leaveChannel(ctx: Context, { id, number, teamId, needTeamId, need, raisedBy }: Blocker): Promise<void> {
  const { kind } = needOf(need);
  if (teamId === needTeamId || kind === 'person' || kind === 'decision') return;
  const { channel } = await teamById(ctx, needTeamId);
  await announce(ctx, `blocker:${id}:in:${needTeamId}`, { channel, owner: raisedBy }, goneElsewhere(number));
}
