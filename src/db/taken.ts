import { z } from 'zod';

const Taken = z.object({ cause: z.object({ code: z.literal('23505') }) });

/** A unique index spoke against it: somebody else was first. The transaction is lost. */
export const isTaken = (error: unknown): boolean => Taken.safeParse(error).success;
