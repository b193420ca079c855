import { and, eq, isNull } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { timesOf } from '../../incidents/milestones.ts';
import { incidentById, milestonesOf } from '../../incidents/queries.ts';
import type { Incident } from '../../incidents/schema.ts';
import { house, mustBelong } from '../../incidents/visibility/queries.ts';
import { lockPostmortem, sectionsOf } from '../queries.ts';
import { mayWrite } from '../rules.ts';
import type { Postmortem } from '../schema.ts';
import { cardKey, note, tell } from '../store.ts';
import { hearersOf } from './queries.ts';
import { isChannel, mayTell, mostHearers, untold } from './rules.ts';
import { hearers } from './schema.ts';
import { hearerMessage } from './views.ts';

/** Those who are to be told and were not yet; who was told stays. */
export function chooseHearers(
  ctx: Context,
  id: string,
  { people, channels }: { readonly people: readonly string[]; readonly channels: readonly string[] },
  by: string,
): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, id, by);
    mayWrite(postmortem);
    const incident = await incidentById(ctx, postmortem.incidentId, house);
    await mayHear(ctx, incident, people, channels);
    const told = (await hearersOf(ctx, id)).filter(({ toldAt }) => toldAt !== null);
    const known = new Set(told.map(({ audience }) => audience));
    const wanted = [...new Set([...people, ...channels])].filter((each) => !known.has(each));
    if (wanted.length + known.size > mostHearers)
      throw new Refusal(`Choose ${mostHearers} at most: a channel reaches many.`, { field: 'people' });
    await ctx.db
      .delete(hearers)
      .where(and(eq(hearers.workspace, ctx.workspace), eq(hearers.postmortemId, id), isNull(hearers.toldAt)));
    const chosen = { workspace: ctx.workspace, postmortemId: id, chosenBy: by, chosenAt: ctx.now() };
    if (wanted.length > 0) await ctx.db.insert(hearers).values(wanted.map((audience) => ({ ...chosen, audience })));
    note(
      ctx,
      incident,
      by,
      'hearers_chosen',
      `chose who has to hear of the predictions of incident ${incident.number}`,
    );
    return await tell(ctx, postmortem);
  });
}

/** A private one is told only to its own people, each by a direct message. */
async function mayHear(ctx: Context, incident: Incident, people: readonly string[], channels: readonly string[]) {
  if (!incident.isPrivate) return;
  if (channels.some((each) => each !== incident.channel))
    throw new Refusal(`Incident ${incident.number} is private: choose people, after letting them in.`, {
      field: 'channels',
    });
  for (const each of people) await mustBelong(ctx, incident, each, 'people');
}

/** Each of them once, because somebody pressed for it; never by itself. */
export function tellHearers(ctx: Context, id: string, by: string): Promise<number> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, id, by);
    const all = await hearersOf(ctx, id);
    mayTell(postmortem, all, by);
    const incident = await incidentById(ctx, postmortem.incidentId, house);
    const waiting = untold(all).map(({ audience }) => audience);
    // Whoever was let in then may be out by now.
    await mayHear(
      ctx,
      incident,
      waiting.filter((each) => !isChannel(each)),
      waiting.filter(isChannel),
    );
    const said = hearerMessage(incident, {
      model: postmortem.document.model,
      sections: await sectionsOf(ctx, id),
      times: timesOf(await milestonesOf(ctx, incident.id)),
      by,
    });
    for (const each of waiting)
      await announce(ctx, `${cardKey(postmortem)}:hears:${each}`, { channel: each, owner: by }, said);
    await ctx.db
      .update(hearers)
      .set({ toldBy: by, toldAt: ctx.now() })
      .where(and(eq(hearers.workspace, ctx.workspace), eq(hearers.postmortemId, id), isNull(hearers.toldAt)));
    const whom = waiting.map((each) => (isChannel(each) ? `channel ${each}` : `<@${each}>`)).join(', ');
    note(ctx, incident, by, 'hearers_told', `told ${whom} of the predictions of incident ${incident.number}`);
    await tell(ctx, postmortem);
    return waiting.length;
  });
}
