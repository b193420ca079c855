import { type Context, within } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { nextNumber } from '../installations/store.ts';
import { modelById } from '../models/queries.ts';
import { atWorkIn, teamById } from '../teams/queries.ts';
import { lacking, type Times, timesOf } from './milestones.ts';
import { justResolved, lockIncident, milestonesOf, openWithKey, rolesOf, standingAgainst } from './queries.ts';
import {
  checkReason,
  flapMs,
  beginsByItself,
  keyOf,
  mayCancel,
  mayClose,
  mayChangeSeverity,
  mayConfirm,
  mayMitigate,
  mayReopen,
  mayResolve,
  nextAsk,
  reviewAfterDays,
  worseOf,
} from './rules.ts';
import {
  type CancelReason,
  type Incident,
  type IncidentKind,
  incidents,
  type MilestoneName,
  type Severity,
} from './schema.ts';
import { planArchiving, stayOpen } from './archiving/changes.ts';
import { endDrills } from './drills/changes.ts';
import { freeze } from './frozen/changes.ts';
import { keepFurtherModels } from './models/changes.ts';
import { noticesOf } from './notices/queries.ts';
import { tellEnd } from './notices/views.ts';
import { cardKey, change, dropMilestone, note, say, setMilestone, tell, turn } from './store.ts';
import { keepPeople } from './visibility/changes.ts';

export interface Declaration {
  readonly modelId: string;
  /** Others that are affected, too. */
  readonly furtherModels?: readonly string[];
  readonly kind?: IncidentKind;
  /** Not sure yet: it waits in triage until somebody confirms it. */
  readonly isSuspected?: boolean;
  /** Only these and whoever declares it see it: anywhere, for good. */
  readonly onlyFor?: readonly string[] | undefined;
  readonly title: string;
  readonly summary: string;
  readonly severity: Severity;
  readonly version: string | null;
  readonly alertId?: string;
  readonly dedupeKey?: string;
  readonly evidence: string;
  readonly onset: Date;
  /** When a machine or a person first saw it; now unless said. */
  readonly detectedAt?: Date | undefined;
}

export interface Declared {
  readonly incident: Incident;
  /** False: the same was open already, and this report was added to it. */
  readonly isNew: boolean;
}

/** One open incident for a key: what is reported again is added to it, or opens it again soon after its end. */
export function declare(ctx: Context, input: Declaration, by: string): Promise<Declared> {
  return within(ctx, async (ctx) => {
    const dedupeKey = keyOf(input);
    const known = dedupeKey === undefined ? undefined : await sameAsBefore(ctx, dedupeKey, by);
    if (known) return { incident: known, isNew: false };
    const { isSuspected, detectedAt, onlyFor, furtherModels = [], ...said } = input;
    const now = ctx.now();
    const kind = said.kind ?? 'incident';
    const [incident] = await ctx.db
      .insert(incidents)
      .values({
        ...said,
        dedupeKey,
        workspace: ctx.workspace,
        worst: said.severity,
        number: await nextNumber(ctx, 'incident'),
        state: isSuspected ? 'triage' : 'active',
        isPrivate: onlyFor !== undefined,
        declaredBy: by,
        declaredAt: now,
        askAt: kind === 'backfill' ? null : nextAsk(said.severity, false, now),
        channelStep: kind === 'backfill' ? 'unwanted' : 'wanted',
      })
      .onConflictDoNothing()
      .returning();
    if (!incident) {
      // Somebody else declared it under this key just now.
      const first = dedupeKey === undefined ? undefined : await sameAsBefore(ctx, dedupeKey, by);
      if (!first) throw new Error('the incident was not kept');
      return { incident: first, isNew: false };
    }
    if (onlyFor) await keepPeople(ctx, incident, [by, ...onlyFor], by);
    const source = input.alertId ? 'alert' : 'inferred';
    await setMilestone(ctx, incident, { name: 'onset', at: input.onset, source, by });
    // What is told of the past was never meant to arrive at once.
    const receivedAt = detectedAt && kind !== 'backfill' ? now : undefined;
    await setMilestone(ctx, incident, { name: 'detected', at: detectedAt ?? now, source, by, receivedAt });
    await setMilestone(ctx, incident, { name: 'declared', at: now, source: 'system', by });
    if (kind !== 'backfill') await freeze(ctx, incident, 'declared');
    note(ctx, incident, by, 'declared', `declared incident ${incident.number}: ${incident.title}`);
    if (furtherModels.length > 0) await keepFurtherModels(ctx, incident, furtherModels, by);
    await endDrills(ctx, incident);
    return { incident: await tell(ctx, incident), isNew: true };
  });
}

async function sameAsBefore(ctx: Context, dedupeKey: string, by: string): Promise<Incident | undefined> {
  const open = await openWithKey(ctx, dedupeKey);
  if (open) return await tell(ctx, await change(ctx, open, { repeats: open.repeats + 1 }));
  const ended = await justResolved(ctx, dedupeKey, new Date(ctx.now().getTime() - flapMs));
  return ended && (await openAgain(ctx, ended, 'the same was reported again', by));
}

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
async function openAgain(ctx: Context, before: Incident, reason: string, by: string): Promise<Incident> {
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

/** Puts times right; each change says what it was before. `times` holds what shall stand; what is missing is unknown. */
export function correctTimes(
  ctx: Context,
  id: string,
  names: readonly MilestoneName[],
  times: Times,
  by: string,
  isOnsetUnknown = false,
) {
  if (isOnsetUnknown && times.onset)
    throw new Refusal('Nobody can know it, and here it stands. Leave the best guess empty.', { field: 'onset' });
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, id, by);
    const before = new Map((await milestonesOf(ctx, id)).map(({ name, at }) => [name, at]));
    for (const name of names) {
      const [was, at] = [before.get(name), times[name]];
      // A minute is what the form shows: a time that reads the same is left as it is.
      if (Math.floor((was?.getTime() ?? 0) / 60_000) === Math.floor((at?.getTime() ?? 0) / 60_000)) continue;
      await (at ? setMilestone(ctx, incident, { name, at, source: 'human', by }) : dropMilestone(ctx, incident, name));
      const said = `${was?.toISOString() ?? 'not known'} → ${at?.toISOString() ?? 'not known'}`;
      note(ctx, incident, by, 'time_corrected', `incident ${incident.number}: ${name.replaceAll('_', ' ')} ${said}`);
    }
    if (isOnsetUnknown && !incident.isOnsetUnknown)
      note(ctx, incident, by, 'time_corrected', `incident ${incident.number}: nobody can know when it began`);
    const onset = times.onset ?? incident.onset;
    return await tell(ctx, await change(ctx, incident, { onset, isOnsetUnknown }));
  });
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
    mayClose(before, lacking(timesOf(await milestonesOf(ctx, id)), before.isOnsetUnknown));
    return await closed(ctx, before, by, `closed incident ${before.number} without a post-mortem`);
  });
}

async function closed(ctx: Context, incident: Incident, by: string, said: string): Promise<Incident> {
  const after = await turn(ctx, incident, { state: 'closed', askAt: null }, by, 'closed', said);
  await planArchiving(ctx, after);
  return after;
}
