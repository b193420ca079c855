import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { nextNumber } from '../installations/store.ts';
import { modelById } from '../models/queries.ts';
import { personById, teamById } from '../teams/queries.ts';
import { type Need, needOf, needValue, needWords } from './needs.ts';
import {
  asksOf,
  blockerFrom,
  datasetName,
  lockBlocker,
  nextDue,
  nextForsaken,
  questionsOf,
  teamsOfPerson,
} from './queries.ts';
import { isOf, needTeamFor, roleIn, roleNeeded, routeOf } from './routing.ts';
import {
  after,
  answerMs,
  checkedWords,
  checkSince,
  ended,
  isDue,
  isOver,
  mayReopen,
  mostWords,
  mustBe,
  paused,
  reminded,
  resumed,
  taken,
} from './rules.ts';
import {
  type Blocker,
  blockerAsks,
  blockerHops,
  blockerQuestions,
  blockers,
  type Reply,
  type Severity,
} from './schema.ts';
import { askThem, clockOf, forward, note, schedule, setReply, storyOf, teamOf, tell, tellOne, write } from './store.ts';
import { answerNote, endedNote, goneElsewhere, questionCard, reminder, stillOnIt, takenNote } from './views.ts';

export interface BlockerInput {
  readonly what: string;
  readonly need: Need;
  readonly severity: Severity;
  /** The team that is blocked; without one, that of the model where the asker is in it, else the asker's first. */
  readonly teamId?: string | undefined;
  /** The team that has what is needed, where the asker knows it. */
  readonly needTeamId?: string | undefined;
  readonly modelId?: string | undefined;
  readonly datasetId?: string | undefined;
  /** What else it blocks, in words. */
  readonly blocks?: string | undefined;
  readonly since?: Date | undefined;
  /** Such as "standup:<ritual>:<date>:<person>:<n>": raised again with the same, it is the same blocker. */
  readonly origin?: string | undefined;
}

/** Raises it and asks whoever has what is needed; also inside the transaction of another verb. */
export function raiseBlocker(ctx: Context, input: BlockerInput, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const known = input.origin === undefined ? undefined : await blockerFrom(ctx, input.origin);
    if (known) return known;
    const asker = await personById(ctx, by);
    if (asker.standing !== 'member')
      throw new Refusal('Only members of this workspace raise blockers. Ask one of the team.');
    const now = ctx.now();
    const what = checkedWords(input.what, 'what');
    const since = input.since ?? now;
    checkSince(since, now);
    const model = input.modelId === undefined ? undefined : await modelById(ctx, input.modelId);
    const dataset = input.datasetId === undefined ? undefined : await datasetName(ctx, input.datasetId);
    const teamId = await teamFor(ctx, input.teamId, model?.teamId, by);
    const nearest = dataset?.teamId ?? model?.teamId;
    const needTeamId = await needTeamFor(ctx, input.need, { named: input.needTeamId, nearest, own: teamId });
    await checkPerson(ctx, input.need, by);
    const [blocker] = await ctx.db
      .insert(blockers)
      .values({
        workspace: ctx.workspace,
        number: await nextNumber(ctx, 'blocker'),
        origin: input.origin ?? null,
        teamId,
        what,
        need: needValue(input.need),
        needTeamId,
        datasetId: input.datasetId ?? null,
        modelId: input.modelId ?? null,
        blocks: (input.blocks ?? '').trim().slice(0, mostWords),
        severity: input.severity,
        since,
        raisedBy: by,
        raisedAt: now,
        fromRole: await roleIn(ctx, teamId, by),
        toRole: await roleNeeded(ctx, input.need, needTeamId),
        askedAt: now,
        clockFrom: now,
        clockLeftMs: answerMs,
        stretchFrom: since,
      })
      .onConflictDoNothing()
      .returning();
    const raced = blocker ? undefined : await blockerFrom(ctx, input.origin ?? '');
    if (raced) return raced;
    if (!blocker) throw new Error('a blocker was not written');
    note(ctx, blocker, by, 'raised', `is blocked and needs ${needWords(input.need)}`);
    return await shown(ctx, await forward(ctx, blocker, 'holder'));
  });
}

