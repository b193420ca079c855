import { z } from 'zod';
import { type Context, within } from '../context.ts';
import type { Answer, Answered, Returned } from '../doors.ts';
import { Refusal } from '../lib/refusal.ts';
import { firstTime } from '../messages/inbox.ts';
import { databaseGone, report } from './failures.ts';

/** One knock at a door: what to do, and by which key the same knock is recognised when it comes twice. */
export interface Knock {
  readonly key: string;
  readonly door: string;
  /** It reads something we once sent out ourselves, so a shape it cannot read is an old one and no bug. */
  readonly readsOurOwn?: boolean;
  /** Asks the outside, before the transaction. */
  readonly prepare?: (ctx: Context) => Promise<void>;
  readonly handle: (ctx: Context) => Answered;
}

export type Outcome =
  | { readonly kind: 'done'; readonly answer: Answer }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'refused'; readonly reason: string; readonly field: string | undefined }
  /** What came in has not the shape this version reads. */
  | { readonly kind: 'misread' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'broken'; readonly reference: string };

/** The house's way of running a door: everything it changes is committed before this resolves, or nothing is. */
export async function answerDoor(ctx: Context, knock: Knock, wake: () => void): Promise<Outcome> {
  const outcome = await attempt(ctx, knock, async () => {
    await knock.prepare?.(ctx);
    const returned = await within(ctx, async (ctx) =>
      (await firstTime(ctx, knock.key)) ? ((await knock.handle(ctx)) ?? {}) : undefined,
    );
    return returned ? await answered(ctx, returned) : { kind: 'repeated' };
  });
  if (outcome.kind === 'done') wake();
  return outcome;
}

/** What only reads is asked outside any transaction: twice asked is twice answered, and nobody waits. */
export function answerQuestion(ctx: Context, door: string, ask: () => Answered): Promise<Outcome> {
  return attempt(ctx, { door }, async () => await answered(ctx, (await ask()) ?? {}));
}

async function answered(ctx: Context, { open, ...rest }: Returned): Promise<Outcome> {
  const view = typeof open === 'function' ? await open(ctx) : open;
  return { kind: 'done', answer: { ...rest, ...(view && { open: view }) } };
}

type About = Pick<Knock, 'door' | 'readsOurOwn'>;

/** Whatever is thrown becomes an outcome that somebody can be told. */
export async function attempt(ctx: Context, about: About, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    return failed(ctx, about, error);
  }
}

function failed(ctx: Context, { door, readsOurOwn }: About, error: unknown): Outcome {
  if (error instanceof Refusal) return { kind: 'refused', reason: error.message, field: error.field };
  if (readsOurOwn && (error instanceof z.ZodError || error instanceof SyntaxError)) {
    ctx.log.warn({ door, err: error }, 'a door could not read what came in');
    return { kind: 'misread' };
  }
  if (databaseGone(error)) {
    ctx.log.error({ door, err: error }, 'the database is out of reach');
    return { kind: 'unreachable' };
  }
  return { kind: 'broken', reference: report(ctx.log, error, { door }) };
}
