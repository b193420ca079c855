import { and, eq, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { readable } from '../../../slack/mrkdwn.ts';
import { namesIn } from '../../teams/queries.ts';
import { incidentById, incidentIn } from '../queries.ts';
import type { Incident } from '../schema.ts';
import { note } from '../store.ts';
import { type IncidentNote, incidentNotes, type NoteSource } from './schema.ts';

/** The reaction that adds a message to the story. */
export const keepReaction = 'pushpin';

export interface Place {
  readonly channel: string;
  readonly ts: string;
}
/** Undefined: it has still to be read. */
interface Said {
  readonly text: string;
  readonly author: string;
}

export const ofNote = (
  ctx: Context,
  { incidentId, channel, ts }: Pick<IncidentNote, 'incidentId' | 'channel' | 'ts'>,
) =>
  and(
    eq(incidentNotes.workspace, ctx.workspace),
    eq(incidentNotes.incidentId, incidentId),
    eq(incidentNotes.channel, channel),
    eq(incidentNotes.ts, ts),
  );

/** Only in the channel of an incident; a second reaction to the same message changes nothing, a first after a removal does. */
export function keepMessage(ctx: Context, place: Place, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const incident = await incidentIn(ctx, place.channel, by);
    if (incident) await keep(ctx, incident, place, { source: 'reaction', by });
  });
}

/** A message from anywhere that somebody pointed at, in the words they saw; false: it stands there already. */
export function addMessage(ctx: Context, id: string, place: Place, said: Said, by: string): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const incident = await incidentById(ctx, id, by);
    if (said.text.trim() === '')
      throw new Refusal('This message has no words of its own. Say in a message what it shows, and add that.');
    return await keep(ctx, incident, place, { source: 'shortcut', by, said });
  });
}

/** What nobody said in a channel; it stands at the time it was written. */
export function addWords(ctx: Context, id: string, text: string, by: string): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const incident = await incidentById(ctx, id, by);
    const ts = (ctx.now().getTime() / 1000).toFixed(6);
    return await keep(ctx, incident, { channel: by, ts }, { source: 'command', by, said: { text, author: by } });
  });
}

interface Keeping {
  readonly source: NoteSource;
  readonly by: string;
  readonly said?: Said;
}

async function keep(ctx: Context, incident: Incident, { channel, ts }: Place, { source, by, said }: Keeping) {
  const text = said ? await inWords(ctx, said.text) : null;
  const kept = { source, keptBy: by, keptAt: ctx.now(), text, author: said?.author ?? null };
  const added = await ctx.db
    .insert(incidentNotes)
    .values({
      workspace: ctx.workspace,
      incidentId: incident.id,
      channel,
      ts,
      at: new Date(Number(ts) * 1000),
      ...kept,
    })
    .onConflictDoUpdate({
      target: [incidentNotes.workspace, incidentNotes.incidentId, incidentNotes.channel, incidentNotes.ts],
      set: { ...kept, removedAt: null, tries: 0 },
      setWhere: sql`${incidentNotes.removedAt} is not null and ${incidentNotes.redactedAt} is null`,
    })
    .returning();
  if (added.length > 0 && said) noteKept(ctx, incident, by, said.author);
  return added.length > 0;
}

/** As it read on the screen, so that it can be read where no Slack is. */
export async function inWords(ctx: Context, text: string): Promise<string> {
  return readable(text, await namesIn(ctx, text));
}

export function noteKept(ctx: Context, incident: Incident, by: string, author: string): void {
  const whose = author === by ? 'words of their own' : `a message of <@${author}>`;
  note(ctx, incident, by, 'message_kept', `added ${whose} to the story of incident ${incident.number}`);
}

/** Whoever put it there takes it away again; that of another stays. */
export function dropMessage(ctx: Context, { channel, ts }: Place, by: string): Promise<string | undefined> {
  return within(ctx, async (ctx) => {
    const incident = await incidentIn(ctx, channel, by);
    if (!incident) return undefined;
    await ctx.db
      .update(incidentNotes)
      .set({ removedAt: ctx.now() })
      .where(and(ofNote(ctx, { incidentId: incident.id, channel, ts }), eq(incidentNotes.keptBy, by)));
    return incident.id;
  });
}
