import type { Context } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { openBlockersBy } from '../../blockers/listing/queries.ts';
import { runOn } from '../../rituals/queries.ts';
import { answerOf, answersBefore, type Asked, promptOf, ritualWithTeam } from '../queries.ts';
import type { Filling } from './forms.ts';

/** What the form of an answer begins with. */
export async function fillingOf(ctx: Context, asked: Asked): Promise<Filling> {
  const run = await runOn(ctx, asked.ritualId, asked.date);
  if (!run) throw new Refusal('That run is gone: its date was changed. `/ml standup` opens the one that stands.');
  const { ritual } = await ritualWithTeam(ctx, asked.ritualId);
  const prompt = await promptOf(ctx, asked);
  return {
    ritual,
    run,
    facts: prompt?.facts ?? [],
    since: prompt?.since ?? ctx.now(),
    now: await answerOf(ctx, asked),
    last: (await answersBefore(ctx, [asked])).get(`${asked.ritualId} ${asked.personId}`),
    held: await openBlockersBy(ctx, [asked.personId]),
    at: ctx.now(),
  };
}
