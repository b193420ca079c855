import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { rowsOf } from '../../../db/rows.ts';
import { requests } from '../../approvals/schema.ts';
import { alerts } from '../../drift/schema.ts';
import { missedGoals } from '../../goals/queries.ts';
import { goals } from '../../goals/schema.ts';
import { incidents } from '../../incidents/schema.ts';
import { everybody, visibleTo } from '../../incidents/visibility/queries.ts';
import { models } from '../../models/schema.ts';
import { trainings } from '../../retraining/schema.ts';
import { teams } from '../../teams/schema.ts';
import { mostOfKind } from '../rules.ts';
import { type Doing, offGoalWords } from '../sentences/off-goal.ts';

export interface OffGoal {
  readonly modelId: string;
  readonly model: string;
  readonly ownerId: string;
  readonly words: string;
}

/** Beyond these a team looks at its own page. */
const mostGoals = 500;

/** The goals that the models of these teams miss now, the most critical model first, with what is done about it. */
export async function offGoalsOf(ctx: Context, teamIds: readonly string[]): Promise<Map<string, OffGoal[]>> {
  const place = sql<number>`row_number() over (partition by ${models.teamId} order by ${models.tier}, ${models.id}, ${goals.id})`;
  const ranked = ctx.db
    .select({ id: goals.id, place: place.as('place') })
    .from(goals)
    .innerJoin(models, and(eq(models.workspace, goals.workspace), eq(models.id, goals.modelId)))
    .where(
      and(
        eq(goals.workspace, ctx.workspace),
        isNull(goals.retiredAt),
        isNull(models.retiredAt),
        inArray(models.teamId, [...teamIds]),
      ),
    )
    .as('ranked');
  const kept = await ctx.db
    .select({ goal: goals, model: models, zone: teams.zone })
    .from(goals)
    .innerJoin(ranked, and(eq(ranked.id, goals.id), sql`${ranked.place} <= ${mostGoals}`))
    .innerJoin(models, and(eq(models.workspace, goals.workspace), eq(models.id, goals.modelId)))
    .innerJoin(teams, and(eq(teams.workspace, models.workspace), eq(teams.id, models.teamId)))
    .where(eq(goals.workspace, ctx.workspace))
    .orderBy(models.tier, models.name, goals.kind, goals.name);
  const missed = await missedGoals(
    ctx,
    kept.map(({ goal }) => goal),
  );
  const offOf = new Map(missed.map((each) => [each.goal.id, each]));
  const doing = await underWay(ctx, [...new Set(missed.map(({ goal }) => goal.modelId))]);
  const found = new Map<string, OffGoal[]>();
  for (const { goal, model, zone } of kept) {
    const off = offOf.get(goal.id);
    const own = found.get(model.teamId) ?? [];
    if (!off || own.length > mostOfKind) continue;
    const words = offGoalWords(off, doing.get(model.id), { zone, now: ctx.now() });
    found.set(model.teamId, [...own, { modelId: model.id, model: model.name, ownerId: model.ownerId, words }]);
  }
  return found;
}

const DoingRow = z.object({
  id: z.string(),
  alert: z.number().nullable(),
  taken: z.boolean().nullable(),
  request: z.string().nullable(),
  training: z.number().nullable(),
  incident: z.number().nullable(),
}) satisfies z.ZodType<Doing & { id: string }>;

/** Of each model: its oldest open alert, request, training and incident that everybody may see. */
async function underWay(ctx: Context, modelIds: readonly string[]): Promise<Map<string, Doing>> {
  if (modelIds.length === 0) return new Map();
  const { workspace } = ctx;
  const found = await ctx.db.execute(sql`
    select m.id, a.number as alert, a.state = 'acknowledged' as taken, r.named as request, t.number as training,
      i.number as incident
    from ${models} m
    left join lateral (select x.number, x.state from ${alerts} x
      where x.workspace = ${workspace} and x.model_id = m.id and x.state <> 'resolved' order by x.number limit 1) a on true
    left join lateral (select x.kind || ' ' || x.number as named from ${requests} x
      where x.workspace = ${workspace} and x.model_id = m.id
        and x.state in ('requested', 'approved', 'executing', 'unclear') order by x.requested_at limit 1) r on true
    left join lateral (select x.number from ${trainings} x
      where x.workspace = ${workspace} and x.model_id = m.id
        and x.state in ('waiting', 'approved', 'queued', 'running') order by x.number limit 1) t on true
    left join lateral (select ${incidents.number} from ${incidents}
      where ${incidents.workspace} = ${workspace} and ${incidents.modelId} = m.id and ${visibleTo(ctx, everybody)}
        and ${incidents.kind} = 'incident' and ${incidents.state} in ('triage', 'active', 'mitigated')
      order by ${incidents.number} limit 1) i on true
    where m.workspace = ${workspace} and m.id = any(${sql.param([...modelIds])}::uuid[])`);
  return new Map(
    DoingRow.array()
      .parse(rowsOf(found))
      .map(({ id, ...doing }) => [id, doing]),
  );
}
