import { z } from 'zod';
import type { Route } from '../doors.ts';

const problem = {
  description: 'What is wrong (RFC 9457)',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          detail: { type: 'string' },
          errors: {
            type: 'array',
            items: { type: 'object', properties: { field: { type: 'string' }, reason: { type: 'string' } } },
          },
        },
      },
    },
  },
};

const accepted = {
  description: 'What was taken in, and what was not and why',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: {
          accepted: { type: 'integer' },
          rejected: {
            type: 'array',
            items: { type: 'object', properties: { index: { type: 'integer' }, reason: { type: 'string' } } },
          },
          duplicate: { type: 'boolean' },
        },
      },
    },
  },
};

const Health = z.object({
  status: z.literal('up'),
  version: z.string(),
  /** The release of the time-zone database in use, such as 2026f, and where it is from. */
  timeZones: z.object({ version: z.string(), source: z.string() }),
});
export type Health = z.infer<typeof Health>;

const health = {
  get: {
    summary: 'Whether this process is up, and which time-zone data it uses',
    security: [],
    responses: { 200: { description: 'It is', content: { 'application/json': { schema: schemaOf(Health) } } } },
  },
};

/** Written by the same schemas that read the bodies, so that it cannot say anything else. */
export function openApi(routes: readonly Route[], version: string): object {
  const keyHeader = {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'The same key twice is done once',
    schema: { type: 'string', maxLength: 200 },
  };
  const paths = routes.map((route) => [
    route.path,
    {
      post: {
        summary: route.summary,
        parameters: [keyHeader],
        requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body) } } },
        responses: { 202: accepted, 400: problem, 401: problem, 413: problem, 422: problem, 503: problem },
      },
    },
  ]);
  return {
    openapi: '3.1.0',
    info: { title: 'Pitcrew', version },
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    paths: { ...Object.fromEntries(paths), '/healthz': health },
  };
}

function schemaOf(body: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' });
  return schema;
}