async function teamFor(ctx: Context, named: string | undefined, ofModel: string | undefined, by: string) {
  if (named !== undefined) return (await teamById(ctx, named)).id;
  const own = await teamsOfPerson(ctx, by);
  const team = own.find(({ id }) => id === ofModel)?.id ?? own[0]?.id ?? ofModel;
  if (team === undefined) throw new Refusal('You are in no team yet. Make one with /ml team new.');
  return team;
}

/** Somebody who can be asked at all. */
async function checkPerson(ctx: Context, need: Need, asker: string): Promise<void> {
  if (need.kind !== 'person') return;
  if (need.person === asker)
    throw new Refusal('That is the person who is blocked. Choose somebody else.', { field: 'person' });
  const { standing, name } = await personById(ctx, need.person);
  if (standing !== 'member')
    throw new Refusal(`${name} is no member of this workspace, so I do not ask them. Choose somebody else.`, {
      field: 'person',
    });
}

async function shown(ctx: Context, blocker: Blocker): Promise<Blocker> {
  return (await tell(ctx, blocker)).blocker;
}

/** The first who takes it has it; whoever comes second reads who was first. */
export function takeBlocker(ctx: Context, id: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    const to = taken(before, by, ctx.now());
    await checkHand(ctx, before, by);
    const heldIn = await teamOf(ctx, before, by);
    const blocker = await schedule(ctx, await write(ctx, before, { ...to, heldIn }));
    await keepReply(ctx, before, by, 'took');
    note(ctx, blocker, by, 'taken', 'took it');
    const story = await tell(ctx, blocker);
    await tellOne(ctx, blocker, blocker.raisedBy, `taken:${blocker.revision}`, takenNote(story));
    return blocker;
  });
}

/** Whoever was asked, or works for one of the two teams. */
async function checkHand(ctx: Context, { id, needTeamId, teamId }: Blocker, by: string): Promise<void> {
  const { standing } = await personById(ctx, by);
  if (standing === 'member') {
    for (const each of [needTeamId, teamId]) if (await isOf(ctx, each, by)) return;
    if ((await asksOf(ctx, id)).some(({ personId }) => personId === by)) return;
  }
  const { name } = await teamById(ctx, needTeamId);
  throw new Refusal(`Only who was asked, and the people of ${name}, see to this. You can tell them, of course.`);
}

export interface PassOn {
  /** undefined: whoever passes it on does not know; the lead is asked. */
  readonly need: Need | undefined;
  readonly needTeamId?: string | undefined;
  readonly reason: string;
}

/** "Not us", or the asker asks somebody else: what is needed now, with the hop kept. */
export function passBlocker(
  ctx: Context,
  id: string,
  { need, needTeamId, reason }: PassOn,
  by: string,
): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    mustBe(before, 'open');
    const isAsker = by === before.raisedBy;
    if (!isAsker) {
      await checkHand(ctx, before, by);
      await keepReply(ctx, before, by, 'not_us');
    }
    note(ctx, before, by, 'passed_on', `passed it on: ${need ? needWords(need) : 'the lead may know'}`);
    if (!need) {
      // Somebody else is asked already: a "not us" of another one changes nothing for them.
      const isAsked = isAsker || before.askedId === null || by === before.askedId;
      return await shown(ctx, isAsked ? await forward(ctx, { ...before, step: 'holder' }, 'lead') : before);
    }
    await checkPerson(ctx, need, before.raisedBy);
    if (need.kind === 'person') await checkWilling(ctx, id, need.person);
    const to = await needTeamFor(ctx, need, { named: needTeamId, nearest: before.needTeamId, own: before.teamId });
    const hops = before.hops + 1;
    await ctx.db.insert(blockerHops).values({
      workspace: ctx.workspace,
      blockerId: id,
      number: hops,
      at: ctx.now(),
      by,
      fromNeed: before.need,
      toNeed: needValue(need),
      reason: reason.trim().slice(0, mostWords),
    });
    const changed = await write(ctx, before, {
      need: needValue(need),
      needTeamId: to,
      toRole: await roleNeeded(ctx, need, to),
      step: 'holder',
      hops,
    });
    if (to !== before.needTeamId) await leaveChannel(ctx, before);
    return await shown(ctx, await forward(ctx, changed, 'holder', need.kind === 'person' ? 'anew' : 'on'));
  });
}

