import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { argumentsOf, sendJson, sendText } from './http.ts';
import { randomHex } from './ids.ts';
import type { Fields } from './json.ts';
import { isFields, parsed } from './json.ts';
import type { Method } from './methods/method.ts';
import { methods } from './methods/methods.ts';
import { waitFor } from './rate-limits.ts';
import { refusalOf, refuse } from './refusal.ts';
import type { Fault, World } from './world.ts';

function takeFault(world: World, name: string): Fault | undefined {
  const fault = world.faults.find((each) => each.times > 0 && (each.method === name || each.method === '*'));
  if (fault) fault.times -= 1;
  return fault;
}

function checkToken(world: World, method: Method, token: string): void {
  if (method.token === 'none') return;
  if (token === '') refuse('not_authed');
  const kind = token === world.tokens.bot ? 'bot' : token === world.tokens.app ? 'app' : undefined;
  if (!kind) refuse('invalid_auth');
  if (kind !== method.token) refuse('not_allowed_token_type');
  if (kind === 'bot' && !world.installed) refuse('account_inactive');
  const { scopes } = method;
  if (scopes.length > 0 && !scopes.some((scope) => world.app.scopes.has(scope))) {
    refuse('missing_scope', { needed: scopes.join(','), provided: [...world.app.scopes].join(',') });
  }
}

async function answer(world: World, name: string, token: string, args: Fields): Promise<Fields> {
  try {
    const method = methods[name] ?? refuse('unknown_method', { req_method: name });
    checkToken(world, method, token);
    return { ok: true, ...(await method.run(world, args)) };
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal) throw thrown;
    return refusal;
  }
}

function legible(args: Fields): Fields {
  const shown = Object.entries(args).map(([name, value]) => {
    const read = typeof value === 'string' && /^[[{]/.test(value) ? parsed(value) : undefined;
    return [name, read ?? value];
  });
  return Object.fromEntries(shown);
}

function headersFor(world: World, method: Method | undefined): Record<string, string> {
  return {
    'x-slack-req-id': randomHex(16),
    'x-oauth-scopes': [...world.app.scopes].join(','),
    'x-accepted-oauth-scopes': method?.scopes.join(',') ?? '',
  };
}

function limited(response: ServerResponse, wait: number, headers: Record<string, string>): string {
  sendJson(response, 429, { ok: false, error: 'ratelimited' }, { ...headers, 'retry-after': String(wait) });
  return 'ratelimited';
}

/** A lost answer has its effect first; the caller only sees the connection break. */
async function handle(
  world: World,
  name: string,
  args: Fields,
  token: string,
  response: ServerResponse,
): Promise<string | undefined> {
  const method = methods[name];
  const headers = headersFor(world, method);
  const fault = takeFault(world, name);
  if (fault?.kind === 'ratelimited') return limited(response, fault.retryAfter ?? 1, headers);
  if (fault?.kind === 'http500') {
    sendText(response, 500, 'Internal Server Error');
    return 'http500';
  }
  if (fault?.kind === 'refused') {
    const error = fault.error ?? 'fatal_error';
    sendJson(response, 200, { ok: false, error }, headers);
    return error;
  }
  if (fault?.kind === 'hang') return 'hang';
  if (fault?.kind === 'slow') await sleep(fault.ms ?? 1_000);
  const wait = method && token !== '' ? waitFor(world, name, method.tier, args['channel']) : 0;
  if (wait > 0) return limited(response, wait, headers);
  const body = await answer(world, name, token, args);
  if (fault?.kind === 'lostAnswer') response.destroy();
  else sendJson(response, 200, body, headers);
  return typeof body['error'] === 'string' ? body['error'] : undefined;
}

export async function serveApi(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const name = url.pathname.slice('/api/'.length);
  world.activity.inFlight += 1;
  try {
    const { token: inBody, ...args } = await argumentsOf(request, url);
    const inHeader = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const token = inHeader ?? (typeof inBody === 'string' ? inBody : '');
    const at = world.now();
    const error = await handle(world, name, args, token, response);
    const shown = legible(isFields(args) ? args : {});
    world.calls.push({ method: name, args: shown, at, ok: error === undefined, ...(error ? { error } : {}) });
    if (world.calls.length > 20_000) world.calls.splice(0, 10_000);
  } finally {
    world.activity.inFlight -= 1;
    world.activity.last = Date.now();
  }
}
