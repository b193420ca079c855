import { and, asc, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { peopleAway } from '../../teams/away/queries.ts';
import { isOpen } from '../queries.ts';
import { type Blocker, blockers } from '../schema.ts';

/** The next one of which something comes due; locked, and left to whoever has it already. */
export async function nextDue(ctx: Context): Promise<Blocker | undefined> {
  const [due] = await ctx.db
    .select()
    .from(blockers)
    .where(and(eq(blockers.workspace, ctx.workspace), isOpen, sql`${blockers.dueAt} <= ${ctx.clock}`))
    .orderBy(asc(blockers.dueAt))
    .limit(1)
    .for('update', { skipLocked: true });
  return due;
}

const mostAsked = 2000;

/**
 * One whose recipient or taker cannot see to it any more: no member here, or no longer of the team through which they
 * were found. Whoever is only asked must be there today, too.
 */
export async function nextForsaken(ctx: Context): Promise<Blocker | undefined> {
  const asked = await ctx.db
    .selectDistinct({ id: blockers.askedId })
    .from(blockers)
    .where(and(eq(blockers.workspace, ctx.workspace), eq(blockers.state, 'open'), isNotNull(blockers.askedId)))
    .limit(mostAsked);
  const away = await peopleAway(
    ctx,
    asked.flatMap(({ id }) => id ?? []),
  );
  const who = sql`coalesce(${blockers.takenBy}, ${blockers.askedId})`;
  const isGone = sql`exists (select 1 from people p where p.workspace = ${blockers.workspace} and p.id = ${who} and (
    p.standing <> 'member'
    or (${blockers.heldIn} is not null
      and not exists (select 1 from members m where m.workspace = p.workspace and m.person_id = p.id
        and m.team_id = ${blockers.heldIn} and m.left_at is null)
      and not exists (select 1 from teams t where t.workspace = p.workspace and t.id = ${blockers.heldIn}
        and t.lead_id = p.id))))`;
  const isAway = away.length > 0 ? and(eq(blockers.state, 'open'), inArray(blockers.askedId, away)) : undefined;
  const [found] = await ctx.db
    .select()
    .from(blockers)
    .where(and(eq(blockers.workspace, ctx.workspace), isOpen, or(isAway, isGone)))
    .orderBy(asc(blockers.askedAt))
    .limit(1)
    .for('update', { skipLocked: true });
  return found;
}
