import type { Context } from '../../../context.ts';
import type { Reply } from '../../../ports.ts';
import { house } from '../../incidents/visibility/queries.ts';
import type { Postmortem } from '../../postmortems/schema.ts';
import { canvasOf } from '../document.ts';
import { type Source, sourceOf } from '../queries.ts';
import { canvasRefused, canvasTried, canvasWritten, claimCanvas, lease } from './changes.ts';
import { troubleOf } from './rules.ts';

const againMs = 15_000;

/** Writes one canvas that is wanted: the same one again where there is one. False when none is due. */
export async function writeNextCanvas(ctx: Context): Promise<boolean> {
  const claimed = await claimCanvas(ctx);
  if (!claimed) return false;
  const source = await sourceOf(ctx, claimed.incidentId, house);
  const { incident } = source;
  const refuse = (trouble: Parameters<typeof canvasRefused>[3]) => canvasRefused(ctx, claimed, incident, trouble);
  if (incident.channel === null) await refuse({ trouble: 'channel', code: 'no_channel' });
  else {
    const reply = await stands(ctx, claimed, source, incident.channel);
    if (reply.ok) await canvasWritten(ctx, claimed, incident, reply.value.canvas);
    else if (reply.why === 'rate_limited') await lease(ctx, claimed, reply.retryAfterMs);
    else if (reply.why === 'unclear') await lease(ctx, claimed, againMs);
    else await refuse(known(reply.code));
  }
  return true;
}

const known = (code: string) =>
  code === ourOwn.open || code === ourOwn.unsure ? { trouble: code, code } : { trouble: troubleOf(code), code };
const ourOwn = { open: 'open', unsure: 'unsure' } as const;

/** Looks before it makes: one that was made while the answer got lost is found again. */
async function stands(
  ctx: Context,
  { canvas, canvasTried: wasTried, ...rest }: Postmortem,
  source: Source,
  channel: string,
): Promise<Reply<{ canvas: string }>> {
  const { heading, title, markdown } = canvasOf(source);
  const found = await ctx.slack.canvasIn(channel, heading);
  if (!found.ok) return found;
  if (source.incident.isPrivate && !found.value.isPrivate) return { ok: false, why: 'refused', code: ourOwn.open };
  const ours = canvas ?? (found.value.mine ? found.value.canvas : undefined);
  if (ours !== undefined) {
    const written = await ctx.slack.writeCanvas(ours, markdown);
    return written.ok ? { ok: true, value: { canvas: ours } } : written;
  }
  if (found.value.canvas === undefined) {
    const first = await ctx.slack.createCanvas({ channel, place: 'channel', title, markdown });
    // Somebody else was faster; the next look says whose it is.
    if (first.ok || first.why !== 'refused') return first;
    if (first.code === 'channel_canvas_already_exists') return { ok: false, why: 'unclear', detail: first.code };
    // Free plans may still have a tab.
    if (troubleOf(first.code) !== 'plan') return first;
  }
  // The channel's canvas is somebody else's. Nobody can look for a tab, so it is tried once.
  if (wasTried) return { ok: false, why: 'refused', code: ourOwn.unsure };
  await canvasTried(ctx, { canvas, canvasTried: wasTried, ...rest });
  const made = await ctx.slack.createCanvas({ channel, place: 'tab', title, markdown });
  return !made.ok && made.why === 'unclear' ? { ok: false, why: 'refused', code: ourOwn.unsure } : made;
}
