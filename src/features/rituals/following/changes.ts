import { and, asc, eq, gt, ne, or, type SQL, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { zoneData } from '../../../time/zones.ts';
import { people, teams } from '../../teams/schema.ts';
import { dueAt, timing } from '../dates.ts';
import { plan } from '../planning/changes.ts';
import { preferencesOf, withRules } from '../queries.ts';
import { quietOf } from '../quiet.ts';
import { prompts, ritualRuns, rituals } from '../schema.ts';
import { movedAsking, spreadOf } from '../times.ts';

const batch = 100;

/** Planned runs whose rule, zone or zone data is another by now are planned anew. True when any was. */
export function followChanges(ctx: Context): Promise<boolean> {
  const zone = sql`coalesce(${rituals.zone}, ${teams.zone})`;
  const changed = or(
    ne(ritualRuns.revision, rituals.revision),
    ne(ritualRuns.zone, zone),
    ne(ritualRuns.zoneData, zoneData().version),
  );
  return within(ctx, async (ctx) => (await planAnew(ctx, changed)) !== undefined);
}

/** All planned runs, some at a time: what closing days made of them. Undefined where none is left after this one. */
export function followDays(ctx: Context, after: string | undefined): Promise<string | undefined> {
  return within(ctx, (ctx) => planAnew(ctx, after === undefined ? undefined : gt(ritualRuns.ritualId, after)));
}

/** The last ritual that was looked at. */
async function planAnew(ctx: Context, which: SQL | undefined): Promise<string | undefined> {
  const rows = await ctx.db
    .select({ run: ritualRuns })
    .from(ritualRuns)
    .innerJoin(rituals, and(eq(rituals.workspace, ritualRuns.workspace), eq(rituals.id, ritualRuns.ritualId)))
    .innerJoin(teams, and(eq(teams.workspace, rituals.workspace), eq(teams.id, rituals.teamId)))
    .where(
      and(
        eq(ritualRuns.workspace, ctx.workspace),
        eq(ritualRuns.state, 'planned'),
        eq(rituals.state, 'active'),
        gt(ritualRuns.opensAt, ctx.now()),
        which,
      ),
    )
    .orderBy(asc(ritualRuns.ritualId))
    .limit(batch)
    .for('update', { of: ritualRuns, skipLocked: true });
  const due = await withRules(
    ctx,
    rows.map(({ run }) => run),
  );
  for (const each of due) await plan(ctx, each);
  return rows.at(-1)?.run.ritualId;
}

/** People who wait to be asked on their own clock and are in another zone now. True when any was. */
export function followPeople(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const moved = await movedPeople(ctx);
    for (const { prompt, run, ritual, team, zone } of moved) {
      const [own] = [...(await preferencesOf(ctx, [prompt.personId])).values()];
      const due = dueAt(timing(ritual, run), run.date, { zone, time: own?.time ?? null });
      const at = { now: ctx.now(), zone, quiet: quietOf(own, ritual.clock), hours: team };
      const spread = spreadOf(`${prompt.ritualId} ${prompt.date} ${prompt.personId}`);
      const ask = due ? movedAsking(due.at, spread, run, at) : { state: 'home' as const, sendAt: prompt.sendAt };
      await ctx.db
        .update(prompts)
        .set({ ...ask, zone, dueAt: due?.at ?? prompt.dueAt })
        .where(
          and(
            eq(prompts.workspace, ctx.workspace),
            eq(prompts.ritualId, prompt.ritualId),
            eq(prompts.date, prompt.date),
            eq(prompts.personId, prompt.personId),
            eq(prompts.state, 'waiting'),
          ),
        );
    }
    return moved.length > 0;
  });
}

async function movedPeople(ctx: Context) {
  return await ctx.db
    .select({ prompt: prompts, run: ritualRuns, ritual: rituals, team: teams, zone: people.zone })
    .from(prompts)
    .innerJoin(people, and(eq(people.workspace, prompts.workspace), eq(people.id, prompts.personId)))
    .innerJoin(
      ritualRuns,
      and(
        eq(ritualRuns.workspace, prompts.workspace),
        eq(ritualRuns.ritualId, prompts.ritualId),
        eq(ritualRuns.date, prompts.date),
      ),
    )
    .innerJoin(rituals, and(eq(rituals.workspace, prompts.workspace), eq(rituals.id, prompts.ritualId)))
    .innerJoin(teams, and(eq(teams.workspace, rituals.workspace), eq(teams.id, rituals.teamId)))
    .where(
      and(
        eq(prompts.workspace, ctx.workspace),
        eq(prompts.state, 'waiting'),
        eq(rituals.clock, 'person'),
        eq(ritualRuns.state, 'open'),
        ne(prompts.zone, people.zone),
      ),
    )
    .limit(batch)
    .for('update', { of: prompts, skipLocked: true });
}
