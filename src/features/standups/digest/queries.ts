import { and, eq, inArray } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { openBlockersOf } from '../../blockers/listing/queries.ts';
import { modelsByIds } from '../../models/queries.ts';
import type { RitualRun } from '../../rituals/schema.ts';
import { people } from '../../teams/schema.ts';
import { answersTo, missedBefore, promptsOf, ritualWithTeam } from '../queries.ts';
import { missing } from '../rules.ts';
import type { KeptFacts } from '../schema.ts';
import type { Digest, Said } from './views.ts';

/** Everything a digest says, from what is on record now; the team's numbers are those of when it was posted. */
export async function digestOf(ctx: Context, run: RitualRun, facts: KeptFacts): Promise<Digest> {
  const { ritual, team } = await ritualWithTeam(ctx, run.ritualId);
  const [all, prompts, missed, held] = await Promise.all([
    answersTo(ctx, run),
    promptsOf(ctx, run),
    missedBefore(ctx, run),
    openBlockersOf(ctx, [team.id]),
  ]);
  const names = await namesOf(
    ctx,
    prompts.map(({ personId }) => personId),
  );
  const said: Said[] = all.map((answer) => ({
    name: names.get(answer.personId) ?? 'somebody',
    answer,
    isLate: run.postedAt !== null && answer.at > run.postedAt,
  }));
  const modelIds = said.flatMap(({ answer }) =>
    [...answer.done, ...answer.plan].flatMap(({ modelId }) => modelId ?? []),
  );
  const models = await modelsByIds(ctx, [...new Set(modelIds)]);
  const states = prompts.map(({ state }) => state);
  return {
    ritual,
    team,
    run,
    facts,
    missed,
    said: said.toSorted((a, b) => a.name.localeCompare(b.name, 'en')),
    models: new Map(models.map(({ id, name }) => [id, name])),
    away: prompts
      .filter(({ state }) => state === 'away')
      .map(({ personId, awayUntil }) => ({ name: names.get(personId) ?? 'somebody', until: awayUntil })),
    missing: missing(states),
    unasked: states.filter((state) => state === 'unasked').length,
    blockers: held,
  };
}

async function namesOf(ctx: Context, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .select({ id: people.id, name: people.name })
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), inArray(people.id, [...ids])));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
