import { and, eq, or, type SQL, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { people } from '../../teams/schema.ts';
import { type Incident, incidents } from '../schema.ts';
import { incidentPeople } from './schema.ts';

/** The house itself reads all; what it makes of a private one goes only where its own people are. */
export const house = Symbol('house');
/** Whoever may come along, as in a channel: no private one at all. */
export const everybody = Symbol('everybody');
/** Who reads: every read of incidents has to say so. A person by their id in Slack. */
export type Viewer = string | typeof house | typeof everybody;

/** For every WHERE over `incidents`. Private ones: only to their own people, and only while those are full members. */
export function visibleTo(ctx: Context, viewer: Viewer): SQL | undefined {
  if (viewer === house) return undefined;
  if (viewer === everybody) return eq(incidents.isPrivate, false);
  return or(
    eq(incidents.isPrivate, false),
    sql`exists (select 1 from ${incidentPeople} ip join ${people} p on p.workspace = ip.workspace and p.id = ip.person_id
      where ip.workspace = ${ctx.workspace} and ip.incident_id = ${incidents.id} and ip.person_id = ${viewer}
        and p.standing = 'member')`,
  );
}

/** Those of a private incident who are full members now. */
export async function peopleOf(ctx: Context, incidentId: string): Promise<string[]> {
  const rows = await ctx.db
    .select({ personId: incidentPeople.personId })
    .from(incidentPeople)
    .innerJoin(
      people,
      and(
        eq(people.workspace, incidentPeople.workspace),
        eq(people.id, incidentPeople.personId),
        eq(people.standing, 'member'),
      ),
    )
    .where(and(eq(incidentPeople.workspace, ctx.workspace), eq(incidentPeople.incidentId, incidentId)))
    .orderBy(incidentPeople.addedAt);
  return rows.map(({ personId }) => personId);
}

/** Before somebody is given a part in a private incident. */
export async function mustBelong(
  ctx: Context,
  { id, number, isPrivate }: Pick<Incident, 'id' | 'number' | 'isPrivate'>,
  personId: string,
  field: string,
): Promise<void> {
  if (isPrivate && !(await peopleOf(ctx, id)).includes(personId))
    throw new Refusal(`Incident ${number} is private: let them in first, by the button on its card.`, { field });
}
