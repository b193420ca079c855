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

/** What a system answered to one of our calls, in the form that it documents. */
export function answerAs<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { system, call }: { readonly system: string; readonly call: string },
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') || 'the body';
  throw new Refusal(
    `${system}'s answer to ${call} has another form than expected: ${where}: ${issue?.message ?? 'malformed'}.`,
  );
}

export function jsonOf({ status, body }: { readonly status: number; readonly body: string }, system: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(`${system} answered with status ${status} and a body that is not JSON.`);
  }
}
