import { and, eq, isNull, notLike, or, type SQL, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { Message } from '../slack/blocks.ts';
import { type Calling, type Drawing, messages, pictures } from './schema.ts';

export interface Where {
  /** A channel id, or a user id for a direct message. */
  readonly channel: string;
  /** The key of the message to answer under. */
  readonly thread?: string;
  readonly owner?: string;
  readonly usefulUntil?: Date;
  /** Set where the message asks somebody by name to act now. */
  readonly calls?: Calling | undefined;
}

/** Say what should stand in Slack under this key. Same key, new content: the same message is edited. */
export async function announce(ctx: Context, key: string, where: Where, wanted: Message): Promise<void> {
  await announceAll(ctx, [{ key, where, wanted }]);
}

interface Announced {
  readonly key: string;
  readonly where: Where;
  readonly wanted: Message;
}

/** The same for many keys, each named once, in one statement. */
export async function announceAll(ctx: Context, all: readonly Announced[]): Promise<void> {
  if (all.length === 0) return;
  await ctx.db
    .insert(messages)
    .values(all.map(({ key, where, wanted }) => rowOf(ctx, key, where, wanted)))
    .onConflictDoUpdate({
      target: [messages.workspace, messages.key],
      set: { ...edited(ctx, sql`excluded.wanted`), calls: sql`excluded.calls` },
      setWhere: sql`${messages.wanted} is distinct from excluded.wanted or ${messages.state} = 'parked'`,
    });
}

/** Nobody can write in this channel any more: what stands there stays, and the next of each key is posted elsewhere. */
export async function leaveBehind(ctx: Context, channel: string): Promise<void> {
  const mark = `:left:${channel}`;
  await ctx.db
    .update(messages)
    .set({ key: sql`${messages.key} || ${mark}`, state: 'done', leaseUntil: null })
    .where(
      and(
        eq(messages.workspace, ctx.workspace),
        or(eq(messages.postedIn, channel), and(eq(messages.channel, channel), isNull(messages.postedIn))),
        notLike(messages.key, '%:left:%'),
      ),
    );
}

/** The same, unless anything was ever said under this key: then that stands. */
export async function announceOnce(ctx: Context, key: string, where: Where, wanted: Message): Promise<void> {
  await ctx.db
    .insert(messages)
    .values(rowOf(ctx, key, where, wanted))
    .onConflictDoNothing();
}

/** Changes what stands under this key; where nothing does, nothing is said. */
export async function amend(ctx: Context, key: string, wanted: Message): Promise<void> {
  await ctx.db
    .update(messages)
    .set({ ...edited(ctx, wanted), calls: null })
    .where(and(eq(messages.workspace, ctx.workspace), eq(messages.key, key)));
}

function rowOf(ctx: Context, key: string, where: Where, wanted: Message): typeof messages.$inferInsert {
  return {
    workspace: ctx.workspace,
    key,
    wanted,
    wantedAt: ctx.now(),
    channel: where.channel,
    thread: where.thread ?? null,
    owner: where.owner ?? null,
    usefulUntil: where.usefulUntil ?? null,
    calls: where.calls ?? null,
  };
}

function edited(ctx: Context, wanted: Message | SQL) {
  return {
    wanted,
    wantedAt: ctx.now(),
    revision: sql`${messages.revision} + 1`,
    state: 'ready' as const,
    due: sql`clock_timestamp()`,
    attempts: 0,
  };
}

/** Where the message of this key was posted, once it was. */
export async function whereStands(ctx: Context, key: string): Promise<{ channel: string; ts: string } | undefined> {
  const [row] = await ctx.db
    .select({ channel: messages.postedIn, ts: messages.ts })
    .from(messages)
    .where(and(eq(messages.workspace, ctx.workspace), eq(messages.key, key)));
  return row?.channel && row.ts ? { channel: row.channel, ts: row.ts } : undefined;
}

/** Keep a drawing for a message that shows `picture(key, …)`. A drawing never changes: new numbers, new key. */
export async function draw(ctx: Context, key: string, drawing: Drawing): Promise<void> {
  await ctx.db.insert(pictures).values({ workspace: ctx.workspace, key, drawing }).onConflictDoNothing();
}
