import { eq, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { type MissedGoal, missedGoals } from '../../goals/queries.ts';
import { goals } from '../../goals/schema.ts';
import { type Asked, type Found, mostOfKind } from '../rules.ts';
import { goalSaid } from '../sentences/goal.ts';
import { askedFor, mine } from './queries.ts';

/** So many goals are looked at for one person, those of the oldest models first. */
const mostGoals = 100;

/** Shared metrics of my models that were met before, and are not any more. */
export async function goalFacts(ctx: Context, asked: readonly Asked[]): Promise<Found[]> {
  const watched = await goalsOf(ctx, asked);
  const distinct = new Map(watched.map(({ goal }) => [goal.id, goal]));
  const missed = new Map((await missedGoals(ctx, [...distinct.values()])).map((each) => [each.goal.id, each]));
  const since = new Map(asked.map((each) => [each.personId, each.since]));
  const found = watched.flatMap(({ goal, ...of }) => {
    const off = missed.get(goal.id);
    const from = since.get(of.personId);
    return off && from && !off.isLonger && off.since > from ? [fact(ctx, off, of)] : [];
  });
  return [...Map.groupBy(found, ({ personId }) => personId).values()].flatMap((own) =>
    own.toSorted((a, b) => b.fact.at.getTime() - a.fact.at.getTime()).slice(0, mostOfKind + 1),
  );
}

function fact(ctx: Context, off: MissedGoal, of: { personId: string; model: string; zone: string }): Found {
  return {
    personId: of.personId,
    fact: {
      key: `goal:${off.goal.id}`,
      kind: 'goal',
      ...goalSaid(off, of.model, { zone: of.zone, now: ctx.now() }),
      at: off.since,
      modelId: off.goal.modelId,
    },
  };
}

function goalsOf(ctx: Context, asked: readonly Asked[]) {
  const whose = sql`(
    with ${askedFor(ctx, asked, 'person')}, ${mine(ctx, 'person')}
    select m.person_id, m.model, a.zone, g.id,
      row_number() over (partition by m.person_id order by m.model_id, g.id) as place
    from mine m
    join asked a using (person_id)
    join ${goals} g on g.workspace = ${ctx.workspace} and g.model_id = m.model_id and g.retired_at is null) w`;
  return ctx.db
    .select({
      personId: sql<string>`w.person_id`,
      model: sql<string>`w.model`,
      zone: sql<string>`w.zone`,
      goal: goals,
    })
    .from(goals)
    .innerJoin(whose, sql`w.id = ${goals.id} and w.place <= ${mostGoals}`)
    .where(eq(goals.workspace, ctx.workspace))
    .orderBy(goals.id);
}
