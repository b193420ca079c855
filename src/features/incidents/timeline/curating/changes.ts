import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../../../context.ts';
import { Refusal } from '../../../../lib/refusal.ts';
import { lockIncident } from '../../queries.ts';
import type { Incident } from '../../schema.ts';
import { note } from '../../store.ts';
import { type LineTag, timelineMarks } from '../schema.ts';

export interface Wish {
  readonly isHidden: boolean;
  /** Null: as it was. */
  readonly title: string | null;
  readonly at: Date | null;
  readonly tag: LineTag | null;
  /** A link to what shows it; undefined: as it was. */
  readonly evidence?: string | null;
  /** When the line was last marked, as the writer saw it; null: never. Undefined: whatever it was. */
  readonly seen?: number | null;
}

/** How one line is to stand; the ledger says who wished it, and what it was keeps standing there. */
export function curate(ctx: Context, id: string, line: string, { seen, ...wish }: Wish, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, id, by);
    if (seen !== undefined && seen !== (await markedAt(ctx, id, line)))
      throw new Refusal('Somebody changed this line while you wrote. Close this and open it again.');
    const set = { ...wish, by, setAt: ctx.now() };
    await ctx.db
      .insert(timelineMarks)
      .values({ workspace: ctx.workspace, incidentId: id, line, ...set })
      .onConflictDoUpdate({ target: [timelineMarks.workspace, timelineMarks.incidentId, timelineMarks.line], set });
    const { isHidden, title, at, tag, evidence } = wish;
    const said = [
      isHidden ? 'hidden' : 'shown',
      tag ?? undefined,
      title === null ? undefined : `"${title}"`,
      at?.toISOString(),
      evidence ? `with a link to what shows it (${evidence})` : undefined,
    ].filter((each) => each !== undefined);
    const words = `put a line of the story of incident ${incident.number} as ${said.join(', ')}`;
    note(ctx, incident, by, 'curated', words);
    return incident;
  });
}

async function markedAt(ctx: Context, incidentId: string, line: string): Promise<number | null> {
  const [mark] = await ctx.db
    .select({ setAt: timelineMarks.setAt })
    .from(timelineMarks)
    .where(
      and(
        eq(timelineMarks.workspace, ctx.workspace),
        eq(timelineMarks.incidentId, incidentId),
        eq(timelineMarks.line, line),
      ),
    );
  return mark?.setAt.getTime() ?? null;
}
