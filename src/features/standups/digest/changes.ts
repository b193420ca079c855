import { and, asc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { record } from '../../../ledger/ledger.ts';
import { announce } from '../../../messages/announce.ts';
import { teamFactsFor } from '../../facts/queries.ts';
import { awayOn, followersOf } from '../../rituals/queries.ts';
import { prompts, type RitualRun, ritualRuns, rituals } from '../../rituals/schema.ts';
import { promptKey } from '../asking/changes.ts';
import { closedMessage } from '../asking/views.ts';
import { heldBefore, lockRun, promptsOf } from '../queries.ts';
import { isComplete, noFacts } from '../rules.ts';
import { type Answer, digests, type KeptFacts } from '../schema.ts';
import { digestOf } from './queries.ts';
import { afterwards, type Digest, digestParent, digestThread, digestWhole, emptyThread } from './views.ts';

const digestKey = ({ ritualId, date }: Pick<RitualRun, 'ritualId' | 'date'>) => `standup-digest:${ritualId}:${date}`;

const ofRun = (ctx: Context, { ritualId, date }: Pick<RitualRun, 'ritualId' | 'date'>) =>
  and(eq(ritualRuns.workspace, ctx.workspace), eq(ritualRuns.ritualId, ritualId), eq(ritualRuns.date, date));

/** After something changed in a run that is held: the digest becomes due, is changed in place, or hears of it below. */
export async function settleRun(ctx: Context, run: RitualRun, answer?: Answer): Promise<void> {
  switch (run.state) {
    case 'planned':
      return;
    case 'open': {
      const states = (await promptsOf(ctx, run)).map(({ state }) => state);
      if (isComplete(states)) await ctx.db.update(ritualRuns).set({ digestAt: ctx.now() }).where(ofRun(ctx, run));
      return;
    }
    case 'posted':
      await show(ctx, run);
      return;
    case 'closed':
    case 'missed':
      if (answer) await addAfterwards(ctx, run, answer);
  }
}

async function addAfterwards(ctx: Context, run: RitualRun, answer: Answer): Promise<void> {
  const digest = await digestOf(ctx, run, noFacts);
  const said = digest.said.find((each) => each.answer.personId === answer.personId);
  if (!said) return;
  const key = `${digestKey(run)}:after:${answer.personId}:${answer.version}`;
  const thread = (await isPosted(ctx, run)) ? { thread: digestKey(run) } : {};
  await announce(
    ctx,
    key,
    { channel: digest.ritual.channel, ...thread },
    afterwards(said, digest.ritual, answer.version === 1),
  );
}

async function isPosted(ctx: Context, run: RitualRun): Promise<boolean> {
  const [row] = await ctx.db
    .select({ parts: digests.parts })
    .from(digests)
    .where(and(eq(digests.workspace, ctx.workspace), eq(digests.ritualId, run.ritualId), eq(digests.date, run.date)));
  return row !== undefined;
}

const batch = 20;
const leaseSeconds = 120;
const firstLookMs = 7 * 86_400_000;

/** Posts the digests that are due; what the team's records know is read before, holding no lock. False: none is due. */
export async function postDue(ctx: Context): Promise<boolean> {
  const due = await claimDigests(ctx);
  if (due.length === 0) return false;
  for (const { run, teamId } of due) {
    const since = (await heldBefore(ctx, run)) ?? new Date(run.opensAt.getTime() - firstLookMs);
    const { teams, missing } = await teamFactsFor(ctx, [teamId], new Map([[teamId, since]]));
    await within(ctx, async (ctx) => {
      const now = await lockRun(ctx, run);
      if (now.state === 'open') await post(ctx, now, { ...noFacts, ...teams.get(teamId), missing });
    });
  }
  return true;
}

async function claimDigests(ctx: Context): Promise<{ run: RitualRun; teamId: string }[]> {
  return await within(ctx, async (ctx) => {
    const due = await ctx.db
      .select({ run: ritualRuns, teamId: rituals.teamId })
      .from(ritualRuns)
      .innerJoin(rituals, and(eq(rituals.workspace, ritualRuns.workspace), eq(rituals.id, ritualRuns.ritualId)))
      .where(
        and(
          eq(ritualRuns.workspace, ctx.workspace),
          eq(ritualRuns.state, 'open'),
          lte(ritualRuns.digestAt, ctx.now()),
          or(isNull(ritualRuns.leaseUntil), sql`${ritualRuns.leaseUntil} < ${ctx.clock}`),
        ),
      )
      .orderBy(asc(ritualRuns.digestAt))
      .limit(batch)
      .for('update', { of: ritualRuns, skipLocked: true });
    if (due.length === 0) return [];
    await ctx.db
      .update(ritualRuns)
      .set({ leaseUntil: sql`${ctx.clock} + make_interval(secs => ${leaseSeconds})` })
      .where(or(...due.map(({ run }) => ofRun(ctx, run))));
    return due;
  });
}

/** Where nobody answered and nobody is missing, all are away: then nothing is posted. */
async function post(ctx: Context, run: RitualRun, facts: KeptFacts): Promise<void> {
  await markGone(ctx, run);
  const asked = await promptsOf(ctx, run);
  const isEmpty = asked.every(({ state }) => state === 'away' || state === 'left');
  const to = isEmpty
    ? ({ state: 'closed', closedAt: ctx.now() } as const)
    : ({ state: 'posted', postedAt: ctx.now() } as const);
  const [after] = await ctx.db
    .update(ritualRuns)
    .set({ ...to, leaseUntil: null })
    .where(and(ofRun(ctx, run), eq(ritualRuns.state, 'open')))
    .returning();
  if (!after || isEmpty) return;
  await ctx.db
    .update(prompts)
    .set({ state: 'home', remindAt: null })
    .where(
      and(
        eq(prompts.workspace, ctx.workspace),
        eq(prompts.ritualId, run.ritualId),
        eq(prompts.date, run.date),
        eq(prompts.state, 'waiting'),
      ),
    );
  await ctx.db
    .insert(digests)
    .values({ workspace: ctx.workspace, ritualId: run.ritualId, date: run.date, facts })
    .onConflictDoNothing();
  const digest = await show(ctx, after);
  const waiting = asked.filter(({ state }) => state === 'sent');
  for (const prompt of waiting)
    await announce(ctx, promptKey(prompt), { channel: prompt.personId }, closedMessage(digest.ritual, after));
  const { ritual, said } = digest;
  record(ctx, {
    who: 'pitcrew',
    what: 'standup.posted',
    subject: `ritual:${ritual.id}`,
    summary: `posted the digest of ${ritual.name} of ${run.date}, with ${said.length} answers`,
  });
}

/** Whoever said since they were asked that they are away, or is not in the team any more, is not missing. */
async function markGone(ctx: Context, run: RitualRun): Promise<void> {
  const ofIt = and(
    eq(prompts.workspace, ctx.workspace),
    eq(prompts.ritualId, run.ritualId),
    eq(prompts.date, run.date),
  );
  await ctx.db
    .update(prompts)
    .set({ state: 'left', remindAt: null })
    .where(
      and(
        ofIt,
        inArray(prompts.state, ['waiting', 'sent', 'home']),
        sql`not exists (select 1 from members m join rituals r on r.workspace = m.workspace and r.team_id = m.team_id
          where m.workspace = ${ctx.workspace} and r.id = ${run.ritualId} and m.person_id = ${prompts.personId} and m.left_at is null)`,
      ),
    );
  const open = (await promptsOf(ctx, run)).filter(
    ({ state }) => state === 'waiting' || state === 'sent' || state === 'home',
  );
  const ids = open.map(({ personId }) => personId);
  for (const [personId, days] of await awayOn(ctx, ids, run.date, run.date))
    await ctx.db
      .update(prompts)
      .set({ state: 'away', awayUntil: days[0]?.until ?? run.date, remindAt: null })
      .where(and(ofIt, eq(prompts.personId, personId)));
}

/** Says what should stand: the short message, its thread, and the copies of who reads along. */
async function show(ctx: Context, run: RitualRun): Promise<Digest> {
  const [kept] = await ctx.db
    .select()
    .from(digests)
    .where(and(eq(digests.workspace, ctx.workspace), eq(digests.ritualId, run.ritualId), eq(digests.date, run.date)));
  const digest = await digestOf(ctx, run, kept?.facts ?? noFacts);
  const { ritual, team } = digest;
  const key = digestKey(run);
  await announce(ctx, key, { channel: ritual.channel, owner: team.leadId }, digestParent(digest));
  const thread = digestThread(digest, run.postedAt ?? ctx.now());
  for (let i = 0; i < Math.max(thread.length, kept?.parts ?? 0); i += 1)
    await announce(ctx, `${key}:${i}`, { channel: ritual.channel, thread: key }, thread[i] ?? emptyThread);
  await ctx.db
    .update(digests)
    .set({ parts: Math.max(thread.length, kept?.parts ?? 0) })
    .where(and(eq(digests.workspace, ctx.workspace), eq(digests.ritualId, run.ritualId), eq(digests.date, run.date)));
  for (const personId of await followersOf(ctx, ritual.id))
    await announce(ctx, `${key}:to:${personId}`, { channel: personId }, digestWhole(digest, run.postedAt ?? ctx.now()));
  return digest;
}

/** From now on the digest stays as it is; what comes later stands below it. */
export function closeDue(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const due = await ctx.db
      .select({ ritualId: ritualRuns.ritualId, date: ritualRuns.date })
      .from(ritualRuns)
      .where(
        and(
          eq(ritualRuns.workspace, ctx.workspace),
          eq(ritualRuns.state, 'posted'),
          lte(ritualRuns.closesAt, ctx.now()),
        ),
      )
      .limit(200)
      .for('update', { skipLocked: true });
    if (due.length === 0) return false;
    await ctx.db
      .update(ritualRuns)
      .set({ state: 'closed', closedAt: ctx.now() })
      .where(and(eq(ritualRuns.workspace, ctx.workspace), or(...due.map((run) => ofRun(ctx, run)))));
    return true;
  });
}