/** Whoever said no is not asked again, also where somebody names them. */
async function checkWilling(ctx: Context, id: string, person: string): Promise<void> {
  const reply = (await asksOf(ctx, id)).find(({ personId }) => personId === person)?.reply;
  if (reply === 'not_us' || reply === 'gave_back')
    throw new Refusal('They said already that it is not theirs. Choose somebody else.', { field: 'person' });
}

/** What stands in the channel of a team that has it no longer. */
async function leaveChannel(ctx: Context, { id, number, teamId, needTeamId, need, raisedBy }: Blocker): Promise<void> {
  const { kind } = needOf(need);
  if (teamId === needTeamId || kind === 'person' || kind === 'decision') return;
  const { channel } = await teamById(ctx, needTeamId);
  await announce(ctx, `blocker:${id}:in:${needTeamId}`, { channel, owner: raisedBy }, goneElsewhere(number));
}

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

async function shownWithQuestion(ctx: Context, blocker: Blocker, number: number): Promise<Blocker> {
  const story = await tell(ctx, blocker);
  const question = story.questions.find((each) => each.number === number);
  if (question) await tellOne(ctx, blocker, blocker.raisedBy, `question:${number}`, questionCard(story, question));
  return blocker;
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

/** "Unblocked" by either side, or by the lead of the team that was blocked. */
export function closeBlocker(ctx: Context, id: string, unblocked: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    const { leadId } = await teamById(ctx, before.teamId);
    if (![before.raisedBy, before.takenBy, leadId].includes(by))
      throw new Refusal('Who raised it or took it closes it. Tell them that it is solved.');
    const to = ended(before, 'closed', by, ctx.now());
    const words = checkedWords(unblocked, 'unblocked');
    return await endWith(ctx, before, { ...to, unblocked: words }, by, 'closed', `closed it: ${words}`);
  });
}

export function withdrawBlocker(ctx: Context, id: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    const { leadId } = await teamById(ctx, before.teamId);
    if (by !== before.raisedBy && by !== leadId) throw new Refusal('Only who raised it withdraws it.');
    return await endWith(ctx, before, ended(before, 'withdrawn', by, ctx.now()), by, 'withdrawn', 'withdrew it');
  });
}

/** The other side hears of it: whoever has it or is asked, and who raised it. */
async function endWith(ctx: Context, before: Blocker, to: Partial<Blocker>, by: string, verb: string, words: string) {
  const blocker = await write(ctx, before, to);
  note(ctx, blocker, by, verb, words);
  const story = await tell(ctx, blocker);
  const others = new Set([blocker.raisedBy, before.takenBy, before.askedId].filter((id) => id !== null && id !== by));
  for (const who of others)
    if (who !== null) await tellOne(ctx, blocker, who, `ended:${blocker.reopened}:${who}`, endedNote(story));
  await settleStill(ctx, before, 'over');
  if (before.asking !== null) await shownWithQuestion(ctx, blocker, before.asking);
  return blocker;
}

/** The last "still on it?" keeps no buttons that have nothing to do. */
async function settleStill(ctx: Context, before: Blocker, how: 'over' | 'kept' | 'asked-anew'): Promise<void> {
  if (before.state !== 'taken' || before.takenBy === null || before.reminders === 0) return;
  await tellOne(ctx, before, before.takenBy, stillKey(before), stillOnIt(await storyOf(ctx, before), how));
}

const stillKey = ({ takenAt, reminders }: Blocker) => `still:${takenAt?.getTime() ?? 0}:${reminders}`;

/** Whoever took it cannot go on: the next one is asked at once. */
export function giveBackBlocker(ctx: Context, id: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    mustBe(before, 'taken');
    if (before.takenBy !== by) throw new Refusal(`<@${before.takenBy}> has it, not you. Nothing to give back.`);
    await keepReply(ctx, before, by, 'gave_back');
    note(ctx, before, by, 'given_back', 'gave it back');
    await settleStill(ctx, before, 'over');
    return await shown(ctx, await forward(ctx, before, 'holder'));
  });
}

