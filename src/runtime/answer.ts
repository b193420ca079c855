import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Context, within } from '../context.ts';
import type { Answer, Answered, Returned } from '../doors.ts';
import { Refusal } from '../lib/refusal.ts';
import { firstTime } from '../messages/inbox.ts';
import { databaseGone, report, wordless } from './failures.ts';

/** One knock at a door: what to do, and by which key the same knock is recognised when it comes twice. */
export interface Knock {
  /** Without one it is not remembered. */
  readonly key: string | undefined;
  /** Nothing may say who it was: no time of day is kept, and no word of what broke. */
  readonly isNameless?: boolean | undefined;
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
      (await isNew(ctx, knock)) ? ((await knock.handle(ctx)) ?? {}) : undefined,
    );
    return returned ? await answered(ctx, returned) : { kind: 'repeated' };
  });
  if (outcome.kind === 'done') wake();
  return outcome;
}

const dayMs = 86_400_000;

async function isNew(ctx: Context, { key, isNameless }: Knock): Promise<boolean> {
  if (key === undefined) return true;
  const day = new Date(Math.floor(ctx.now().getTime() / dayMs) * dayMs);
  return await (isNameless ? firstTime(ctx, hashed(key), day) : firstTime(ctx, key));
}

/** Slack writes the time into the hash of a view. */
const hashed = (key: string) => createHash('sha256').update(key).digest('base64url');

/** What only reads is asked outside any transaction: twice asked is twice answered, and nobody waits. */
export function answerQuestion(ctx: Context, door: string, ask: () => Answered): Promise<Outcome> {
  return attempt(ctx, { door }, async () => await answered(ctx, (await ask()) ?? {}));
}

async function answered(ctx: Context, { open, ...rest }: Returned): Promise<Outcome> {
  const view = typeof open === 'function' ? await open(ctx) : open;
  return { kind: 'done', answer: { ...rest, ...(view && { open: view }) } };
}

type About = Pick<Knock, 'door' | 'readsOurOwn' | 'isNameless'>;

/** Whatever is thrown becomes an outcome that somebody can be told. */
export async function attempt(ctx: Context, about: About, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    return failed(ctx, about, error);
  }
}

function failed(ctx: Context, { door, readsOurOwn, isNameless }: About, thrown: unknown): Outcome {
  if (thrown instanceof Refusal) return { kind: 'refused', reason: thrown.message, field: thrown.field };
  const error = isNameless ? wordless(thrown) : thrown;
  if (readsOurOwn && (thrown instanceof z.ZodError || thrown instanceof SyntaxError)) {
    ctx.log.warn({ door, err: error }, 'a door could not read what came in');
    return { kind: 'misread' };
  }
  if (databaseGone(thrown)) {
    ctx.log.error({ door, err: error }, 'the database is out of reach');
    return { kind: 'unreachable' };
  }
  return { kind: 'broken', reference: report(ctx.log, error, { door }) };
}
