import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import { type Context, within } from '../../../../context.ts';
import { announce } from '../../../../messages/announce.ts';
import { incidentById } from '../../queries.ts';
import { house } from '../../visibility/queries.ts';
import { inWords, noteKept, ofNote } from '../changes.ts';
import { type IncidentNote, incidentNotes } from '../schema.ts';
import { unreadable } from '../views.ts';

/** What became of one try; `undefined`: nothing is left to read. */
interface Read {
  readonly incidentId: string | undefined;
}

const mostTries = 5;
const leaseMs = 15_000;

/** Reads one message that was chosen; Slack is asked outside of any transaction. */
export async function readNextNote(ctx: Context): Promise<Read | undefined> {
  const claimed = await claimNote(ctx);
  if (!claimed) return undefined;
  const reply = await ctx.slack.read(claimed.channel, claimed.ts);
  if (!reply.ok && reply.why !== 'refused') return { incidentId: undefined };
  const said = reply.ok ? reply.value.said : undefined;
  await within(ctx, async (ctx) => {
    const found = { text: await inWords(ctx, said?.text ?? ''), author: said?.author ?? '' };
    const [kept] = await ctx.db
      .update(incidentNotes)
      .set({ ...found, leaseUntil: null, ...(said?.text ? {} : { removedAt: ctx.now() }) })
      .where(and(ofNote(ctx, claimed), isNull(incidentNotes.text)))
      .returning();
    if (!kept) return;
    const incident = await incidentById(ctx, claimed.incidentId, house);
    if (said?.text) return noteKept(ctx, incident, claimed.keptBy, said.author);
    // What cannot be read is no part of the story, and whoever chose it hears so.
    const key = `incident:${claimed.incidentId}:unread:${claimed.channel}:${claimed.ts}`;
    await announce(ctx, key, { channel: claimed.keptBy }, unreadable(incident, claimed.channel));
  });
  return { incidentId: claimed.incidentId };
}

function claimNote(ctx: Context): Promise<IncidentNote | undefined> {
  return within(ctx, async (ctx) => {
    const [due] = await ctx.db
      .select()
      .from(incidentNotes)
      .where(
        and(
          eq(incidentNotes.workspace, ctx.workspace),
          isNull(incidentNotes.text),
          isNull(incidentNotes.removedAt),
          lt(incidentNotes.tries, mostTries),
          sql`(${incidentNotes.leaseUntil} is null or ${incidentNotes.leaseUntil} < ${ctx.clock})`,
        ),
      )
      .orderBy(asc(incidentNotes.keptAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!due) return undefined;
    const [claimed] = await ctx.db
      .update(incidentNotes)
      .set({
        tries: sql`${incidentNotes.tries} + 1`,
        leaseUntil: sql`${ctx.clock} + make_interval(secs => ${leaseMs / 1000})`,
      })
      .where(ofNote(ctx, due))
      .returning();
    return claimed;
  });
}
