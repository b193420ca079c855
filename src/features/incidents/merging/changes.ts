import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { incidentById, isKeyTaken, lockBoth, milestonesOf, rolesOf } from '../queries.ts';
import { mayMeet, mayMerge, mayUnmerge, nextAsk } from '../rules.ts';
import type { Incident, MergeUndo } from '../schema.ts';
import { dropMilestone, setMilestone, turn } from '../store.ts';
import { keepPeople } from '../visibility/changes.ts';
import { peopleOf } from '../visibility/queries.ts';

const shared = ['onset', 'detected', 'acknowledged'] as const;

/** What was merged points to the other; the earliest times count there. For a day it can be taken back. */
export function merge(ctx: Context, id: string, intoId: string, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    // What never changes is asked before anything is locked: a drill is locked after what ends it, never before.
    if (id !== intoId) mayMeet(await incidentById(ctx, id, by), await incidentById(ctx, intoId, by));
    const both = await lockBoth(ctx, [id, intoId], by);
    const [from, into] = [both.get(id), both.get(intoId)];
    if (!from || !into) throw new Refusal('That incident is gone.');
    const { state } = mayMerge({ from, into });
    const times = await takeEarlier(ctx, { from, into }, by);
    const mergeUndo = { state, dedupeKey: from.dedupeKey, times };
    const merged = await turn(
      ctx,
      from,
      {
        state: 'merged',
        mergedInto: into.id,
        mergedAt: ctx.now(),
        mergeUndo,
        endedBy: by,
        askAt: null,
      },
      by,
      'merged',
      `merged incident ${from.number} into ${named(into)}`,
    );
    if (into.isPrivate) await keepPeople(ctx, into, await peopleOf(ctx, from.id), by);
    // Its own key stays with each, and leads here: several may, and each goes back with its incident. What a machine
    // reports again must not be answered with the number of a private one.
    const dedupeKey = into.isPrivate ? null : into.dedupeKey;
    const said = `incident ${into.number} took over incident ${from.number}`;
    await turn(ctx, into, { dedupeKey, repeats: into.repeats + 1 }, by, 'took_over', said);
    return merged;
  });
}

const named = ({ isPrivate, number }: Incident) => (isPrivate ? 'a private incident' : `incident ${number}`);

/** What the survivor knew before. */
async function takeEarlier(ctx: Context, { from, into }: { from: Incident; into: Incident }, by: string) {
  const theirs = new Map((await milestonesOf(ctx, into.id)).map((each) => [each.name, each]));
  const replaced: MergeUndo['times'][number][] = [];
  for (const { name, at, source, receivedAt } of await milestonesOf(ctx, from.id)) {
    const known = theirs.get(name);
    if (!shared.some((each) => each === name) || (known && known.at <= at)) continue;
    await setMilestone(ctx, into, { name, at, source, by, receivedAt });
    replaced.push({
      name,
      at: known?.at.toISOString() ?? null,
      source: known?.source ?? source,
      setBy: known?.setBy ?? by,
      receivedAt: known?.receivedAt?.toISOString() ?? null,
    });
  }
  return replaced;
}

/** Both go on by themselves: what the survivor took over and nobody put right since is given back. */
export function unmerge(ctx: Context, id: string, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    // Not locked yet: both are, in one order.
    const seen = await incidentById(ctx, id, by);
    mayUnmerge(seen, ctx.now());
    const both = await lockBoth(ctx, [id, seen.mergedInto ?? ''], by);
    const [from, into] = [both.get(id), both.get(seen.mergedInto ?? '')];
    if (!from || !into) throw new Refusal('That incident is gone.');
    const undo = mayUnmerge(from, ctx.now());
    await giveBack(ctx, { from, into }, undo);
    // Before, a key went over to the survivor.
    const isOurs = undo.dedupeKey !== null && into.dedupeKey === undo.dedupeKey;
    const said = `incident ${from.number} is no longer part of ${named(into)}`;
    await turn(ctx, into, isOurs ? { dedupeKey: null } : {}, by, 'gave_back', said);
    // Somebody else may have declared another one under it meanwhile.
    const isFree = undo.dedupeKey !== null && !(await isKeyTaken(ctx, undo.dedupeKey));
    const isLed = (await rolesOf(ctx, id)).some(({ role, holder }) => role === 'commander' && holder !== null);
    const to = {
      state: undo.state,
      mergedInto: null,
      mergedAt: null,
      mergeUndo: null,
      endedBy: null,
      dedupeKey: isFree ? undo.dedupeKey : null,
      askAt: nextAsk(from.severity, isLed, ctx.now()),
    };
    return await turn(ctx, from, to, by, 'unmerged', `took incident ${from.number} out of ${named(into)} again`);
  });
}

async function giveBack(ctx: Context, { from, into }: { from: Incident; into: Incident }, { times }: MergeUndo) {
  const ours = new Map((await milestonesOf(ctx, from.id)).map(({ name, at }) => [name, at.getTime()]));
  const now = new Map((await milestonesOf(ctx, into.id)).map(({ name, at }) => [name, at.getTime()]));
  for (const { name, at, source, setBy, receivedAt } of times) {
    if (now.get(name) !== ours.get(name)) continue;
    await (at === null
      ? dropMilestone(ctx, into, name)
      : setMilestone(ctx, into, {
          name,
          at: new Date(at),
          source,
          by: setBy,
          receivedAt: receivedAt ? new Date(receivedAt) : null,
        }));
  }
}
