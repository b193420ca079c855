import { and, eq, isNull } from 'drizzle-orm';
import { type Context, within } from '../../../../context.ts';
import { incidentById } from '../../queries.ts';
import { note } from '../../store.ts';
import { house } from '../../visibility/queries.ts';
import { inWords, ofNote, type Place } from '../changes.ts';
import { type IncidentNote, incidentNotes, noteWordings } from '../schema.ts';

/** Its author changed the message: the new words stand, the old ones are kept. The incidents whose story that is. */
export function followEdit(ctx: Context, place: Place, text: string): Promise<string[]> {
  return within(ctx, async (ctx) => {
    const standing = await standingAt(ctx, place);
    const words = standing.length > 0 ? await inWords(ctx, text) : '';
    const touched = standing.filter((each) => each.text !== null && each.text !== words);
    for (const each of touched) {
      const { workspace, incidentId, channel, ts } = each;
      const old = { workspace, incidentId, channel, ts, number: each.edits, text: each.text ?? '', until: ctx.now() };
      await ctx.db.insert(noteWordings).values(old);
      await ctx.db
        .update(incidentNotes)
        .set({ text: words, edits: each.edits + 1 })
        .where(ofNote(ctx, each));
      await followed(ctx, each, 'message_edited', 'changed');
    }
    return touched.map(({ incidentId }) => incidentId);
  });
}

/** Its author took it away: their words go, all of them; that there was a message stays. */
export function followRemoval(ctx: Context, place: Place): Promise<string[]> {
  return within(ctx, async (ctx) => {
    const touched = await standingAt(ctx, place);
    for (const each of touched) {
      await ctx.db
        .delete(noteWordings)
        .where(
          and(
            eq(noteWordings.workspace, ctx.workspace),
            eq(noteWordings.incidentId, each.incidentId),
            eq(noteWordings.channel, each.channel),
            eq(noteWordings.ts, each.ts),
          ),
        );
      await ctx.db.update(incidentNotes).set({ text: '', redactedAt: ctx.now() }).where(ofNote(ctx, each));
      await followed(ctx, each, 'message_removed', 'removed');
    }
    return touched.map(({ incidentId }) => incidentId);
  });
}

const standingAt = (ctx: Context, { channel, ts }: Place) =>
  ctx.db
    .select()
    .from(incidentNotes)
    .where(
      and(
        eq(incidentNotes.workspace, ctx.workspace),
        eq(incidentNotes.channel, channel),
        eq(incidentNotes.ts, ts),
        isNull(incidentNotes.redactedAt),
      ),
    )
    .for('update');

async function followed(ctx: Context, { incidentId, author }: IncidentNote, verb: string, did: string): Promise<void> {
  const incident = await incidentById(ctx, incidentId, house);
  note(ctx, incident, author ?? 'pitcrew', verb, `${did} a message in the story of incident ${incident.number}`);
}
