import { z } from 'zod';
import { Refusal } from './refusal.ts';

/** What another program sent, as this schema has it; else a refusal that names the field, such as `alerts[2].labels`. */
export function parsedAs<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = z.core.toDotPath(issue?.path ?? []) || 'body';
  throw new Refusal(`This is not ${what}: ${field}: ${issue?.message ?? 'malformed'}.`, { field });
}
