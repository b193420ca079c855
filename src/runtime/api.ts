import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context as Call } from 'hono';
import { type Context, within } from '../context.ts';
import type { Delivery, Hook, Route } from '../doors.ts';
import { Refusal } from '../lib/refusal.ts';
import type { Log } from '../ports.ts';
import { firstTime } from '../messages/inbox.ts';
import { databaseGone, report } from './failures.ts';
import { whereNotJson } from './json-position.ts';
import { fieldErrors, problem } from './problem.ts';

const longestKey = 200;
const apiLimit = 1024 * 1024;

export interface ApiOptions {
  readonly apiToken: string | undefined;
  /** The workspace that the token writes to. */
  readonly apiContext: () => Context | undefined;
  readonly contextFor: (workspace: string) => Context | undefined;
  readonly hookFor: (
    source: string,
    bearer: string | undefined,
  ) => Promise<{ workspace: string; hook: Hook } | undefined>;
  readonly wake: () => void;
  readonly log: Log;
}

/** POST /api/v1/…: one transaction, remembered under the sender's own key. */
export async function answerRoute(call: Call, route: Route, options: ApiOptions): Promise<Response> {
  if (!sameText(bearerOf(call), options.apiToken)) return unauthorised(call);
  const ctx = options.apiContext();
  if (!ctx) return notReady(call, 'Pitcrew is not installed in a workspace yet');
  const key = call.req.header('idempotency-key') ?? '';
  if (key.length > longestKey) {
    const errors = [{ field: 'Idempotency-Key', reason: `at most ${longestKey} characters` }];
    return problem(call, { status: 400, title: 'Bad header', detail: 'The Idempotency-Key is too long', errors });
  }
  const raw = await readBytes(call, apiLimit);
  if (raw === undefined) return tooLarge(call, apiLimit);
  const body = readJson(call, textOf(raw));
  if (body instanceof Response) return body;
  return await committed(call, options, route, body.json, async () => {
    const answer = await within(ctx, async (ctx) => {
      const fresh = !key || (await firstTime(ctx, `api:${route.path}:${key}`));
      return fresh ? await route.handle(ctx, body.json) : { accepted: 0, rejected: [], duplicate: true };
    });
    return call.json(answer ?? { accepted: 0, rejected: [] }, 202);
  });
}

/** POST /hooks/{source}: a third party's own format, proven on the raw bytes. What is refused is noted. */
export async function answerHook(
  call: Call,
  found: { workspace: string; hook: Hook },
  options: ApiOptions,
): Promise<Response> {
  const ctx = options.contextFor(found.workspace);
  if (!ctx) return notReady(call, 'Pitcrew is not installed in that workspace');
  const { hook } = found;
  const about = { query: call.req.query(), headers: Object.fromEntries(call.req.raw.headers.entries()) };
  const raw = await readBytes(call, hook.limitBytes);
  if (raw === undefined) {
    // A signature cannot be checked on what was not read, and strangers leave no notes.
    const nothing = { ...about, raw: new Uint8Array(), body: '' };
    if (!hook.prove) await hook.refused?.(ctx, nothing, `body: it has more than ${hook.limitBytes} bytes`);
    return tooLarge(call, hook.limitBytes);
  }
  const delivery = { ...about, raw, body: textOf(raw) };
  return await committed(call, options, undefined, undefined, async () => {
    const proven = (await hook.prove?.(ctx, delivery)) ?? true;
    if (proven !== true) return unauthorised(call, proven);
    return call.json((await taken(ctx, hook, delivery)) ?? {}, 202);
  });
}

async function taken(ctx: Context, hook: Hook, delivery: Delivery): Promise<unknown> {
  try {
    return await within(ctx, (ctx) => hook.handle(ctx, delivery));
  } catch (error) {
    if (error instanceof Refusal) {
      const { field, message } = error;
      await hook.refused?.(
        ctx,
        delivery,
        field === undefined || message.includes(field) ? message : `${field}: ${message}`,
      );
    } else if (!databaseGone(error)) {
      await hook.refused?.(ctx, delivery, 'Something broke on our side; the log says what.');
    }
    throw error;
  }
}

async function committed(
  call: Call,
  { wake, log }: ApiOptions,
  route: Route | undefined,
  body: unknown,
  work: () => Promise<Response>,
): Promise<Response> {
  try {
    const answer = await work();
    wake();
    return answer;
  } catch (error) {
    if (error instanceof Refusal) return refusedBy(call, error);
    // Only a body that its own schema refuses is the sender's fault; any other parse error is ours.
    const read = error instanceof Error && error.name === 'ZodError' ? route?.body.safeParse(body) : undefined;
    if (read?.error) {
      const errors = fieldErrors(read.error);
      const detail = errors
        .map(({ field, reason }) => `${field || 'body'}: ${reason}`)
        .slice(0, 5)
        .join('; ');
      return problem(call, { status: 422, title: 'Not readable', detail, errors: errors.slice(0, 100) });
    }
    return failed(call, log, error);
  }
}

function refusedBy(call: Call, { message, field }: Refusal): Response {
  const errors = field === undefined ? [] : [{ field, reason: message }];
  return problem(call, { status: 422, title: 'Refused', detail: message, errors });
}

export function failed(call: Call, log: Log, error: unknown): Response {
  if (databaseGone(error)) {
    log.error({ err: error }, 'the database is out of reach');
    return notReady(call, 'The database is out of reach; nothing was stored');
  }
  const reference = report(log, error, { route: call.req.path });
  const detail = `Nothing was stored. Reference ${reference}`;
  return problem(call, { status: 500, title: 'Something broke on our side', detail });
}

export function notReady(call: Call, detail: string): Response {
  return problem(call, { status: 503, title: 'Not now', detail, headers: { 'retry-after': '5' } });
}

const sendToken = 'Send the header "Authorization: Bearer …" with the token your Pitcrew was given';

export function unauthorised(call: Call, detail = sendToken): Response {
  const headers = { 'www-authenticate': 'Bearer' };
  return problem(call, { status: 401, title: 'Not authorised', detail, headers });
}

/** The token of the sender: as bearer, or as the password of basic authentication, which some tools only know. */
export function bearerOf(call: Call): string | undefined {
  const [, kind = '', value = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(call.req.header('authorization') ?? '') ?? [];
  if (kind.toLowerCase() === 'bearer') return value;
  const [, password] = /^[^:]*:(\S+)$/.exec(Buffer.from(value, 'base64').toString('utf8')) ?? [];
  return password;
}

/** Hashed first, so that neither the content nor the length shows in the time it takes. */
function sameText(given: string | undefined, wanted: string | undefined): boolean {
  if (given === undefined || !wanted) return false;
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

/** The body, or undefined when it is longer than allowed; what is too long is not read to its end. */
async function readBytes(call: Call, most: number): Promise<Uint8Array | undefined> {
  const length = call.req.header('content-length');
  if (length !== undefined) return Number(length) > most ? undefined : new Uint8Array(await call.req.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of call.req.raw.body ?? []) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const textOf = (raw: Uint8Array): string => new TextDecoder().decode(raw);

function readJson(call: Call, text: string): { json: unknown } | Response {
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    return problem(call, {
      status: 400,
      title: 'Not JSON',
      detail: `The body is not JSON: ${whereNotJson(text, error)}`,
    });
  }
}

function tooLarge(call: Call, most: number): Response {
  return problem(call, { status: 413, title: 'Too large', detail: `A body may have at most ${most} bytes here` });
}
