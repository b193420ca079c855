import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { readable } from '../../../slack/mrkdwn.ts';
import { namesIn } from '../../teams/queries.ts';
import { incidentById, incidentIn, lockIncident } from '../queries.ts';
import type { Incident } from '../schema.ts';
import { note } from '../store.ts';
import { house } from '../visibility/queries.ts';
import { unreadable } from './views.ts';
import {
  type IncidentNote,
  incidentNotes,
  type LineTag,
  type NoteSource,
  noteWordings,
  timelineMarks,
} from './schema.ts';

/** The reaction that adds a message to the story. */
export const keepReaction = 'pushpin';
const mostTries = 5;
const leaseMs = 15_000;

export interface Place {
  readonly channel: string;
  readonly ts: string;
}
/** Undefined: it has still to be read. */
interface Said {
  readonly text: string;
  readonly author: string;
}

const ofNote = (ctx: Context, { incidentId, channel, ts }: Pick<IncidentNote, 'incidentId' | 'channel' | 'ts'>) =>
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
async function inWords(ctx: Context, text: string): Promise<string> {
  return readable(text, await namesIn(ctx, text));
}

function noteKept(ctx: Context, incident: Incident, by: string, author: string): void {
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

async function followed(ctx: Context, { incidentId, author }: IncidentNote, verb: string, did: string): Promise<void> {
  const incident = await incidentById(ctx, incidentId, house);
  note(ctx, incident, author ?? 'pitcrew', verb, `${did} a message in the story of incident ${incident.number}`);
}

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

/** What became of one try; `undefined`: nothing is left to read. */
export interface Read {
  readonly incidentId: string | undefined;
}

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
