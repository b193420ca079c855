import { and, asc, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { incidentById } from '../incidents/queries.ts';
import { incidents } from '../incidents/schema.ts';
import { type TimelineLine, timelineOf } from '../incidents/timeline/queries.ts';
import { house, type Viewer, visibleTo } from '../incidents/visibility/queries.ts';
import { lastMoves } from '../releases/queries.ts';
import { modelById } from '../models/queries.ts';
import { membersOf } from '../teams/queries.ts';
import { moveWords, type SectionName, type Sections } from './draft.ts';
import type { Whole } from './rules.ts';
import {
  type Commitment,
  commitments,
  type Factor,
  factors,
  type Postmortem,
  postmortems,
  type SectionVersion,
  sectionVersions,
} from './schema.ts';

export function ofPostmortem(ctx: Context, id: string) {
  return and(eq(postmortems.workspace, ctx.workspace), eq(postmortems.id, id));
}

/** Of an incident that the viewer may see; of any other it does not exist. */
export async function postmortemById(ctx: Context, id: string, viewer: Viewer): Promise<Postmortem> {
  const [found] = await seen(ctx, id, viewer);
  if (!found) throw new Refusal('That post-mortem is gone.');
  return found.postmortem;
}

export async function lockPostmortem(ctx: Context, id: string, viewer: Viewer): Promise<Postmortem> {
  const [found] = await seen(ctx, id, viewer).for('update', { of: postmortems });
  if (!found) throw new Refusal('That post-mortem is gone.');
  return found.postmortem;
}

function seen(ctx: Context, id: string, viewer: Viewer) {
  return ctx.db
    .select({ postmortem: postmortems })
    .from(postmortems)
    .innerJoin(incidents, and(eq(incidents.workspace, postmortems.workspace), eq(incidents.id, postmortems.incidentId)))
    .where(and(ofPostmortem(ctx, id), visibleTo(ctx, viewer)))
    .$dynamic();
}

/** The newest wording of each section that was ever written. */
export function standing(ctx: Context, postmortemId: string): Promise<SectionVersion[]> {
  return ctx.db
    .selectDistinctOn([sectionVersions.section])
    .from(sectionVersions)
    .where(and(eq(sectionVersions.workspace, ctx.workspace), eq(sectionVersions.postmortemId, postmortemId)))
    .orderBy(asc(sectionVersions.section), desc(sectionVersions.revision));
}

/** The same of some sections of many, by post-mortem. */
export async function standingIn(
  ctx: Context,
  ids: readonly string[],
  names: readonly SectionName[],
): Promise<ReadonlyMap<string, readonly SectionVersion[]>> {
  const newest = await ctx.db
    .selectDistinctOn([sectionVersions.postmortemId, sectionVersions.section])
    .from(sectionVersions)
    .where(
      and(
        eq(sectionVersions.workspace, ctx.workspace),
        inArray(sectionVersions.postmortemId, [...ids]),
        inArray(sectionVersions.section, [...names]),
      ),
    )
    .orderBy(sectionVersions.postmortemId, sectionVersions.section, desc(sectionVersions.revision));
  return Map.groupBy(newest, ({ postmortemId }) => postmortemId);
}

export async function sectionsOf(ctx: Context, postmortemId: string): Promise<Sections> {
  return Object.fromEntries((await standing(ctx, postmortemId)).map(({ section, text }) => [section, text]));
}

export async function wordingOf(ctx: Context, of: { postmortemId: string; section: SectionName; revision: number }) {
  const [found] = await ctx.db
    .select()
    .from(sectionVersions)
    .where(
      and(
        eq(sectionVersions.workspace, ctx.workspace),
        eq(sectionVersions.postmortemId, of.postmortemId),
        eq(sectionVersions.section, of.section),
        eq(sectionVersions.revision, of.revision),
      ),
    );
  return found?.text ?? '';
}

export function factorsOf(ctx: Context, postmortemId: string): Promise<Factor[]> {
  return ctx.db
    .select()
    .from(factors)
    .where(and(eq(factors.workspace, ctx.workspace), eq(factors.postmortemId, postmortemId), isNull(factors.removedAt)))
    .orderBy(asc(factors.at));
}

function commitmentsOf(ctx: Context, postmortemId: string): Promise<Commitment[]> {
  return ctx.db
    .select()
    .from(commitments)
    .where(and(eq(commitments.workspace, ctx.workspace), eq(commitments.postmortemId, postmortemId)))
    .orderBy(asc(commitments.number));
}

export async function wholeOf(ctx: Context, { id, incidentId, facilitatorId }: Postmortem): Promise<Whole> {
  return {
    facilitatorId,
    severity: (await incidentById(ctx, incidentId, house)).severity,
    sections: await sectionsOf(ctx, id),
    factors: await factorsOf(ctx, id),
    commitments: await commitmentsOf(ctx, id),
  };
}

/** What stands in the timeline as a decision. */
export async function decisionsIn(ctx: Context, { incidentId }: Postmortem): Promise<TimelineLine[]> {
  const incident = await incidentById(ctx, incidentId, house);
  const all = await timelineOf(ctx, incident, ctx.now());
  return all.filter(({ tag, isHidden }) => tag === 'decision' && !isHidden);
}

const triggerMs = 7 * 24 * 3_600_000;
const mostMoves = 15;

/** Moves of the alias in the week before it began, the last first, in words that fit a choice. */
export async function movesUntil(ctx: Context, { incidentId }: Postmortem): Promise<string[]> {
  const { modelId, onset } = await incidentById(ctx, incidentId, house);
  const { environment } = await modelById(ctx, modelId);
  const since = new Date(onset.getTime() - triggerMs);
  const moves = await lastMoves(ctx, { modelId, environment }, { since, until: onset }, mostMoves);
  return moves.map(moveWords);
}

/** Of the people in the team whose model it is about: whom a factor might be mistaken for. */
export async function namesAround(ctx: Context, postmortemId: string): Promise<string[]> {
  const { incidentId } = await postmortemById(ctx, postmortemId, house);
  const { modelId } = await incidentById(ctx, incidentId, house);
  const { teamId } = await modelById(ctx, modelId);
  return (await membersOf(ctx, teamId)).map(({ person }) => person.name);
}
