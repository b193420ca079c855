import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { modelById } from '../../models/queries.ts';
import { lockIncident } from '../queries.ts';
import type { Incident } from '../schema.ts';
import { cardKey, note } from '../store.ts';
import { mustBelong } from '../visibility/queries.ts';
import { noticesOf } from './queries.ts';
import { type IncidentNotice, incidentNotices } from './schema.ts';
import { noticeMessage } from './views.ts';

export interface Notice {
  readonly text: string;
  readonly channel: string | undefined;
  readonly people: readonly string[] | undefined;
}

/** Tells people outside of the incident how it stands, in words that need no second reading. Each notice is on record. */
export function notify(ctx: Context, id: string, { text, channel, people = [] }: Notice, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, id, by);
    const audience = [...new Set([...(channel === undefined ? [] : [channel]), ...people])];
    if (audience.length === 0) throw new Refusal('Choose a channel, or people.', { field: 'people' });
    await checkAudience(ctx, incident, channel, people);
    const number = ((await noticesOf(ctx, id)).at(-1)?.number ?? 0) + 1;
    const [kept] = await ctx.db
      .insert(incidentNotices)
      .values({ workspace: ctx.workspace, incidentId: id, number, text, audience, by, at: ctx.now() })
      .returning();
    if (!kept) throw new Error('the notice was not kept');
    await post(ctx, incident, kept);
    note(ctx, incident, by, 'stakeholders_told', `told stakeholders of incident ${incident.number}: ${text}`);
  });
}

async function checkAudience(
  ctx: Context,
  incident: Incident,
  channel: string | undefined,
  people: readonly string[],
): Promise<void> {
  if (!incident.isPrivate) return;
  if (channel !== undefined && channel !== incident.channel)
    throw new Refusal(`Incident ${incident.number} is private: tell people one by one, after letting them in.`, {
      field: 'channel',
    });
  for (const each of people) await mustBelong(ctx, incident, each, 'people');
}

async function post(ctx: Context, incident: Incident, notice: IncidentNotice): Promise<void> {
  const said = noticeMessage(notice, incident, await modelById(ctx, incident.modelId));
  for (const each of notice.audience)
    await announce(
      ctx,
      `${cardKey(incident)}:notice:${notice.number}:to:${each}`,
      { channel: each, owner: notice.by },
      said,
    );
}
