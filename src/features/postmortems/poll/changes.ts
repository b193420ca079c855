import { randomBytes } from 'node:crypto';
import { and, asc, eq, inArray, lte } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { incidentById } from '../../incidents/queries.ts';
import { house, peopleOf } from '../../incidents/visibility/queries.ts';
import { people } from '../../teams/schema.ts';
import { structureOf } from '../fairness/queries.ts';
import { postmortemById } from '../queries.ts';
import { type Postmortem, postmortems } from '../schema.ts';
import { cardKey, placeOf, writeCanvasAgain } from '../store.ts';
import { countsOf, openPolls, pollOf } from './queries.ts';
import { markOf, mayAnswer, mostAsked, pollForMs, shownOf } from './rules.ts';
import { type Poll, pollAnswers, type PollQuestion, pollQuestions, polls } from './schema.ts';
import { pollMessage, pollNotAsked, pollResult } from './views.ts';

/** Asks after one meeting; false when none is over. It is asked once: a second meeting asks nobody again. */
export function openNextPoll(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const [due] = await ctx.db
      .select()
      .from(postmortems)
      .where(and(eq(postmortems.workspace, ctx.workspace), lte(postmortems.pollAt, ctx.now())))
      .orderBy(asc(postmortems.pollAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!due) return false;
    const ofDue = and(eq(postmortems.workspace, ctx.workspace), eq(postmortems.id, due.id));
    await ctx.db.update(postmortems).set({ pollAt: null }).where(ofDue);
    if (ctx.sealing) await open(ctx, due, ctx.sealing.seal(randomBytes(32).toString('base64'), place(ctx, due.id)));
    else await announce(ctx, `${cardKey(due)}:no-poll`, { channel: due.ownerId }, pollNotAsked(due));
    return true;
  });
}

const place = ({ workspace }: Context, postmortemId: string) => ['postmortem-poll', workspace, postmortemId];

async function open(ctx: Context, postmortem: Postmortem, salt: string): Promise<void> {
  const asked = await whoTookPart(ctx, postmortem);
  const openedAt = ctx.now();
  const closesAt = new Date(openedAt.getTime() + pollForMs);
  const [made] = await ctx.db
    .insert(polls)
    .values({ workspace: ctx.workspace, postmortemId: postmortem.id, openedAt, closesAt, asked, salt })
    .onConflictDoNothing()
    .returning();
  if (!made) return;
  for (const each of asked)
    await announce(ctx, `${cardKey(postmortem)}:poll:${each}`, { channel: each }, pollMessage(postmortem, made));
}

/** Who was in the meeting is not on record: those who were in the incident, who wrote of it, and who runs it. */
async function whoTookPart(ctx: Context, postmortem: Postmortem): Promise<string[]> {
  const { active, writers } = await structureOf(ctx, postmortem);
  const { facilitatorId, ownerId } = postmortem;
  const all = [...new Set([ownerId, ...(facilitatorId ? [facilitatorId] : []), ...writers, ...active])];
  const incident = await incidentById(ctx, postmortem.incidentId, house);
  const insiders = incident.isPrivate ? await peopleOf(ctx, incident.id) : all;
  const members = await ctx.db
    .select({ id: people.id })
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), inArray(people.id, all), eq(people.standing, 'member')));
  const known = new Set(members.map(({ id }) => id));
  return all.filter((each) => known.has(each) && insiders.includes(each)).slice(0, mostAsked);
}

/** The last answer of somebody stands. Who gave it is in no row, line or message; it may be given twice. */
export function answerPoll(
  ctx: Context,
  postmortemId: string,
  { question, isYes }: { question: PollQuestion; isYes: boolean },
  by: string,
): Promise<Poll> {
  return within(ctx, async (ctx) => {
    await postmortemById(ctx, postmortemId, by);
    const poll = await pollOf(ctx, postmortemId);
    if (!poll) throw new Refusal('This is not asked any more.');
    mayAnswer(poll, by, ctx.now());
    if (!poll.salt || !ctx.sealing) throw new Refusal('The key is gone with which answers are kept apart from names.');
    const mark = markOf(ctx.sealing.open(poll.salt, place(ctx, postmortemId)), question, by);
    await ctx.db
      .insert(pollAnswers)
      .values({ workspace: ctx.workspace, postmortemId, mark, question, isYes })
      .onConflictDoUpdate({
        target: [pollAnswers.workspace, pollAnswers.postmortemId, pollAnswers.mark],
        set: { isYes },
      });
    return poll;
  });
}

/** Every half hour: shows what may be shown, and ends what is over. Then only the numbers are left. */
export function tallyPolls(ctx: Context): Promise<void> {
  return within(ctx, async (ctx) => {
    for (const poll of await openPolls(ctx)) {
      const { postmortemId, closesAt } = poll;
      const isOver = closesAt <= ctx.now();
      const counts = await countsOf(ctx, postmortemId);
      const postmortem = await postmortemById(ctx, postmortemId, house);
      if (isOver) {
        await end(ctx, poll, counts);
        await writeCanvasAgain(ctx, postmortem);
      }
      if (!isOver && pollQuestions.every((question) => !shownOf(counts, question))) continue;
      const incident = await incidentById(ctx, postmortem.incidentId, house);
      const where = { ...(await placeOf(ctx, incident, postmortem)), thread: cardKey(postmortem) };
      await announce(ctx, `${cardKey(postmortem)}:poll-result`, where, pollResult(counts, isOver));
    }
  });
}

async function end(ctx: Context, { postmortemId }: Poll, counts: Poll['counts']): Promise<void> {
  await ctx.db
    .delete(pollAnswers)
    .where(and(eq(pollAnswers.workspace, ctx.workspace), eq(pollAnswers.postmortemId, postmortemId)));
  await ctx.db
    .update(polls)
    .set({ salt: null, counts, closedAt: ctx.now() })
    .where(and(eq(polls.workspace, ctx.workspace), eq(polls.postmortemId, postmortemId)));
}
