import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Context, within } from '../context.ts';
import { rowsOf } from '../db/rows.ts';
import type { Message } from '../slack/blocks.ts';
import { type Calling, type Drawing, messages, pictures, sentCalls } from './schema.ts';

/** One message in the courier's hands; only the holder of the newest fence may write its outcome. */
export interface Claimed {
  readonly key: string;
  readonly channel: string;
  readonly wanted: Message;
  readonly revision: number;
  readonly ts: string | undefined;
  readonly postedIn: string | undefined;
  readonly threadTs: string | undefined;
  readonly owner: string | undefined;
  readonly usefulUntil: Date | undefined;
  readonly attempts: number;
  readonly fence: number;
  /** Set when an earlier try may have posted it. */
  readonly triedAt: Date | undefined;
  /** As it is wanted here. */
  readonly calls: Calling | undefined;
}

const leaseSeconds = 30;

const Claim = z.object({ key: z.string(), thread_ts: z.string().nullable(), tried: z.coerce.date().nullable() });

/** At most one message a channel and pace, replies only below a parent that stands. */
export async function claimDue(ctx: Context, most: number, paceMs: number): Promise<Claimed[]> {
  const found = await ctx.db.execute(sql`
    with free as (
      select distinct on (m.channel) m.key, m.channel, parent.ts as thread_ts, m.first_tried_at as tried
      from messages m
      left join channel_paces p on p.workspace = m.workspace and p.channel = m.channel
      left join messages parent on parent.workspace = m.workspace and parent.key = m.thread
      where m.workspace = ${ctx.workspace} and m.state = 'ready' and m.due <= clock_timestamp()
        and (m.lease_until is null or m.lease_until < clock_timestamp())
        and (p.free_at is null or p.free_at <= clock_timestamp())
        and (m.thread is null or parent.ts is not null)
      order by m.channel, m.due
      limit ${most}),
    held as (
      select m.key from messages m join free f on f.key = m.key
      where m.workspace = ${ctx.workspace} and m.state = 'ready'
        and (m.lease_until is null or m.lease_until < clock_timestamp())
      for update of m skip locked),
    paced as (
      insert into channel_paces (workspace, channel, free_at)
      select ${ctx.workspace}, f.channel, clock_timestamp() + make_interval(secs => ${paceMs / 1000}) from free f join held h on h.key = f.key
      on conflict (workspace, channel) do update set free_at = excluded.free_at),
    taken as (
      update messages m set lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds}),
        fence = m.fence + 1, attempts = m.attempts + 1, first_tried_at = coalesce(m.first_tried_at, clock_timestamp())
      from held h where m.workspace = ${ctx.workspace} and m.key = h.key
      returning m.key)
    select f.key, f.thread_ts, f.tried from free f join taken t on t.key = f.key`);
  const claims = z.array(Claim).parse(rowsOf(found));
  return await Promise.all(claims.map((claim) => claimed(ctx, claim)));
}

async function claimed(ctx: Context, claim: z.infer<typeof Claim>): Promise<Claimed> {
  const [row] = await ctx.db
    .select()
    .from(messages)
    .where(and(eq(messages.workspace, ctx.workspace), eq(messages.key, claim.key)));
  if (!row) throw new Error(`message ${claim.key} vanished`);
  return {
    key: row.key,
    channel: row.channel,
    wanted: row.wanted,
    revision: row.revision,
    ts: row.ts ?? undefined,
    postedIn: row.postedIn ?? undefined,
    threadTs: claim.thread_ts ?? undefined,
    owner: row.owner ?? undefined,
    usefulUntil: row.usefulUntil ?? undefined,
    attempts: row.attempts,
    fence: row.fence,
    triedAt: claim.tried ?? undefined,
    calls: row.calls ?? undefined,
  };
}

const mine = (ctx: Context, job: Claimed) =>
  and(eq(messages.workspace, ctx.workspace), eq(messages.key, job.key), eq(messages.fence, job.fence));

export interface Standing {
  readonly postedIn: string;
  readonly ts: string;
  /** When Slack had accepted it. */
  readonly at: Date;
}

/** It stands. The first time, and where it calls somebody, that is on record from now on. */
export async function finish(ctx: Context, job: Claimed, standing: Standing): Promise<void> {
  const { key, calls } = job;
  if (job.ts !== undefined || calls === undefined) return void (await keepStanding(ctx, job, standing));
  await within(ctx, async (ctx) => {
    if (!(await keepStanding(ctx, job, standing))) return;
    await ctx.db
      .insert(sentCalls)
      .values({ workspace: ctx.workspace, key, ...calls, at: standing.at })
      .onConflictDoNothing();
  });
}

/** If something newer is wanted meanwhile, it stays due. False: somebody else has taken it over. */
async function keepStanding(ctx: Context, job: Claimed, { postedIn, ts }: Standing): Promise<boolean> {
  const kept = await ctx.db
    .update(messages)
    .set({
      ts,
      postedIn,
      state: sql`case when ${messages.revision} = ${job.revision} then 'done' else 'ready' end`,
      leaseUntil: null,
      lastError: null,
      attempts: 0,
    })
    .where(mine(ctx, job))
    .returning({ key: messages.key });
  return kept.length > 0;
}

export async function postpone(
  ctx: Context,
  job: Claimed,
  ms: number,
  why: string,
  { counts } = { counts: true },
): Promise<void> {
  await ctx.db
    .update(messages)
    .set({
      due: sql`clock_timestamp() + make_interval(secs => ${ms / 1000})`,
      leaseUntil: null,
      lastError: why,
      ...(!counts && { attempts: sql`${messages.attempts} - 1`, firstTriedAt: job.triedAt ?? null }),
    })
    .where(mine(ctx, job));
}

export async function park(ctx: Context, job: Claimed, why: string): Promise<boolean> {
  const parked = await ctx.db
    .update(messages)
    .set({ state: 'parked', leaseUntil: null, lastError: why })
    .where(mine(ctx, job))
    .returning({ key: messages.key });
  return parked.length > 0;
}

export async function drawingOf(
  ctx: Context,
  key: string,
): Promise<{ drawing: Drawing; file: string | null } | undefined> {
  const [stored] = await ctx.db
    .select()
    .from(pictures)
    .where(and(eq(pictures.workspace, ctx.workspace), eq(pictures.key, key)));
  return stored;
}

export async function keepFile(ctx: Context, key: string, file: string): Promise<void> {
  await ctx.db
    .update(pictures)
    .set({ file })
    .where(and(eq(pictures.workspace, ctx.workspace), eq(pictures.key, key)));
}

/** How many messages wait to be delivered. */
export async function backlog(ctx: Context): Promise<number> {
  return await ctx.db.$count(messages, and(eq(messages.workspace, ctx.workspace), eq(messages.state, 'ready')));
}
