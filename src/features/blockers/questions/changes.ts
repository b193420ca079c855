import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { teamById } from '../../teams/queries.ts';
import { lockBlocker, questionsOf } from '../queries.ts';
import { checkHand } from '../routing.ts';
import { checkedWords, isOver, paused, resumed } from '../rules.ts';
import { type Blocker, blockerQuestions } from '../schema.ts';
import { clockOf, note, schedule, storyOf, tell, tellOne, write } from '../store.ts';
import { answerNote, questionCard } from './views.ts';

/** "Need more": the asker is asked, and the clock stands until they answer. */
export function askAboutBlocker(ctx: Context, id: string, text: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    if (by === before.raisedBy) throw new Refusal('You raised it: others ask you.');
    await checkHand(ctx, before, by);
    const number = before.questions + 1;
    const to = paused(before, number, await clockOf(ctx, before), ctx.now());
    const question = checkedWords(text, 'question');
    await ctx.db.insert(blockerQuestions).values({
      workspace: ctx.workspace,
      blockerId: id,
      number,
      question,
      askedBy: by,
      askedAt: ctx.now(),
    });
    const blocker = await write(ctx, before, { ...to, questions: number });
    note(ctx, blocker, by, 'asked_back', 'needs to know more');
    return await shownWithQuestion(ctx, blocker, number);
  });
}

/** The asker answers; if the clock waited for it, it goes on with what was left. */
export function answerBlocker(ctx: Context, id: string, number: number, text: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    const { leadId } = await teamById(ctx, before.teamId);
    if (by !== before.raisedBy && by !== leadId) throw new Refusal('Only who raised it answers this.');
    if (isOver(before)) throw new Refusal(`Blocker ${before.number} is over. Nobody waits for this answer any more.`);
    const answer = checkedWords(text, 'answer', 1);
    const [question] = (await questionsOf(ctx, id)).filter((each) => each.number === number);
    if (!question) throw new Refusal('That question is gone.');
    if (question.answer !== null) throw new Refusal('You answered this already.');
    await ctx.db
      .update(blockerQuestions)
      .set({ answer, answeredAt: ctx.now() })
      .where(
        and(
          eq(blockerQuestions.workspace, ctx.workspace),
          eq(blockerQuestions.blockerId, id),
          eq(blockerQuestions.number, number),
        ),
      );
    const isAwaited = before.asking === number;
    const blocker = isAwaited ? await schedule(ctx, await write(ctx, before, resumed(ctx.now()))) : before;
    note(ctx, blocker, by, 'answered', 'answered the question');
    await shownWithQuestion(ctx, blocker, number);
    const story = await storyOf(ctx, blocker);
    await tellOne(ctx, blocker, question.askedBy, `answer:${number}`, answerNote(story, { ...question, answer }));
    return blocker;
  });
}

export async function shownWithQuestion(ctx: Context, blocker: Blocker, number: number): Promise<Blocker> {
  const story = await tell(ctx, blocker);
  const question = story.questions.find((each) => each.number === number);
  if (question) await tellOne(ctx, blocker, blocker.raisedBy, `question:${number}`, questionCard(story, question));
  return blocker;
}
