import { z } from 'zod';

/** A few minutes for clocks that differ; what lies further ahead is a mistake. */
const clockSkewMs = 5 * 60_000;

export function isAhead(at: Date, now: Date): boolean {
  return at.getTime() > now.getTime() + clockSkewMs;
}

/** Text that a database takes. */
export const keptText = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((said) => !said.includes('\0'), 'holds the character \\u0000');

export interface Rejected {
  readonly index: number;
  readonly reason: string;
}

/** A batch of at most 1,000, bare or under its name; its items are parsed one by one by `parseEach`. */
export function batchOf(name: string, one: string) {
  const many = z
    .array(z.unknown())
    .min(1, `send at least one ${one}`)
    .max(1000, `send at most 1,000 ${name} at a time`);
  return z
    .union([z.array(z.unknown()), z.object({ [name]: z.array(z.unknown()) })])
    .transform((body) => (Array.isArray(body) ? body : body[name]))
    .pipe(many);
}

/** One bad item does not lose the others: it is rejected with its field and the reason. */
export function parseEach<T>(
  schema: z.ZodType<T>,
  items: readonly unknown[],
  one: string,
): { good: { index: number; said: T }[]; rejected: Rejected[] } {
  const rejected: Rejected[] = [];
  const good = items.flatMap((item, index) => {
    const result = schema.safeParse(item);
    if (result.success) return [{ index, said: result.data }];
    const issue = result.error.issues[0];
    rejected.push({ index, reason: `${issue?.path.join('.') || one}: ${issue?.message ?? 'is not valid'}` });
    return [];
  });
  return { good, rejected };
}

export const byIndex = (a: Rejected, b: Rejected): number => a.index - b.index;
