import { z } from 'zod';
import { Refusal } from './refusal.ts';

type Path = readonly (string | number)[];

/**
 * What another program sent, as this schema has it; else a refusal that names the field, such as `alerts[2].labels`.
 * `path` is where the value stands in the whole.
 */
export function parsedAs<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
  path: Path = [],
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = z.core.toDotPath([...path, ...(issue?.path ?? [])]) || 'body';
  throw new Refusal(`This is not ${what}: ${field}: ${issue?.message ?? 'malformed'}.`, { field });
}
