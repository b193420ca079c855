import { and, eq, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { record } from '../../../ledger/ledger.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce, leaveBehind } from '../../../messages/announce.ts';
import type { Reply } from '../../../ports.ts';
import { modelById } from '../../models/queries.ts';
import { isLead } from '../../teams/queries.ts';
import { mayEdit } from '../../teams/store.ts';
import { incidentById, lockIncident, ofIncident } from '../queries.ts';
import { type Incident, incidents } from '../schema.ts';
import { cardKey, note, say, tell } from '../store.ts';
import { house } from '../visibility/queries.ts';
import { archiveRulesFor, lockArchival, nextArchival, ofArchival } from './queries.ts';
import { dayMs, daysFor, mayKeep, plannedFor } from './rules.ts';
import { type Archival, archivals, archiveRules, everywhere } from './schema.ts';
import { archiveWarning, keptMessage, movedMessage, refusedMessage, staysMessage } from './views.ts';

const leaseMs = 30_000;

/** `days` undefined: nothing is said for this scope any more. */
export function setArchiveRule(ctx: Context, scope: string, days: number | undefined, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    if (scope !== everywhere) await mayEdit(ctx, scope, by);
    else if (!(await isLead(ctx, by)))
      throw new Refusal('Only who leads a team sets this for the whole workspace.', { field: 'scope' });
    const set = { days: days ?? 0, setBy: by, setAt: ctx.now() };
    await (days === undefined
      ? ctx.db.delete(archiveRules).where(and(eq(archiveRules.workspace, ctx.workspace), eq(archiveRules.scope, scope)))
      : ctx.db
          .insert(archiveRules)
          .values({ workspace: ctx.workspace, scope, ...set })
          .onConflictDoUpdate({ target: [archiveRules.workspace, archiveRules.scope], set }));
    const said = days === undefined ? 'as the workspace does' : days === 0 ? 'never' : `after ${days} days`;
    const summary = `channels of closed incidents are archived ${said}`;
    record(ctx, { who: by, what: 'incident.archive_rule', subject: `archive:${scope}`, summary });
  });
}

/** Once it is closed. Where nobody asked for it nothing happens. */
export async function planArchiving(ctx: Context, { id, modelId, channel, channelStep }: Incident): Promise<void> {
  const days = channel === null || channelStep === 'archived' ? undefined : await daysOf(ctx, modelId);
  if (days === undefined || channel === null) return;
  const planned = { channel, ...plannedFor(ctx.now(), days), step: 'planned', keptBy: null, leaseUntil: null } as const;
  await ctx.db
    .insert(archivals)
    .values({ workspace: ctx.workspace, incidentId: id, ...planned })
    .onConflictDoUpdate({ target: [archivals.workspace, archivals.incidentId], set: planned });
}

async function daysOf(ctx: Context, modelId: string): Promise<number | undefined> {
  const { teamId } = await modelById(ctx, modelId);
  return daysFor(await archiveRulesFor(ctx, teamId), teamId);
}

export function keepChannel(ctx: Context, incidentId: string, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, incidentId, by);
    const archival = await lockArchival(ctx, incidentId);
    mayKeep(incident, archival, ctx.now());
    await set(ctx, incidentId, { step: 'kept', keptBy: by });
    note(ctx, incident, by, 'channel_kept', `keeps the channel of incident ${incident.number}`);
    if (archival?.step === 'warned') await inRoom(ctx, incident, archival, keptMessage(by));
  });
}

/** What an incident that goes on needs: a channel that is archived is opened again by the worker that builds channels. */
export async function stayOpen(ctx: Context, incident: Incident): Promise<Partial<Incident>> {
  const archival = await lockArchival(ctx, incident.id);
  if (archival?.step === 'warned') await inRoom(ctx, incident, archival, staysMessage('reopened'));
  if (archival) await ctx.db.delete(archivals).where(ofArchival(ctx, incident.id));
  return incident.channelStep === 'archived' ? { channelStep: 'restoring' } : {};
}

