import { and, asc, count, eq, ne } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import type { VoiceCounts } from './rules.ts';
import { type Voice, voices } from './schema.ts';

function ofDocument(ctx: Context, postmortemId: string) {
  return and(eq(voices.workspace, ctx.workspace), eq(voices.postmortemId, postmortemId));
}

export async function voicesSaid(ctx: Context, postmortemId: string): Promise<number> {
  const [row] = await ctx.db.select({ said: count() }).from(voices).where(ofDocument(ctx, postmortemId));
  return row?.said ?? 0;
}

export async function voiceCounts(ctx: Context, postmortemId: string): Promise<VoiceCounts> {
  const rows = await ctx.db
    .select({ state: voices.state, times: count() })
    .from(voices)
    .where(ofDocument(ctx, postmortemId))
    .groupBy(voices.state);
  const of = (state: Voice['state']) => rows.find((row) => row.state === state)?.times ?? 0;
  return { open: of('open'), taken: of('taken'), setAside: of('set_aside') };
}

/** Those that wait, in an order that says nothing: that of their random ids. */
export function openVoices(ctx: Context, postmortemId: string): Promise<Voice[]> {
  return ctx.db
    .select()
    .from(voices)
    .where(and(ofDocument(ctx, postmortemId), eq(voices.state, 'open')))
    .orderBy(asc(voices.id));
}

/** One that may be looked at by now. */
export async function lockVoice(ctx: Context, id: string): Promise<Voice> {
  const [found] = await ctx.db
    .select()
    .from(voices)
    .where(and(eq(voices.workspace, ctx.workspace), eq(voices.id, id), ne(voices.state, 'unheard')))
    .for('update');
  if (!found) throw new Refusal('That is gone.');
  return found;
}
