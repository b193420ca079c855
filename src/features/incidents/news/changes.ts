import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { modelById } from '../../models/queries.ts';
import { lastUpdate, lockIncident, nextToAsk, roleOf } from '../queries.ts';
import { mayChange, nextAsk } from '../rules.ts';
import { type IncidentUpdate, incidentUpdates } from '../schema.ts';
import { calling, cardKey, change, note, say, tell } from '../store.ts';
import { newsMessage, reminder } from './views.ts';

export type News = Pick<IncidentUpdate, 'conditions' | 'actions' | 'needs'>;

/** What everybody hears: in the incident's channel whole, and under the card in the model's. */
export function update(ctx: Context, id: string, news: News, by: string): Promise<IncidentUpdate> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, id, by);
    mayChange(incident);
    const number = ((await lastUpdate(ctx, id))?.number ?? 0) + 1;
    const now = ctx.now();
    const [kept] = await ctx.db
      .insert(incidentUpdates)
      .values({ workspace: ctx.workspace, incidentId: id, number, ...news, by, at: now })
      .returning();
    if (!kept) throw new Refusal('The update was not kept. Please try again.');
    const after = await change(ctx, incident, { askAt: nextAsk(incident.severity, true, now) });
    note(ctx, after, by, 'updated', `incident ${incident.number}, update ${number}: ${news.conditions}`);
    const model = await modelById(ctx, incident.modelId);
    const said = newsMessage(after, model, kept);
    if (after.channel || after.isPrivate) await say(ctx, after, `${cardKey(after)}:news:${number}`, said);
    const below = { channel: model.channel, thread: cardKey(after), owner: model.ownerId };
    if (!after.isPrivate) await announce(ctx, `${cardKey(after)}:news:${number}:team`, below, said);
    await tell(ctx, after);
    return kept;
  });
}

/** Asks one incident's commander for news, or its owner to find one; false when nothing is due. Missed times are one. */
export function askNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const due = await nextToAsk(ctx);
    if (!due) return false;
    const model = await modelById(ctx, due.modelId);
    const commander = (await roleOf(ctx, due.id, 'commander'))?.holder ?? undefined;
    const last = await lastUpdate(ctx, due.id);
    const after = await change(ctx, due, { askAt: nextAsk(due.severity, commander !== undefined, ctx.now()) });
    const key = `${cardKey(due)}:ask:${after.revision}`;
    const asked = reminder(after, model, { commander, since: last?.at ?? due.declaredAt });
    // Who leads is only reminded of a word; while nobody does, somebody is called.
    await say(ctx, after, key, asked, commander === undefined ? calling(after, model) : undefined);
    return true;
  });
}
