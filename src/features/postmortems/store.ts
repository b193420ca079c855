import { and, eq, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { linesAbout, record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { freeFor } from '../duties/queries.ts';
import { beginReview } from '../incidents/changes.ts';
import { lockIncident, roleOf } from '../incidents/queries.ts';
import { openStates } from '../incidents/schema.ts';
import { modelById } from '../models/queries.ts';
import { type Document, draft, type SectionName } from './draft.ts';
import { type Postmortem, postmortems } from './schema.ts';
import { postmortemCard } from './views.ts';

/** How long before the onset the timeline begins: what was changed shortly before is part of the story. */
const lookBackMs = 24 * 3_600_000;

export function start(ctx: Context, incidentId: string, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, incidentId);
    if (openStates.some((each) => each === incident.state))
      throw new Refusal(`Incident ${incident.number} is still open. Resolve it first.`);
    if (incident.state === 'merged' || incident.state === 'cancelled')
      throw new Refusal(`Incident ${incident.number} was ${incident.state}, so there is nothing to look back at.`);
    const model = await modelById(ctx, incident.modelId);
    const since = new Date(incident.onset.getTime() - lookBackMs);
    const lines = await linesAbout(ctx, { modelId: model.id, subject: `incident:${incident.id}` }, since, ctx.now());
    const timeline = lines.map(({ at, who, what, summary }) => ({ at: at.toISOString(), who, what, summary }));
    const commander = (await roleOf(ctx, incident.id, 'commander'))?.holder;
    const led = commander ? [commander] : [];
    const { people } = await freeFor(ctx, model, 'postmortem.facilitate', { 'incident.lead': led });
    const document = { ...draft({ ...incident, model: model.name }, timeline), facilitator: people[0] ?? null };
    const [postmortem] = await ctx.db
      .insert(postmortems)
      .values({ workspace: ctx.workspace, incidentId, document, startedBy: by, startedAt: ctx.now() })
      .onConflictDoNothing()
      .returning();
    if (!postmortem)
      throw new Refusal(
        `The post-mortem of incident ${incident.number} was already started. It stands in the incident's channel.`,
      );
    if (incident.state === 'resolved') await beginReview(ctx, incident, by);
    record(ctx, {
      who: by,
      what: 'postmortem.started',
      modelId: model.id,
      subject: `incident:${incident.id}`,
      summary: `started the post-mortem of incident ${incident.number}`,
    });
    await announce(
      ctx,
      key(postmortem),
      { channel: incident.channel ?? model.channel, owner: by },
      postmortemCard(postmortem),
    );
    return postmortem;
  });
}

/** Saves what was written, unless somebody saved in between: then nothing is lost, and the writer is told. */
export function write(
  ctx: Context,
  id: string,
  revision: number,
  sections: Record<SectionName, string>,
  by: string,
): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const before = await postmortemById(ctx, id);
    const document: Document = { ...before.document, sections };
    const [after] = await ctx.db
      .update(postmortems)
      .set({ document, revision: sql`${postmortems.revision} + 1` })
      .where(and(eq(postmortems.workspace, ctx.workspace), eq(postmortems.id, id), eq(postmortems.revision, revision)))
      .returning();
    if (!after) {
      throw new Refusal(
        'Somebody saved this post-mortem while you wrote. Copy what you typed, close this, and press Write again.',
      );
    }
    const incident = await lockIncident(ctx, after.incidentId);
    const model = await modelById(ctx, incident.modelId);
    record(ctx, {
      who: by,
      what: 'postmortem.written',
      modelId: model.id,
      subject: `incident:${incident.id}`,
      summary: `wrote on the post-mortem of incident ${incident.number}`,
    });
    await announce(ctx, key(after), { channel: incident.channel ?? model.channel, owner: by }, postmortemCard(after));
    return after;
  });
}

export async function postmortemById(ctx: Context, id: string): Promise<Postmortem> {
  const [postmortem] = await ctx.db
    .select()
    .from(postmortems)
    .where(and(eq(postmortems.workspace, ctx.workspace), eq(postmortems.id, id)));
  if (!postmortem) throw new Refusal('That post-mortem is gone.');
  return postmortem;
}

function key(postmortem: Postmortem): string {
  return `postmortem:${postmortem.id}`;
}