/** Warns of one, or archives one; false when none is due. */
export async function archiveNext(ctx: Context): Promise<boolean> {
  const due = await within(ctx, (ctx) => claim(ctx));
  if (due === undefined) return false;
  if (due === 'warned') return true;
  const reply = await ctx.slack.archive(due.channel);
  await within(ctx, (ctx) => settle(ctx, due, reply));
  return true;
}

async function claim(ctx: Context): Promise<Archival | 'warned' | undefined> {
  const due = await nextArchival(ctx);
  if (!due) return undefined;
  const incident = await incidentById(ctx, due.incidentId, house);
  if (incident.state !== 'closed' || (await daysOf(ctx, incident.modelId)) === undefined) {
    if (due.step === 'warned') await inRoom(ctx, incident, due, staysMessage('rule'));
    await ctx.db.delete(archivals).where(ofArchival(ctx, due.incidentId));
    return 'warned';
  }
  if (due.step === 'planned') {
    // Late or not, there is a whole day to say no.
    const archiveAt = new Date(Math.max(due.archiveAt.getTime(), ctx.now().getTime() + dayMs));
    await set(ctx, due.incidentId, { step: 'warned', archiveAt });
    await inRoom(ctx, incident, due, archiveWarning(incident, { archiveAt }));
    return 'warned';
  }
  await set(ctx, due.incidentId, { leaseUntil: sql`${ctx.clock} + make_interval(secs => ${leaseMs / 1000})` });
  return due;
}

/** What Slack said; done twice it is archived once. */
async function settle(ctx: Context, due: Archival, reply: Reply<object>): Promise<void> {
  if (!reply.ok && reply.why !== 'refused') {
    ctx.log.warn({ channel: due.channel, why: reply.why }, 'a channel is not archived yet; trying again soon');
    return;
  }
  const incident = await lockIncident(ctx, due.incidentId, house);
  const now = await lockArchival(ctx, due.incidentId);
  const isWanted = now?.step === 'warned' && incident.state === 'closed';
  if (!reply.ok) {
    if (!isWanted) return;
    await set(ctx, due.incidentId, { step: 'refused', leaseUntil: null });
    return await inRoom(ctx, incident, due, refusedMessage(reply.code));
  }
  if (isWanted) await set(ctx, due.incidentId, { step: 'archived', leaseUntil: null });
  // Somebody opened the incident again while Slack was asked: then the channel is opened again, too.
  const channelStep = incident.state === 'closed' ? 'archived' : 'restoring';
  await ctx.db.update(incidents).set({ channelStep, leaseUntil: null }).where(ofIncident(ctx, incident.id));
  note(ctx, incident, 'pitcrew', 'channel_archived', `archived the channel of incident ${incident.number}`);
  await tell(ctx, { ...incident, channelStep });
}

/** It cannot be opened again: the incident goes on in a new one, and everybody reads where. */
export function moveOut(ctx: Context, { id, channel: old }: Incident): Promise<void> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, id, house);
    if (old === null || incident.channel !== old) return;
    await leaveBehind(ctx, old);
    const moved = { channel: null, channelStep: 'wanted', isPinned: false, leaseUntil: null } as const;
    await ctx.db.update(incidents).set(moved).where(ofIncident(ctx, id));
    note(ctx, incident, 'pitcrew', 'channel_left', `incident ${incident.number} goes on in a new channel`);
    const after = { ...incident, ...moved };
    await say(ctx, after, `${cardKey(after)}:moved:${old}`, movedMessage(after, old));
  });
}

/** Under one key for one plan, so that the warning itself says what became of it. */
async function inRoom(
  ctx: Context,
  incident: Incident,
  { channel, warnAt }: Archival,
  said: Parameters<typeof announce>[3],
) {
  await announce(ctx, `${cardKey(incident)}:archive:${warnAt.getTime()}`, { channel }, said);
}

async function set(ctx: Context, incidentId: string, to: Partial<Archival> | { leaseUntil: ReturnType<typeof sql> }) {
  await ctx.db.update(archivals).set(to).where(ofArchival(ctx, incidentId));
}
