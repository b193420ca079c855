import { and, asc, eq, lte, or, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { record } from '../../../ledger/ledger.ts';
import { plural } from '../../../slack/mrkdwn.ts';
import { dueAt, nextTaking, timing } from '../dates.ts';
import { plan, plannedRow } from '../planning/changes.ts';
import { type Asked, askedOf, awayOn, type Due, lastAsked, preferencesOf, withRules } from '../queries.ts';
import { quietOf } from '../quiet.ts';
import { asking, opening, spreadOf } from '../times.ts';
import { type Preference, type Prompt, prompts, type RitualRun, ritualRuns, rituals } from '../schema.ts';

const batch = 100;
const firstLookMs = 3 * 86_400_000;

/** Opens the runs that are due, many at once, each with a question for everybody; false when none is. */
export function openDue(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const due = await claimDue(ctx);
    if (due.length === 0) return false;
    const opened: Due[] = [];
    for (const each of due) {
      const { rule, run, ritual } = each;
      const next = nextTaking(rule, { from: run.opensAt, after: run.date });
      // A day was closed after this date was planned.
      if (rule.closed.has(run.date)) await replanned(ctx, each);
      else if (opening(run, ritual.clock, next?.opensAt, ctx.now()) === 'open') opened.push(each);
      else await turn(ctx, [run], { state: 'missed' });
    }
    await ask(ctx, opened);
    const rows = due
      .filter(({ rule, run }) => !rule.closed.has(run.date))
      .flatMap(({ ritual, rule, run }) => {
        const next = nextTaking(rule, { from: run.opensAt, after: run.date });
        return next ? [plannedRow(ctx, ritual, rule, next)] : [];
      });
    if (rows.length > 0) await ctx.db.insert(ritualRuns).values(rows).onConflictDoNothing();
    return true;
  });
}

/** Its date is closed by now: the next one is planned in its place, or none is left. */
async function replanned(ctx: Context, { ritual, team, rule, run }: Due): Promise<void> {
  await plan({ ...ctx, now: () => run.opensAt }, { ritual, team, rule }, 'drop');
}

async function claimDue(ctx: Context): Promise<Due[]> {
  const runs = await ctx.db
    .select({ run: ritualRuns })
    .from(ritualRuns)
    .innerJoin(rituals, and(eq(rituals.workspace, ritualRuns.workspace), eq(rituals.id, ritualRuns.ritualId)))
    .where(
      and(
        eq(ritualRuns.workspace, ctx.workspace),
        eq(ritualRuns.state, 'planned'),
        lte(ritualRuns.opensAt, ctx.now()),
        eq(rituals.state, 'active'),
      ),
    )
    .orderBy(asc(ritualRuns.opensAt))
    .limit(batch)
    .for('update', { of: ritualRuns, skipLocked: true });
  return await withRules(
    ctx,
    runs.map(({ run }) => run),
  );
}

async function turn(ctx: Context, runs: readonly RitualRun[], to: Partial<RitualRun>): Promise<void> {
  if (runs.length === 0) return;
  const keys = runs.map(({ ritualId, date }) => and(eq(ritualRuns.ritualId, ritualId), eq(ritualRuns.date, date)));
  await ctx.db
    .update(ritualRuns)
    .set(to)
    .where(and(eq(ritualRuns.workspace, ctx.workspace), or(...keys)));
}

/** A question for everybody of each team. Who answered early has one already; who only looked at it early is asked. */
async function ask(ctx: Context, opened: readonly Due[]): Promise<void> {
  if (opened.length === 0) return;
  const now = ctx.now();
  const asked = Map.groupBy(
    await askedOf(ctx, [...new Set(opened.map(({ team }) => team.id))]),
    ({ teamId }) => teamId,
  );
  const ids = [...new Set([...asked.values()].flat().map(({ personId }) => personId))];
  const dates = opened.map(({ run }) => run.date).toSorted();
  const [own, away, before] = await Promise.all([
    preferencesOf(ctx, ids),
    awayOn(ctx, ids, dates[0] ?? '', dates.at(-1) ?? ''),
    lastAsked(
      ctx,
      opened.flatMap(({ run, team }) =>
        (asked.get(team.id) ?? []).map(({ personId }) => ({ ritualId: run.ritualId, date: run.date, personId })),
      ),
    ),
  ]);
  const rows = opened.flatMap((due) =>
    (asked.get(due.team.id) ?? []).flatMap((who) => {
      const awayUntil = away
        .get(who.personId)
        ?.find(({ from, until }) => from <= due.run.date && due.run.date <= until)?.until;
      const row = promptFor(due, who, own.get(who.personId), awayUntil, now);
      const since = before.get(`${due.ritual.id} ${who.personId}`) ?? new Date(due.run.opensAt.getTime() - firstLookMs);
      return row ? [{ ...row, workspace: ctx.workspace, since }] : [];
    }),
  );
  for (let i = 0; i < rows.length; i += 1000)
    await ctx.db
      .insert(prompts)
      .values(rows.slice(i, i + 1000))
      .onConflictDoUpdate({
        target: [prompts.workspace, prompts.ritualId, prompts.date, prompts.personId],
        set: {
          state: sql`excluded.state`,
          zone: sql`excluded.zone`,
          dueAt: sql`excluded.due_at`,
          sendAt: sql`excluded.send_at`,
          awayUntil: sql`excluded.away_until`,
        },
        setWhere: eq(prompts.state, 'home'),
      });
  await turn(
    ctx,
    opened.map(({ run }) => run),
    { state: 'open', openedAt: now },
  );
  const many = plural(rows.length, 'person', 'people');
  record(ctx, {
    who: 'pitcrew',
    what: 'ritual.opened',
    subject: opened.length === 1 ? `ritual:${opened[0]?.ritual.id}` : 'rituals',
    summary: `opened ${opened.length === 1 ? `${opened[0]?.ritual.name} of ${opened[0]?.run.date}` : plural(opened.length, 'ritual')} for ${many}`,
  });
}

type Row = Pick<Prompt, 'ritualId' | 'date' | 'personId' | 'state' | 'zone' | 'dueAt' | 'sendAt' | 'awayUntil'>;

/** Nothing where that date does not exist for this person. */
function promptFor(
  { run, ritual }: Due,
  who: Asked,
  own: Preference | undefined,
  awayUntil: string | undefined,
  now: Date,
): Row | undefined {
  const due =
    ritual.clock === 'team'
      ? { at: run.opensAt, zone: who.zone }
      : dueAt(timing(ritual, run), run.date, { zone: who.zone, time: own?.time ?? null });
  if (!due) return undefined;
  const base = { ritualId: run.ritualId, date: run.date, personId: who.personId, zone: due.zone, dueAt: due.at };
  if (awayUntil !== undefined) return { ...base, state: 'away', sendAt: due.at, awayUntil };
  const spread = spreadOf(`${run.ritualId} ${run.date} ${who.personId}`);
  const ask = asking(due.at, spread, run, { now, zone: who.zone, quiet: quietOf(own, ritual.clock) });
  return { ...base, ...ask, awayUntil: null };
}
