import { and, asc, desc, eq, ilike, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { rowsOf } from '../../../db/rows.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { incidents } from '../../incidents/schema.ts';
import { type Viewer, visibleTo } from '../../incidents/visibility/queries.ts';
import { models } from '../../models/schema.ts';
import { teams } from '../../teams/schema.ts';
import { type Commitment, commitments, type Factor, factors, postmortems } from '../schema.ts';

export async function lockCommitment(ctx: Context, id: string, viewer: Viewer): Promise<Commitment> {
  const [found] = await shown(ctx, viewer, eq(commitments.id, id)).for('update', { of: commitments });
  if (!found) throw new Refusal('That commitment is gone.');
  return found.commitment;
}

/** Only those out of incidents that the viewer may see. */
function shown(ctx: Context, viewer: Viewer, which: SQL | undefined) {
  return ctx.db
    .select({ commitment: commitments })
    .from(commitments)
    .innerJoin(
      postmortems,
      and(eq(postmortems.workspace, commitments.workspace), eq(postmortems.id, commitments.postmortemId)),
    )
    .innerJoin(incidents, and(eq(incidents.workspace, postmortems.workspace), eq(incidents.id, postmortems.incidentId)))
    .where(and(eq(commitments.workspace, ctx.workspace), which, visibleTo(ctx, viewer)))
    .$dynamic();
}

const pending = ['offered', 'open', 'said_done'] as const;

/** Those that are not kept yet, those that are due first. */
export async function pendingOf(ctx: Context, viewer: Viewer, ownerId?: string): Promise<Commitment[]> {
  const which = and(
    inArray(commitments.state, [...pending]),
    ownerId === undefined ? undefined : eq(commitments.ownerId, ownerId),
  );
  const rows = await shown(ctx, viewer, which)
    .orderBy(asc(commitments.due), asc(commitments.number))
    .limit(ownerId === undefined ? 50 : 200);
  return rows.map(({ commitment }) => commitment);
}

export async function ownersWithPending(ctx: Context): Promise<string[]> {
  const rows = await ctx.db
    .selectDistinct({ ownerId: commitments.ownerId })
    .from(commitments)
    .where(and(eq(commitments.workspace, ctx.workspace), inArray(commitments.state, ['offered', 'open'])));
  return rows.map(({ ownerId }) => ownerId);
}

const mostLate = 500;

/** Late on that day or before, with the channel and the hours of the team; those of private incidents are nobody's. */
export async function lateSince(ctx: Context, day: string) {
  return await ctx.db
    .select({ commitment: commitments, channel: models.channel, team: teams })
    .from(commitments)
    .innerJoin(
      postmortems,
      and(eq(postmortems.workspace, commitments.workspace), eq(postmortems.id, commitments.postmortemId)),
    )
    .innerJoin(incidents, and(eq(incidents.workspace, postmortems.workspace), eq(incidents.id, postmortems.incidentId)))
    .innerJoin(models, and(eq(models.workspace, commitments.workspace), eq(models.id, commitments.modelId)))
    .innerJoin(teams, and(eq(teams.workspace, models.workspace), eq(teams.id, models.teamId)))
    .where(
      and(
        eq(commitments.workspace, ctx.workspace),
        inArray(commitments.state, ['offered', 'open']),
        lte(commitments.due, day),
        eq(incidents.isPrivate, false),
      ),
    )
    .orderBy(asc(commitments.due), asc(commitments.number))
    .limit(mostLate);
}

/** A factor of a post-mortem that the viewer may see. */
export async function earlierFactor(ctx: Context, id: string, viewer: Viewer): Promise<Factor> {
  const [found] = await factorsSeen(ctx, viewer, eq(factors.id, id));
  if (!found) throw new Refusal('That factor is gone.', { field: 'sameAs' });
  return found.factor;
}

/** Those with these letters, the newest first; `model`: where it was seen. */
export async function findFactors(ctx: Context, typed: string, viewer: Viewer) {
  const letters = `%${typed.trim().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const rows = await factorsSeen(ctx, viewer, ilike(factors.statement, letters)).orderBy(desc(factors.at)).limit(50);
  return rows.map(({ factor, model, number }) => ({ ...factor, model, number }));
}

function factorsSeen(ctx: Context, viewer: Viewer, which: SQL | undefined) {
  return ctx.db
    .select({ factor: factors, model: models.name, number: incidents.number })
    .from(factors)
    .innerJoin(postmortems, and(eq(postmortems.workspace, factors.workspace), eq(postmortems.id, factors.postmortemId)))
    .innerJoin(incidents, and(eq(incidents.workspace, postmortems.workspace), eq(incidents.id, postmortems.incidentId)))
    .innerJoin(models, and(eq(models.workspace, incidents.workspace), eq(models.id, incidents.modelId)))
    .where(and(eq(factors.workspace, ctx.workspace), isNull(factors.removedAt), which, visibleTo(ctx, viewer)))
    .$dynamic();
}

/** What was done against this condition, or against the earlier ones that it repeats. */
export async function keptAgainst(ctx: Context, { id }: Factor): Promise<Commitment[]> {
  const rows = await ctx.db.execute(sql`
    with recursive seen(id, same_as) as (
      select id, same_as from factors where workspace = ${ctx.workspace} and id = ${id}
      union select f.id, f.same_as from factors f join seen s on f.id = s.same_as where f.workspace = ${ctx.workspace})
    select id from seen`);
  const all = z.array(z.object({ id: z.string() })).parse(rowsOf(rows));
  return await ctx.db
    .select()
    .from(commitments)
    .where(
      and(
        eq(commitments.workspace, ctx.workspace),
        inArray(
          commitments.factorId,
          all.map((each) => each.id),
        ),
        inArray(commitments.state, ['done', 'said_done']),
      ),
    )
    .orderBy(asc(commitments.number))
    .for('update');
}
