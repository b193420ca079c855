import { and, eq, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { linesAbout } from '../../../ledger/ledger.ts';
import { family } from '../queries.ts';
import type { Incident } from '../schema.ts';
import { type IncidentNote, incidentNotes, type LineTag, type TimelineMark, timelineMarks } from './schema.ts';

/** How long before the onset the timeline begins: what was changed shortly before is part of the story. */
const lookBackMs = 24 * 3_600_000;

/** Who kept or changed a line is on record, and no part of the story. */
const aboutItself = new Set(
  ['message_kept', 'message_edited', 'message_removed', 'curated'].map((verb) => `incident.${verb}`),
);

/** One line as people want it to stand. */
export interface TimelineLine {
  /** `ledger:12` or `note:C1:1700000000.000100`. */
  readonly line: string;
  readonly at: Date;
  readonly who: string;
  /** The verb of the ledger; `message` where somebody said it. */
  readonly what: string;
  readonly text: string;
  readonly tag: LineTag | undefined;
  /** A link to what shows it. */
  readonly evidence: string | null;
  readonly isHidden: boolean;
  /** Not as it was: somebody gave it another title or time, or its author changed the message. */
  readonly isChanged: boolean;
  /** When somebody last said how it is to stand, in milliseconds; null: nobody did. */
  readonly markedAt: number | null;
}

/** The ledger and what was chosen from the channel, up to then, each at its own time, as it was curated. */
export async function timelineOf(ctx: Context, incident: Incident, until: Date): Promise<TimelineLine[]> {
  const about = { modelId: incident.modelId, subject: `incident:${incident.id}` };
  const since = new Date(incident.onset.getTime() - lookBackMs);
  const [lines, notes, marks] = [
    await linesAbout(ctx, about, since, until),
    await notesOf(ctx, incident.id),
    await marksOf(ctx, incident.id),
  ];
  const all = [
    ...lines
      .filter(({ what }) => !aboutItself.has(what))
      .map(({ seq, at, who, what, summary }) => ({
        line: `ledger:${seq}`,
        at,
        who,
        what,
        text: summary,
        edits: 0,
      })),
    ...notes.map(noted),
  ];
  return all
    .map(({ edits, ...each }) => {
      const mark = marks.get(each.line);
      return {
        ...each,
        at: mark?.at ?? each.at,
        text: mark?.title ?? each.text,
        tag: mark?.tag ?? undefined,
        evidence: mark?.evidence ?? null,
        isHidden: mark?.isHidden ?? false,
        isChanged: edits > 0 || Boolean(mark?.title ?? mark?.at),
        markedAt: mark?.setAt.getTime() ?? null,
      };
    })
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function noted({ channel, ts, at, author, text, edits, redactedAt, source }: IncidentNote) {
  const said = source === 'command' ? (text ?? '') : `said "${text ?? ''}"`;
  return {
    line: `note:${channel}:${ts}`,
    at,
    who: author ?? '',
    what: 'message',
    text: redactedAt ? 'said something, and removed it since' : said,
    edits,
  };
}

/** What was chosen and read; of what its author removed, that there was something. */
function notesOf(ctx: Context, incidentId: string): Promise<IncidentNote[]> {
  return ctx.db
    .select()
    .from(incidentNotes)
    .where(
      and(
        eq(incidentNotes.workspace, ctx.workspace),
        sql`${incidentNotes.incidentId} in (${family(ctx, incidentId)})`,
        isNull(incidentNotes.removedAt),
        or(ne(incidentNotes.text, ''), isNotNull(incidentNotes.redactedAt)),
      ),
    );
}

async function marksOf(ctx: Context, incidentId: string): Promise<Map<string, TimelineMark>> {
  const rows = await ctx.db
    .select()
    .from(timelineMarks)
    .where(and(eq(timelineMarks.workspace, ctx.workspace), eq(timelineMarks.incidentId, incidentId)));
  return new Map(rows.map((row) => [row.line, row]));
}
