import type { Context } from '../../context.ts';
import { isInside, readFor } from './providers/queries.ts';
import { type Asked, askedOnce, type FactKind, type Found, type Gathered, told } from './rules.ts';

export interface Provider {
  readonly kind: FactKind;
  readonly read: (ctx: Context, asked: readonly Asked[]) => Promise<readonly Found[]>;
}

/** A prompt waits no longer than this for what is known. */
export const budgetMs = 1500;

/** All of them at once; who is late or fails is named, and the rest is told. */
export async function gathered(
  ctx: Context,
  asked: readonly Asked[],
  providers: readonly Provider[],
  ms = budgetMs,
): Promise<Gathered> {
  const people = askedOnce(asked);
  if (people.length === 0) return { facts: new Map(), missing: [] };
  const read = (provider: Provider) => readInTime(ctx, provider.kind, ms, (ctx) => provider.read(ctx, people));
  const found = await each(ctx, providers, read);
  return {
    facts: told(
      people,
      found.flatMap((one) => one ?? []),
    ),
    missing: providers.filter((_, i) => found[i] === undefined).map(({ kind }) => kind),
  };
}

/** Inside a transaction there is one connection, so one after the other. */
export async function each<Of, T>(ctx: Context, list: readonly Of[], read: (one: Of) => Promise<T>): Promise<T[]> {
  if (!isInside(ctx)) return await Promise.all(list.map(read));
  const found: T[] = [];
  for (const one of list) found.push(await read(one));
  return found;
}

/** Undefined where it did not answer in time, or failed; operators read why. */
export async function readInTime<T>(
  ctx: Context,
  what: string,
  ms: number,
  read: (ctx: Context) => Promise<T>,
): Promise<T | undefined> {
  const late = new AbortController();
  const { promise: gone, reject } = Promise.withResolvers<never>();
  gone.catch(() => undefined);
  const timer = setTimeout(() => {
    const why = new Error(`no answer in ${ms} ms`);
    late.abort(why);
    reject(why);
  }, ms);
  try {
    const answer = readFor(ctx, ms, late.signal, read);
    // A savepoint cannot be left while its statement runs: there the server's own limit has to do.
    return await Promise.race(isInside(ctx) ? [answer] : [answer, gone]);
  } catch (error) {
    ctx.log.warn({ err: error, facts: what }, 'facts could not be read');
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
