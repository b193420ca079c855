import { and, eq, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { announce } from '../../messages/announce.ts';
import type { Message } from '../../slack/blocks.ts';
import { modelById } from '../models/queries.ts';
import { membersOf, teamById } from '../teams/queries.ts';
import type { WorkTime } from './clock.ts';
import { needOf } from './needs.ts';
import { asksOf, datasetName, hopsOf, questionsOf } from './queries.ts';
import { routeOf, workTimeOf } from './routing.ts';
import { asked, fireAt, type Next, nextToAsk } from './rules.ts';
import { type Blocker, blockerAsks, blockers, type Reply, type Step } from './schema.ts';
import { askedAgain, blockerCard, nobodyLeft, readerOf, type Story } from './views.ts';

/** Written under the lock of its row. */
export async function write(ctx: Context, before: Blocker, to: Partial<Blocker>): Promise<Blocker> {
  const [after] = await ctx.db
    .update(blockers)
    .set({ ...to, revision: sql`${blockers.revision} + 1` })
    .where(and(eq(blockers.workspace, ctx.workspace), eq(blockers.id, before.id)))
    .returning();
  if (!after) throw new Error(`blocker ${before.id} is gone`);
  return after;
}

export function note(
  ctx: Context,
  blocker: Blocker,
  who: string,
  verb: string,
  summary: string,
  data: Readonly<Record<string, string>> = {},
): void {
  const { id, number, modelId } = blocker;
  record(ctx, {
    who,
    what: `blocker.${verb}`,
    ...(modelId !== null && { modelId }),
    subject: `blocker:${id}`,
    summary: `${summary} (blocker ${number})`,
    data,
  });
}

/** Of whoever it waits for: the recipient, the taker, or who raised it where nobody is left. */
export async function clockOf(ctx: Context, blocker: Blocker): Promise<WorkTime> {
  const { takenBy, askedId, raisedBy, teamId, needTeamId, heldIn } = blocker;
  const who = takenBy ?? askedId;
  const team = await teamById(ctx, who === null ? teamId : (heldIn ?? needTeamId));
  return await workTimeOf(ctx, who ?? raisedBy, team);
}

/** Sets when it is to be looked at again; the clock reads only what stands in the row. */
export async function schedule(ctx: Context, blocker: Blocker): Promise<Blocker> {
  const dueAt = fireAt(blocker, await clockOf(ctx, blocker), ctx.now()) ?? null;
  return await write(ctx, blocker, { dueAt });
}

/**
 * Goes on to the next person from this step on; where nobody is left, who raised it hears of that once. What is back
 * begins anew: only whoever said no is left out. Where nobody was left, who was away may be back.
 */
export async function forward(ctx: Context, before: Blocker, from: Step, how: 'on' | 'anew' = 'on'): Promise<Blocker> {
  const forgotten = how === 'anew' ? 'waiting' : from === 'nobody' ? 'gone' : undefined;
  const asks = (await asksOf(ctx, before.id)).filter(({ reply }) => reply !== forgotten);
  const known = new Map(asks.map(({ personId, reply }) => [personId, reply]));
  return await askThem(ctx, before, nextToAsk(await routeOf(ctx, before), from, known));
}

export async function askThem(ctx: Context, before: Blocker, next: Next | undefined, why: 'back' | 'again' = 'again') {
  const asks = before.asks + 1;
  const heldIn = next ? await teamOf(ctx, before, next.personId) : null;
  const to = asked(next, ctx.now());
  const after = await schedule(ctx, await write(ctx, before, { ...to, heldIn, asks }));
  const wasNobody = before.step === 'nobody' && before.asks > 0;
  if (!next) {
    if (wasNobody) return after;
    note(ctx, after, 'pitcrew', 'unheard', 'has nobody left to ask');
    await tellOne(ctx, after, after.raisedBy, `nobody:${asks}`, nobodyLeft(await storyOf(ctx, after)));
    return after;
  }
  const isAgain = await keepAsk(ctx, after, next.personId, asks);
  note(ctx, after, 'pitcrew', 'asked', askedWords[next.step], { person: next.personId });
  if (isAgain) await tellOne(ctx, after, next.personId, `again:${asks}`, askedAgain(await storyOf(ctx, after), why));
  return after;
}

const askedWords = {
  holder: 'asked who has what is needed',
  deputy: 'asked the deputy or the next one',
  lead: 'asked the lead',
} as const;

/** Through which team this person is found: the one that is needed, else the asker's; null: by their name alone. */
export async function teamOf(ctx: Context, { needTeamId, teamId }: Blocker, personId: string): Promise<string | null> {
  for (const id of new Set([needTeamId, teamId])) {
    const { leadId } = await teamById(ctx, id);
    if (leadId === personId || (await membersOf(ctx, id)).some((each) => each.personId === personId)) return id;
  }
  return null;
}

/** True: a card of theirs stands already. */
async function keepAsk(ctx: Context, { id }: Blocker, personId: string, number: number): Promise<boolean> {
  const [fresh] = await ctx.db
    .insert(blockerAsks)
    .values({ workspace: ctx.workspace, blockerId: id, personId, number, askedAt: ctx.now() })
    .onConflictDoNothing()
    .returning();
  if (fresh) return false;
  await setReply(ctx, id, personId, 'waiting');
  return true;
}

async function setReply(ctx: Context, blockerId: string, personId: string, reply: Reply): Promise<void> {
  await ctx.db
    .update(blockerAsks)
    .set({ reply })
    .where(
      and(
        eq(blockerAsks.workspace, ctx.workspace),
        eq(blockerAsks.blockerId, blockerId),
        eq(blockerAsks.personId, personId),
      ),
    );
}

export async function storyOf(ctx: Context, blocker: Blocker): Promise<Story> {
  const { id, teamId, needTeamId, modelId, datasetId } = blocker;
  return {
    blocker,
    team: (await teamById(ctx, teamId)).name,
    needTeam: (await teamById(ctx, needTeamId)).name,
    model: modelId === null ? undefined : (await modelById(ctx, modelId)).name,
    dataset: datasetId === null ? undefined : (await datasetName(ctx, datasetId)).name,
    asks: await asksOf(ctx, id),
    questions: await questionsOf(ctx, id),
    hops: await hopsOf(ctx, id),
  };
}

/** Everybody involved sees the same card, edited in place; so does the channel of the team that is asked. */
export async function tell(ctx: Context, blocker: Blocker): Promise<Story> {
  const story = await storyOf(ctx, blocker);
  const involved = new Set([blocker.raisedBy, ...story.asks.map(({ personId }) => personId)]);
  if (blocker.takenBy !== null) involved.add(blocker.takenBy);
  for (const who of [...involved].toSorted())
    await tellOne(ctx, blocker, who, `to:${who}`, blockerCard(story, readerOf(story, who)));
  await tellTeam(ctx, story);
  return story;
}

/** Only where another team's role or system is needed: what is needed, and nobody's name. */
async function tellTeam(ctx: Context, story: Story): Promise<void> {
  const { blocker } = story;
  const { kind } = needOf(blocker.need);
  if (blocker.teamId === blocker.needTeamId || kind === 'person' || kind === 'decision') return;
  const { channel, id } = await teamById(ctx, blocker.needTeamId);
  const to = { channel, owner: blocker.askedId ?? blocker.raisedBy };
  await announce(ctx, `blocker:${blocker.id}:in:${id}`, to, blockerCard(story, 'channel'));
}

export async function tellOne(ctx: Context, { id }: Blocker, who: string, key: string, said: Message): Promise<void> {
  await announce(ctx, `blocker:${id}:${key}`, { channel: who, owner: who }, said);
}

/** Also of somebody who has it without having been asked. */
export async function keepReply(ctx: Context, { id, asks }: Blocker, personId: string, reply: Reply) {
  await ctx.db
    .insert(blockerAsks)
    .values({ workspace: ctx.workspace, blockerId: id, personId, number: asks, askedAt: ctx.now() })
    .onConflictDoNothing();
  await setReply(ctx, id, personId, reply);
}

/** For a verb with nothing more to say. */
export async function shown(ctx: Context, blocker: Blocker): Promise<Blocker> {
  return (await tell(ctx, blocker)).blocker;
}
