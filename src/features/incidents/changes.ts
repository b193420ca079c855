import { type Context, within } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { modelById } from '../models/queries.ts';
import { atWorkIn, teamById } from '../teams/queries.ts';
import { planArchiving, stayOpen } from './archiving/changes.ts';
import { endDrills } from './drills/changes.ts';
import { freeze } from './frozen/changes.ts';
import { lacking, timesOf } from './milestones.ts';
import { noticesOf } from './notices/queries.ts';
import { tellEnd } from './notices/views.ts';
import { lockIncident, milestonesOf, openWithKey, rolesOf, standingAgainst } from './queries.ts';
import {
  beginsByItself,
  checkReason,
  mayCancel,
  mayChangeSeverity,
  mayClose,
  mayConfirm,
  mayMitigate,
  mayReopen,
  mayResolve,
  nextAsk,
  reviewAfterDays,
  worseOf,
} from './rules.ts';
import type { CancelReason, Incident, Severity } from './schema.ts';
import { cardKey, dropMilestone, say, setMilestone, turn } from './store.ts';

export function confirm(ctx: Context, id: string, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const before = await lockIncident(ctx, id, by);
    mayConfirm(before);
    const after = await turn(ctx, before, { state: 'active' }, by, 'confirmed', `confirmed incident ${before.number}`);
    await endDrills(ctx, after);
    return after;
  });
}

export function cancel(ctx: Context, id: string, why: CancelReason, words: string, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const before = await lockIncident(ctx, id, by);
    mayCancel(before);
    checkReason(words, 'words');
    const to = { state: 'cancelled', cancelReason: why, resolution: words, endedBy: by, askAt: null } as const;
    return await turn(
      ctx,
      before,
      to,
      by,
      'cancelled',
      `called off incident ${before.number} (${why.replaceAll('_', ' ')}): ${words}`,
    );
  });
}

/** The impact has stopped: as far as a rollback is part of it, only what was seen counts. */
export function mitigate(ctx: Context, id: string, how: string, inSpite: string, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const before = await lockIncident(ctx, id, by);
    mayMitigate(before, await standingAgainst(ctx, before), inSpite);
    await setMilestone(ctx, before, { name: 'mitigated', at: ctx.now(), source: 'human', by });
    const said = `said that the impact of incident ${before.number} has stopped: ${spite(how, inSpite)}`;
    return await turn(ctx, before, { state: 'mitigated' }, by, 'mitigated', said);
  });
}

export function resolve(ctx: Context, id: string, resolution: string, inSpite: string, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const before = await lockIncident(ctx, id, by);
    const now = ctx.now();
    mayResolve(before, await standingAgainst(ctx, before), inSpite, now);
    await setMilestone(ctx, before, { name: 'resolved', at: now, source: 'human', by });
    if (before.kind !== 'backfill') await freeze(ctx, before, 'resolved');
    const { teamId } = await modelById(ctx, before.modelId);
    const reviewAt = beginsByItself(before) ? await atWorkIn(ctx, teamId, reviewAfterDays) : null;
    const to = { state: 'resolved', endedBy: by, resolvedAt: now, resolution, askAt: null, reviewAt } as const;
    const said = `resolved incident ${before.number}: ${spite(resolution, inSpite)}`;
    const after = await turn(ctx, before, to, by, 'resolved', said);
    const told = await noticesOf(ctx, id);
    if (told.length > 0) await say(ctx, after, `${cardKey(after)}:end:${after.revision}`, tellEnd(after, told.length));
    return after;
  });
}

const spite = (words: string, inSpite: string) =>
  inSpite === '' ? words : `${words} (in spite of what stood against it: ${inSpite})`;

export function reopen(ctx: Context, id: string, reason: string, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const before = await lockIncident(ctx, id, by);
    mayReopen(before);
    checkReason(reason);
    const other = before.dedupeKey === null ? undefined : await openWithKey(ctx, before.dedupeKey);
    if (other && other.id !== id)
      throw new Refusal(`Incident ${other.number} is open for the same alert. Work there: it is the same thing.`);
    return await openAgain(ctx, before, reason, by);
  });
}

/** Onset, detection and who was first on it stay; what was mitigated or resolved is so no longer. */
export async function openAgain(ctx: Context, before: Incident, reason: string, by: string): Promise<Incident> {
  for (const name of ['mitigated', 'resolved'] as const) await dropMilestone(ctx, before, name);
  const isLed = (await rolesOf(ctx, before.id)).some(({ role, holder }) => role === 'commander' && holder !== null);
  const to = {
    ...(await stayOpen(ctx, before)),
    state: 'active',
    endedBy: null,
    resolvedAt: null,
    resolution: null,
    reviewAt: null,
    reopenCount: before.reopenCount + 1,
    askAt: nextAsk(before.severity, isLed, ctx.now()),
  } as const;
  const after = await turn(ctx, before, to, by, 'reopened', `reopened incident ${before.number}: ${reason}`);
  await endDrills(ctx, after);
  return after;
}

export function changeSeverity(ctx: Context, id: string, to: Severity, reason: string, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const before = await lockIncident(ctx, id, by);
    const model = await modelById(ctx, before.modelId);
    const { leadId } = await teamById(ctx, model.teamId);
    const leads = (await rolesOf(ctx, id)).some(({ role, holder }) => role === 'commander' && holder === by);
    mayChangeSeverity(before, to, { isInCharge: leads || [model.ownerId, leadId].includes(by), reason });
    const said = `made incident ${before.number} a ${to.toUpperCase()}, it was a ${before.severity.toUpperCase()}`;
    return await turn(
      ctx,
      before,
      { severity: to, worst: worseOf(before.worst, to) },
      by,
      'severity_changed',
      `${said}${reason === '' ? '' : `: ${reason}`}`,
    );
  });
}

/** The post-mortem was begun. */
export async function beginReview(ctx: Context, incident: Incident, by: string): Promise<Incident> {
  return await turn(
    ctx,
    incident,
    { state: 'reviewing', reviewAt: null },
    by,
    'reviewing',
    `began to look back at incident ${incident.number}`,
  );
}

/** Its post-mortem was closed, or is not needed. */
export async function closeAfterReview(ctx: Context, incident: Incident, by: string): Promise<Incident> {
  if (incident.state !== 'reviewing') return incident;
  return await closed(ctx, incident, by, `closed incident ${incident.number}`);
}

/** A small one, or a drill: nobody has to write a post-mortem. */
export function close(ctx: Context, id: string, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const before = await lockIncident(ctx, id, by);
    // Of a test nothing is counted.
    const isCounted = before.kind !== 'test';
    mayClose(before, isCounted ? lacking(timesOf(await milestonesOf(ctx, id)), before.isOnsetUnknown) : []);
    return await closed(ctx, before, by, `closed incident ${before.number} without a post-mortem`);
  });
}

async function closed(ctx: Context, incident: Incident, by: string, said: string): Promise<Incident> {
  const after = await turn(ctx, incident, { state: 'closed', askAt: null }, by, 'closed', said);
  await planArchiving(ctx, after);
  return after;
}
