import { and, count, eq, inArray } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { incidentById, milestonesOf, rolesOf } from '../../incidents/queries.ts';
import { timesOf } from '../../incidents/milestones.ts';
import type { Incident } from '../../incidents/schema.ts';
import { type TimelineLine, timelineOf } from '../../incidents/timeline/queries.ts';
import { house } from '../../incidents/visibility/queries.ts';
import { factorsOf, wholeOf } from '../queries.ts';
import { commitments, type Postmortem, sectionVersions } from '../schema.ts';
import { fairnessRules, type NudgeOutcome, nudges } from './schema.ts';
import type { Structure } from './structure.ts';
import { type AskId, askIds } from './words.ts';

/** Which rules do not ask in this workspace. */
export async function offRules(ctx: Context): Promise<AskId[]> {
  const rows = await ctx.db
    .select()
    .from(fairnessRules)
    .where(and(eq(fairnessRules.workspace, ctx.workspace), eq(fairnessRules.isOff, true)));
  return askIds.filter((id) => rows.some(({ rule }) => rule === id));
}

function ofDocument(ctx: Context, postmortemId: string) {
  return and(eq(nudges.workspace, ctx.workspace), eq(nudges.postmortemId, postmortemId));
}

export async function dismissedIn(ctx: Context, postmortemId: string) {
  return await ctx.db
    .select({ rule: nudges.rule, place: nudges.place })
    .from(nudges)
    .where(and(ofDocument(ctx, postmortemId), eq(nudges.outcome, 'dismissed')));
}

/** What was asked, and nobody said or changed anything since. */
export function isStanding(ctx: Context, postmortemId: string) {
  return and(ofDocument(ctx, postmortemId), inArray(nudges.outcome, ['asked', 'kept']));
}

export async function standingNudges(ctx: Context, postmortemId: string) {
  return await ctx.db
    .select({ rule: nudges.rule, place: nudges.place })
    .from(nudges)
    .where(isStanding(ctx, postmortemId));
}

export type Tally = Readonly<Record<NudgeOutcome, number>>;

/** How often each rule asked in this workspace, by what became of it: numbers only. */
export async function tallies(ctx: Context): Promise<ReadonlyMap<string, Tally>> {
  const rows = await ctx.db
    .select({ rule: nudges.rule, outcome: nudges.outcome, times: count() })
    .from(nudges)
    .where(eq(nudges.workspace, ctx.workspace))
    .groupBy(nudges.rule, nudges.outcome);
  const none: Tally = { asked: 0, edited: 0, kept: 0, dismissed: 0 };
  const all = new Map<string, Tally>();
  for (const { rule, outcome, times } of rows) all.set(rule, { ...(all.get(rule) ?? none), [outcome]: times });
  return all;
}

/** What stands on record of one post-mortem now, for the checks. */
export async function structureOf(ctx: Context, postmortem: Postmortem): Promise<Structure> {
  const incident = await incidentById(ctx, postmortem.incidentId, house);
  const { sections, factors, commitments } = await wholeOf(ctx, postmortem);
  const timeline = await timelineOf(ctx, incident, ctx.now());
  const { detected } = timesOf(await milestonesOf(ctx, incident.id));
  const resolvedAt = incident.resolvedAt ?? undefined;
  return {
    factors,
    sections,
    commitments: commitments.filter(({ state }) => state !== 'waived' && state !== 'declined'),
    timeline: timeline.filter(({ isHidden }) => !isHidden),
    detectedAt: detected,
    resolvedAt,
    writers: await writersOf(ctx, postmortem.id),
    active: await activeIn(ctx, incident, timeline),
    facilitator: postmortem.facilitatorId ?? undefined,
    isImpactMeasured: sections.impact_basis ? sections.impact_basis === 'measured' : undefined,
    // While they are awaited they are not in; otherwise nobody said.
    areLabelsIn: postmortem.labelsRemindAt ? postmortem.labelsRemindAt <= ctx.now() : undefined,
    reviewAt: reviewOf(postmortem, timeline, resolvedAt) ?? ctx.now(),
    dueAt: postmortem.dueAt,
  };
}

/** Who had a role in it, or did or said something between its detection and its end. */
export async function activeIn(ctx: Context, incident: Incident, timeline: readonly TimelineLine[]): Promise<string[]> {
  const { detected, declared } = timesOf(await milestonesOf(ctx, incident.id));
  const since = detected ?? declared ?? incident.declaredAt;
  const acted = timeline.filter(
    ({ at, what }) =>
      at >= since && (incident.resolvedAt === null || at <= incident.resolvedAt) && !isLookingBack(what),
  );
  const inRoles = (await rolesOf(ctx, incident.id)).flatMap(({ holder }) => holder ?? []);
  return [...new Set([...inRoles, ...acted.map(({ who }) => who)])].filter(isPerson);
}

const isLookingBack = (what: string) => /^(?:postmortem|commitment)\./.test(what);
/** Machines have names in small letters. */
const isPerson = (who: string) => /^[A-Z0-9]{3,}$/.test(who);

/** When it was talked through, else when that was asked for; what was before the end counts no more. */
function reviewOf({ meetingAt }: Postmortem, timeline: readonly TimelineLine[], resolvedAt: Date | undefined) {
  const askedAt = timeline.findLast(({ what }) => what === 'postmortem.in_review')?.at;
  return [meetingAt, askedAt].find((at) => at && (resolvedAt === undefined || at >= resolvedAt)) ?? undefined;
}

async function writersOf(ctx: Context, postmortemId: string): Promise<string[]> {
  const wrote = await ctx.db
    .selectDistinct({ by: sectionVersions.by })
    .from(sectionVersions)
    .where(and(eq(sectionVersions.workspace, ctx.workspace), eq(sectionVersions.postmortemId, postmortemId)));
  const promised = await ctx.db
    .selectDistinct({ by: commitments.madeBy })
    .from(commitments)
    .where(and(eq(commitments.workspace, ctx.workspace), eq(commitments.postmortemId, postmortemId)));
  const factors = await factorsOf(ctx, postmortemId);
  return [...new Set([...wrote, ...promised, ...factors].map(({ by }) => by))].filter(isPerson);
}
