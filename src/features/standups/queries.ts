import { and, asc, desc, eq, gte, inArray, lt, ne, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { type Prompt, prompts, type Ritual, type RitualRun, ritualRuns, rituals } from '../rituals/schema.ts';
import { type Team, teams } from '../teams/schema.ts';
import { type Answer, answers } from './schema.ts';

/** One person and one date of one ritual. */
export interface Asked {
  readonly ritualId: string;
  readonly date: string;
  readonly personId: string;
}

export function ofPrompt(ctx: Context, { ritualId, date, personId }: Asked) {
  return and(
    eq(prompts.workspace, ctx.workspace),
    eq(prompts.ritualId, ritualId),
    eq(prompts.date, date),
    eq(prompts.personId, personId),
  );
}

export async function promptOf(ctx: Context, asked: Asked): Promise<Prompt | undefined> {
  const [prompt] = await ctx.db.select().from(prompts).where(ofPrompt(ctx, asked));
  return prompt;
}

/** Prompts with the run and the ritual they are of, to be narrowed and locked by who claims them. */
export function promptsWithRuns(ctx: Context) {
  const isMember = sql<boolean>`exists (select 1 from members m where m.workspace = ${rituals.workspace}
    and m.team_id = ${rituals.teamId} and m.person_id = ${prompts.personId} and m.left_at is null)`;
  return ctx.db
    .select({ prompt: prompts, run: ritualRuns, ritual: rituals, isMember })
    .from(prompts)
    .innerJoin(
      ritualRuns,
      and(
        eq(ritualRuns.workspace, prompts.workspace),
        eq(ritualRuns.ritualId, prompts.ritualId),
        eq(ritualRuns.date, prompts.date),
      ),
    )
    .innerJoin(rituals, and(eq(rituals.workspace, prompts.workspace), eq(rituals.id, prompts.ritualId)));
}

/** The run, locked first of all that is locked in a verb. */
export async function lockRun(ctx: Context, { ritualId, date }: Omit<Asked, 'personId'>): Promise<RitualRun> {
  const [run] = await ctx.db
    .select()
    .from(ritualRuns)
    .where(and(eq(ritualRuns.workspace, ctx.workspace), eq(ritualRuns.ritualId, ritualId), eq(ritualRuns.date, date)))
    .for('update');
  if (!run) throw new Refusal('That run is gone.');
  return run;
}

/** The newest version of what this person said, if they did. */
export async function answerOf(ctx: Context, { ritualId, date, personId }: Asked): Promise<Answer | undefined> {
  const [answer] = await ctx.db
    .select()
    .from(answers)
    .where(
      and(
        eq(answers.workspace, ctx.workspace),
        eq(answers.ritualId, ritualId),
        eq(answers.date, date),
        eq(answers.personId, personId),
      ),
    )
    .orderBy(desc(answers.version))
    .limit(1);
  return answer;
}

/** What these people said last, before this date, in the same ritual: a read for all of them. */
export async function answersBefore(ctx: Context, asked: readonly Asked[]): Promise<ReadonlyMap<string, Answer>> {
  if (asked.length === 0) return new Map();
  const keys = asked.map(({ ritualId, date, personId }) => ({ r: ritualId, d: date, p: personId }));
  const rows = await ctx.db
    .select({ answer: answers, before: sql<string>`k.d` })
    .from(
      sql`jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k(r uuid, d date, p text) join lateral (
        select x.ritual_id, x.date, x.person_id, x.version from standup_answers x
        where x.workspace = ${ctx.workspace} and x.ritual_id = k.r and x.person_id = k.p and x.date < k.d
        order by x.date desc, x.version desc limit 1) last on true`,
    )
    .innerJoin(
      answers,
      sql`${answers.workspace} = ${ctx.workspace} and ${answers.ritualId} = last.ritual_id and ${answers.date} = last.date
        and ${answers.personId} = last.person_id and ${answers.version} = last.version`,
    );
  return new Map(rows.map(({ answer }) => [`${answer.ritualId} ${answer.personId}`, answer]));
}

export interface Waiting {
  readonly prompt: Prompt | undefined;
  readonly run: RitualRun;
  readonly ritual: Ritual;
}

/** Runs that this person may answer now: those open first, then the next planned one of each ritual of their teams. */
export async function answerable(ctx: Context, personId: string): Promise<Waiting[]> {
  const mine = sql`${rituals.teamId} in (select m.team_id from members m where m.workspace = ${ctx.workspace}
    and m.person_id = ${personId} and m.left_at is null)`;
  return await ctx.db
    .select({ prompt: prompts, run: ritualRuns, ritual: rituals })
    .from(ritualRuns)
    .innerJoin(rituals, and(eq(rituals.workspace, ritualRuns.workspace), eq(rituals.id, ritualRuns.ritualId)))
    .leftJoin(
      prompts,
      and(
        eq(prompts.workspace, ritualRuns.workspace),
        eq(prompts.ritualId, ritualRuns.ritualId),
        eq(prompts.date, ritualRuns.date),
        eq(prompts.personId, personId),
      ),
    )
    .where(
      and(
        eq(ritualRuns.workspace, ctx.workspace),
        inArray(ritualRuns.state, ['planned', 'open', 'posted']),
        eq(rituals.state, 'active'),
        mine,
        sql`(${ritualRuns.state} = 'planned' or ${prompts.personId} is not null)`,
      ),
    )
    .orderBy(sql`case ${ritualRuns.state} when 'open' then 0 when 'posted' then 1 else 2 end`, asc(ritualRuns.opensAt))
    .limit(20)
    .then((rows) => rows.map(({ prompt, ...rest }) => ({ ...rest, prompt: prompt ?? undefined })));
}

/** The newest version of everybody's answer to one run. */
export async function answersTo(ctx: Context, { ritualId, date }: Omit<Asked, 'personId'>): Promise<Answer[]> {
  return await ctx.db
    .selectDistinctOn([answers.personId])
    .from(answers)
    .where(and(eq(answers.workspace, ctx.workspace), eq(answers.ritualId, ritualId), eq(answers.date, date)))
    .orderBy(asc(answers.personId), desc(answers.version));
}

export interface Told {
  readonly ritual: Ritual;
  readonly team: Team;
}

export async function ritualWithTeam(ctx: Context, ritualId: string): Promise<Told> {
  const [row] = await ctx.db
    .select({ ritual: rituals, team: teams })
    .from(rituals)
    .innerJoin(teams, and(eq(teams.workspace, rituals.workspace), eq(teams.id, rituals.teamId)))
    .where(and(eq(rituals.workspace, ctx.workspace), eq(rituals.id, ritualId)));
  if (!row) throw new Refusal('That ritual is gone.');
  return row;
}

/** When this ritual was held the time before. */
export async function heldBefore(ctx: Context, { ritualId, date }: Omit<Asked, 'personId'>): Promise<Date | undefined> {
  const [last] = await ctx.db
    .select({ openedAt: ritualRuns.openedAt })
    .from(ritualRuns)
    .where(
      and(
        eq(ritualRuns.workspace, ctx.workspace),
        eq(ritualRuns.ritualId, ritualId),
        lt(ritualRuns.date, date),
        inArray(ritualRuns.state, ['posted', 'closed']),
      ),
    )
    .orderBy(desc(ritualRuns.date))
    .limit(1);
  return last?.openedAt ?? undefined;
}

/** Runs of this ritual that nobody ran, since the last that was. */
export async function missedBefore(ctx: Context, { ritualId, date }: Omit<Asked, 'personId'>): Promise<string[]> {
  const [last] = await ctx.db
    .select({ date: ritualRuns.date })
    .from(ritualRuns)
    .where(
      and(
        eq(ritualRuns.workspace, ctx.workspace),
        eq(ritualRuns.ritualId, ritualId),
        lt(ritualRuns.date, date),
        ne(ritualRuns.state, 'missed'),
      ),
    )
    .orderBy(desc(ritualRuns.date))
    .limit(1);
  const rows = await ctx.db
    .select({ date: ritualRuns.date })
    .from(ritualRuns)
    .where(
      and(
        eq(ritualRuns.workspace, ctx.workspace),
        eq(ritualRuns.ritualId, ritualId),
        eq(ritualRuns.state, 'missed'),
        lt(ritualRuns.date, date),
        gte(ritualRuns.date, last?.date ?? '1900-01-01'),
      ),
    )
    .orderBy(asc(ritualRuns.date))
    .limit(50);
  return rows.map((row) => row.date);
}

export async function promptsOf(ctx: Context, { ritualId, date }: Omit<Asked, 'personId'>): Promise<Prompt[]> {
  return await ctx.db
    .select()
    .from(prompts)
    .where(and(eq(prompts.workspace, ctx.workspace), eq(prompts.ritualId, ritualId), eq(prompts.date, date)));
}
