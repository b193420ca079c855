import { and, eq, exists, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { zoneData } from '../../../time/zones.ts';
import { digestAt, nextTaking, type Rule, type Taking } from '../dates.ts';
import { lastDate, ofRuns, plannedRun, type Whole } from '../queries.ts';
import { prompts, type Ritual, type RitualRun, ritualRuns } from '../schema.ts';
import { editableMs } from '../times.ts';

/** Makes the planned run agree with the rule. What is due already is left to whoever opens runs. */
export async function plan(
  ctx: Context,
  { ritual, rule }: Whole,
  overdue: 'keep' | 'drop' = 'keep',
): Promise<Taking | undefined> {
  const now = ctx.now();
  const planned = await plannedRun(ctx, ritual.id);
  if (planned && planned.opensAt <= now && overdue === 'keep') return planned;
  const next = nextTaking(rule, { from: now, after: await lastDate(ctx, ritual.id), planned });
  if (next) await keepPlanned(ctx, ritual, rule, next, planned);
  else if (planned) await unplan(ctx, ritual.id, planned.date);
  return next;
}

async function keepPlanned(
  ctx: Context,
  ritual: Ritual,
  rule: Rule,
  next: Taking,
  planned: RitualRun | undefined,
): Promise<void> {
  const row = plannedRow(ctx, ritual, rule, next);
  if (planned && isSame(planned, row)) return;
  const instead = planned?.date;
  if (instead === undefined) await ctx.db.insert(ritualRuns).values(row).onConflictDoNothing();
  else
    await ctx.db
      .update(ritualRuns)
      .set(row)
      .where(and(ofRuns(ctx, ritual.id), eq(ritualRuns.date, instead), eq(ritualRuns.state, 'planned')));
}

/** Nothing is written where nothing changed, so that a look at all of them costs reads only. */
function isSame(planned: RitualRun, row: Planned): boolean {
  return (
    planned.date === row.date &&
    planned.opensAt.getTime() === row.opensAt.getTime() &&
    planned.digestAt.getTime() === row.digestAt.getTime() &&
    planned.revision === row.revision &&
    planned.zone === row.zone &&
    planned.zoneData === row.zoneData
  );
}

type Planned = typeof ritualRuns.$inferInsert;

export function plannedRow(ctx: Context, ritual: Ritual, rule: Rule, { date, opensAt, movedFrom }: Taking): Planned {
  const digest = digestAt(rule, date);
  return {
    workspace: ctx.workspace,
    ritualId: ritual.id,
    date,
    opensAt,
    state: 'planned',
    time: ritual.time,
    zone: rule.zone,
    revision: ritual.revision,
    zoneData: zoneData().version,
    plannedAt: ctx.now(),
    digestAt: digest,
    closesAt: new Date(digest.getTime() + editableMs),
    movedFrom: movedFrom ?? null,
  };
}

/** Where somebody answered early their words stay, with a run that never was. */
async function unplan(ctx: Context, ritualId: string, date: string): Promise<void> {
  const it = and(ofRuns(ctx, ritualId), eq(ritualRuns.date, date), eq(ritualRuns.state, 'planned'));
  const early = ctx.db
    .select({ one: sql`1` })
    .from(prompts)
    .where(and(eq(prompts.workspace, ctx.workspace), eq(prompts.ritualId, ritualId), eq(prompts.date, date)));
  const kept = await ctx.db
    .update(ritualRuns)
    .set({ state: 'missed' })
    .where(and(it, exists(early)))
    .returning();
  if (kept.length === 0) await ctx.db.delete(ritualRuns).where(it);
}
