import { and, asc, eq, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { lockIncident } from '../../incidents/queries.ts';
import type { Incident } from '../../incidents/schema.ts';
import { ofPostmortem } from '../../postmortems/queries.ts';
import { type Postmortem, postmortems } from '../../postmortems/schema.ts';
import { cardKey, note } from '../../postmortems/store.ts';
import { type CanvasTrouble, mayHaveCanvas } from './rules.ts';
import { canvasMade, canvasTrouble } from './views.ts';

const leaseMs = 60_000;

/** From now on the canvas follows the post-mortem; it is written by a worker, outside of any transaction. */
export function wantCanvas(ctx: Context, incidentId: string, by: string) {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, incidentId, by);
    const [postmortem] = await ctx.db
      .select()
      .from(postmortems)
      .where(and(eq(postmortems.workspace, ctx.workspace), eq(postmortems.incidentId, incident.id)))
      .for('update');
    if (!postmortem)
      throw new Refusal(`Incident ${incident.number} has no post-mortem yet. Press *Start post-mortem* on its card.`);
    const channel = mayHaveCanvas(incident, postmortem);
    await set(ctx, postmortem, {
      canvasStep: 'wanted',
      canvasWish: postmortem.canvasWish + 1,
      canvasAskedBy: by,
    });
    if (postmortem.canvas === null)
      note(
        ctx,
        incident,
        by,
        'canvas_wanted',
        `asked for a canvas with the post-mortem of incident ${incident.number}`,
      );
    return { incident, channel, isThere: postmortem.canvas !== null };
  });
}

export function claimCanvas(ctx: Context): Promise<Postmortem | undefined> {
  return within(ctx, async (ctx) => {
    const [due] = await ctx.db
      .select()
      .from(postmortems)
      .where(
        and(
          eq(postmortems.workspace, ctx.workspace),
          eq(postmortems.canvasStep, 'wanted'),
          sql`(${postmortems.leaseUntil} is null or ${postmortems.leaseUntil} < ${ctx.clock})`,
        ),
      )
      .orderBy(asc(postmortems.startedAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!due) return undefined;
    await lease(ctx, due, leaseMs);
    return due;
  });
}

/** Not before then is it tried again. */
export async function lease(ctx: Context, { id }: Postmortem, forMs: number): Promise<void> {
  await ctx.db
    .update(postmortems)
    .set({ leaseUntil: sql`${ctx.clock} + make_interval(secs => ${forMs / 1000})` })
    .where(ofPostmortem(ctx, id));
}

/** On record before Slack is asked: whoever comes after a crash knows that there may be one. */
export async function canvasTried(ctx: Context, postmortem: Postmortem): Promise<void> {
  await set(ctx, postmortem, { canvasTried: true });
}

/** What was changed since it was read is written again. */
export function canvasWritten(ctx: Context, seen: Postmortem, incident: Incident, canvas: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const canvasStep = sql<'made'>`case when ${postmortems.canvasWish} = ${seen.canvasWish} then 'made' else 'wanted' end`;
    await ctx.db
      .update(postmortems)
      .set({ canvas, canvasStep, canvasTried: false, leaseUntil: null })
      .where(ofPostmortem(ctx, seen.id));
    if (seen.canvas !== null || incident.channel === null) return;
    note(ctx, incident, 'pitcrew', 'canvas_made', `wrote the post-mortem of incident ${incident.number} into a canvas`);
    await announce(
      ctx,
      `${cardKey(seen)}:canvas`,
      { channel: incident.channel, owner: seen.ownerId },
      canvasMade(incident),
    );
  });
}

export function canvasRefused(
  ctx: Context,
  seen: Postmortem,
  incident: Incident,
  { trouble, code }: { trouble: CanvasTrouble; code: string },
): Promise<void> {
  return within(ctx, async (ctx) => {
    ctx.log.warn({ incident: incident.number, code }, 'the canvas could not be written');
    const isGone = trouble === 'gone' ? { canvas: null } : {};
    await set(ctx, seen, { ...isGone, canvasStep: 'refused', canvasTried: false, leaseUntil: null });
    const key = `${cardKey(seen)}:canvas:refused:${seen.canvasWish}`;
    await announce(ctx, key, { channel: seen.canvasAskedBy ?? seen.ownerId }, canvasTrouble(incident, trouble, code));
  });
}

async function set(ctx: Context, { id }: Postmortem, to: Partial<Postmortem>): Promise<void> {
  await ctx.db.update(postmortems).set(to).where(ofPostmortem(ctx, id));
}
