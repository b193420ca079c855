import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Log } from '../ports.ts';

const Failure = z.object({
  code: z.string().optional().catch(undefined),
  message: z.string().catch(''),
  cause: z.unknown().optional(),
});

const goneCodes =
  /^(57P0[1-3]|08...|53300|ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|EAI_AGAIN|CONNECT(ION)?_\w+)$/;
const goneWords = /connection (terminated|closed|ended)|pglite is clos/i;

/** True when the database was not there, however deep in the chain of causes it says so. */
export function databaseGone(error: unknown, depth = 0): boolean {
  const { data } = Failure.safeParse(error);
  if (!data || depth > 5) return false;
  return goneCodes.test(data.code ?? '') || goneWords.test(data.message) || databaseGone(data.cause, depth + 1);
}

/** Where it broke, without a word that somebody wrote: databases put those into what they say. */
export function wordless(error: unknown): Error {
  const { data } = Failure.safeParse(error);
  const cause = Failure.safeParse(data?.cause).data;
  const bare = new Error(`broke with code ${data?.code ?? cause?.code ?? 'unknown'}; what it said is not kept`);
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  bare.stack = [bare.message, ...frames].join('\n');
  return bare;
}

/** Logs a bug under a short reference that a person can read out to whoever runs the app. */
export function report(log: Log, error: unknown, about: object): string {
  const reference = randomBytes(4).toString('hex');
  log.error({ ...about, err: error, reference }, `something broke, reference ${reference}`);
  return reference;
}
