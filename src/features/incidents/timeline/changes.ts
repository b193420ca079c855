import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { incidents } from '../schema.ts';
import { note } from '../store.ts';
import { type IncidentNote, incidentNotes } from './schema.ts';

/** The reaction that adds a message to the story. */
export const keepReaction = 'pushpin';
const mostTries = 5;
const leaseMs = 15_000;

interface Place {
  readonly channel: string;
  readonly ts: string;
}

const ofNote = (ctx: Context, { incidentId, channel, ts }: Pick<IncidentNote, 'incidentId' | 'channel' | 'ts'>) =>
  and(
    eq(incidentNotes.workspace, ctx.workspace),
    eq(incidentNotes.incidentId, incidentId),
    eq(incidentNotes.channel, channel),
    eq(incidentNotes.ts, ts),
  );

/** Only in the channel of an incident; a second reaction to the same message changes nothing, a first after a removal does. */
export function keepMessage(ctx: Context, { channel, ts }: Place, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const incident = await inChannel(ctx, channel);
    if (!incident) return;
    const now = ctx.now();
    await ctx.db
      .insert(incidentNotes)
      .values({
        workspace: ctx.workspace,
        incidentId: incident.id,
        channel,
        ts,
        at: new Date(Number(ts) * 1000),
        keptBy: by,
        keptAt: now,
      })
      .onConflictDoUpdate({
        target: [incidentNotes.workspace, incidentNotes.incidentId, incidentNotes.channel, incidentNotes.ts],
        set: { removedAt: null, text: null, tries: 0, keptBy: by, keptAt: now },
        setWhere: sql`${incidentNotes.removedAt} is not null`,
      });
  });
}

/** Whoever put it there takes it away again; that of another stays. */
export function dropMessage(ctx: Context, { channel, ts }: Place, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const incident = await inChannel(ctx, channel);
    if (!incident) return;
    await ctx.db
      .update(incidentNotes)
      .set({ removedAt: ctx.now() })
      .where(and(ofNote(ctx, { incidentId: incident.id, channel, ts }), eq(incidentNotes.keptBy, by)));
  });
}

async function inChannel(ctx: Context, channel: string) {
  const [incident] = await ctx.db
    .select()
    .from(incidents)
    .where(and(eq(incidents.workspace, ctx.workspace), eq(incidents.channel, channel)));
  return incident;
}

/** Reads one message that was chosen; Slack is asked outside of any transaction. */
export async function readNextNote(ctx: Context): Promise<boolean> {
  const claimed = await claimNote(ctx);
  if (!claimed) return false;
  const reply = await ctx.slack.read(claimed.channel, claimed.ts);
  if (!reply.ok && reply.why !== 'refused') return true;
  const said = reply.ok ? reply.value.said : undefined;
  await within(ctx, async (ctx) => {
    // What cannot be read is no part of the story.
    const found = said ?? { text: '', author: '' };
    const [kept] = await ctx.db
      .update(incidentNotes)
      .set({ ...found, leaseUntil: null, ...(said ? {} : { removedAt: ctx.now() }) })
      .where(and(ofNote(ctx, claimed), isNull(incidentNotes.text)))
      .returning();
    const [incident] = await ctx.db
      .select()
      .from(incidents)
      .where(and(eq(incidents.workspace, ctx.workspace), eq(incidents.id, claimed.incidentId)));
    if (kept && incident && said)
      note(
        ctx,
        incident,
        claimed.keptBy,
        'message_kept',
        `added a message of <@${said.author}> to the story of incident ${incident.number}`,
      );
  });
  return true;
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
