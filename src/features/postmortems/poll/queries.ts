import { and, asc, count, eq, isNull } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { pollAnswers, type Poll, type PollCounts, polls } from './schema.ts';

export async function pollOf(ctx: Context, postmortemId: string): Promise<Poll | undefined> {
  const [found] = await ctx.db
    .select()
    .from(polls)
    .where(and(eq(polls.workspace, ctx.workspace), eq(polls.postmortemId, postmortemId)));
  return found;
}

export function openPolls(ctx: Context): Promise<Poll[]> {
  return ctx.db
    .select()
    .from(polls)
    .where(and(eq(polls.workspace, ctx.workspace), isNull(polls.closedAt)))
    .orderBy(asc(polls.postmortemId))
    .for('update');
}

export async function countsOf(ctx: Context, postmortemId: string): Promise<PollCounts> {
  const rows = await ctx.db
    .select({ question: pollAnswers.question, isYes: pollAnswers.isYes, times: count() })
    .from(pollAnswers)
    .where(and(eq(pollAnswers.workspace, ctx.workspace), eq(pollAnswers.postmortemId, postmortemId)))
    .groupBy(pollAnswers.question, pollAnswers.isYes);
  const of = (question: string, isYes: boolean) =>
    rows.find((row) => row.question === question && row.isYes === isYes)?.times ?? 0;
  return {
    learned: { yes: of('learned', true), no: of('learned', false) },
    again: { yes: of('again', true), no: of('again', false) },
  };
}
