import type { Context as Call } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';

export interface FieldError {
  readonly field: string;
  readonly reason: string;
}
interface Problem {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Record<string, string>;
}

/** RFC 9457: what is wrong, in words a pipeline's log can show. */
export function problem(call: Call, { headers, ...body }: Problem): Response {
  return call.body(JSON.stringify({ type: 'about:blank', ...body }), body.status, {
    'content-type': 'application/problem+json',
    ...headers,
  });
}

export function fieldErrors({ issues }: z.ZodError): FieldError[] {
  return issues.map(({ path, message }) => ({ field: pointer(path), reason: message }));
}

/** readings[3].value */
function pointer(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}
