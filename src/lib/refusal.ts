import type { z } from 'zod';

/** A "no" that the person asking should read. Anything else thrown is a bug. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** The form input or body field it is about, if any. */
  readonly field: string | undefined;
  constructor(message: string, options: { field?: string } = {}) {
    super(message);
    this.field = options.field;
  }
}

/** What a person typed, or a refusal in the schema's own words naming the first field that is off. */
export function parseOrRefuse<T>(schema: z.ZodType<T>, typed: unknown): T {
  const result = schema.safeParse(typed);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Refusal(issue?.message ?? 'That is not valid.', { field: issue?.path.join('.') || 'input' });
}
