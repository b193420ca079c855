import { and, asc, between, desc, eq, gte, inArray, ne, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import type { TextFile } from '../../../ports.ts';
import { teamsOf } from '../../rituals/queries.ts';
import { type RitualRun, ritualRuns, rituals } from '../../rituals/schema.ts';
import { people } from '../../teams/schema.ts';
import { digestOf } from '../digest/queries.ts';
import type { Digest } from '../digest/views.ts';
import { noFacts } from '../rules.ts';
import { type Answer, answers, digests } from '../schema.ts';
import { csvOf, markdownOf } from './documents.ts';

const mostDays = 92;
const mostRuns = 400;

/** Runs of the teams of this person, between two dates, that were held. */
async function runsFor(ctx: Context, who: string, from: string, until: string): Promise<RitualRun[]> {
  const teams = await teamsOf(ctx, who);
  if (teams.length === 0) throw new Refusal('You are in no team, so there is nothing to look up.');
  const rows = await ctx.db
    .select({ run: ritualRuns })
    .from(ritualRuns)
    .innerJoin(rituals, and(eq(rituals.workspace, ritualRuns.workspace), eq(rituals.id, ritualRuns.ritualId)))
    .where(
      and(
        eq(ritualRuns.workspace, ctx.workspace),
        between(ritualRuns.date, from, until),
        ne(ritualRuns.state, 'planned'),
        inArray(
          rituals.teamId,
          teams.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(asc(ritualRuns.date), asc(rituals.name))
    .limit(mostRuns);
  return rows.map(({ run }) => run);
}

async function digestsOf(ctx: Context, runs: readonly RitualRun[]): Promise<Digest[]> {
  const found: Digest[] = [];
  for (const run of runs) {
    const [kept] = await ctx.db
      .select({ facts: digests.facts })
      .from(digests)
      .where(and(eq(digests.workspace, ctx.workspace), eq(digests.ritualId, run.ritualId), eq(digests.date, run.date)));
    found.push({ ...(await digestOf(ctx, run, kept?.facts ?? noFacts)), blockers: [] });
  }
  return found;
}

/** What was said on one day, in the teams of this person. */
export async function historyOf(ctx: Context, who: string, date: string): Promise<Digest[]> {
  return await digestsOf(ctx, await runsFor(ctx, who, date, date));
}

/** Days as files: to read, and to count with. */
export async function exportOf(ctx: Context, who: string, first: string, last: string): Promise<TextFile[]> {
  if (last < first) throw new Refusal('The last day lies before the first.', { field: 'until' });
  if ((Date.parse(last) - Date.parse(first)) / 86_400_000 > mostDays)
    throw new Refusal(`One export holds at most ${mostDays} days. Ask for a shorter time.`, { field: 'until' });
  const runs = await runsFor(ctx, who, first, last);
  if (runs.length === 0) throw new Refusal(`No standup of your teams took place from ${first} to ${last}.`);
  const all = await digestsOf(ctx, runs);
  const title = `Standups from ${first} to ${last}`;
  return [
    { name: `standups-${first}-${last}.md`, title, text: markdownOf(title, all) },
    { name: `standups-${first}-${last}.csv`, title: `${title}, as a table`, text: csvOf(all) },
  ];
}

export interface Hit {
  readonly ritual: string;
  readonly date: string;
  readonly name: string;
  readonly rows: readonly string[];
}

const mostHits = 20;

/** What was said with these words, in the teams of whoever asks, the newest first. */
export async function searchIn(ctx: Context, who: string, words: string): Promise<Hit[]> {
  const typed = words.trim().slice(0, 200);
  if (typed === '')
    throw new Refusal('Say what to look for, as in `/ml standup search feature store`.', { field: 'words' });
  const teams = await teamsOf(ctx, who);
  if (teams.length === 0) throw new Refusal('You are in no team, so there is nothing to look through.');
  const query = sql`websearch_to_tsquery('english', ${typed})`;
  const rows = await ctx.db
    .select({ answer: answers, ritual: rituals.name, name: people.name })
    .from(answers)
    .innerJoin(rituals, and(eq(rituals.workspace, answers.workspace), eq(rituals.id, answers.ritualId)))
    .innerJoin(people, and(eq(people.workspace, answers.workspace), eq(people.id, answers.personId)))
    .where(
      and(
        eq(answers.workspace, ctx.workspace),
        inArray(
          rituals.teamId,
          teams.map(({ id }) => id),
        ),
        sql`${answers.words} @@ ${query}`,
        sql`not exists (select 1 from ${answers} newer where newer.workspace = ${answers.workspace}
          and newer.ritual_id = ${answers.ritualId} and newer.date = ${answers.date}
          and newer.person_id = ${answers.personId} and newer.version > ${answers.version})`,
      ),
    )
    .orderBy(desc(answers.date), asc(people.name))
    .limit(mostHits);
  return rows.map(({ answer, ritual, name }) => ({ ritual, date: answer.date, name, rows: rowsWith(answer, typed) }));
}

/** The rows that hold one of the words; all of them where only the stem agrees. */
function rowsWith(
  { done, plan, obstacle, note }: Pick<Answer, 'done' | 'plan' | 'obstacle' | 'note'>,
  typed: string,
): string[] {
  const all = [...done, ...plan]
    .map(({ text }) => text)
    .concat(obstacle, note)
    .filter((text) => text !== '');
  const wanted = typed.toLowerCase().split(/\s+/);
  const holding = all.filter((text) => wanted.some((word) => text.toLowerCase().includes(word)));
  return (holding.length > 0 ? holding : all).slice(0, 5);
}

export interface Own {
  readonly ritual: string;
  readonly answer: Answer;
}

const ownMs = 30 * 86_400_000;

/** What somebody said themselves in the last 30 days, the newest first. */
export async function ownHistory(ctx: Context, who: string): Promise<Own[]> {
  const since = new Date(ctx.now().getTime() - ownMs).toISOString().slice(0, 10);
  return await ctx.db
    .selectDistinctOn([answers.date, answers.ritualId], { answer: answers, ritual: rituals.name })
    .from(answers)
    .innerJoin(rituals, and(eq(rituals.workspace, answers.workspace), eq(rituals.id, answers.ritualId)))
    .where(and(eq(answers.workspace, ctx.workspace), eq(answers.personId, who), gte(answers.date, since)))
    .orderBy(desc(answers.date), asc(answers.ritualId), desc(answers.version))
    .limit(100);
}