/** Also of somebody who has it without having been asked. */
async function keepReply(ctx: Context, { id, asks }: Blocker, personId: string, reply: Reply) {
  await ctx.db
    .insert(blockerAsks)
    .values({ workspace: ctx.workspace, blockerId: id, personId, number: asks, askedAt: ctx.now() })
    .onConflictDoNothing();
  await setReply(ctx, id, personId, reply);
}

/** "Still on it": asked again the next working day. */
export function keepBlocker(ctx: Context, id: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    mustBe(before, 'taken');
    if (before.takenBy !== by) throw new Refusal(`<@${before.takenBy}> has it, not you.`);
    note(ctx, before, by, 'kept', 'is still on it');
    await settleStill(ctx, before, 'kept');
    return before;
  });
}

/** It is back, with its age: whoever had it last is asked first. */
export function reopenBlocker(ctx: Context, id: string, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const before = await lockBlocker(ctx, id);
    const now = ctx.now();
    mayReopen(before, by, now);
    const again = { reopened: before.reopened + 1, stretchFrom: now, endedBy: null, endedAt: null, unblocked: null };
    const opened = await write(ctx, before, { ...again, state: 'open', takenBy: null, takenAt: null, step: 'holder' });
    note(ctx, opened, by, 'reopened', 'says that it is back');
    const last = before.takenBy;
    if (last !== null) {
      await keepReply(ctx, opened, last, 'gone');
      if (await canBeAsked(ctx, opened, last))
        return await shown(ctx, await askThem(ctx, opened, { step: 'holder', personId: last }, 'back'));
    }
    return await shown(ctx, await forward(ctx, opened, 'holder', 'anew'));
  });
}

async function canBeAsked(ctx: Context, blocker: Blocker, person: string): Promise<boolean> {
  const { holders } = await routeOf(ctx, { ...blocker, need: needValue({ kind: 'person', person }) });
  return holders.includes(person);
}

/** One thing that came due: the next person, a reminder, or a question to the taker. False: nothing is due. */
export function tickNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const before = await nextDue(ctx);
    if (!before) return false;
    const time = await clockOf(ctx, before);
    if (!isDue(before, time, ctx.now())) {
      const { dueAt } = await schedule(ctx, before);
      return dueAt?.getTime() !== before.dueAt?.getTime();
    }
    if (before.state === 'taken') await askStill(ctx, before);
    else if (before.step === 'lead') await remind(ctx, before);
    else await shown(ctx, await forward(ctx, before, after(before.step)));
    return true;
  });
}

async function remind(ctx: Context, before: Blocker): Promise<void> {
  const blocker = await schedule(ctx, await write(ctx, before, reminded(before, ctx.now())));
  note(ctx, blocker, 'pitcrew', 'reminded', 'reminded the lead');
  const story = await tell(ctx, blocker);
  const key = `remind:${blocker.asks}:${blocker.reminders}`;
  if (blocker.askedId !== null) await tellOne(ctx, blocker, blocker.askedId, key, reminder(story));
}

async function askStill(ctx: Context, before: Blocker): Promise<void> {
  await settleStill(ctx, before, 'asked-anew');
  const blocker = await schedule(ctx, await write(ctx, before, reminded(before, ctx.now())));
  note(ctx, blocker, 'pitcrew', 'still_asked', 'asked whether somebody is still on it');
  const story = await tell(ctx, blocker);
  if (blocker.takenBy !== null)
    await tellOne(ctx, blocker, blocker.takenBy, stillKey(blocker), stillOnIt(story, 'asked'));
}

/** Whoever has it cannot see to it any more: it goes on at once. False: everybody is there. */
export function passOverNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const before = await nextForsaken(ctx);
    if (!before) return false;
    const gone = before.takenBy ?? before.askedId;
    if (gone !== null) await keepReply(ctx, before, gone, 'gone');
    note(ctx, before, 'pitcrew', 'passed_over', 'went on, as whoever had it is not there', { person: gone ?? '' });
    await settleStill(ctx, before, 'over');
    await shown(ctx, await forward(ctx, before, before.state === 'taken' ? 'holder' : before.step));
    return true;
  });
}
